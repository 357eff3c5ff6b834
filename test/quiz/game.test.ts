import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageBlock, toText } from '../../src/core/reply.ts';
import type { QuizResult } from '../../src/core/result.ts';
import { board, button, type Game, openGame, picks, standings } from '../helpers/game.ts';
import { buttonsOf, errorOf, type Room } from '../helpers/room.ts';

let game: Game;
beforeAll(async () => {
  game = await openGame();
  await game.warm();
});
afterAll(() => game.close());

const image = (room: Room, heading: string) =>
  board(room, heading).reply.blocks.find((block): block is ImageBlock => block.type === 'image');

describe('the lobby', () => {
  it('has nothing to answer yet, and says when there will be', async () => {
    const room = game.room();
    await room.say('host', '/quiz start topic:single lobby:120');
    await game.turn(20);
    const reply = await room.say('ana', '/answer A');
    expect(errorOf(reply)).toBe('quiz-not-begun');
    expect(toText(reply)).toMatch(/not begun/);
    expect(reply.blocks.find((block) => block.type === 'deadline')).toMatchObject({ at: game.clock.now() + 100_000 });
    await room.stop();
    expect(errorOf(await room.say('ana', '/answer A'))).toBe('quiz-none');
  });

  it('shows who plays, in few edits, and begins when the host says so', async () => {
    const room = game.room();
    await room.say('host', '/quiz start topic:single lobby:120 mode:speed');
    await game.turn(0.1);
    const join = button(board(room, 'Quiz: single').reply, 'Join');
    for (const user of ['ana', 'ben', 'eve', 'joe', 'zoe']) expect((await room.press(user, join)).visibility).toBe('private');
    expect(toText(await room.press('ana', join))).toContain('already');
    await game.turn(2);
    expect(toText(board(room, 'Quiz: single').reply)).toContain('Playing: ana, ben, eve, joe, zoe');
    expect(board(room, 'Quiz: single').edits).toBeLessThanOrEqual(2);
    expect(errorOf(await room.press('ana', button(board(room, 'Quiz: single').reply, 'Start now')))).toBe('quiz-host-only');
    await room.press('host', button(board(room, 'Quiz: single').reply, 'Start now'));
    await game.turn(0.1);
    expect(toText(board(room, 'Question 1 of 1').reply)).toContain('0 of 5 answered');
    expect(buttonsOf(board(room, 'Quiz: single').reply).map(({ label }) => label)).toEqual(['Join']);
  });

  it('begins by itself, and takes those who come late', async () => {
    const room = game.room();
    await room.say('host', '/quiz start topic:single lobby:20');
    await game.turn(21);
    expect(toText(await room.say('late', '/quiz join'))).toContain('You are in.');
    const { right } = picks(game, room);
    await room.press('later', right[0]!);
    await game.turn(2);
    expect(toText(board(room, 'Question 1').reply)).toContain('1 of 2 answered');
  });

  it('loses its buttons when the host ends the quiz there', async () => {
    const room = game.room();
    await room.say('host', '/quiz start topic:single lobby:120');
    await game.turn(0.1);
    await room.stop();
    await game.turn(0.1);
    expect(buttonsOf(board(room, 'Quiz').reply)).toEqual([]);
    expect(toText(board(room, 'Result').reply)).toContain('Nobody answered.');
    expect(errorOf(await room.say('host', '/quiz status'))).toBe('quiz-none');
  });
});

