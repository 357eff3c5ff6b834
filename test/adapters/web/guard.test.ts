import { mkdtempSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardWrites, type Problem } from '../../../src/adapters/web/guard.ts';
import { createManualClock } from '../../helpers/clock.ts';
import { createJar, type Jar } from '../../helpers/jar.ts';
import { startPlayground } from '../../helpers/playground.ts';
import { createWebClient } from '../../helpers/web-client.ts';

let playground: Awaited<ReturnType<typeof startPlayground>>;
const { post, get } = createWebClient(() => playground.url);
beforeAll(async () => {
  playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'guard-')) });
});
afterAll(() => playground.close());

it('refuses a megabyte, a room with a slash, and a page of another site', async () => {
  const large = await post('bad', { user: 'a', text: 'x'.repeat(1_000_000) });
  expect(large.status).toBe(413);
  expect(large.json.result).toMatchObject({ kind: 'error', code: 'body-too-large' });
  expect((await post('a/b', { user: 'a', text: 'hi' })).status).toBe(400);
  for (const origin of ['https://evil.example', 'null', 'nonsense'])
    expect((await post('bad', { user: 'a', text: '/help' }, { Origin: origin })).status).toBe(403);
  expect((await post('bad', { user: 'a', text: '/help' }, { Origin: playground.url })).status).toBe(200);
});

it('refuses a foreign name that points at this machine', async () => {
  const { port } = new URL(playground.url);
  const status = await new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path: '/', headers: { Host: 'evil.example' } }, (response) => resolve(response.statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
});

it('slows a script down that writes without end, and says when to come back', async () => {
  const clock = createManualClock();
  const app = new Hono();
  const problem: Problem = (c, error, status) => c.json({ code: error.code }, status);
  for (const handler of guardWrites({ ...playground.services, clock }, problem)) app.post('*', handler);
  app.post('/', (c) => c.text('done'));
  const write = (remoteAddress: string) => app.request('/', { method: 'POST', body: 'x' }, { incoming: { socket: { remoteAddress } } });
  for (let i = 0; i < 500; i++) expect((await write('10.0.0.1')).status).toBe(200);
  const refused = await write('10.0.0.1');
  expect(refused.status).toBe(429);
  expect(await refused.json()).toEqual({ code: 'too-fast' });
  expect(refused.headers.get('Retry-After')).toBe('1');
  // Others are not held up, and neither is this one after a second.
  expect((await write('10.0.0.2')).status).toBe(200);
  await clock.advance(1_000);
  expect((await write('10.0.0.1')).status).toBe(200);
});

it('sends a strict policy with every page and no inline script', async () => {
  for (const path of ['/', '/r/main', '/lab', '/lab/gradient-norms', '/scores', '/progress', '/host']) {
    const page = await fetch(playground.url + path);
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toMatch(/default-src 'none'.*script-src 'self'; style-src 'self'/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await page.text()).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|style="|https?:\/\//);
  }
  expect((await fetch(`${playground.url}/nowhere`)).status).toBe(404);
});

it('serves its own files only', async () => {
  for (const path of [
    '/static/../app.ts',
    '/static/..%2fapp.ts',
    '/static/page/../../app.ts',
    '/static/page/..%2f..%2fbundle.ts',
    '/static/page/bundle.json',
    '/static/katex/katex.js',
    '/static/',
    '/images/..%2F..%2Ftutor.db',
  ])
    expect((await fetch(playground.url + path)).status).toBe(404);
  const font = await fetch(`${playground.url}/static/katex/fonts/KaTeX_Main-Regular.woff2`);
  expect(font.headers.get('content-type')).toBe('font/woff2');
});

it('completes what is typed, in the language asked for', async () => {
  const line = encodeURIComponent('/demo gradient-norms dep');
  expect(await get(`/api/complete?line=${line}&locale=zh`)).toMatchObject([{ value: '/demo gradient-norms depth:10' }]);
  expect(await get(`/api/complete?line=${'x'.repeat(3000)}`)).toEqual([]);
});

