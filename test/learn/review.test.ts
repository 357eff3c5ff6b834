import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Reply, toText } from '../../src/core/reply.ts';
import type { QuizResult } from '../../src/core/result.ts';
import type { Question } from '../../src/quiz/question.ts';
import { buttonsOf, errorOf } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { refuseRows } from '../helpers/stored.ts';
import { asked, openStudy, reviewButtons, rightAndWrong, type Study } from '../helpers/study.ts';

const DAY = 86_400_000;
const content = smallContent();
let study: Study;
beforeEach(async () => {
  study = await openStudy(content);
});
afterEach(() => study.close());

const outcome = (reply: Reply) => (reply.result as unknown as { review: { correct: boolean; dueAt: number; hinted: boolean } }).review;
const table = (name: 'cards' | 'review_log' | 'review_turns') =>
  study.program.services.store.db
    .selectFrom(name as 'cards')
    .selectAll()
    .execute();

/** Plays a group quiz of one question; `answers` says who is right. */
async function playQuiz(answers: Record<string, boolean>, topic = 'batch-size'): Promise<string> {
  await study.room.say('host', `/quiz start topic:${topic} questions:1 lobby:0 seconds:30 mode:exam`);
  await study.clock.advance(100);
  const board = study.room.posts.filter(({ reply }) => (reply.result as QuizResult).question).at(-1)!.reply.result as QuizResult;
  const shown = board.question as unknown as { id: string; choices: { id: string; label: string }[] };
  const { right, wrong } = rightAndWrong(study.question(shown.id), shown.choices);
  for (const [user, isRight] of Object.entries(answers)) await study.room.press(user, isRight ? right : wrong);
  await study.clock.advance(60_000);
  return shown.id;
}

describe('a group quiz', () => {
  it('makes a card, a log entry and ratings for everyone who answered, in the transaction that closes the question', async () => {
    const id = await playQuiz({ ana: true, ben: false });
    const cards = await table('cards');
    expect(
      cards.map(({ user_id, question_id, rating, due }) => [user_id, question_id, rating, Math.round((due - study.clock.now()) / DAY)]),
    ).toEqual([
      ['ana', id, 3, 2],
      ['ben', id, 1, 1],
    ]);
    const log = await study.program.services.store.db.selectFrom('review_log').selectAll().execute();
    expect(log.map(({ user_id, first, credit, source }) => [user_id, first, credit, source.split('/')[0]])).toEqual([
      ['ana', 1, 1, 'quiz'],
      ['ben', 1, 0, 'quiz'],
    ]);
    // In the question's own order: ana's choice is the right one.
    const question = study.question(id) as Extract<Question, { kind: 'single' }>;
    expect(question.choices[(JSON.parse(log[0]!.given!) as { picked: number[] }).picked[0]!]!.correct).toBe(true);
    const abilities = await study.program.services.store.db.selectFrom('abilities').selectAll().orderBy('user_id').execute();
    expect(abilities.map(({ user_id, n }) => [user_id, n])).toEqual([
      ['ana', 1],
      ['ben', 1],
    ]);
    expect(abilities[0]!.ability).toBeGreaterThan(0);
    expect(abilities[1]!.ability).toBeLessThan(0);
    expect((await study.program.services.store.db.selectFrom('item_ratings').selectAll().execute())[0]).toMatchObject({
      question_id: id,
      n: 2,
    });
  });

  it('loses points and cards together when the closing cannot be stored', async () => {
    const { store } = study.program.services;
    await study.room.say('host', '/quiz start topic:batch-size questions:1 lobby:0 seconds:30 mode:exam');
    await study.clock.advance(100);
    const board = study.room.posts.at(-1)!.reply.result as QuizResult & { question: { choices: { id: string }[] } };
    await study.room.press('ana', board.question.choices[0]!.id);
    const allow = await refuseRows(store, 'review_log');
    expect(errorOf(await study.room.say('host', '/quiz skip'))).toBe('not-recorded');
    expect(await table('cards')).toEqual([]);
    expect(await store.db.selectFrom('score_sums').selectAll().execute()).toEqual([]);
    await allow();
    await study.room.say('host', '/quiz skip');
    expect(await table('cards')).toHaveLength(1);
  });

  it('brings what was missed back the next day, and only then', async () => {
    const id = await playQuiz({ ana: true, ben: false });
    expect(asked(await study.room.say('ben', '/review'))).toBeNull();
    await study.clock.advance(DAY);
    expect(asked(await study.room.say('ben', '/review')).question).toBe(id);
    expect(toText(await study.room.say('ana', '/review'))).toMatch(/Nothing is due now\. The next one comes tomorrow\./);
    expect(toText(await study.room.say('cho', '/review'))).toMatch(/You have no reviews yet/);
  });

  it('is never told from a review while the quiz asks it', async () => {
    await playQuiz({ ben: false });
    await study.clock.advance(DAY);
    const open = await study.room.say('ben', '/review');
    // The room has five questions on this topic; all of them are in this quiz.
    await study.room.say('host', '/quiz start topic:batch-size questions:5 lobby:0 seconds:30');
    await study.clock.advance(100);
    expect(errorOf(await study.room.press('ben', reviewButtons(study, open).right))).toBe('review-in-play');
    expect(asked(await study.room.say('ben', '/review'))).toBeNull();
    await study.room.stop();
    await study.clock.advance(1_000);
    expect(asked(await study.room.say('ben', '/review')).question).toBe(asked(open).question);
  });
});

