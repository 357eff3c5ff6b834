import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isQuestion } from '../../../src/core/asked.ts';
import type { Request } from '../../../src/core/request.ts';
import { openSlackBench, replies, restartSlack, type SlackBench, until } from '../../helpers/slack/bench.ts';
import { mentionEvent, type Place } from '../../helpers/slack/payloads.ts';

let bench: SlackBench;
let place: Place;
let folder: string;
const member = (name: string) => bench.workspace.member(name);

/** Someone says something in a thread, which the program hears of as any member's message. */
async function say(name: string, thread: string | undefined, text: string, more: object = {}): Promise<string> {
  const { ts } = await member(name).client.chat.postMessage({ channel: place.channel, text, ...(thread && { thread_ts: thread }) });
  const event = {
    ...mentionEvent(place.channel, member(name), place.team, text, thread),
    type: 'message',
    channel_type: 'channel',
    ...more,
  };
  await bench.driver.event(place.team, { ...event, ts: ts!, event_ts: ts! });
  return ts!;
}
const ours = async (thread: string) =>
  (await replies(bench.workspace, place.channel, thread)).filter(({ user }) => user === bench.workspace.bot.id);
const answered = (thread: string, count: number) =>
  until(`${count} answers`, async () => {
    const found = await ours(thread);
    return found.length >= count && found;
  });
/** What would have come by now has come. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 400));

/** Carol asks us by name; the answer stands in the thread of her message. */
async function asked(): Promise<string> {
  const text = `<@${bench.workspace.bot.id}> what is dropout?`;
  const { ts } = await member('carol').client.chat.postMessage({ channel: place.channel, text });
  await bench.driver.event(place.team, { ...mentionEvent(place.channel, member('carol'), place.team, text), ts: ts!, event_ts: ts! });
  await answered(ts!, 1);
  return ts!;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slack-threads-'));
  bench = await openSlackBench({ folder, mode: 'socket', freshSeed: () => 7 });
  place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
});
afterAll(async () => {
  await bench.close();
  expect(bench.com.violations).toEqual([]);
});

describe('below an answer', () => {
  it('a question is answered without a mention, whoever asks, as a request with the thread', async () => {
    const seen: Request[] = [];
    const { limits } = bench.program.services;
    const take = limits.take.bind(limits);
    limits.take = (request) => {
      seen.push(request);
      take(request);
    };
    const thread = await asked();
    await say('carol', thread, 'and why does batch size matter?');
    await answered(thread, 2);
    await say('bob', thread, '批大小为什么重要？');
    const [, , chinese] = await answered(thread, 3);
    expect(chinese!.text).toMatch(/\p{Script=Han}/u);
    expect(seen.map(({ command, thread: id, room }) => ({ command, id, room }))).toEqual(
      Array(3).fill({ command: 'ask', id: thread, room: place.channel }),
    );
    limits.take = take;
  });

  it('a question below an answer that stands in the channel is answered too', async () => {
    await bench.driver.slash(place, member('alice'), '/ask what is momentum?');
    const { messages = [] } = await member('alice').client.conversations.history({ channel: place.channel, limit: 1 });
    const thread = await until('the answer', async () => {
      const { messages: now = [] } = await member('alice').client.conversations.history({ channel: place.channel, limit: 1 });
      return now[0]?.ts !== messages[0]?.ts || /[Mm]omentum/.test(messages[0]?.text ?? '') ? now[0]!.ts : undefined;
    });
    // What the answer spoke of counts for whoever goes on below it.
    const { conversations } = bench.program.services;
    const below = { platform: 'slack' as const, space: place.team, room: place.channel, thread, user: { id: member('bob').id } };
    expect(conversations.last(below)?.topic).toBe('momentum');
    await say('bob', thread, 'what is dropout?');
    await answered(thread, 1);
    expect(conversations.last(below)?.topic).toBe('dropout');
  });

  it('also after a restart', async () => {
    const thread = await asked();
    await restartSlack(bench, { folder, freshSeed: () => 7 });
    await say('bob', thread, 'what is momentum?');
    await answered(thread, 2);
  });
});

describe('stays silent', () => {
  it('in threads without an answer of ours, and in the channel', async () => {
    const ts = await say('alice', undefined, 'what is dropout?');
    const reply = await say('bob', ts, 'what is momentum?');
    await quiet();
    expect(await ours(ts)).toEqual([]);
    expect(await ours(reply)).toEqual([]);
  });

  it.each([
    ['what somebody else is asked', (bob: string) => `<@${bob}> what is momentum?`, {}],
    ['what a group is asked', () => '<!subteam^S1|@study> what is momentum?', {}],
    ['what people say to each other', () => 'I think we should meet at six', {}],
    ['an edit', () => 'what is momentum?', { subtype: 'message_changed' }],
    ['another bot', () => 'what is momentum?', { bot_id: 'B1' }],
    ['a mention of us, which comes as one', () => `<@${bench.workspace.bot.id}> what is momentum?`, {}],
  ])('to %s', async (_what, text, more) => {
    const thread = await asked();
    await say('alice', thread, text(member('bob').id), more);
    await quiet();
    expect(await ours(thread)).toHaveLength(1);
  });
});

it.each([
  ['why?', true],
  ['那学习率呢', true],
  ['how do I choose it', true],
  ['and what about momentum', true],
  ['为什么这样', true],
  ['thanks a lot', false],
  ['see you tomorrow', false],
  ['好的，明天见', false],
])('knows a question: %s', (text, expected) => {
  expect(isQuestion(text)).toBe(expected);
});
