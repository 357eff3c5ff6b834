import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, say } from '../../../src/core/reply.ts';
import { holdable, holdRuns } from '../../helpers/held-run.ts';
import { startPlayground } from '../../helpers/playground.ts';
import { createWebClient } from '../../helpers/web-client.ts';

let playground: Awaited<ReturnType<typeof startPlayground>>;
const { post, read, follow, get, idOf } = createWebClient(() => playground.url);
beforeAll(async () => {
  playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'stream-')), ...holdable });
});
afterAll(() => playground.close());

const roomOf = (room: string) => ({ platform: 'web', space: 'local', room }) as const;
const note = (text: string): Reply => say([{ type: 'note', text }]);
const ids = (messages: { id?: string }[]) => messages.map(({ id }) => id);

it('shows what was said to everyone, private answers to one', async () => {
  await post('stream', { user: 'ana', text: '/scores' });
  await post('stream', { user: 'ana', text: '/help' });
  await post('stream', { user: 'ana', text: 'what is saturation' });
  const own = await read('stream', 'ana', 6);
  const others = await read('stream', 'ben', 4);
  // A command that answers privately is not shown either: it may be a quiz answer.
  expect(others.map(({ text }) => text).filter(Boolean)).toEqual(['/scores', 'what is saturation']);
  const bot = others.filter(({ author }) => (author as { bot: boolean }).bot);
  expect(own).toHaveLength(6);
  expect(bot).toHaveLength(2);
});

describe('a page that was away', () => {
  it('gets everything that changed meanwhile, once, and the edited as they are now', async () => {
    const room = roomOf('away');
    const { outbox } = playground.services;
    const old = await outbox.post(room, note('old'), 'away:old');
    await outbox.post(room, note('kept'), 'away:kept');
    const seen = await read('away', 'ana', 2);
    const last = seen.at(-1)!.revision!;
    await Promise.all(Array.from({ length: 130 }, (_, i) => outbox.post(room, note(`n${i}`), `away:${i}`)));
    await outbox.update(old, note('new'));
    const rest = await read('away', 'ana', 131, { lastEventId: last });
    expect(new Set(ids(rest)).size).toBe(131);
    expect(ids(rest)).not.toContain('away:kept');
    expect(rest.find(({ id }) => id === 'away:old')!.blocks![0]!.text).toBe('new');
  });

  it('can be cut off in the middle of catching up and go on, since it comes by revision', async () => {
    const room = roomOf('cut');
    const { outbox } = playground.services;
    const first = await outbox.post(room, note('first'), 'cut:first');
    const [seen] = await read('cut', 'ana', 1);
    for (let i = 0; i < 6; i++) await outbox.post(room, note(`n${i}`), `cut:${i}`);
    await outbox.update(first, note('edited'));
    // Cut off after every single message: what a browser would send back as its Last-Event-ID.
    const got: (string | undefined)[] = [];
    let at = seen!.revision!;
    for (let i = 0; i < 7; i++) {
      const [next] = await read('cut', 'ana', 1, { lastEventId: at });
      got.push(next!.id);
      at = next!.revision!;
    }
    expect(got).toEqual([...Array.from({ length: 6 }, (_, i) => `cut:${i}`), 'cut:first']);
  });

  it('hears of concurrent posts and edits in the order of their revisions', async () => {
    const room = roomOf('order');
    const { outbox } = playground.services;
    const boards = await Promise.all([0, 1, 2].map((i) => outbox.post(room, note('board'), `order:board${i}`)));
    const stream = await follow('order', 'ana');
    await stream.until((events) => events.some(({ type }) => type === 'ready'));
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        i % 2 ? outbox.update(boards[i % 3]!, note(`e${i}`)) : outbox.post(room, note(`p${i}`), `order:${i}`),
      ),
    );
    await stream.until(() => stream.messages().length >= 63);
    stream.close();
    const revisions = stream.messages().map(({ revision }) => revision!);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  });
});

it('goes back through what was said before', async () => {
  const room = roomOf('back');
  for (let i = 0; i < 130; i++) await playground.services.outbox.post(room, note(`n${i}`), `back:${i}`);
  const stream = await follow('back', 'ana');
  await stream.until((events) => events.some(({ type }) => type === 'ready'));
  stream.close();
  expect(stream.messages()).toHaveLength(100);
  expect(stream.events.find(({ type }) => type === 'ready')!.data).toEqual({ more: true });
  const before = Math.min(...stream.messages().map(({ seq }) => seq as number));
  const { messages } = (await get(`/api/rooms/back/messages?before=${before}`, 'ana')) as {
    messages: { id: string }[];
  };
  expect(ids(messages)).toEqual(Array.from({ length: 30 }, (_, i) => `back:${i}`));
});