it('travels under 150 kB before the lab, fonts and charts: every file packed, unchanging, and of our own site', async () => {
  const seen = new Map<string, number>();
  const load = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    // Unpacked by fetch; the length that travelled stands in the header.
    const response = await fetch(playground.url + path, { headers: { 'Accept-Encoding': 'br' } });
    expect(response.status, path).toBe(200);
    const text = await response.text();
    const bundled = path.startsWith('/static/page/');
    if (bundled) expect(response.headers.get('cache-control')).toMatch(/max-age=31536000, immutable/);
    seen.set(path, Number(bundled ? response.headers.get('content-length') : Buffer.byteLength(text)));
    const found = path.endsWith('.js')
      ? [...text.matchAll(/(?:from|import\()?\s*["'](\.\/[\w-]+\.js)["']/g)]
      : [...text.matchAll(/(?:src|href)="(\/static[^"]+)"/g)];
    for (const [, link] of found) if (!/\/(lab|chart)-/.test(link!)) await load(new URL(link!, playground.url + path).pathname);
  };
  await load('/');
  const names = [...seen.keys()].map((path) => path.replace(/-\w{8}(?=\.\w+$)/, ''));
  expect(names).toEqual(expect.arrayContaining(['/static/page/chat.js', '/static/page/host.js', '/static/katex/katex.min.css']));
  expect([...seen.values()].every((bytes) => bytes > 0)).toBe(true);
  expect([...seen.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(150_000);
});

describe('with a password', () => {
  let locked: Awaited<ReturnType<typeof startPlayground>>;
  const folder = mkdtempSync(join(tmpdir(), 'locked-'));
  const start = (password: string) => startPlayground({ folder, env: { PLAYGROUND_PASSWORD: password } });
  beforeAll(async () => {
    locked = await start('correct horse');
  });
  afterAll(() => locked.close());
  const basic = (password: string) => ({ Authorization: `Basic ${btoa(`tutor:${password}`)}` });
  const enter = (jar: Jar, password: string, more: Record<string, string> = {}) =>
    jar.fetch(`${locked.url}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ password, next: '/lab?seed=3', ...more }),
    });
  const status = async (jar: Jar, path: string) => (await jar.fetch(locked.url + path)).status;

  it('asks for it everywhere but for /health, on any host name', async () => {
    for (const path of ['/', '/static/page/main-x.js', '/api/host', '/api/me', '/api/rooms/main/events']) {
      const refused = await fetch(locked.url + path);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Basic/);
    }
    expect((await fetch(`${locked.url}/lab`, { headers: basic('wrong') })).status).toBe(401);
    expect((await fetch(`${locked.url}/lab`, { headers: basic('correct horse') })).status).toBe(200);
    expect((await fetch(`${locked.url}/health`)).status).toBe(200);
  });

  it('shows browsers a form in their language, whose answer is a cookie that scripts cannot read', async () => {
    const asked = await fetch(`${locked.url}/lab`, {
      headers: { Accept: 'text/html', 'Accept-Language': 'zh-CN,en', 'Sec-Fetch-Site': 'none' },
    });
    expect(asked.status).toBe(401);
    // Their own dialog would know no logout.
    expect(asked.headers.get('www-authenticate')).toBeNull();
    expect(await asked.text()).toMatch(/lang="zh-CN"[\s\S]*name="next" value="\/lab"[\s\S]*密码/);
    const jar = createJar();
    const wrong = await enter(jar, 'a guess');
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).toContain('That is not the password.');
    expect(await status(jar, '/api/me')).toBe(401);
    const right = await enter(jar, 'correct horse');
    expect([right.status, right.headers.get('location')]).toEqual([303, '/lab?seed=3']);
    expect(right.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax/i);
    expect(await status(jar, '/api/me')).toBe(200);
  });

  it('leads nowhere else, and takes no form of another site', async () => {
    for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example'])
      expect((await enter(createJar(), 'correct horse', { next })).headers.get('location')).toBe('/');
    const forged = await fetch(`${locked.url}/login`, {
      method: 'POST',
      headers: { Origin: 'https://evil.example' },
      body: new URLSearchParams({ password: 'correct horse' }),
    });
    expect(forged.status).toBe(403);
  });

  it('opens nothing with the cookie from before, and nothing after logging out', async () => {
    const jar = createJar();
    await enter(jar, 'correct horse');
    const planted = jar.header();
    await enter(jar, 'correct horse');
    expect((await fetch(`${locked.url}/api/me`, { headers: { Cookie: planted } })).status).toBe(401);
    expect(await status(jar, '/api/me')).toBe(200);
    await jar.fetch(`${locked.url}/api/me`, { method: 'POST', body: JSON.stringify({ user: 'Ana' }) });
    const stream = await jar.fetch(`${locked.url}/api/rooms/main/events`);
    await jar.fetch(`${locked.url}/api/logout`, { method: 'POST' });
    expect(await status(jar, '/api/me')).toBe(401);
    // What another tab follows ends too.
    expect(await stream.text()).toContain('event: ready');
  });

  it('stays the same person over a logout, and asks again once the password is another', async () => {
    const jar = createJar();
    const me = async () => (await (await jar.fetch(`${locked.url}/api/me`)).json()) as { person: { id: string } };
    await enter(jar, 'correct horse');
    await jar.fetch(`${locked.url}/api/me`, { method: 'POST', body: JSON.stringify({ user: 'Ana' }) });
    const { person } = await me();
    await jar.fetch(`${locked.url}/api/logout`, { method: 'POST' });
    await enter(jar, 'correct horse');
    expect((await me()).person).toEqual(person);
    await locked.close();
    locked = await start('battery staple');
    expect(await status(jar, '/api/me')).toBe(401);
    await enter(jar, 'battery staple');
    expect((await me()).person).toEqual(person);
  });

  it('gives a program a token that opens it too', async () => {
    const response = await fetch(`${locked.url}/api/tokens`, {
      method: 'POST',
      headers: basic('battery staple'),
      body: JSON.stringify({ user: 'robot' }),
    });
    const { token, person } = (await response.json()) as { token: string; person: unknown };
    const me = await fetch(`${locked.url}/api/me`, { headers: { Authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ person, locked: true });
  });

  it('slows guessing down, also in the other way in, and lets nobody in meanwhile', async () => {
    const jar = createJar();
    const guesses = await Promise.all(Array.from({ length: 20 }, () => enter(jar, 'a guess')));
    expect(guesses.filter((guess) => guess.status === 429).length).toBeGreaterThanOrEqual(15);
    const refused = await enter(jar, 'battery staple');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${locked.url}/api/me`, { headers: basic('battery staple') })).status).toBe(429);
  });
});