describe('a question', () => {
  it('is revealed with the reason, why the others are wrong, and how the votes fell', async () => {
    const room = await game.begin('single');
    const { right, wrong } = picks(game, room);
    await room.press('ana', right[0]!);
    await room.press('ben', wrong[0]!);
    await room.press('eve', right[0]!);
    await game.turn(30);
    const { reply } = board(room, 'Answer to question 1');
    const text = toText(reply);
    for (const part of ['yes', 'Because of single.', 'not no', 'not perhaps', '2 of 3 right: ana, eve']) expect(text).toContain(part);
    const chart = image(room, 'Answer to question 1')!;
    expect(chart.alt).toMatch(/Votes: 3\. .*2 \(right\)/);
    expect([...chart.png.slice(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
    expect(chart.width).toBeLessThan(1_200);
    expect([...((reply.result as QuizResult).split as number[])].sort()).toEqual([0, 1, 2]);
    // The closed board keeps its text and loses its buttons.
    expect(buttonsOf(board(room, 'Question 1').reply)).toEqual([]);
  });

  it('with several right choices is finished by Done, not by the first press', async () => {
    const room = await game.begin('multiple');
    const { right, wrong } = picks(game, room);
    await Promise.all([room.press('ana', right[0]!, 'phone'), room.press('ana', right[1]!, 'laptop')]);
    await room.press('ben', right[0]!);
    await room.press('ben', wrong[0]!);
    await game.turn(20);
    expect(game.program.services.quiz.inRoom(room.ref)!.state.phase).toBe('open');
    const done = button(board(room, 'Question 1').reply, 'Done');
    expect(errorOf(await room.press('eve', done))).toBe('answer-nothing-yet');
    await room.press('ana', done);
    await room.press('ben', done);
    await game.turn(30);
    expect(toText(board(room, 'Answer to question 1').reply)).toContain('1 of 2 right: ana');
    await game.turn(20);
    expect(standings(room)).toEqual([
      ['ana', 1000],
      ['ben', 0],
    ]);
    expect(buttonsOf(board(room, 'Quiz: multiple').reply)).toEqual([]);
  });

  it('of order is pressed together, cleared, and gives part of the credit', async () => {
    const room = await game.begin('ordering');
    const { right } = picks(game, room);
    const clear = button(board(room, 'Question 1').reply, 'Clear');
    for (const id of [right[2]!, right[1]!]) await room.press('ana', id);
    expect(toText(await room.press('ana', clear))).toContain('Cleared');
    for (const id of right) await room.press('ana', id);
    for (const id of [right[1]!, right[0]!, right[2]!]) await room.press('ben', id);
    for (const id of right.slice(0, 2)) await room.press('eve', id);
    await game.turn(31);
    await game.turn(20);
    expect(standings(room)).toEqual([
      ['ana', 1000],
      ['ben', 667],
      ['eve', 0],
    ]);
  });

  it.each([
    ['numeric', ['0.25', '1/4', '25%', '０.２５'], ['0.3'], ['a quarter', 'answer-not-a-number']],
    ['term', ['Batch-Normalization', 'bn', '批归一化'], ['dropout'], undefined],
    ['single', ['YES'], ['no'], ['maybe so', 'answer-not-a-choice']],
    ['boolean', ['true', '对', 'A'], ['no', 'b'], ['A B', 'answer-only-one']],
    ['ordering', [], [], ['A B', 'answer-not-all']],
  ] as const)('%s is answered by typing, and a slip is not counted', async (deck, right, wrong, slip) => {
    const room = await game.begin(deck);
    if (slip) {
      expect(errorOf(await room.say('slip', `/answer ${slip[0]}`))).toBe(slip[1]);
      expect(game.program.services.quiz.inRoom(room.ref)!.state.answers.size).toBe(0);
    }
    for (const [i, text] of right.entries()) expect(toText(await room.say(`right-${i}`, `/answer ${text}`))).toContain('Recorded');
    for (const [i, text] of wrong.entries()) await room.say(`wrong-${i}`, `/answer ${text}`);
    const { answers } = game.program.services.quiz.inRoom(room.ref)!.state;
    expect([...answers].filter(([, { credit }]) => credit === 1).map(([id]) => id)).toEqual(right.map((_, i) => `right-${i}`));
    expect(answers.size).toBe(right.length + wrong.length);
    await room.stop();
  });

  it('on a chart is asked about a run of its own, made before the clock starts', { timeout: 60_000 }, async () => {
    const room = await game.begin('chart');
    await game.turn(0.1);
    const chart = image(room, 'Question 1 of 1')!;
    expect(chart.alt).toContain('0.202');
    const { right } = picks(game, room);
    expect(toText(board(room, 'Question 1').reply)).toContain('Read it off the chart');
    await room.press('ana', right[0]!);
    await game.turn(2);
    // An edited board shows the very same picture.
    const sha = ({ png }: ImageBlock) => createHash('sha256').update(png).digest('hex');
    expect(sha(image(room, 'Question 1 of 1')!)).toBe(sha(chart));
    await game.turn(29);
    expect(toText(board(room, 'Answer to question 1').reply)).toMatch(/Right answer:.*0\.202/);
    const typed = await game.begin('read');
    await typed.say('ana', '/answer 1.02');
    await game.turn(30);
    expect(toText(board(typed, 'Answer to question 1').reply)).toContain('1 of 1 right: ana');
  });

  it('whose experiment does not decide it is left out', { timeout: 60_000 }, async () => {
    const room = await game.begin('broken');
    await game.turn(5);
    expect(toText(board(room, 'Result').reply)).toContain('Nobody answered.');
  });
});