it('brings a direct message to its person, in whichever room they are, and to nobody else', async () => {
  const [ana, ben] = [await follow('r1', 'ana'), await follow('r1', 'ben')];
  for (const stream of [ana, ben]) await stream.until((events) => events.some(({ type }) => type === 'ready'));
  await playground.services.outbox.direct('web', 'local', { id: await idOf('ana') }, note('your reviews are due'));
  await ana.until(() => ana.messages().length === 1);
  await playground.services.outbox.post(roomOf('r1'), note('for all'), 'r1:all');
  await ben.until(() => ben.messages().length === 1);
  expect(ana.messages()[0]).toMatchObject({ private: true, blocks: [{ text: 'your reviews are due' }] });
  expect(ids(ben.messages())).toEqual(['r1:all']);
  ana.close();
  ben.close();
  // Also to a page that opens later, elsewhere.
  expect((await read('r2', 'ana', 1))[0]!.blocks![0]!.text).toBe('your reviews are due');
});

it('tells a page who it is, and a stream that hears nothing private who it is not', async () => {
  const stream = await follow('r3', 'ana');
  await stream.until((events) => events.length > 0);
  stream.close();
  expect(stream.events[0]!.data.person).toEqual({ id: await idOf('ana'), name: 'ana' });
  await playground.services.outbox.direct('web', 'local', { id: await idOf('ana') }, note('for ana'));
  const response = await fetch(`${playground.url}/api/rooms/r3/messages?user=${await idOf('ana')}`);
  expect(await response.json()).toEqual({ messages: [] });
});

it('shows an experiment under way to the room, also to who comes in meanwhile, and keeps none of it', { timeout: 60_000 }, async () => {
  const ana = await follow('work', 'ana');
  const done = post('work', { id: 'run', user: 'ana', text: '/demo bert-layers steps:100 seed:5' });
  // Only what takes longer than two seconds is shown at all.
  const goOn = await holdRuns(playground);
  await sleep(2_100);
  goOn();
  await ana.until((events) => events.some(({ type }) => type === 'working'));
  const letGo = await holdRuns(playground);
  const ben = await follow('work', 'ben');
  await ben.until((events) => events.some(({ type }) => type === 'working'));
  letGo();
  await done;
  await ana.until((events) => events.some(({ type }) => type === 'done'));
  ana.close();
  ben.close();
  expect(ana.events.find(({ type }) => type === 'working')!.data).toMatchObject({ id: 'b:run' });
  const answer = ana.messages().find(({ id }) => id === 'b:run')!;
  expect(answer.blocks!.map(({ type }) => type)).toContain('image');
  expect((answer.demo as { series: unknown[] }).series.length).toBeGreaterThan(0);
  const later = await follow('work', 'cleo');
  await later.until((events) => events.some(({ type }) => type === 'ready'));
  later.close();
  expect(later.events.map(({ type }) => type)).not.toContain('working');
});

it('shows a message that is posted twice under one key once', async () => {
  const first = await playground.services.outbox.post(roomOf('keys'), note('once'), 'quiz:q0');
  const second = await playground.services.outbox.post(roomOf('keys'), note('once'), 'quiz:q0');
  expect(second).toEqual(first);
  await post('keys', { user: 'a', text: '/topics' });
  expect(await read('keys', 'a', 3)).toHaveLength(3);
});

it('makes no HTML of what people or notes write, and sends formulas as KaTeX draws them', async () => {
  const text = 'a <script>alert(1)</script> [x](javascript:alert(1)) ![y](data:text/html,z) $\\frac{1}{2}$ "style=" style="x"';
  await playground.services.outbox.post(roomOf('xss'), say([{ type: 'markdown', text }]));
  await post('xss', { user: '<b>eve</b>', text: '<img src=x onerror=alert(1)>' });
  const [bot, person] = await read('xss', 'a', 2);
  const html = bot!.blocks![0]!.html!;
  expect(html).not.toMatch(/<script|="javascript:|="data:|[\s"']style="/);
  expect(html).toContain('<mfrac>');
  expect(html).toMatch(/class="katex-html" aria-hidden="true"/);
  // Only KaTeX writes the attribute that the page turns into styles.
  expect(html.match(/data-style="[^"]*"/g)!.every((style) => /^data-style="[\w.:;% -]*"$/.test(style))).toBe(true);
  expect(person!.text).toBe('<img src=x onerror=alert(1)>');
});

it('is not stopped by a formula that would grow without end', async () => {
  const text = '$\\def\\a{\\a\\a\\a}\\a$ $\\rule{9999em}{9999em}$ $\\frac{1}{$';
  await playground.services.outbox.post(roomOf('tex'), say([{ type: 'markdown', text }]));
  const [message] = await read('tex', 'a', 1);
  expect(message!.blocks![0]!.html!.length).toBeLessThan(20_000);
  expect(message!.blocks![0]!.html).not.toContain('9999em;');
});
