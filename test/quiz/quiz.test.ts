import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QuizResult, ScoresResult } from '../../src/core/result.ts';
import { createManualClock, type ManualClock } from '../helpers/clock.ts';
import { gameContent } from '../helpers/game.ts';
import { type Program, startProgram } from '../helpers/playground.ts';
import { buttonsOf, errorOf, openRoom, type Room } from '../helpers/room.ts';

const content = gameContent();
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
  folder = mkdtempSync(join(tmpdir(), 'quiz-'));
  clock = createManualClock();
  await open();
});
afterEach(() => program.close());

/** Ids of the open question's choices: the right one and a wrong one, read from the content. */
function choices(): { right: string; wrong: string; position: number } {
  const board = room.posts
    .filter(({ reply }) => (reply.result as QuizResult).question && buttonsOf(reply).some(({ id }) => id.includes('~pick~')))
    .at(-1)!;
  const shown = (board.reply.result as QuizResult).question as {
    id: string;
    position: number;
    choices: { id: string; label: string }[];
  };
  const question = program.services.notes.content().questions.get(shown.id)!;
  const isRight = (label: string) =>
    question.kind === 'boolean'
      ? (label === 'True') === question.answer
      : question.kind === 'single' && question.choices.some(({ correct, text }) => correct && text.en === label);
  return {
    right: shown.choices.find(({ label }) => isRight(label))!.id,
    wrong: shown.choices.find(({ label }) => !isRight(label))!.id,
    position: shown.position,
  };
}

const start = 'quiz start topic:pair questions:2 lobby:0 seconds:30';

describe('a quiz', () => {
  it('is played to the podium, and the scores are in the file', async () => {
    const started = await room.say('host', `/${start}`);
    expect(started.result).toMatchObject({ kind: 'quiz' });
    await clock.advance(100);
    for (let question = 0; question < 2; question++) {
      const { right, wrong } = choices();
      const reply = await room.press('ana', right);
      expect(reply.visibility).toBe('private');
      await room.press('ben', question === 0 ? right : wrong);
      await clock.advance(35_000);
    }
    await clock.advance(60_000);
    const podium = room.posts.at(-1)!.reply.result as QuizResult;
    expect(podium).toMatchObject({ state: 'ended' });
    expect(podium.standings!.map(({ user, correct, rank }) => [user.name, correct, rank])).toEqual([
      ['ana', 2, 1],
      ['ben', 1, 2],
    ]);
    const scores = (await room.say('ana', '/scores')).result as ScoresResult;
    expect(scores.rows.map(({ user, correct }) => [user.name, correct])).toEqual([
      ['ana', 2],
      ['ben', 1],
    ]);
  });

  it('shows nobody’s answer and no right answer before the end of the question', async () => {
    await room.say('host', `/${start}`);
    await clock.advance(100);
    const { right } = choices();
    await room.press('ana', right);
    await clock.advance(1_500);
    const board = JSON.stringify(room.posts.at(-1)!.reply);
    expect(board).not.toContain('Right answer');
    expect(board).not.toContain('ana');
    for (const { id } of room.posts.flatMap(({ reply }) => buttonsOf(reply))) {
      expect(id.length).toBeLessThanOrEqual(100);
      expect(id).not.toMatch(/correct|right|true|false/);
    }
  });

  it('takes the last of several answers, and none after the end', async () => {
    await room.say('host', `/${start}`);
    await clock.advance(100);
    const { right, wrong } = choices();
    await room.press('ana', right);
    await room.press('ana', wrong);
    await room.press('ben', right);
    await clock.advance(31_000);
    expect(errorOf(await room.press('ben', wrong))).toBe('quiz-closed');
    await clock.advance(15_000);
    await room.say('host', '/quiz stop');
    await clock.advance(1_000);
    const standings = (room.posts.at(-1)!.reply.result as QuizResult).standings!;
    expect(standings.map(({ user, correct }) => [user.name, correct])).toEqual([
      ['ben', 1],
      ['ana', 0],
    ]);
  });

  it('has one effect for the same delivery', async () => {
    await room.say('host', `/${start}`, 'same');
    await room.say('host', `/${start}`, 'same');
    await clock.advance(100);
    const { right } = choices();
    await Promise.all([room.press('ana', right, 'd1'), room.press('ana', right, 'd1'), room.press('ana', right, 'd2')]);
    const rows = await program.services.store.db.selectFrom('answers').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(await program.services.store.db.selectFrom('quizzes').selectAll().execute()).toHaveLength(1);
  });

  it('goes on after a crash without losing an answer or asking twice', async () => {
    await room.say('host', `/${start}`);
    await clock.advance(100);
    const first = choices();
    await room.press('ana', first.right);
    const asked = room.posts.length;
    // The process is gone: nothing is closed properly, a new one opens the same file.
    const old = program;
    clock = createManualClock(clock.now());
    await open();
    await program.services.quiz.resume();
    await clock.advance(500);
    expect(room.posts.filter(({ reply }) => buttonsOf(reply).length > 0 && (reply.result as QuizResult).question).length).toBe(0);
    await room.press('ben', first.wrong);
    await clock.advance(25_000);
    expect(choices().position).toBe(1);
    await room.press('ana', choices().right);
    await clock.advance(120_000);
    const standings = (room.posts.at(-1)!.reply.result as QuizResult).standings!;
    expect(standings.map(({ user, correct }) => [user.name, correct])).toEqual([
      ['ana', 2],
      ['ben', 0],
    ]);
    expect(asked).toBeGreaterThan(0);
    await old.close();
  });

  it.each([
    ['ben', '/quiz stop', 'host-only'],
    ['host', '/quiz start', 'quiz-running'],
    ['host', '/quiz resume', 'quiz-not-now'],
  ])('%s saying %s gets %s', async (user, text, code) => {
    await room.say('host', `/${start}`);
    await clock.advance(100);
    expect(errorOf(await room.say(user, text))).toBe(code);
  });

  it.each([
    ['/quiz stop', 'quiz-none'],
    ['/quiz start topic:nonsense', 'unknown-topic'],
    ['/quiz start seconds:0', 'not-an-integer'],
    ['/quiz dance', 'not-a-choice'],
  ])('%s without a quiz gets %s', async (text, code) => {
    expect(errorOf(await room.say('host', text))).toBe(code);
  });

  it('refuses forged and stale buttons', async () => {
    await room.say('host', `/${start}`);
    await clock.advance(100);
    const { right } = choices();
    for (const id of [
      '1~quiz~pick~nonsense~0~0',
      right.replace(/\d+$/, '9'),
      '2~quiz~pick~x~0~0',
      'x',
      `1~quiz~constructor~${'y'.repeat(20)}`,
    ]) {
      expect(errorOf(await room.press('eve', id)), id).toMatch(/stale-button|quiz-not-here/);
    }
    expect(await program.services.store.db.selectFrom('answers').selectAll().execute()).toHaveLength(0);
  });
});
