import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buttonOf, elementsOf, history, openSlackBench, type SlackBench, until } from '../../helpers/slack/bench.ts';
import { visibleText } from '../../helpers/slack/block-kit.ts';

let bench: SlackBench;
let channel: string;
const bob = () => bench.workspace.member('bob');
const views = () => bench.com.calls.filter(({ method }) => method === 'views.publish');
const home = () => views().at(-1)!.args.view as Record<string, unknown> & { blocks: unknown[] };
const open = () =>
  bench.driver.event(bench.workspace.team, { type: 'app_home_opened', user: bob().id, channel, tab: 'home', event_ts: '1.1' });
const told = (count: number) =>
  until('an answer', async () => {
    const all = await history(bench.workspace, channel, 'bob');
    return all.length >= count && all;
  });

beforeAll(async () => {
  bench = await openSlackBench({ folder: mkdtempSync(join(tmpdir(), 'slack-home-')), mode: 'socket', freshSeed: () => 7 });
  const sent = await bench.workspace.bot.client.chat.postMessage({ channel: bob().id, text: 'hello' });
  channel = sent.channel!;
});
afterAll(async () => {
  await bench.close();
  expect(bench.com.violations).toEqual([]);
});

it('shows the page when it is opened, and not for the other tab', async () => {
  await bench.driver.event(bench.workspace.team, { type: 'app_home_opened', user: bob().id, channel, tab: 'messages', event_ts: '1.0' });
  await open();
  await until('the page', () => views().length === 1);
  expect(views()[0]!.error).toBeUndefined();
  expect(visibleText(home().blocks)).toContain('What can be explained');
});

it('answers quick actions and choices in the conversation, in the person’s language', async () => {
  await open();
  await bench.driver.pressHome(bench.workspace.team, bob(), home(), {
    message: { ts: '' },
    element: buttonOf(home(), 'What can be explained'),
  });
  expect((await told(2)).at(-1)!.text).toMatch(/topics/);
  const list = elementsOf(home()).find(({ type }) => type === 'external_select')!;
  const place = { team: bench.workspace.team, channel };
  const option = (await bench.driver.suggest(place, bob(), list.action_id, '批')).find(({ value }) => value === 'batch-normalization')!;
  await bench.driver.pressHome(bench.workspace.team, bob(), home(), { message: { ts: '' }, element: list, option });
  expect((await told(3)).at(-1)!.text).toMatch(/Batch normalization/);
  await bench.driver.slash(place, bob(), '/lang zh');
  await open();
  await until('the page in Chinese', () => /\p{Script=Han}/u.test(visibleText(home().blocks)));
});

it('starts a quiz in the conversation, whose buttons work there', async () => {
  const before = (await history(bench.workspace, channel, 'bob')).length;
  await bench.driver.pressHome(bench.workspace.team, bob(), home(), { message: { ts: '' }, element: buttonOf(home(), /测验|Quiz me/) });
  const lobby = await until('the lobby', async () =>
    (await history(bench.workspace, channel, 'bob')).slice(before).find((message) => elementsOf(message).length > 0),
  );
  const { hook } = await bench.driver.press({ team: bench.workspace.team, channel }, bob(), {
    message: lobby,
    element: elementsOf(lobby)[0]!,
  });
  await until('the receipt', () => hook.responses.length === 1);
  expect(visibleText(hook.responses[0]!.message.blocks)).not.toMatch(/another channel|其他频道/);
});

it('shows what is due and how far one is, and brings the chart as a message', { timeout: 60_000 }, async () => {
  const place = { team: bench.workspace.team, channel };
  await bench.driver.slash(place, bob(), '/quiz stop');
  await bench.driver.slash(place, bob(), '/lang en');
  await open();
  const fresh = await until('topics to begin with', () => elementsOf(home()).find(({ value }) => value?.startsWith('1~review~next~')));
  let before = (await history(bench.workspace, channel, 'bob')).length;
  const next = () => until('a message', async () => (await history(bench.workspace, channel, 'bob')).slice(before).at(-1));
  await bench.driver.pressHome(bench.workspace.team, bob(), home(), { message: { ts: '' }, element: fresh });
  const card = await next();
  const { hook } = await bench.driver.press(place, bob(), { message: card, element: elementsOf(card)[0]! });
  await until('the feedback', () => hook.responses.length > 0);
  expect(visibleText(hook.responses[0]!.message.blocks)).toMatch(/Right answer:/);
  await open();
  await until('bars', () => /█|░/.test(visibleText(home().blocks)));
  before = (await history(bench.workspace, channel, 'bob')).length;
  await bench.driver.pressHome(bench.workspace.team, bob(), home(), {
    message: { ts: '' },
    element: buttonOf(home(), 'My progress as a chart'),
  });
  const chart = await until('the chart', async () =>
    (await history(bench.workspace, channel, 'bob')).slice(before).find(({ files }) => files),
  );
  expect((chart.files as { name: string; alt_txt: string }[])[0]).toMatchObject({
    name: 'progress.png',
    alt_txt: expect.stringContaining('Mastery'),
  });
});
