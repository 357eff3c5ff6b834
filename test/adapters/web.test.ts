import { mkdtempSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { say } from '../../src/core/reply.ts';
import { startPlayground } from '../helpers/playground.ts';

let playground: Awaited<ReturnType<typeof startPlayground>>;
beforeAll(async () => {
  playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'web-')) });
});
afterAll(() => playground.close());

interface Json {
  result?: Record<string, unknown>;
  text: string;
  blocks: ({ type: string; url?: string; html?: string } & Record<string, unknown>)[];
}

async function post(room: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; json: Json }> {
  const response = await fetch(`${playground.url}/api/rooms/${encodeURIComponent(room)}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Json };
}

interface Event {
  id: string;
  revision: number;
  author: { name: string; bot: boolean };
  text?: string;
  blocks?: { type: string; html?: string; text?: string }[];
}

/** Reads the room's stream until `count` messages have come. */
async function read(room: string, user: string, count: number, headers: Record<string, string> = {}): Promise<Event[]> {
  const abort = new AbortController();
  const response = await fetch(`${playground.url}/api/rooms/${room}/events?user=${user}`, {
    signal: abort.signal,
    headers,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const messages: Event[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop()!;
    for (const part of parts) if (part.includes('event: message')) messages.push(JSON.parse(part.match(/^data: (.*)$/m)![1]!) as Event);
    if (messages.length >= count) break;
  }
  abort.abort();
  return messages;
}

describe('POST /api/rooms/:room/messages', () => {
  it('answers with the Reply as JSON, images as links', { timeout: 60_000 }, async () => {
    const explain = await post('api', { user: 'alice', text: '/explain batchnorm' });
    expect(explain.json.result).toMatchObject({
      kind: 'answer',
      topic: 'batch-normalization',
      answered: true,
    });
    const demo = await post('api', { user: 'alice', text: '/demo gradient-descent seed:1' });
    const image = demo.json.blocks.find(({ type }) => type === 'image')!;
    expect(image).toMatchObject({ name: 'gradient-descent.png', width: 1600, height: 960 });
    const png = await fetch(`${playground.url}${image.url}`);
    expect(png.headers.get('content-type')).toBe('image/png');
    expect((await png.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  });

  it('gives a file as a download to those who may see the message', async () => {
    const file = { type: 'file', name: '我的 data.json', mime: 'application/json', text: '{"a":"批"}' } as const;
    const room = { platform: 'web', space: 'local', room: 'files' } as const;
    await playground.services.outbox.direct('web', 'local', { id: 'alice' }, say([file]));
    await playground.services.outbox.post(room, say([file]), 'open-file');
    const [message] = await read('files', 'bob', 1);
    const [block] = message!.blocks as unknown as { type: string; name: string; url: string; text?: string }[];
    expect(block).toEqual({ type: 'file', name: file.name, url: '/files/open-file/0' });
    const download = await fetch(`${playground.url}${block!.url}?user=bob`);
    expect(await download.text()).toBe(file.text);
    expect(download.headers.get('content-disposition')).toContain(encodeURIComponent(file.name));
    const { id } = await playground.services.store.db
      .selectFrom('web_messages')
      .select('id')
      .where('room', '=', '@alice')
      .executeTakeFirstOrThrow();
    const ask = async (user: string) => (await fetch(`${playground.url}/files/${encodeURIComponent(id)}/0?user=${user}`)).status;
    expect([await ask('alice'), await ask('bob'), await ask('')]).toEqual([200, 404, 404]);
    expect((await fetch(`${playground.url}/files/nothing/0?user=bob`)).status).toBe(404);
  });

  it.each([
    ['an empty name', { user: '', text: 'x' }, 'malformed-request'],
    ['no text', { user: 'a' }, 'malformed-request'],
    ['half a JSON', '{"user":', 'malformed-request'],
    ['an empty line', { user: 'a', text: '' }, 'empty-message'],
    ['an unknown command', { user: 'a', text: '/nonsense' }, 'unknown-command'],
    ['100 kB', { user: 'a', text: `why ${'x'.repeat(100_000)}` }, 'message-too-long'],
    ['a long name', { user: 'x'.repeat(40), text: 'hi' }, 'malformed-request'],
  ])('refuses %s', async (_what, body, code) => {
    const { status, json } = await post('bad', body);
    expect(status).toBe(400);
    expect(json.result).toMatchObject({ kind: 'error', code });
  });

  it('refuses a megabyte, a room with a slash, and a page of another site', async () => {
    expect((await post('bad', { user: 'a', text: 'x'.repeat(1_000_000) })).status).toBe(413);
    expect((await post('a/b', { user: 'a', text: 'hi' })).status).toBe(400);
    expect((await post('bad', { user: 'a', text: '/help' }, { Origin: 'https://evil.example' })).status).toBe(403);
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

  it('has one effect for the same id', async () => {
    for (let i = 0; i < 3; i++) await post('twice', { id: 'same', user: 'a', text: '/topics' });
    const { json } = await post('twice', { user: 'a', text: '/help' });
    expect(json.result).toMatchObject({ kind: 'info' });
    const messages = await read('twice', 'a', 4);
    expect(messages.map(({ author }) => author.bot)).toEqual([false, true, false, true]);
  });
});

describe('the stream of a room', () => {
  it('shows what was said to everyone, private answers to one', async () => {
    await post('stream', { user: 'ana', text: '/topics' });
    await post('stream', { user: 'ana', text: '/help' });
    await post('stream', { user: 'ana', text: 'what is saturation' });
    const own = await read('stream', 'ana', 6);
    const others = await read('stream', 'ben', 4);
    expect(own.map(({ revision }) => revision)).toEqual([...own.map(({ revision }) => revision)].sort((a, b) => a - b));
    expect(own).toHaveLength(6);
    expect(others.filter(({ author }) => author.bot)).toHaveLength(2);
    // A command that answers privately is not shown either: it may be a quiz answer.
    expect(others.map(({ text }) => text).filter(Boolean)).toEqual(['/topics', 'what is saturation']);
  });

  it('goes on after the last message that was seen', async () => {
    await post('resume', { user: 'ana', text: '/topics' });
    const [first, second] = await read('resume', 'ana', 2);
    await post('resume', { user: 'ana', text: 'what is saturation' });
    const rest = await read('resume', 'ana', 2, { 'Last-Event-ID': String(second!.revision) });
    expect(rest.map(({ id }) => id)).not.toContain(first!.id);
    expect(rest.map(({ id }) => id)).not.toContain(second!.id);
    expect(rest[0]!.text).toBe('what is saturation');
  });

  it('shows a message that is posted twice under one key once', async () => {
    const room = { platform: 'web', space: 'local', room: 'keys' } as const;
    const reply = say([{ type: 'markdown', text: 'once' }]);
    const first = await playground.services.outbox.post(room, reply, 'quiz:q0');
    const second = await playground.services.outbox.post(room, reply, 'quiz:q0');
    expect(second).toEqual(first);
    await post('keys', { user: 'a', text: '/topics' });
    expect(await read('keys', 'a', 3)).toHaveLength(3);
  });

  it('makes no HTML of what people or notes write', async () => {
    const room = { platform: 'web', space: 'local', room: 'xss' } as const;
    await playground.services.outbox.post(
      room,
      say([
        {
          type: 'markdown',
          text: 'a <script>alert(1)</script> [x](javascript:alert(1)) ![y](data:text/html,z) $\\frac{1}{2}$',
        },
      ]),
    );
    await post('xss', { user: '<b>eve</b>', text: '<img src=x onerror=alert(1)>' });
    const [bot, person] = await read('xss', 'a', 2);
    expect(bot!.blocks![0]!.html).not.toMatch(/<script|="javascript:|="data:/);
    expect(bot!.blocks![0]!.html).toContain('<mfrac>');
    expect(person!.text).toBe('<img src=x onerror=alert(1)>');
  });
});

it('sends a strict policy with every page, and completes what is typed', async () => {
  const page = await fetch(playground.url);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self';/);
  expect(await page.text()).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|style="/);
  const choices = (await (
    await fetch(`${playground.url}/api/complete?line=${encodeURIComponent('/demo gradient-norms dep')}&locale=zh`)
  ).json()) as { value: string }[];
  expect(choices[0]!.value).toBe('/demo gradient-norms depth:10');
  expect((await fetch(`${playground.url}/static/../app.ts`)).status).toBe(404);
  expect((await fetch(`${playground.url}/images/..%2F..%2Ftutor.db`)).status).toBe(404);
});
