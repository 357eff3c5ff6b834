import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPlayground } from '../../helpers/playground.ts';
import { createWebClient } from '../../helpers/web-client.ts';

let playground: Awaited<ReturnType<typeof startPlayground>>;
const { run, get, follow } = createWebClient(() => playground.url);
const folder = mkdtempSync(join(tmpdir(), 'lab-'));
beforeAll(async () => {
  playground = await startPlayground({ folder });
});
afterAll(() => playground.close());

it('describes every experiment in the reader’s language', async () => {
  const { demos } = (await get('/api/demos?locale=zh')) as {
    demos: { name: string; title: string; params: { type: string; default: unknown }[] }[];
  };
  expect(demos.map(({ name }) => name)).toEqual(playground.services.demos.list().map(({ name }) => name));
  for (const { title, params } of demos) {
    expect(title).toMatch(/\p{Script=Han}/u);
    for (const param of params) expect(param.default).toBeDefined();
  }
});

it('runs with exactly these parameters and seed, says how it gets on, and posts in no room', async () => {
  // One that works in many steps, so that there is something to report.
  const params = { steps: 100 };
  const { status, lines } = await run({ user: 'ana', demo: 'bert-layers', params, seed: 11, locale: 'zh' });
  expect(status).toBe(200);
  const { reply } = lines.at(-1)!;
  expect(reply!.result).toMatchObject({ kind: 'demo', demo: 'bert-layers', params, seed: 11 });
  expect(reply!.blocks.find(({ type }) => type === 'image')!.url).toMatch(/^\/images\//);
  const told = lines.flatMap(({ progress }) => (progress ? [progress as { fraction: number }] : []));
  expect(told.length).toBeGreaterThan(0);
  expect(told.every(({ fraction }) => typeof fraction === 'number')).toBe(true);
  // The same again is the same numbers.
  const again = await run({ user: 'ben', demo: 'bert-layers', params, seed: 11 });
  expect((again.lines.at(-1)!.reply!.result as { measures: unknown }).measures).toEqual((reply!.result as { measures: unknown }).measures);
  const stream = await follow('lab', 'ana');
  await stream.until((events) => events.some(({ type }) => type === 'ready'));
  stream.close();
  expect(stream.messages()).toEqual([]);
});

it('stops a run when the page goes away', { timeout: 60_000 }, async () => {
  const kept = () => readdirSync(join(folder, 'cache', 'runs')).filter((name) => name.startsWith('bert'));
  const before = kept();
  const abort = new AbortController();
  const slow = { user: 'cleo', demo: 'bert-layers', seed: 99 };
  const running = run(slow, abort.signal);
  await expect.poll(() => playground.services.demos.status().running, { timeout: 60_000 }).toBe(1);
  abort.abort();
  await expect(running).rejects.toThrow();
  await expect.poll(() => playground.services.demos.status().running, { timeout: 5_000 }).toBe(0);
  // Stopped, not finished: nothing was kept beside the run above.
  expect(kept()).toEqual(before);
});

it.each([
  ['a value out of range', { demo: 'gradient-norms', params: { depth: 900 } }, 'parameter-out-of-range'],
  ['a parameter that it has not', { demo: 'gradient-norms', params: { dept: 3 } }, 'unknown-parameter-did-you-mean'],
  ['an experiment that there is not', { demo: 'gradient-normz' }, 'unknown-demo-did-you-mean'],
])('answers %s with what is possible', async (_what, body, code) => {
  const { lines } = await run({ user: 'dan', ...body });
  expect(lines).toHaveLength(1);
  expect(lines[0]!.reply!.result).toMatchObject({ kind: 'error', code });
});

it.each([
  ['no user', { demo: 'gradient-norms' }],
  ['half a seed', { user: 'a', demo: 'gradient-norms', seed: 0.5 }],
  ['an object as value', { user: 'a', demo: 'gradient-norms', params: { depth: { deep: 1 } } }],
  ['no JSON', 'demo'],
])('refuses %s', async (_what, body) => {
  expect((await run(body)).status).toBe(400);
});
