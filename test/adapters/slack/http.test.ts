import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonOf, elementsOf, history, openSlackBench, replies, type SlackBench, until } from '../../helpers/slack/bench.ts';
import { visibleText } from '../../helpers/slack/block-kit.ts';
import { post } from '../../helpers/slack/driver.ts';
import { directEvent, eventPayload, mentionEvent, type Place, slashPayload, triggerId } from '../../helpers/slack/payloads.ts';

let bench: SlackBench;
let place: Place;
const member = (name: string) => bench.workspace.member(name);
const posts = () => history(bench.workspace, place.channel);
/** The channel's messages that are new since `before`, once there are `count` of them. */
const fresh = (before: number, count = 1) =>
  until(`${count} new messages`, async () => {
    const all = await posts();
    return all.length >= before + count && all.slice(before);
  });
const answers = (ts: string, count = 1) =>
  until(`${count} answers in the thread`, async () => {
    const said = await replies(bench.workspace, place.channel, ts);
    return said.length >= count && said;
  });
/** Carol says something in the channel, which the program hears of as an event. */
const mention = async (text: string) => {
  const { ts } = await member('carol').client.chat.postMessage({ channel: place.channel, text });
  return { ...mentionEvent(place.channel, member('carol'), place.team, text), ts: ts!, event_ts: ts! };
};
const slash = (line: string, name = 'alice', trigger?: string) => bench.driver.slash(place, member(name), line, trigger);

beforeAll(async () => {
  bench = await openSlackBench({ folder: mkdtempSync(join(tmpdir(), 'slack-')), freshSeed: () => 7 });
  place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
});
afterAll(async () => {
  await bench.close();
  expect(bench.com.violations).toEqual([]);
  for (const ms of bench.driver.acks) expect(ms).toBeLessThan(3_000);
});