describe('/review', () => {
  it('asks, grades, explains, and says when the question comes back', async () => {
    const question = await study.room.say('ana', '/review topic:batch-size');
    expect(question.visibility).toBe('private');
    const { wrong } = reviewButtons(study, question);
    const reply = await study.room.press('ana', wrong);
    const text = toText(reply);
    expect(text).toMatch(/Not yet[\s\S]*Right answer:[\s\S]*comes back tomorrow/);
    expect(text).toContain(study.question(asked(question).question).explanation.en.slice(0, 12));
    expect(outcome(reply)).toMatchObject({ correct: false, dueAt: study.clock.now() + DAY });
    expect(buttonsOf(reply).map(({ label }) => label)).toEqual(['A new one on this topic (4)', 'Read the note']);
  });

  it('holds no answer in its ids, and shuffles anew for every review', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const question = await study.room.say('ana', '/review topic:batch-size');
      ids.push(...buttonsOf(question).map(({ id }) => id));
      expect(JSON.stringify(question.result)).not.toMatch(/correct|"right/);
      await study.room.press('ana', reviewButtons(study, question).right);
    }
    for (const id of ids) {
      expect(id.length).toBeLessThanOrEqual(100);
      expect(id).toMatch(/^1~review~(pick~[\w-]{12}~[0-4]|hint~[\w-]{12}~[1-3])$/);
    }
  });

  it('counts a press once: pressed twice, on two devices at once, delivered again, after a restart', async () => {
    const question = await study.room.say('ana', '/review topic:batch-size');
    const { right, wrong } = reviewButtons(study, question);
    const both = await Promise.all([
      study.room.press('ana', right, 'd1'),
      study.room.press('ana', right, 'd1'),
      study.room.press('ana', wrong, 'd2'),
    ]);
    // Whichever came first counts, and everybody is told of that one.
    const [first, ...others] = both.map((reply) => outcome(reply).correct);
    expect(others).toEqual([first, first]);
    await study.reopen();
    expect(outcome(await study.room.press('ana', first ? wrong : right, 'd3')).correct).toBe(first);
    expect(await table('review_log')).toHaveLength(1);
  });

  it('goes on with the same question in the same order after a restart', async () => {
    const before = asked(await study.room.say('ana', '/review topic:batch-size'));
    await study.reopen();
    expect(asked(await study.room.say('ana', '/review'))).toEqual(before);
    expect(await table('review_turns')).toHaveLength(1);
  });

  it('gives two devices that ask at once the same question', async () => {
    const both = await Promise.all(['a', 'b', 'c'].map((id) => study.room.say('ana', '/review topic:batch-size', id)));
    expect(new Set(both.map((reply) => asked(reply).turn)).size).toBe(1);
  });

  it('counts a right answer after a hint as hard', async () => {
    const question = await study.room.say('ana', '/review topic:batch-size');
    const hint = buttonsOf(question).find(({ id }) => id.includes('~hint~'))!;
    const board = await study.room.press('ana', hint.id);
    expect(board.blocks.filter(({ type }) => type === 'markdown').length).toBeGreaterThan(1);
    expect(buttonsOf(board).some(({ id }) => id.includes('~hint~'))).toBe(false);
    const reply = await study.room.press('ana', reviewButtons(study, question).right);
    expect(outcome(reply)).toMatchObject({ correct: true, hinted: true, dueAt: study.clock.now() + DAY });
  });

  it('belongs to one person', async () => {
    const question = await study.room.say('ana', '/review topic:batch-size');
    for (const id of [
      reviewButtons(study, question).right,
      reviewButtons(study, question).right.replace(/\d$/, '9'),
      '1~review~pick~nonsense~0',
      '1~review~hint~',
    ]) {
      expect(errorOf(await study.room.press('eve', id)), id).toBe('stale-button');
    }
    expect(errorOf(await study.room.press('ana', reviewButtons(study, question).right.replace(/\d$/, '9')))).toBe('stale-button');
    expect(await table('review_log')).toHaveLength(0);
  });

  it('keeps the same person apart on two servers', async () => {
    await study.room.press('ana', reviewButtons(study, await study.room.say('ana', '/review topic:batch-size')).wrong);
    const { learning } = study.program.services;
    expect((await learning.progress({ platform: 'terminal', space: 'test', user_id: 'ana' })).answered).toBe(1);
    expect((await learning.progress({ platform: 'terminal', space: 'other', user_id: 'ana' })).answered).toBe(0);
  });

  it('goes on in a direct message, where Discord’s ids name the same person, and nowhere else', async () => {
    const ask = (
      platform: 'discord' | 'slack',
      space: string,
      what: { command: string; options?: Record<string, string> } | { action: string },
    ) =>
      study.program.dispatch({
        ...{
          id: `${platform}${space}${JSON.stringify(what)}${study.clock.now()}`,
          platform,
          space,
          room: 'r',
          user: { id: 'U1', name: 'ana' },
        },
        ...{ locale: 'en', options: {}, receivedAt: study.clock.now(), ...what },
      });
    for (const platform of ['discord', 'slack'] as const) {
      const question = await ask(platform, 'home', { command: 'review', options: { topic: 'batch-size' } });
      await ask(platform, 'home', { action: reviewButtons(study, question).wrong });
    }
    await study.clock.advance(DAY);
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
      expect(errorOf(await study.room.say('ana', text)), text).toBe(code);
    }
  });
});
