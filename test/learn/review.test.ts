import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectRefused } from '../../src/core/outbox.ts';
import { type Reply, toText } from '../../src/core/reply.ts';
import type { QuizResult } from '../../src/core/result.ts';
import type { Question } from '../../src/quiz/question.ts';
import { createManualClock, type ManualClock } from '../helpers/clock.ts';
import { type Program, startProgram } from '../helpers/playground.ts';
import { buttonsOf, errorOf, openRoom, type Room } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';

const DAY = 86_400_000;
const content = smallContent();
let folder: string;
let clock: ManualClock;
let program: Program;
let room: Room;

async function open(): Promise<void> {
  program = await startProgram({ folder, clock, freshSeed: () => 42, env: { CONTENT_DIR: content } });
  room = openRoom(program.services, program.dispatch);
  clock.idle = () => program.services.quiz.idle();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learn-'));
  clock = createManualClock();
  await open();
});
afterEach(() => program.close());

interface Asked {
  turn: string;
  question: string;
  questionKind: string;
  choices: { id: string; label: string }[];
}

const asked = (reply: Reply) => (reply.result as unknown as { review: Asked }).review;
const outcome = (reply: Reply) => (reply.result as unknown as { review: { correct: boolean; dueAt: number; hinted: boolean } }).review;
const questionOf = (id: string): Question => program.services.notes.content().questions.get(id)!;
const table = (name: 'cards' | 'review_log' | 'review_turns') =>
  program.services.store.db
    .selectFrom(name as 'cards')
    .selectAll()
    .execute();

/** Ids of the right and a wrong button, read from the content. */
function buttons(reply: Reply): { right: string; wrong: string } {
  const { question: id, choices } = asked(reply);
  const question = questionOf(id);
  const isRight = (label: string) =>
    question.kind === 'boolean'
      ? (label === 'True') === question.answer
      : question.kind === 'single' && question.choices.some(({ correct, text }) => correct && text.en === label);
  return { right: choices.find(({ label }) => isRight(label))!.id, wrong: choices.find(({ label }) => !isRight(label))!.id };
}

/** Plays a group quiz of one question; `answers` says who is right. */
async function playQuiz(answers: Record<string, boolean>, topic = 'batch-size'): Promise<string> {
  await room.say('host', `/quiz start topic:${topic} questions:1 lobby:0 seconds:30 mode:exam`);
  await clock.advance(100);
  const board = room.posts.filter(({ reply }) => (reply.result as QuizResult).question).at(-1)!.reply.result as QuizResult;
  const shown = board.question as unknown as { id: string; choices: { id: string; label: string }[] };
  const question = questionOf(shown.id);
  const right = (label: string) =>
    question.kind === 'single' && question.choices.some((choice) => choice.correct && choice.text.en === label);
  for (const [user, isRight] of Object.entries(answers))
    await room.press(user, shown.choices.find(({ label }) => right(label) === isRight)!.id);
  await clock.advance(60_000);
  return shown.id;
}