describe('slash commands', () => {
  it('answer in the channel, after an acknowledgement that shows the command', async () => {
    const before = (await posts()).length;
    const { ack } = await slash('/explain batchnorm');
    expect(ack.body).toEqual({ response_type: 'in_channel' });
    const [message] = await fresh(before);
    expect(message!.user).toBe(bench.workspace.bot.id);
    expect(message!.text).toContain('Batch normalization');
    expect(visibleText(message!.blocks)).toContain('Sources');
    expect(buttonOf(message!, 'Quiz me').value).toBe('1~quiz~me~batch-normalization');
  });

  it('under /tutor too: a command, a question, or nothing at all', async () => {
    const before = (await posts()).length;
    await slash('/tutor explain 梯度消失');
    await slash('/tutor 为什么深层网络的低层学得慢？');
    const [explained, answered] = await fresh(before, 2);
    expect(`${explained!.text}${answered!.text}`).toMatch(/梯度消失/);
    const help = await slash('/tutor');
    const response = await until('help', () => help.hook.responses[0]);
    expect(response.message).toMatchObject({ response_type: 'ephemeral', replace_original: false });
    expect(visibleText(response.message.blocks)).toContain('/demo gradient-norms');
    expect(help.ack.body).toBeUndefined();
    const typo = await slash('/tutor explian batchnorm');
    expect(visibleText((await until('the error', () => typo.hook.responses[0])).message.blocks)).toContain('/explain');
  });

  it('bring the chart’s very bytes and its alt text', { timeout: 60_000 }, async () => {
    const before = (await posts()).length;
    await slash('/demo gradient-descent seed:3');
    const [message, chart] = await fresh(before, 2);
    expect(visibleText(message!.blocks)).toMatch(/✓ Yes/);
    const [file] = chart!.files as { url_private: string; alt_txt: string; name: string; mimetype: string }[];
    expect(file).toMatchObject({ name: 'gradient-descent.png', mimetype: 'image/png' });
    const response = await fetch(file!.url_private, { headers: { Authorization: `Bearer ${member('carol').client.token}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    const { demos } = bench.program.services;
    const run = await demos.run('gradient-descent', {}, 3, { owner: 'test' });
    const drawn = await demos.draw(run, 'en');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(createHash('sha256').update(drawn.png).digest('hex'));
    expect(file!.alt_txt).toBe(drawn.alt);
  });

  it('with a mistake get a private answer that names the fix', async () => {
    for (const [line, expected] of [
      ['/demo gradient-norms depth:-3', /depth/],
      ['/quiz stop', /\/quiz start/],
      ['/nonsense', /\/nonsense[\s\S]*\/help/],
      ['/lang klingon', /en, zh, auto/],
    ] as const) {
      const { hook } = await slash(line, 'bob');
      const { message } = await until(line, () => hook.responses[0]);
      expect(message.response_type).toBe('ephemeral');
      expect(visibleText(message.blocks)).toMatch(expected);
    }
  });

  it('without a name offer a list that can be searched from the first character', async () => {
    const { hook } = await slash('/explain');
    const { message } = await until('the list', () => hook.responses[0]);
    const [list] = elementsOf(message);
    expect(list).toMatchObject({ type: 'external_select', min_query_length: 1, action_id: 'choose~explain~topic' });
    const offered = await bench.driver.suggest(place, member('alice'), list!.action_id, '梯');
    expect(offered.map(({ value }) => value)).toContain('vanishing-gradients');
    expect(offered[0]!.text.text).toMatch(/\p{Script=Han}/u);
    const before = (await posts()).length;
    const option = offered.find(({ value }) => value === 'vanishing-gradients')!;
    await bench.driver.press(place, member('alice'), { message: { ts: '1.1' }, element: list!, ephemeral: true, option });
    const [note] = await fresh(before);
    expect(note!.text).toMatch(/Vanishing gradients/i);
    expect(await bench.driver.suggest(place, member('alice'), 'choose~nonsense~topic', 'x')).toEqual([]);
  });

  it('with an ambiguous topic ask which one is meant', async () => {
    const before = (await posts()).length;
    await slash('/explain quantum chromodynamics');
    const [message] = await fresh(before);
    expect(elementsOf(message!).some(({ type }) => type === 'external_select')).toBe(true);
  });

  it('have one effect when Slack repeats them', async () => {
    const before = (await posts()).length;
    const trigger = triggerId();
    const deeds = await Promise.all([slash('/scores', 'bob', trigger), slash('/scores', 'bob', trigger)]);
    deeds.push(await slash('/scores', 'bob', trigger));
    await fresh(before);
    await slash('/scores', 'bob');
    expect(await fresh(before, 2)).toHaveLength(2);
  });

  it('keep angle brackets and ampersands, and never ping', async () => {
    const { hook } = await slash('/explain <!channel> & <@U123> lang:xx');
    const { message } = await until('the error', () => hook.responses[0]);
    expect(String(message.text)).not.toMatch(/<[!@]/);
    const before = (await posts()).length;
    await slash('/ask is a < b && c > d <!here>?');
    const [answer] = await fresh(before);
    expect(JSON.stringify(answer)).not.toMatch(/<!here|"broadcast"|"type":"user"/);
  });
});

describe('buttons', () => {
  it('answer in the channel, in the thread when they stand in one', async () => {
    await slash('/explain batch-size');
    const note = await until('the note', async () => (await posts()).find(({ text }) => text?.startsWith('Batch size')));
    const before = (await posts()).length;
    await bench.driver.press(place, member('bob'), { message: note, element: buttonOf(note, /中文/) });
    const [other] = await fresh(before);
    expect(other!.text).toMatch(/\p{Script=Han}/u);
    expect(other!.thread_ts).toBeUndefined();
    const inThread = { ...note, ts: '1.000002', thread_ts: note.ts };
    await bench.driver.press(place, member('bob'), { message: inThread, element: buttonOf(note, /中文/) });
    expect(await answers(note.ts)).toHaveLength(1);
    expect(await posts()).toHaveLength(before + 1);
  });

  it('that are forged or old say so to the presser alone', async () => {
    const element = { type: 'button', action_id: 'tutor-0', value: '1~quiz~pick~nonsense~0~0' };
    const { hook } = await bench.driver.press(place, member('bob'), { message: { ts: '1.1' }, element });
    const { message } = await until('the answer', () => hook.responses[0]);
    expect(message.response_type).toBe('ephemeral');
    expect(visibleText(message.blocks)).toMatch(/\/quiz start/);
  });
});

describe('mentions and direct messages', () => {
  it('answer a mention in its thread, in the asker’s language', async () => {
    const event = await mention('<@U00TUTOR> 为什么深层网络的低层学得慢？');
    await bench.driver.event(place.team, event);
    const [answer] = await answers(event.ts);
    expect(answer!.user).toBe(bench.workspace.bot.id);
    expect(answer!.text).toMatch(/\p{Script=Han}/u);
  });

  it('take commands in a mention, where Slack has none', async () => {
    const event = await mention('<@U00TUTOR>: /scores');
    await bench.driver.event(place.team, event);
    expect((await answers(event.ts))[0]!.text).toMatch(/Leaderboard/);
  });

  it('answer three deliveries of one event once, and a retry whose first delivery was lost', async () => {
    const event = await mention('<@U00TUTOR> what is saturation?');
    for (const retry of [0, 1, 2]) await bench.driver.event(place.team, event, { id: 'Ev0TWICE', retry });
    await bench.driver.event(place.team, { ...event, text: '<@U00TUTOR> /scores' }, { id: 'Ev0LOST', retry: 2 });
    expect(await answers(event.ts, 2)).toHaveLength(2);
  });

  it('answer in the conversation with the app, and not themselves', async () => {
    const { channel } = await bench.workspace.bot.client.chat.postMessage({ channel: member('bob').id, text: 'hello' });
    await bench.driver.event(place.team, directEvent(channel!, member('bob'), place.team, 'what is dropout?'));
    await bench.driver.event(place.team, { ...directEvent(channel!, member('bob'), place.team, 'edited'), subtype: 'message_changed' });
    await bench.driver.event(place.team, { ...directEvent(channel!, member('bob'), place.team, 'a bot'), bot_id: 'B1' });
    await bench.driver.event(place.team, directEvent(channel!, member('bob'), place.team, '/help'));
    const said = await until('two answers', async () => {
      const all = await history(bench.workspace, channel!, 'bob');
      return all.length >= 3 && all;
    });
    expect(said).toHaveLength(3);
    // What is private elsewhere is simply said here.
    expect(said.some(({ text }) => text?.includes('/demo gradient-norms'))).toBe(true);
  });
});

describe('what Slack did not send', () => {
  const form = () => {
    const hook = bench.com.openHook('commands', place.team);
    return new URLSearchParams(slashPayload(place, member('alice'), '/scores', '', hook, triggerId())).toString();
  };
  const FORM = 'application/x-www-form-urlencoded';

  it.each([
    ['a bad signature', { secret: 'another secret, not ours' }],
    ['a stale one', { timestamp: Math.floor(Date.now() / 1000) - 301 }],
  ])('is refused: %s', async (_what, options) => {
    const before = (await posts()).length;
    expect((await post(bench.url, form(), FORM, options)).status).toBe(401);
    expect(await posts()).toHaveLength(before);
  });

  it('has no effect when it is replayed within its time', async () => {
    const before = (await posts()).length;
    const [body, timestamp] = [form(), Math.floor(Date.now() / 1000)];
    for (let i = 0; i < 3; i++) expect((await post(bench.url, body, FORM, { timestamp })).status).toBe(200);
    await slash('/scores');
    expect(await fresh(before, 2)).toHaveLength(2);
  });

  it('is answered when Slack verifies the address', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc', token: 'x' });
    const response = await post(bench.url, body, 'application/json');
    expect(await response.json()).toEqual({ challenge: 'abc' });
    expect((await fetch(bench.url)).status).toBe(404);
    expect((await post(bench.url, 'x'.repeat(5_000_000), 'application/json')).status).toBe(413);
    expect((await post(bench.url, JSON.stringify(eventPayload('T0OTHER', { type: 'unheard_of' })), 'application/json')).status).toBe(200);
  });
});
