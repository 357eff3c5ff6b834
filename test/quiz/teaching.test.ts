import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import type { QuizResult } from '../../src/core/result.ts';
import { board, button, type Game, openGame, picks, standings } from '../helpers/game.ts';
import { buttonsOf, errorOf } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';

const DECK = `
title: helped
questions:
  - id: helped.one
    kind: single
    prompt: { en: "Which?", zh: "哪个？" }
    hints:
      - { en: "It is not the first letter.", zh: "不是第一个字母。" }
      - { en: "It comes after B.", zh: "在 B 之后。" }
    choices:
      - { text: { en: alpha, zh: 甲 }, why: { en: no, zh: 不 } }
      - { text: { en: gamma, zh: 丙 }, correct: true }
    explanation: { en: "Because.", zh: "因为。" }
`;

let game: Game;
beforeAll(async () => {
  game = await openGame(smallContent({ helped: DECK }));
  await game.warm();
});
afterAll(() => game.close());

describe('a hint', () => {
  it('is for the person alone, costs half, comes one by one, and outlives a crash', async () => {
    const room = await game.begin('helped');
    const hint = button(board(room, 'Question 1').reply, 'Hint (½ points)');
    const first = await room.press('ana', hint, 'press-1');
    expect(first.visibility).toBe('private');
    expect(toText(first)).toContain('It is not the first letter.');
    expect(toText(first)).not.toContain('It comes after B.');
    const { right } = picks(game, room);
    // Delivered again after a crash it is the same hint, not the next.
    const { ref } = room;
    await game.reopen({ crashed: true });
    await game.warm();
    const after = game.room(ref.room);
    await game.program.services.resume();
    await game.turn(0.1);
    expect((await after.press('ana', hint, 'press-1')).result).toMatchObject({ hints: 1, left: 1 });
    expect(toText(await after.press('ana', hint))).toContain('It comes after B.');
    expect((await after.press('ana', hint)).result).toMatchObject({ hints: 2, left: 0 });
    for (const user of ['ana', 'ben']) await after.press(user, right[0]!);
    await game.turn(31);
    await game.turn(13);
    expect(standings(after)).toEqual([
      ['ben', 1000],
      ['ana', 500],
    ]);
    expect(errorOf(await after.press('ana', hint))).toBe('quiz-not-here');
    // The memory of it knows: right after a hint is Hard.
    expect(await game.count("review_log where user_id = 'ana' and rating = 2")).toBe(1);
    expect(await game.count("review_log where user_id = 'ben' and rating = 3")).toBe(1);
  });

  it('is in the reader’s language, and there is none in an exam', async () => {
    const room = await game.begin('helped');
    await room.say('li', '/lang zh');
    const hint = button(board(room, 'Question 1').reply, 'Hint (½ points)');
    expect(toText(await room.press('li', hint))).toContain('不是第一个字母。');
    await room.stop();
    const exam = await game.begin('helped', 'mode:exam');
    const labels = buttonsOf(board(exam, 'Question 1').reply).map(({ label }) => label);
    expect(labels).not.toContain('Hint (½ points)');
    const { id } = game.program.services.quiz.inRoom(exam.ref)!.stored;
    expect(errorOf(await exam.press('ana', `1~quiz~hint~${id}~0`))).toBe('quiz-no-hint');
  });
});

describe('a discussion', () => {
  it('hides the first votes, lets people say why, and shows both votes and the gain', async () => {
    const room = await game.begin('helped', 'mode:discuss');
    const first = picks(game, room);
    await room.press('ana', first.wrong[0]!);
    await room.press('ben', first.right[0]!);
    await game.turn(31);
    const talk = board(room, 'Question 1: talk it over').reply;
    expect(toText(talk)).toContain('Votes: 2.');
    expect(buttonsOf(board(room, 'Question 1 of').reply)).toEqual([]);
    // Nothing that was posted tells how the votes fell.
    expect(JSON.stringify(room.posts)).not.toMatch(/"split"|"right"|gamma.*✓/);
    expect(errorOf(await room.press('ana', first.right[0]!))).toBe('quiz-talking');
    expect(errorOf(await room.press('zoe', button(talk, 'Write why …'), 'z', 'because'))).toBe('quiz-vote-first');
    await room.press('ben', button(talk, 'Write why …'), 'b', 'C comes *after* B');
    await game.turn(2);
    const reasons = board(room, 'Question 1: talk it over').reply;
    expect(toText(reasons)).toContain('ben: C comes');
    await room.press('ana', button(reasons, '👍 1'));
    expect(errorOf(await room.press('ben', button(reasons, '👍 1')))).toBe('quiz-no-reason-now');

    // The votes and the reasons are rows: the second vote opens although the program died.
    const { ref } = room;
    await game.reopen({ crashed: true });
    await game.warm();
    const after = game.room(ref.room);
    await game.program.services.resume();
    await game.turn(60);
    const second = picks(game, after, 'second vote');
    await after.press('ana', second.right[0]!);
    await game.turn(31);
    const answer = board(after, 'Answer to question 1').reply;
    expect(toText(answer)).toContain('Right alone: 50 %, after the talk: 100 % (people who voted both times: 2). Normalised gain: 1.00.');
    expect(toText(answer)).toContain('What convinced:');
    const { split, firstSplit } = answer.result as QuizResult & { split: number[]; firstSplit: number[] };
    expect([firstSplit.toSorted(), split.toSorted()]).toEqual([
      [1, 1],
      [0, 2],
    ]);
    const [image] = answer.blocks.filter(({ type }) => type === 'image');
    expect(image).toMatchObject({ alt: expect.stringMatching(/1 → 2 \(right\)/) });
    await game.turn(13);
    expect(standings(after).map(([, points]) => points)).toEqual([1000, 1000]);
    // What a person knew is what they voted alone.
    expect(await game.count("review_log where user_id = 'ana' and credit = 0 and source like 'quiz/%'")).toBeGreaterThan(0);
  });
});
