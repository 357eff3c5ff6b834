import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOT_SCOPES } from '../../../src/adapters/slack/manifest.ts';
import { rightPicks } from '../../../src/quiz/grade.ts';
import { createManualClock, type ManualClock } from '../../helpers/clock.ts';
import {
  buttonOf,
  elementsOf,
  history,
  openSlackBench,
  restartSlack,
  type SlackBench,
  type SlackBenchOptions,
  until,
} from '../../helpers/slack/bench.ts';
import { visibleText } from '../../helpers/slack/block-kit.ts';
import { actionPayload, type Place, type ShownMessage, slashPayload, triggerId } from '../../helpers/slack/payloads.ts';

let folder: string;
let clock: ManualClock;
let bench: SlackBench;
let place: Place;

const member = (name: string) => bench.workspace.member(name);
const posts = () => history(bench.workspace, place.channel);
const slash = (line: string, name = 'alice') => bench.driver.slash(place, member(name), line);
/** The message with question `number`; the clock goes on a little while we wait. */
const board = (number: number) =>
  until(`question ${number}`, async () => {
    await clock.advance(20);
    return (await posts()).find(({ text }) => text?.startsWith(`Question ${number} of`));
  });
const press = (message: ShownMessage, label: string, name: string) =>
  bench.driver.press(place, member(name), { message, element: buttonOf(message, label) });
const answers = () => bench.program.services.store.db.selectFrom('answers').selectAll().execute();
/** The letter of the right choice of the open question, as the content says. */
const rightLetter = () => {
  const { quiz, notes } = bench.program.services;
  const live = quiz.inRoom({ platform: 'slack', space: place.team, room: place.channel })!;
  const { questionId, instance } = live.stored.questions[live.state.position]!;
  return 'ABCDE'[rightPicks(notes.content().questions.get(questionId)!, instance)![0]!]!;
};
/** What the presser alone was told. */
const receipt = async (deed: { hook: { responses: { message: Record<string, unknown> }[] } }) =>
  visibleText((await until('a receipt', () => deed.hook.responses[0])).message.blocks);

async function open(options: Partial<SlackBenchOptions> = {}): Promise<void> {
  // Lost connections are logged as errors; here they are the point.
  bench = await openSlackBench({ folder, clock, freshSeed: () => 42, mode: 'socket', env: { LOG_LEVEL: 'fatal' }, ...options });
  place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slack-quiz-'));
  clock = createManualClock();
});
afterEach(async () => {
  await bench.close();
  expect(bench.com.violations).toEqual([]);
});

const START = '/quiz start topic:gradient questions:2 lobby:0 seconds:30';