describe('a group quiz', () => {
  it('makes a card, a log entry and ratings for everyone who answered, in the transaction that closes the question', async () => {
    const id = await playQuiz({ ana: true, ben: false });
    const cards = await table('cards');
    expect(
      cards.map(({ user_id, question_id, rating, due }) => [user_id, question_id, rating, Math.round((due - clock.now()) / DAY)]),
    ).toEqual([
      ['ana', id, 3, 2],
      ['ben', id, 1, 1],
    ]);
    const log = await program.services.store.db.selectFrom('review_log').selectAll().execute();
    expect(log.map(({ user_id, first, credit, source }) => [user_id, first, credit, source.split('/')[0]])).toEqual([
      ['ana', 1, 1, 'quiz'],
      ['ben', 1, 0, 'quiz'],
    ]);
    // In the question's own order: ana's choice is the right one.
    const question = questionOf(id) as Extract<Question, { kind: 'single' }>;
    expect(question.choices[(JSON.parse(log[0]!.given!) as { picked: number[] }).picked[0]!]!.correct).toBe(true);
    const abilities = await program.services.store.db.selectFrom('abilities').selectAll().orderBy('user_id').execute();
    expect(abilities.map(({ user_id, n }) => [user_id, n])).toEqual([
      ['ana', 1],
      ['ben', 1],
    ]);
    expect(abilities[0]!.ability).toBeGreaterThan(0);
    expect(abilities[1]!.ability).toBeLessThan(0);
    expect((await program.services.store.db.selectFrom('item_ratings').selectAll().execute())[0]).toMatchObject({ question_id: id, n: 2 });
  });

  it('loses points and cards together when the closing cannot be stored', async () => {
    const { store } = program.services;
    await room.say('host', '/quiz start topic:batch-size questions:1 lobby:0 seconds:30 mode:exam');
    await clock.advance(100);
    const board = room.posts.at(-1)!.reply.result as QuizResult & { question: { choices: { id: string }[] } };
    await room.press('ana', board.question.choices[0]!.id);
    store.sqlite.exec("create trigger full before insert on review_log begin select raise(abort, 'disk full'); end");
    expect(errorOf(await room.say('host', '/quiz skip'))).toBe('not-recorded');
    expect(await table('cards')).toEqual([]);
    expect(await store.db.selectFrom('score_sums').selectAll().execute()).toEqual([]);
    store.sqlite.exec('drop trigger full');
    await room.say('host', '/quiz skip');
    expect(await table('cards')).toHaveLength(1);
  });

  it('brings what was missed back the next day, and only then', async () => {
    const id = await playQuiz({ ana: true, ben: false });
    expect(asked(await room.say('ben', '/review'))).toBeNull();
    await clock.advance(DAY);
    expect(asked(await room.say('ben', '/review')).question).toBe(id);
    expect(toText(await room.say('ana', '/review'))).toMatch(/Nothing is due now\. The next one comes tomorrow\./);
    expect(toText(await room.say('cho', '/review'))).toMatch(/You have no reviews yet/);
  });

  it('is never told from a review while the quiz asks it', async () => {
    await playQuiz({ ben: false });
    await clock.advance(DAY);
    const open = await room.say('ben', '/review');
    // The room has five questions on this topic; all of them are in this quiz.
    await room.say('host', '/quiz start topic:batch-size questions:5 lobby:0 seconds:30');
    await clock.advance(100);
    expect(errorOf(await room.press('ben', buttons(open).right))).toBe('review-in-play');
    expect(asked(await room.say('ben', '/review'))).toBeNull();
    await room.say('host', '/quiz stop');
    await clock.advance(1_000);
    expect(asked(await room.say('ben', '/review')).question).toBe(asked(open).question);
  });
});

