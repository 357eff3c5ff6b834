import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayWidth, toText } from '../../src/core/reply.ts';
import { board, button, type Game, openGame, picks } from '../helpers/game.ts';
import { buttonsOf, errorOf, type Room } from '../helpers/room.ts';

let game: Game;
beforeAll(async () => {
  game = await openGame();
  await game.warm();
});
afterAll(() => game.close());

const liveIn = (room: Room) => game.program.services.quiz.inRoom(room.ref)!;
const told = (room: Room, user: string) => room.whispers.filter((one) => one.user === user).map(({ reply }) => toText(reply));

describe('time', () => {
  it('is not cut short by one who answers at once: three answer a question of 30 s, two of them late', async () => {
    const room = await game.begin('single');
    const { right } = picks(game, room);
    await room.press('quick', right[0]!);
    await game.turn(12);
    expect(errorOf(await room.press('slow', right[0]!))).toBeUndefined();
    await game.turn(15);
    expect(errorOf(await room.press('slower', right[0]!))).toBeUndefined();
    await game.turn(3);
    expect(toText(board(room, 'Answer to question 1').reply)).toContain('3 of 3 right');
  });

  it('is saved for a group that has just played here: in the next quiz both are known', async () => {
    const room = await game.begin('single');
    for (const user of ['ana', 'ben']) await room.press(user, picks(game, room).right[0]!);
    await game.turn(45);
    await room.say('host', '/quiz start topic:single lobby:0 seconds:60');
    await game.turn(0.1);
    const { right } = picks(game, room);
    for (const user of ['ana', 'ben']) await room.press(user, right[0]!);
    await game.turn(3.5);
    expect(liveIn(room).state.phase).toBe('reveal');
    await room.stop();
  });
});

describe('a press', () => {
  it('on Skip twice at once leaves the explanation on', async () => {
    const room = await game.begin('pair');
    const skip = button(board(room, 'Question 1').reply, 'Skip');
    const [first, second] = await Promise.all([room.press('host', skip, 'one'), room.press('host', skip, 'two')]);
    expect([errorOf(first), errorOf(second)]).toEqual([undefined, 'quiz-not-now']);
    expect(liveIn(room).state).toMatchObject({ phase: 'reveal', position: 0 });
    // Said twice at once it is done once, too; said again it goes on.
    await Promise.all([room.say('host', '/quiz skip'), room.say('host', '/quiz skip')]);
    await game.turn(0.1);
    expect(liveIn(room).state).toMatchObject({ phase: 'open', position: 1 });
    await room.stop();
  });

  it('on End asks once, and only who started the quiz or looks after the room', async () => {
    const room = game.room();
    await room.say('starter', '/quiz start topic:single lobby:0');
    await game.turn(0.1);
    const end = button(board(room, 'Question 1').reply, 'End');
    expect(errorOf(await room.press('ana', end))).toBe('quiz-host-only');
    const sure = await room.press('starter', end);
    expect(sure.visibility).toBe('private');
    await room.press('starter', button(sure, 'Go on playing'));
    expect(liveIn(room).state.phase).toBe('open');
    expect(errorOf(await room.press('ana', button(sure, 'End it')))).toBe('quiz-host-only');
    expect(toText(await room.press('starter', button(sure, 'End it')))).toContain('ended');
    await game.turn(0.1);
    expect(game.program.services.quiz.inRoom(room.ref)).toBeUndefined();
  });
});

