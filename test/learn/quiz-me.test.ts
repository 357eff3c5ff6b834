import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import { button } from '../helpers/game.ts';
import { buttonsOf, errorOf, openRoom } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { asked, openStudy, reviewButtons, type Study } from '../helpers/study.ts';

const item = (id: string, difficulty: number, misconception = '') => `
  - id: ${id}
    kind: single
    difficulty: ${difficulty}
    prompt: { en: "Prompt of ${id}?", zh: "${id}？" }
    hints: [{ en: "Think of ${id}.", zh: "想想 ${id}。" }]
    choices:
      - { text: { en: right ${id}, zh: 对 }, correct: true }
      - { text: { en: wrong ${id}, zh: 错 }, why: { en: no, zh: 不 }${misconception && `, misconception: ${misconception}`} }
    explanation: { en: "Because of ${id}.", zh: "因为 ${id}。" }`;

const DECKS = {
  mixed: `title: mixed\nquestions:${[1, 2, 3].map((i) => item(`mixed.plain-${i}`, 2)).join('')}${item('mixed.shows', 2, 'down-is-up')}`,
  pair: `title: pair\nquestions:${item('pair.shows', 2, 'old-is-new')}${item('pair.plain', 2)}${item('pair.tells', 2, 'old-is-new')}`,
  apart: `title: apart\nquestions:${item('apart.tells', 3, 'down-is-up')}`,
};

let study: Study;
beforeAll(async () => {
  study = await openStudy(smallContent(DECKS));
});
afterAll(() => study.close());

const question = (reply: Parameters<typeof asked>[0]) => asked(reply)?.question;

describe('a personal quiz', () => {
  it('is private, goes question by question, outlives a crash, and tells how it went', async () => {
    const first = await study.room.say('ana', '/quiz me mixed questions:3');
    expect(first.visibility).toBe('private');
    expect(toText(first)).toContain('Your quiz, question 1 of 3: mixed');
    expect(study.room.posts).toEqual([]);
    const seen = [question(first)];
    let reply = await study.room.press('ana', reviewButtons(study, first).right);
    expect(toText(reply)).toContain('Right so far: 1 of 1; questions in all: 3.');
    await study.reopen({ crashed: true });
    // Asked for again it goes on.
    reply = await study.room.say('ana', '/quiz me mixed');
    expect(toText(reply)).toContain('question 2 of 3');
    seen.push(question(reply));
    const again = await study.room.say('ana', '/quiz me mixed');
    expect(question(again)).toBe(seen[1]);
    reply = await study.room.press('ana', reviewButtons(study, again).wrong);
    reply = await study.room.press('ana', button(reply, 'Next'));
    seen.push(question(reply));
    reply = await study.room.press('ana', reviewButtons(study, reply).right);
    reply = await study.room.press('ana', button(reply, 'Result'));
    expect(toText(reply)).toContain('Right: 2 of 3.');
    expect(reply.result).toMatchObject({ personalQuiz: { asked: 3, right: 2, missed: [seen[1]] } });
    expect(new Set(seen).size).toBe(3);
    // Nobody's points on any board, and the next one is another quiz.
    expect(toText(await study.room.say('ana', '/scores'))).not.toContain('ana');
    expect(toText(await study.room.press('ana', button(reply, 'Another one')))).toContain('question 1 of 5');
  });

  it('runs beside the room’s quiz, and is nobody else’s', async () => {
    const mine = await study.room.say('ben', '/quiz me mixed');
    const other = await study.room.press('eve', reviewButtons(study, mine).right);
    expect(errorOf(other)).toBe('stale-button');
    await study.room.say('host', '/quiz start topic:apart lobby:60');
    expect(toText(await study.room.press('ben', reviewButtons(study, mine).right))).toContain('Right so far: 1 of 1');
    await study.room.stop();
  });

  it('ends early where a topic has fewer questions', async () => {
    const one = await study.room.say('cy', '/quiz me apart');
    const done = await study.room.press('cy', reviewButtons(study, one).right);
    const over = await study.room.press('cy', button(done, 'Next'));
    expect(toText(over)).toContain('There are no more questions on this topic.');
  });

  it('gives hints before the passage, and a right answer after one comes back sooner', async () => {
    const one = await study.room.say('dee', '/quiz me mixed');
    const hinted = await study.room.press('dee', button(one, 'Hint'));
    expect(toText(hinted)).toContain(`Think of ${question(one)}.`);
    expect(buttonsOf(hinted).map(({ label }) => label)).not.toContain('Hint');
    await study.room.press('dee', reviewButtons(study, hinted).right);
    const row = await study.program.services.store.db
      .selectFrom('review_log')
      .select('rating')
      .where('user_id', '=', 'dee')
      .executeTakeFirst();
    expect(row?.rating).toBe(2);
  });

  it('starts with the Quiz me button of a note', async () => {
    const note = await study.room.say('fay', '/explain batch size');
    const reply = await study.room.press('fay', button(note, 'Quiz me'));
    expect(reply.visibility).toBe('private');
    expect(toText(reply)).toContain('Your quiz, question 1 of 5');
  });

  it('is erased with its person, and goes along when accounts are linked', async () => {
    const { db } = study.program.services.store;
    const of = (user: string) => db.selectFrom('personal_quizzes').selectAll().where('user_id', '=', user).execute();
    expect(await of('dee')).toHaveLength(1);
    await study.program.services.learning.forget({ platform: 'terminal', space: 'test', user_id: 'dee' });
    expect(await of('dee')).toEqual([]);
  });
});