describe('/review', () => {
  it('asks, grades, explains, and says when the question comes back', async () => {
    const question = await room.say('ana', '/review topic:batch-size');
    expect(question.visibility).toBe('private');
    const { wrong } = buttons(question);
    const reply = await room.press('ana', wrong);
    const text = toText(reply);
    expect(text).toMatch(/Not yet[\s\S]*Right answer:[\s\S]*comes back tomorrow/);
    expect(text).toContain(questionOf(asked(question).question).explanation.en.slice(0, 12));
    expect(outcome(reply)).toMatchObject({ correct: false, dueAt: clock.now() + DAY });
    expect(buttonsOf(reply).map(({ label }) => label)).toEqual(['A new one on this topic (4)', 'Read the note']);
  });

  it('holds no answer in its ids, and shuffles anew for every review', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const question = await room.say('ana', '/review topic:batch-size');
      ids.push(...buttonsOf(question).map(({ id }) => id));
      expect(JSON.stringify(question.result)).not.toMatch(/correct|"right/);
      await room.press('ana', buttons(question).right);
    }
    for (const id of ids) {
      expect(id.length).toBeLessThanOrEqual(100);
      expect(id).toMatch(/^1~review~(pick~[\w-]{12}~[0-4]|hint~[\w-]{12})$/);
    }
  });

  it('counts a press once: pressed twice, on two devices at once, delivered again, after a restart', async () => {
    const question = await room.say('ana', '/review topic:batch-size');
    const { right, wrong } = buttons(question);
    const both = await Promise.all([room.press('ana', right, 'd1'), room.press('ana', right, 'd1'), room.press('ana', wrong, 'd2')]);
    expect(both.map((reply) => outcome(reply).correct)).toEqual([true, true, true]);
    await program.close();
    await open();
    expect(outcome(await room.press('ana', wrong, 'd3')).correct).toBe(true);
    expect(await table('review_log')).toHaveLength(1);
  });

  it('goes on with the same question in the same order after a restart', async () => {
    const before = asked(await room.say('ana', '/review topic:batch-size'));
    await program.close();
    await open();
    expect(asked(await room.say('ana', '/review'))).toEqual(before);
    expect(await table('review_turns')).toHaveLength(1);
  });

  it('gives two devices that ask at once the same question', async () => {
    const both = await Promise.all(['a', 'b', 'c'].map((id) => room.say('ana', '/review topic:batch-size', id)));
    expect(new Set(both.map((reply) => asked(reply).turn)).size).toBe(1);
  });

  it('counts a right answer after a hint as hard', async () => {
    const question = await room.say('ana', '/review topic:batch-size');
    const hint = buttonsOf(question).find(({ id }) => id.includes('~hint~'))!;
    const board = await room.press('ana', hint.id);
    expect(board.blocks.filter(({ type }) => type === 'markdown').length).toBeGreaterThan(1);
    expect(buttonsOf(board).some(({ id }) => id.includes('~hint~'))).toBe(false);
    const reply = await room.press('ana', buttons(question).right);
    expect(outcome(reply)).toMatchObject({ correct: true, hinted: true, dueAt: clock.now() + DAY });
  });

  it('belongs to one person', async () => {
    const question = await room.say('ana', '/review topic:batch-size');
    for (const id of [buttons(question).right, buttons(question).right.replace(/\d$/, '9'), '1~review~pick~nonsense~0', '1~review~hint~']) {
      expect(errorOf(await room.press('eve', id)), id).toBe('stale-button');
    }
    expect(errorOf(await room.press('ana', buttons(question).right.replace(/\d$/, '9')))).toBe('stale-button');
    expect(await table('review_log')).toHaveLength(0);
  });

  it('keeps the same person apart on two servers', async () => {
    await room.press('ana', buttons(await room.say('ana', '/review topic:batch-size')).wrong);
    const { learning } = program.services;
    expect((await learning.progress({ platform: 'terminal', space: 'test', user_id: 'ana' })).answered).toBe(1);
    expect((await learning.progress({ platform: 'terminal', space: 'other', user_id: 'ana' })).answered).toBe(0);
  });

  it('goes on in a direct message, where Discord’s ids name the same person, and nowhere else', async () => {
    const ask = (
      platform: 'discord' | 'slack',
      space: string,
      what: { command: string; options?: Record<string, string> } | { action: string },
    ) =>
      program.dispatch({
        ...{ id: `${platform}${space}${JSON.stringify(what)}${clock.now()}`, platform, space, room: 'r', user: { id: 'U1', name: 'ana' } },
        ...{ locale: 'en', options: {}, receivedAt: clock.now(), ...what },
      });
    for (const platform of ['discord', 'slack'] as const) {
      const question = await ask(platform, 'home', { command: 'review', options: { topic: 'batch-size' } });
      await ask(platform, 'home', { action: buttons(question).wrong });
    }
    await clock.advance(DAY);
    const next = '1~review~next~home';
    expect(asked(await ask('discord', 'dm', { command: 'review' }))).not.toBeNull();
    expect(asked(await ask('discord', 'dm', { action: next }))).not.toBeNull();
    // Another workspace's U1 is somebody else, whatever a button says.
    expect(asked(await ask('slack', 'other', { command: 'review' }))).toBeNull();
    expect(asked(await ask('slack', 'other', { action: next }))).toBeNull();
    const turn = asked(await ask('slack', 'home', { command: 'review' }));
    expect(errorOf(await ask('slack', 'other', { action: turn.choices[0]!.id }))).toBe('stale-button');
  });

  it('refuses what it cannot do, and says why', async () => {
    for (const [text, code] of [
      ['/review topic:nonsense', 'unknown-topic'],
      ['/review answer:5', 'no-open-review'],
      ['/answer 5', 'quiz-none'],
      ['/review zone:Middle/Earth', 'unknown-zone'],
      ['/review hour:24', 'not-an-integer'],
      ['/review remind:maybe', 'not-a-choice'],
    ] as const) {
      expect(errorOf(await room.say('ana', text)), text).toBe(code);
    }
  });
});