describe('after a reveal', () => {
  it('everyone hears their own result and points, where only they see it', async () => {
    const room = await game.begin('pair', 'mode:speed');
    const { right, wrong } = picks(game, room);
    room.deaf.add('cut-off');
    for (const [user, pick] of [
      ['ana', right[0]!],
      ['ben', wrong[0]!],
      ['cut-off', right[0]!],
    ] as const)
      await room.press(user, pick);
    await game.turn(31);
    expect(told(room, 'ana')).toEqual([expect.stringMatching(/^✓ Question 1: right\. \+\d+ points, \d+ in all\. Place 1 of 3\.$/)]);
    expect(told(room, 'ben')).toEqual([
      expect.stringMatching(/^✗ Question 1: not this time\. You said [A-C]; right is [A-C]\. .+ 0 points in all\. Place 3 of 3\.$/),
    ]);
    expect(room.whispers.map(({ reply }) => reply.visibility)).toEqual(['private', 'private']);
    // Nothing of it is in the room.
    expect(JSON.stringify(room.posts.map(({ reply }) => toText(reply)))).not.toContain('You said');
    await game.turn(13);
    // Who could not be told hears it with the next receipt, once.
    const next = picks(game, room);
    const receipt = toText(await room.press('cut-off', next.right[0]!));
    expect(receipt).toMatch(/^Recorded: [AB]\..*\n✓ Question 1: right\./);
    expect(toText(await room.press('cut-off', next.right[0]!))).not.toContain('Question 1');
    await room.stop();
  });

  it('the progress counts what was revealed, while the quiz goes on; not in an exam', async () => {
    const progress = (room: Room) =>
      game.program.services.learning.progress({ platform: 'terminal', space: room.ref.space, user_id: 'ana' });
    const [room, exam] = [await game.begin('pair'), await game.begin('pair', 'mode:exam')];
    for (const one of [room, exam]) await one.press('ana', picks(game, one).right[0]!);
    expect(await progress(room)).toMatchObject({ answered: 0 });
    await game.turn(31);
    expect(await progress(room)).toMatchObject({ answered: 1, right: 1 });
    expect((await progress(room)).topics.some(({ seen }) => seen === 1)).toBe(true);
    expect(await progress(exam)).toMatchObject({ answered: 0 });
    for (const one of [room, exam]) await one.stop();
    await game.turn(0.1);
    expect(await progress(exam)).toMatchObject({ answered: 1 });
  });

  it('the last one says when the result comes, not the next question', async () => {
    const room = await game.begin('pair');
    await room.press('ana', picks(game, room).right[0]!);
    await game.turn(30);
    expect(toText(board(room, 'Answer to question 1').reply)).toContain('Next at');
    await game.turn(12.5);
    await room.press('ana', picks(game, room).right[0]!);
    await game.turn(30);
    const last = board(room, 'Answer to question 2').reply;
    expect(toText(last)).toContain('Result at');
    expect(toText(last)).not.toContain('Next');
    await room.press('host', button(last, 'Result'));
    await game.turn(0.1);
    const mine = await room.press('ana', button(board(room, 'Result').reply, 'My answers'));
    const table = mine.blocks.find((block) => block.type === 'table')!;
    expect(table.columns).toEqual(['#', 'Question', 'Yours', 'Right answer', 'Result']);
  });

  it('an exam’s answers come to everyone at its end, and one question is no range', async () => {
    const room = await game.begin('single', 'mode:exam');
    await room.press('ana', picks(game, room).right[0]!);
    await game.turn(31);
    expect(told(room, 'ana')[0]).toContain('Your answers');
    expect(room.posts.some(({ reply }) => toText(reply).includes('1–1'))).toBe(false);
    expect(toText(board(room, 'Answer to question 1').reply)).toContain('Because of single.');
  });
});

describe('an order', () => {
  it('shows its numbers, says how many are missing, and is no answer before it is whole', async () => {
    const room = await game.begin('ordering');
    const { right } = picks(game, room);
    const first = await room.press('ana', right[0]!);
    expect(toText(first)).toMatch(/^Recorded so far: 1\. [A-C]\. Still missing: 2 of 3\./);
    await room.press('ben', right[0]!);
    const second = await room.press('ben', right[1]!);
    expect(toText(second)).toMatch(/1\. [A-C], 2\. [A-C]\. Still missing: 1 of 3/);
    await game.turn(2);
    expect(toText(board(room, 'Question 1').reply)).toContain('0 of 2 answered');
    for (const id of right.slice(1)) await room.press('ana', id);
    await game.turn(2);
    expect(toText(board(room, 'Question 1').reply)).toContain('1 of 2 answered');
    const quizId = liveIn(room).stored.id;
    await game.turn(27);
    expect(toText(board(room, 'Answer to question 1').reply)).toContain('1 of 1 right: ana');
    expect(told(room, 'ben')).toEqual(['– Question 1: your order was not complete, so it was not counted.']);
    // Neither points nor a review card for what was no answer.
    expect(await game.count(`answers where quiz_id = '${quizId}' and points is not null`)).toBe(1);
    expect(await game.count(`cards where space = '${room.ref.space}' and user_id = 'ben'`)).toBe(0);
    expect(await game.count(`score_sums where space = '${room.ref.space}' and user_id = 'ben'`)).toBe(0);
    await room.stop();
  });
});

describe('a receipt', () => {
  it('is one message a question, however often the answer changes', async () => {
    const room = await game.begin('single');
    const { right, wrong } = picks(game, room);
    const presses = [right[0]!, wrong[0]!, wrong[1]!, right[0]!, wrong[0]!];
    const slots: (string | undefined)[] = [];
    for (const id of presses) slots.push((await room.press('ana', id)).slot);
    slots.push((await room.say('ana', '/answer A')).slot);
    expect(new Set(slots).size).toBe(1);
    expect(slots[0]).toContain(liveIn(room).stored.id);
    await game.turn(31);
    // What comes of it takes the receipt's place.
    expect(room.whispers.find(({ user }) => user === 'ana')!.reply.slot).toBe(slots[0]);
    await room.stop();
  });
});