describe('a misconception', () => {
  const answer = async (user: string, wish: string, wrong: string) => {
    let reply = await study.room.say(user, wish);
    for (let i = 0; question(reply) !== wrong && i < 6; i++) {
      reply = await study.room.press(user, reviewButtons(study, reply).right);
      reply = await study.room.say(user, wish);
    }
    expect(question(reply)).toBe(wrong);
    return study.room.press(user, reviewButtons(study, reply).wrong);
  };

  it('brings the item that tells it apart next, in a personal quiz', async () => {
    const order = async (user: string, press: 'right' | 'wrong') => {
      const first = await study.room.say(user, '/quiz me pair');
      const done = await study.room.press(user, reviewButtons(study, first)[press]);
      return [question(first), question(await study.room.press(user, button(done, 'Next')))];
    };
    expect(await order('gus', 'right')).toEqual(['pair.shows', 'pair.plain']);
    expect(await order('gil', 'wrong')).toEqual(['pair.shows', 'pair.tells']);
  });

  it('is asked about once, and no more when the answer is right', async () => {
    const done = await answer('hal', '/review topic:mixed', 'mixed.shows');
    expect(toText(done)).toContain('The next question tells apart what you mixed up here.');
    const next = await study.room.press('hal', button(done, 'Next'));
    expect(question(next)).toBe('apart.tells');
    const right = await study.room.press('hal', reviewButtons(study, next).right);
    expect(toText(right)).not.toContain('tells apart');
    expect(question(await study.room.say('hal', '/review'))).toBeUndefined();
  });

  it('that stays is not asked about again on the same day', async () => {
    const done = await answer('ida', '/review topic:mixed', 'mixed.shows');
    const next = await study.room.press('ida', button(done, 'Next'));
    const wrong = await study.room.press('ida', reviewButtons(study, next).wrong);
    expect(toText(wrong)).not.toContain('tells apart');
    await study.reopen({ later: 26 * 3_600_000 });
    expect(['apart.tells', 'mixed.shows']).toContain(question(await study.room.say('ida', '/review')));
  });

  it('shown in the room’s quiz counts as well', async () => {
    const room = openRoom(study.program.services, study.program.dispatch, 'class', 'test');
    await room.say('host', '/quiz start topic:mixed lobby:0 questions:4');
    for (let i = 0; i < 4; i++) {
      await study.clock.advance(100);
      const live = study.program.services.quiz.inRoom(room.ref)!;
      const { questionId, instance } = live.stored.questions[live.state.position]!;
      const shown = instance.order.indexOf(questionId === 'mixed.shows' ? 1 : 0);
      await room.press('jo', `1~quiz~pick~${live.stored.id}~${live.state.position}~${shown}`);
      await room.say('host', '/quiz skip');
      await study.clock.advance(100);
      await room.say('host', '/quiz skip');
    }
    await study.clock.advance(20_000);
    expect(question(await room.say('jo', '/review'))).toBe('apart.tells');
  });
});