describe('reminders', () => {
  const hour = 3_600_000;
  const sent: string[] = [];
  let refuse: Room['refuse'];

  /** The program is closed, and opened again so much later: nobody turns the clock for a whole day. */
  async function later(ms: number): Promise<void> {
    await program.close();
    clock = createManualClock(clock.now() + ms);
    await open();
    room.refuse = refuse;
    program.services.learning.reminders.start();
  }
  /** Turns the clock on over the next few quarters. */
  async function wait(ms: number): Promise<void> {
    await clock.advance(ms);
    sent.push(...room.directs.splice(0).map(({ user }) => user));
  }

  beforeEach(async () => {
    sent.length = 0;
    refuse = undefined;
    await room.press('ana', buttons(await room.say('ana', '/review topic:batch-size')).wrong);
  });

  it('come once a day, at the person’s hour in their time zone, while something is due', async () => {
    // 12:00 UTC is 20:00 in Shanghai, so 9:00 there is 13 hours away, and the card is due on that day.
    await room.say('ana', '/review remind:on hour:9 zone:shanghai');
    await later(12.5 * hour);
    await wait(29 * 60_000);
    expect(sent).toEqual([]);
    await clock.advance(60_000);
    const [message] = room.directs;
    expect(toText(message!.reply)).toMatch(/\*\*1\*\* of your questions/);
    await wait(hour);
    expect(sent).toEqual(['ana']);
    await later(22.5 * hour);
    await wait(hour);
    expect(sent).toEqual(['ana', 'ana']);
    // The button of a direct message leads to the space that it belongs to.
    const question = await room.press('ana', buttonsOf(message!.reply)[0]!.id);
    await room.press('ana', buttons(question).right);
    await later(23 * hour);
    await wait(hour);
    expect(sent).toEqual(['ana', 'ana']);
  });

  it('are not sent twice by a restart in their hour, and not late at night', async () => {
    await room.say('ana', '/review remind:on hour:12');
    await later(23.9 * hour);
    await wait(0.2 * hour);
    expect(sent).toEqual(['ana']);
    await later(60_000);
    await wait(hour);
    expect(sent).toEqual(['ana']);
    // Down from before twelve until half past three the next day: that is no longer the person's hour.
    await later(26.5 * hour);
    await wait(hour);
    expect(sent).toEqual(['ana']);
  });

  it.each([
    ['an adapter that says so', () => new DirectRefused('closed')],
    ['Discord’s 403', () => Object.assign(new Error('Cannot send messages to this user'), { status: 403, code: 50007 })],
  ])('pause when direct messages are refused (%s), until they are switched on again', async (_what, error) => {
    await room.say('ana', '/review remind:on hour:12');
    refuse = error;
    await later(23.9 * hour);
    await wait(0.2 * hour);
    refuse = undefined;
    await later(23.8 * hour);
    await wait(0.3 * hour);
    expect(sent).toEqual([]);
    expect(toText(await room.say('ana', '/review zone:UTC'))).toMatch(/refused/);
    await room.say('ana', '/review remind:on');
    await later(23.8 * hour);
    await wait(0.3 * hour);
    expect(sent).toEqual(['ana']);
  });

  it('stop with the button of the message, and one person’s failure does not stop another’s', async () => {
    await room.press('ben', buttons(await room.say('ben', '/review topic:batch-size')).wrong);
    await room.say('ana', '/review remind:on hour:12');
    await room.say('ben', '/review remind:on hour:12');
    refuse = (user) => (user === 'ana' ? new Error('network') : undefined);
    await later(23.9 * hour);
    await clock.advance(0.2 * hour);
    expect(room.directs.map(({ user }) => user)).toEqual(['ben']);
    const quiet = buttonsOf(room.directs[0]!.reply).at(-1)!;
    expect(toText(await room.press('ben', quiet.id))).toMatch(/No reminders/);
    refuse = undefined;
    await later(23.8 * hour);
    await wait(0.3 * hour);
    expect(sent).toEqual(['ana']);
  });
});
