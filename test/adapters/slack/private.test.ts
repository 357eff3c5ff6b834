import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementsOf, history, openSlackBench, type SlackBench, until } from '../../helpers/slack/bench.ts';
import { visibleText } from '../../helpers/slack/block-kit.ts';
import { directEvent, type Place } from '../../helpers/slack/payloads.ts';

let bench: SlackBench;
let place: Place;
const member = (name: string) => bench.workspace.member(name);
const posts = (channel = place.channel) => history(bench.workspace, channel);
const slash = (line: string, name = 'alice', channel = place.channel) => bench.driver.slash({ ...place, channel }, member(name), line);
/** What the person alone was told. */
const told = async (line: string, name = 'alice', channel = place.channel) => {
  const { hook, ack } = await slash(line, name, channel);
  const { message } = await until(`an answer to ${line}`, () => hook.responses[0]);
  return { ack, hook, message, text: visibleText(message.blocks) };
};

beforeAll(async () => {
  bench = await openSlackBench({ folder: mkdtempSync(join(tmpdir(), 'slack-private-')), freshSeed: () => 7 });
  place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
});
afterAll(async () => {
  await bench.close();
  expect(bench.com.violations).toEqual([]);
});

describe('what one person alone is answered', () => {
  it.each([
    '/demo',
    '/demo nosuchdemo',
    '/demo 梯度',
    '/demo gradient-norms depth:-3',
    '/quiz stop',
    '/quiz status',
    '/scores period:never',
    '/season close',
    '/help',
    '/nonsense',
  ])('does not show the command to the channel: %s', async (line) => {
    const before = (await posts()).length;
    const { ack, message } = await told(line, 'bob');
    expect(ack.body).toBeUndefined();
    expect(message.response_type).toBe('ephemeral');
    expect(await posts()).toHaveLength(before);
  });

  it.each(['/scores', '/ask what is dropout?'])('and what everyone is answered does: %s', async (line) => {
    expect((await slash(line)).ack.body).toEqual({ response_type: 'in_channel' });
  });
});

describe('an experiment', () => {
  it('is found by words of its title, in both languages', { timeout: 90_000 }, async () => {
    for (const line of ['/demo gradient descent seed:3', '/demo 学习率与收敛 seed:3', '/demo Learning rate and convergence seed:4']) {
      const runs = async () => (await posts()).filter(({ text }) => /^(Learning rate and convergence|学习率与收敛)/.test(text ?? ''));
      const before = (await runs()).length;
      await slash(line);
      await until(line, async () => (await runs()).length > before);
    }
  });

  it('that several names fit is asked for, and a press runs it', { timeout: 60_000 }, async () => {
    const { message, text } = await told('/demo 残差');
    expect(text).toContain('残差');
    const labels = elementsOf(message).map(({ value }) => value);
    expect(labels).toEqual(['1~demo~fresh~residual-depth', '1~demo~fresh~boosting-residuals']);
  });

  it('that is unknown is answered with experiments, and a list of experiments', async () => {
    const { message, text } = await told('/demo nosuchdemo');
    expect(text).toMatch(/no experiment called “nosuchdemo”/);
    const { demos } = bench.program.services;
    const [list, ...buttons] = elementsOf(message).toReversed();
    expect(buttons.length).toBe(3);
    for (const { value } of buttons) expect(demos.get(value!.split('~')[3]!)).toBeDefined();
    expect(list).toMatchObject({ type: 'external_select', action_id: 'choose~demo~name', placeholder: { text: 'Search an experiment …' } });
    const offered = await bench.driver.suggest(place, member('alice'), list!.action_id, '梯');
    expect(offered.map(({ value }) => value)).toContain('gradient-norms');
    for (const { value } of offered) expect(demos.get(value)).toBeDefined();
  });
});

it('a quiz on an unknown topic is answered with a list, and a choice starts it with what else was typed', { timeout: 60_000 }, async () => {
  await told('/quiz topic:xyzzyqwert');
  const { message } = await told('/quiz topic:xyzzyqwert questions:2 lobby:0');
  const list = elementsOf(message).find(({ type }) => type === 'external_select')!;
  expect(list.action_id).toMatch(/^choose~quiz~topic~/);
  const offered = await bench.driver.suggest(place, member('alice'), list.action_id, '梯度');
  const option = offered.find(({ value }) => value === 'gradient')!;
  await bench.driver.press(place, member('alice'), { message: { ts: '1.1' }, element: list, ephemeral: true, option });
  const board = await until('question 1', async () => (await posts()).find(({ text }) => text?.startsWith('Question 1 of 2')));
  expect(board).toBeDefined();
  const { quiz } = bench.program.services;
  const live = quiz.inRoom({ platform: 'slack', space: place.team, room: place.channel })!;
  await quiz.control(live, 'stop', 'end-of-test');
});

describe('where the app is no member', () => {
  const secret = async (name: string) => (await member('alice').client.conversations.create({ name, is_private: true })).channel!.id!;

  it.each(['/quiz start topic:gradient lobby:0', '/demo saturation predict:true'])(
    'nothing is begun that cannot go on: %s',
    async (line) => {
      const room = await secret(`secret-${line.slice(1, 5)}`);
      const { text, hook } = await told(line, 'alice', room);
      expect(text).toMatch(/not a member[\s\S]*\/invite @Gradient Tutor/);
      expect(text).not.toMatch(/about to start/);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(hook.responses).toHaveLength(1);
      const { db } = bench.program.services.store;
      expect(await db.selectFrom('quizzes').select('id').where('room', '=', room).execute()).toEqual([]);
      expect(await db.selectFrom('predictions').select('id').where('room', '=', room).execute()).toEqual([]);
    },
  );
});

it('calls a workspace a workspace', async () => {
  const english = await told('/privacy hide', 'bob');
  expect(english.text).toMatch(/leaderboards of this workspace/);
  const chinese = await told('/season close', 'bob');
  expect(chinese.text).toMatch(/admin of this workspace/);
  await told('/lang zh', 'carol');
  expect((await told('/privacy hide', 'carol')).text).toMatch(/本工作区/);
  expect((await told('/privacy show', 'carol')).text).not.toMatch(/服务器/);
});

describe('in its own conversation', () => {
  const say = async (event: object, text: string) => {
    const { channel } = await bench.workspace.bot.client.chat.postMessage({ channel: member('bob').id, text: 'before' });
    const before = (await history(bench.workspace, channel!, 'bob')).length;
    await bench.driver.event(place.team, { ...directEvent(channel!, member('bob'), place.team, text), ...event });
    return until('the answer', async () => (await history(bench.workspace, channel!, 'bob')).slice(before)[0]);
  };

  it.each(['help', 'Hi!', '帮助', '你好', 'hello', '?'])('is told what it can do: %s', async (text) => {
    expect((await say({}, text)).text).toMatch(/\/demo gradient-norms/);
  });

  it('a question beside a file is answered; a file alone is taken for a note, and told when it cannot be had', async () => {
    expect((await say({ subtype: 'file_share', files: [{ id: 'F1' }] }, 'what is dropout?')).text).toMatch(/[Dd]ropout/);
    expect((await say({ subtype: 'file_share', files: [{ id: 'F1' }] }, '')).text).toMatch(
      /note\.md could not be fetched[\s\S]*Send the file once more/,
    );
  });
});