describe('a question that is answered by typing', () => {
  it('has a form behind a button, whose text is the answer to that very question', async () => {
    const room = await game.begin('numeric');
    const [type] = buttonsOf(board(room, 'Question 1').reply);
    expect(type).toMatchObject({ label: 'Type the answer …', form: { title: 'Question 1', label: 'Number', maxLength: 200 } });
    expect(errorOf(await room.press('ana', type!.id, 'slip', 'abc'))).toBe('answer-not-a-number');
    expect(errorOf(await room.press('ana', type!.id, 'long', 'x'.repeat(201)))).toBe('text-too-long');
    expect(errorOf(await room.press('ana', type!.id, 'empty', '  '))).toBe('empty-message');
    expect(toText(await room.press('ana', type!.id, 'typed', '0,25'))).toContain('Recorded: 0,25');
    // Where a platform has no forms the press alone is told what to type.
    expect(toText(await room.press('ben', type!.id))).toContain('/answer 0.5');
    await game.turn(31);
    expect(errorOf(await room.press('ben', type!.id, 'late', '0.25'))).toBe('quiz-closed');
    expect(toText(board(room, 'Answer to question 1').reply)).toContain('1 of 1 right: ana');
    await room.stop();
  });
});

describe('the podium', () => {
  it('gives 30 who tie one medal, names as many as fit a line, and tells how many more', async () => {
    const room = await game.begin('single');
    const { right, wrong } = picks(game, room);
    for (let i = 1; i <= 30; i++) await room.press(`player ${i}`, right[0]!);
    await room.press('last', wrong[0]!);
    await game.turn(45);
    const { reply } = board(room, 'Result');
    const fields = reply.blocks.find((block) => block.type === 'fields')!;
    expect(fields.items).toHaveLength(1);
    expect(fields.items[0]!.name).toMatch(/^🥇 player 1, .*and 18 more$/);
    expect(fields.items[0]!.value).toBe('each 1000 points, 1 of 1 right');
    expect(toText(reply)).toContain('1 more played along');
  });
});

describe('/scores', () => {
  it('of long names fits a phone, and a long tie is told, not listed', async () => {
    const room = await game.begin('single');
    const { right } = picks(game, room);
    for (let i = 10; i < 40; i++) await room.press(`一位名字特别长特别长特别长的同学 ${i}`, right[0]!);
    await game.turn(45);
    const text = toText(await room.say('host', '/scores'));
    // The lines of the table; a sentence may wrap.
    for (const line of text.split('\n').filter((one) => /^[#─\d]/.test(one))) expect(displayWidth(line)).toBeLessThanOrEqual(46);
    expect(text.split('\n').filter((line) => line.startsWith('1 '))).toHaveLength(10);
    expect(text).toContain('And 20 more');
  });
});

describe('/quiz', () => {
  it('alone starts a quiz, or tells how the one that is on stands', async () => {
    const room = game.room();
    const started = await room.say('host', '/quiz');
    expect(started).toMatchObject({ visibility: 'private', result: { kind: 'quiz', settings: { total: 5, topic: null } } });
    // The room sees the board and nothing else.
    expect(room.posts).toHaveLength(1);
    expect(toText(await room.say('ana', '/quiz'))).toContain('Waiting for players');
    await room.stop();
  });

  it.each([
    ['/quiz pair', 'pair', 2],
    ['/quiz pair questions:1', 'pair', 1],
    ['/quiz start pair seconds:20', 'pair', 2],
    ['/quiz batch size', 'batch-size', 5],
    ['/quiz questions:1', null, 1],
  ])('%s is understood', async (line, topic, total) => {
    const room = game.room();
    expect((await room.say('host', line)).result).toMatchObject({ kind: 'quiz', settings: { topic, total } });
    await room.stop();
  });

  it('of a topic that is not there offers the nearest, and each of them starts', async () => {
    const room = game.room();
    const reply = await room.say('host', '/quiz start topic:boolaen');
    expect(errorOf(reply)).toBe('unknown-topic');
    const [near] = buttonsOf(reply);
    expect(near).toEqual({ id: '1~quiz~topic~boolean', label: 'boolean' });
    expect(toText(reply)).toContain('boolean');
    expect(errorOf(await room.say('host', '/quiz nonsense'))).toBe('unknown-topic');
    expect(buttonsOf(await room.say('host', '/quiz nonsense'))).toHaveLength(3);
    expect((await room.press('host', near!.id)).result).toMatchObject({ kind: 'quiz', settings: { topic: 'boolean' } });
    await room.stop();
  });
});
