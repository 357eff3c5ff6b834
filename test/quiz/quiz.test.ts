import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QuizResult, ScoresResult } from '../../src/core/result.ts';
import { gameContent } from '../helpers/game.ts';
import { buttonsOf, errorOf } from '../helpers/room.ts';
import { openStudy, rightAndWrong, type Study } from '../helpers/study.ts';

const content = gameContent();
let study: Study;
beforeEach(async () => {
  study = await openStudy(content);
});
afterEach(() => study.close());

/** Ids of the open question's choices: the right one and a wrong one, read from the content. */
function choices(): { right: string; wrong: string; position: number } {
  const board = study.room.posts
    .filter(({ reply }) => (reply.result as QuizResult).question && buttonsOf(reply).some(({ id }) => id.includes('~pick~')))
    .at(-1)!;
  const shown = (board.reply.result as QuizResult).question as {
    id: string;
    position: number;
    choices: { id: string; label: string }[];
  };
  return { ...rightAndWrong(study.question(shown.id), shown.choices), position: shown.position };
}

const start = 'quiz start topic:pair questions:2 lobby:0 seconds:30';

describe('a quiz', () => {
  it('is played to the podium, and the scores are in the file', async () => {
    const started = await study.room.say('host', `/${start}`);
    expect(started.result).toMatchObject({ kind: 'quiz' });
    await study.clock.advance(100);
    for (let question = 0; question < 2; question++) {
      const { right, wrong } = choices();
      const reply = await study.room.press('ana', right);
      expect(reply.visibility).toBe('private');
      await study.room.press('ben', question === 0 ? right : wrong);
      // In the first question nobody is known to be here yet, so the time runs; in the second both are.
      await study.clock.advance(question === 0 ? 42_500 : 3_500);
    }
    await study.clock.advance(60_000);
    const podium = study.room.posts.at(-1)!.reply.result as QuizResult;
    expect(podium).toMatchObject({ state: 'ended' });
    expect(podium.standings!.map(({ user, correct, rank }) => [user.name, correct, rank])).toEqual([
      ['ana', 2, 1],
      ['ben', 1, 2],
    ]);
    const scores = (await study.room.say('ana', '/scores')).result as ScoresResult;
    expect(scores.rows.map(({ user, correct }) => [user.name, correct])).toEqual([
      ['ana', 2],
      ['ben', 1],
    ]);
  });

  it('shows nobody’s answer and no right answer before the end of the question', async () => {
    await study.room.say('host', `/${start}`);
    await study.clock.advance(100);
    const { right } = choices();
    await study.room.press('ana', right);
    await study.clock.advance(1_500);
    const board = JSON.stringify(study.room.posts.at(-1)!.reply);
    expect(board).not.toContain('Right answer');
    expect(board).not.toContain('ana');
    for (const { id } of study.room.posts.flatMap(({ reply }) => buttonsOf(reply))) {
      expect(id.length).toBeLessThanOrEqual(100);
      expect(id).not.toMatch(/correct|right|true|false/);
    }
  });

  it('takes the last of several answers, and none after the end', async () => {
    await study.room.say('host', `/${start}`);
    await study.clock.advance(100);
    const { right, wrong } = choices();
    await study.room.press('ana', right);
    await study.room.press('ana', wrong);
    await study.room.press('ben', right);
    await study.clock.advance(31_000);
    expect(errorOf(await study.room.press('ben', wrong))).toBe('quiz-closed');
    await study.clock.advance(15_000);
    await study.room.stop();
    await study.clock.advance(1_000);
    const standings = (study.room.posts.at(-1)!.reply.result as QuizResult).standings!;
    expect(standings.map(({ user, correct }) => [user.name, correct])).toEqual([
      ['ben', 1],
      ['ana', 0],
    ]);
  });

  it('has one effect for the same delivery', async () => {
    await study.room.say('host', `/${start}`, 'same');
    await study.room.say('host', `/${start}`, 'same');
    await study.clock.advance(100);
    const { right } = choices();
    await Promise.all([study.room.press('ana', right, 'd1'), study.room.press('ana', right, 'd1'), study.room.press('ana', right, 'd2')]);
    const rows = await study.program.services.store.db.selectFrom('answers').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(await study.program.services.store.db.selectFrom('quizzes').selectAll().execute()).toHaveLength(1);
  });

  it('goes on after a crash without losing an answer or asking twice', async () => {
    await study.room.say('host', `/${start}`);
    await study.clock.advance(100);
    const first = choices();
    await study.room.press('ana', first.right);
    const asked = study.room.posts.length;
    // The process is gone: nothing is closed properly, a new one opens the same file.
    await study.reopen({ crashed: true });
    await study.program.services.quiz.resume();
    await study.clock.advance(500);
    expect(study.room.posts.filter(({ reply }) => buttonsOf(reply).length > 0 && (reply.result as QuizResult).question).length).toBe(0);
    await study.room.press('ben', first.wrong);
    await study.clock.advance(42_000);
    expect(choices().position).toBe(1);
    await study.room.press('ana', choices().right);
    await study.clock.advance(120_000);
    const standings = (study.room.posts.at(-1)!.reply.result as QuizResult).standings!;
    expect(standings.map(({ user, correct }) => [user.name, correct])).toEqual([
      ['ana', 2],
      ['ben', 0],
    ]);
    expect(asked).toBeGreaterThan(0);
  });

  it.each([
    ['ben', '/quiz stop', 'quiz-host-only'],
    ['host', '/quiz start', 'quiz-running'],
    ['host', '/quiz resume', 'quiz-not-now'],
  ])('%s saying %s gets %s', async (user, text, code) => {
    await study.room.say('host', `/${start}`);
    await study.clock.advance(100);
    expect(errorOf(await study.room.say(user, text))).toBe(code);
  });

  it.each([
    ['/quiz stop', 'quiz-none'],
    ['/quiz start topic:nonsense', 'unknown-topic'],
    ['/quiz start seconds:0', 'not-an-integer'],
    ['/quiz strat', 'not-a-choice-did-you-mean'],
  ])('%s without a quiz gets %s', async (text, code) => {
    expect(errorOf(await study.room.say('host', text))).toBe(code);
  });

  it('refuses forged and stale buttons', async () => {
    await study.room.say('host', `/${start}`);
    await study.clock.advance(100);
    const { right } = choices();
    for (const id of [
      '1~quiz~pick~nonsense~0~0',
      right.replace(/\d+$/, '9'),
      '2~quiz~pick~x~0~0',
      'x',
      `1~quiz~constructor~${'y'.repeat(20)}`,
    ]) {
      expect(errorOf(await study.room.press('eve', id)), id).toMatch(/stale-button|quiz-not-here/);
    }
    expect(await study.program.services.store.db.selectFrom('answers').selectAll().execute()).toHaveLength(0);
  });
});