describe('a quiz on Slack', () => {
  it('is played to the podium over Socket Mode', { timeout: 60_000 }, async () => {
    await open();
    await slash(START);
    const first = await board(1);
    expect(JSON.stringify(first)).not.toMatch(/correct|Right answer/);
    await clock.advance(6_000);
    // Once Slack has confirmed the question its end is known, and shown to everyone in their own time zone.
    const running = await until('the deadline', async () => JSON.stringify((await board(1)).blocks).includes('<!date^') && board(1));
    expect(JSON.stringify(running.blocks)).toMatch(/<!date\^\d+\^\{time_secs\}\|\d\d:\d\d:\d\d UTC>/);
    const right = rightLetter();
    const wrong = right === 'A' ? 'B' : 'A';
    expect(await receipt(await press(first, wrong, 'bob'))).toContain(`Recorded: ${wrong}`);
    expect(await receipt(await press(first, wrong, 'carol'))).toContain(`Recorded: ${wrong}`);
    expect(await receipt(await press(first, right, 'bob'))).toContain(`Recorded: ${right}`);
    expect((await answers()).map(({ user_id }) => user_id).sort()).toEqual([member('bob').id, member('carol').id].sort());
    await clock.advance(31_000);
    const closed = await until('the closed board', async () => {
      await clock.advance(1_000);
      const now = await board(1);
      return elementsOf(now).length === 0 && now;
    });
    expect(closed.edited).toBeDefined();
    expect(visibleText(closed.blocks)).toContain('This question is closed.');
    for (let i = 0; i < 30; i++) await clock.advance(5_000);
    const podium = await until('the podium', async () => (await posts()).find(({ text }) => text?.startsWith('Result')));
    expect(podium.text).toMatch(/🥇 bob/);
    expect(podium.text).not.toMatch(/carol/);
    const late = await press(first, 'A', 'alice');
    expect(await receipt(late)).toMatch(/ended|another channel/);
  });

  it('keeps one receipt of an answer that is changed in it, and board and receipt speak whose language they are', {
    timeout: 60_000,
  }, async () => {
    await open();
    await slash('/lang zh for:channel');
    await slash('/lang en', 'bob');
    await slash(START);
    const first = await until('question 1', async () => {
      await clock.advance(20);
      return (await posts()).find(({ text }) => text?.startsWith('第 1 题'));
    });
    await clock.advance(100);
    const given = await press(first, 'A', 'bob');
    const { message } = await until('the receipt', () => given.hook.responses[0]);
    expect(visibleText(message.blocks)).toContain('Recorded: A');
    expect(message.replace_original).toBe(false);
    const receipts = [message];
    for (const label of ['B', 'A', 'B', 'C', 'B']) {
      const shown = receipts.at(-1)!;
      const pressed = { message: { ts: '1.1' }, element: buttonOf(shown, label), ephemeral: true };
      const { hook } = await bench.driver.press(place, member('bob'), pressed);
      const changed = await until('the receipt, changed', () => hook.responses[0]);
      expect(changed.message.replace_original).toBe(true);
      expect(hook.responses).toHaveLength(1);
      receipts.push(changed.message);
    }
    // What replaces a message is no other message: the first one is left, and says what counts.
    expect(receipts.filter(({ replace_original }) => replace_original === false)).toHaveLength(1);
    expect(visibleText(receipts.at(-1)!.blocks)).toContain('Recorded: B');
    expect((await answers()).map(({ value }) => JSON.parse(value))).toEqual([{ picked: [1] }]);
    expect(bench.com.calls.filter(({ method }) => method === 'chat.postEphemeral')).toEqual([]);
  });

  it('edits a message at most every five seconds, and only the newest edit', { timeout: 60_000 }, async () => {
    await open();
    await slash(START);
    const first = await board(1);
    await clock.advance(6_000);
    const before = bench.com.calls.filter(({ method }) => method === 'chat.update').length;
    for (let i = 0; i < 20; i++) {
      await receipt(await press(first, i % 2 === 0 ? 'A' : 'B', i % 3 === 0 ? 'bob' : 'carol'));
      await clock.advance(200);
    }
    await clock.advance(6_000);
    await until('the last edit', async () => visibleText((await board(1)).blocks).includes('2 of 2 answered'));
    const edits = bench.com.calls.filter(({ method, args }) => method === 'chat.update' && args.ts === first.ts).length;
    expect(edits - before).toBeLessThanOrEqual(3);
  });

  it('takes the same envelope twice, and envelopes out of order, once each', { timeout: 60_000 }, async () => {
    await open();
    await slash(START);
    const first = await board(1);
    const envelope = (name: string, label: string) => ({
      type: 'interactive' as const,
      payload: actionPayload(
        place,
        member(name),
        { message: first, element: buttonOf(first, label) },
        bench.com.openHook('actions', place.team),
        triggerId(),
      ),
    });
    const [older, newer] = [envelope('bob', 'A'), envelope('bob', 'B')];
    await bench.com.socket.send(newer, 'e2');
    await bench.com.socket.send(older, 'e1');
    await bench.com.socket.send(newer, 'e2');
    await bench.com.socket.send(older, 'e3');
    await until('two events', async () => (await events()).length >= 2);
    expect((await events()).length).toBe(2);
    const stored = await answers();
    expect(stored).toHaveLength(1);
    expect(JSON.parse(stored[0]!.value)).toEqual({ picked: [0] });
  });

  it.each(['refresh_requested', 'warning', 'gone'] as const)(
    'goes on over a new connection when Slack ends the old one (%s)',
    { timeout: 60_000 },
    async (reason) => {
      await open();
      await slash(START);
      await clock.advance(100);
      const first = await board(1);
      await receipt(await press(first, 'A', 'bob'));
      const opened = bench.com.socket.opened();
      bench.com.socket.disconnect(reason);
      await until('a new connection', () => bench.com.socket.opened() > opened && bench.com.socket.connections() === 1);
      expect(await receipt(await press(await board(1), 'B', 'carol'))).toContain('Recorded: B');
      expect(await answers()).toHaveLength(2);
      expect(bench.adapter.health()).toMatchObject({ ok: true });
    },
  );

  it('acknowledges a delivery again on the new connection that the old one lost', { timeout: 60_000 }, async () => {
    await open();
    const hook = bench.com.openHook('commands', place.team);
    const payload = slashPayload(place, member('bob'), '/help', '', hook, triggerId());
    const lost = bench.com.socket.send({ type: 'slash_commands', payload });
    bench.com.socket.disconnect('gone');
    await lost.catch(() => {});
    await until('a new connection', () => bench.com.socket.opened() > 1 && bench.com.socket.connections() === 1);
    await bench.com.socket.send({ type: 'slash_commands', payload });
    await until('the answer', () => hook.responses.length > 0);
    await slash('/help');
    expect(hook.responses).toHaveLength(1);
  });
});

describe('after a crash in the moment when Slack had taken the question', () => {
  /** The answer to the post never comes, the process dies, and a new one opens the same file. */
  const crash = async (scopes: readonly string[]): Promise<void> => {
    await open({ workspace: { scopes } });
    bench.com.fail('chat.postMessage', 'never-answer', 1, isQuestion);
    await slash(START);
    await until('the question', async () => {
      await clock.advance(20);
      return (await questions()).length === 1;
    });
    await restartSlack(bench, { folder, clock, freshSeed: () => 42 });
  };
  const isQuestion = ({ text }: Record<string, unknown>) => String(text).startsWith('Question 1');
  const questions = async () => (await posts()).filter(({ text }) => text?.startsWith('Question 1'));

  it('finds the question again where it may read the channel, and takes answers on it', { timeout: 60_000 }, async () => {
    await crash(BOT_SCOPES);
    const [question] = await questions();
    expect(await receipt(await press(question!, 'A', 'bob'))).toContain('Recorded: A');
    expect(await questions()).toHaveLength(1);
  });

  it('asks once when only the answer is lost and the process lives', { timeout: 60_000 }, async () => {
    await open({ workspace: { scopes: BOT_SCOPES } });
    bench.com.fail('chat.postMessage', 'lose-answer', 1, isQuestion);
    await slash(START);
    const question = await board(1);
    await until('the clock to run', async () => {
      await clock.advance(500);
      return JSON.stringify(await board(1)).includes('<!date^');
    });
    expect(await receipt(await press(question, 'A', 'bob'))).toContain('Recorded: A');
    expect(await questions()).toHaveLength(1);
  });

  it('else asks again, and takes answers on both', { timeout: 60_000 }, async () => {
    // Installed before the app asked for it.
    await crash(BOT_SCOPES.filter((scope) => scope !== 'channels:history'));
    const [older, newer] = await until('both', async () => (await questions()).length === 2 && questions());
    expect(await receipt(await press(older!, 'A', 'bob'))).toContain('Recorded: A');
    expect(await receipt(await press(newer!, 'B', 'bob'))).toContain('Recorded: B');
    expect(await answers()).toHaveLength(1);
  });
});

const events = () => bench.program.services.store.db.selectFrom('quiz_events').selectAll().where('event', 'like', '%"answer"%').execute();
