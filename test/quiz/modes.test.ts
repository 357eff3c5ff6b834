import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import { board, button, type Game, openGame, picks, standings } from '../helpers/game.ts';
import { buttonsOf, errorOf } from '../helpers/room.ts';

let game: Game;
beforeAll(async () => {
  game = await openGame();
  await game.warm();
});
afterAll(() => game.close());

describe('a mode', () => {
  it('exam keeps everything back until the end, and then explains', async () => {
    const room = await game.begin('pair', 'mode:exam');
    for (let question = 0; question < 2; question++) {
      const { right, wrong } = picks(game, room);
      await room.press('ana', right[0]!);
      await room.press('ben', question === 0 ? wrong[0]! : right[0]!);
      expect(room.posts.some(({ reply }) => toText(reply).includes('Because of'))).toBe(false);
      expect(JSON.stringify(room.posts.map(({ reply }) => reply.result))).not.toContain('"right"');
      await game.turn(30);
    }
    const answers = toText(board(room, 'Answers to questions 1–2').reply);
    for (const part of ['Because of pair single.', 'Because of pair second.', 'not red', '1 of 2 right', '2 of 2 right'])
      expect(answers).toContain(part);
    expect(room.posts.at(-1)).toBe(board(room, 'Result'));
    expect(standings(room)).toEqual([
      ['ana', 2000],
      ['ben', 1000],
    ]);
    for (const heading of ['Question 1', 'Question 2']) expect(buttonsOf(board(room, heading).reply)).toEqual([]);
    const mine = await room.press('ben', button(board(room, 'Result').reply, 'My answers'));
    expect(mine.visibility).toBe('private');
    const rows = (mine.blocks.find(({ type }) => type === 'table') as unknown as { rows: string[][] }).rows;
    expect(rows.map((row) => row.at(-1))).toEqual(['✗', '✓']);
    expect(toText(await room.press('zoe', button(board(room, 'Result').reply, 'My answers')))).toContain('no question');
  });

  it('speed gives a little more for being quick, and most for being right', async () => {
    const room = await game.begin('single', 'mode:speed');
    await room.say('silent', '/quiz join');
    const { right, wrong } = picks(game, room);
    await room.press('quick-and-wrong', wrong[0]!);
    await room.press('quick', right[0]!);
    await game.turn(15);
    await room.press('slow', right[0]!);
    await game.turn(20);
    await game.turn(12);
    const scores = Object.fromEntries(standings(room));
    expect(scores).toMatchObject({ slow: expect.any(Number), 'quick-and-wrong': 0 });
    expect(scores.quick).toBeGreaterThan(scores.slow!);
    expect(scores.slow).toBeGreaterThanOrEqual(500);
  });

  it('with teams ranks the means, so that the larger has no advantage', async () => {
    const room = game.room();
    await room.say('host', '/quiz start topic:single lobby:60 teams:2');
    for (const user of ['a1', 'b1', 'a2']) await room.say(user, '/quiz join');
    expect(toText(await room.say('a2', '/quiz join'))).toContain('team 1');
    await game.turn(2);
    expect(toText(board(room, 'Quiz').reply)).toContain('Team 1: a1, a2');
    await room.say('host', '/quiz begin');
    await game.turn(0.1);
    const { right, wrong } = picks(game, room);
    await room.press('a1', right[0]!);
    await room.press('a2', wrong[0]!);
    await room.press('b1', right[0]!);
    await game.turn(30);
    await game.turn(13);
    const text = toText(board(room, 'Result').reply);
    expect(text.indexOf('Team 2: 1000 points on average (b1)')).toBeGreaterThan(0);
    expect(text.indexOf('Team 1: 500 points on average (a1, a2)')).toBeGreaterThan(text.indexOf('Team 2:'));
  });

  it('locked takes the first answer only, and does not wait any longer', async () => {
    const room = await game.begin('single', 'lock:true');
    for (const user of ['ana', 'ben']) await room.say(user, '/quiz join');
    const { right, wrong } = picks(game, room);
    expect(toText(await room.press('ana', wrong[0]!))).not.toContain('change');
    await room.press('ben', wrong[0]!);
    await game.turn(0.1);
    expect(board(room, 'Answer to question 1')).toBeDefined();
    const again = await game.begin('single', 'lock:true');
    await again.say('ben', '/quiz join');
    const open = picks(game, again);
    await again.press('ana', open.wrong[0]!);
    expect(errorOf(await again.press('ana', open.right[0]!))).toBe('answer-locked');
    expect(right).toHaveLength(1);
  });
});

describe('the host', () => {
  it('pauses, resumes, skips and ends, by buttons as well', async () => {
    const room = await game.begin('pair');
    const now = (heading: string, label: string) => button(board(room, heading).reply, label);
    await game.turn(10);
    const { right } = picks(game, room);
    const pause = now('Question 1', 'Pause');
    expect(errorOf(await room.press('ana', pause))).toBe('quiz-host-only');
    await room.press('host', pause);
    expect(errorOf(await room.press('ana', right[0]!))).toBe('quiz-paused');
    await game.turn(100);
    await room.press('host', now('Question 1', 'Go on'));
    await game.turn(15);
    expect(toText(await room.press('ana', right[0]!))).toContain('Recorded');
    await room.press('host', now('Question 1', 'Skip'));
    await game.turn(0.1);
    await room.press('host', now('Answer to question 1', 'Pause'));
    await game.turn(2);
    expect(toText(board(room, 'Answer to question 1').reply)).toContain('The clock is stopped');
    await game.turn(100);
    expect(game.program.services.quiz.inRoom(room.ref)!.state.position).toBe(0);
    const goOn = now('Answer to question 1', 'Go on');
    await room.say('host', '/quiz skip');
    await game.turn(0.1);
    // A button under the first answer does not act on the second question; what is over has none left.
    expect(errorOf(await room.press('host', goOn))).toBe('stale-button');
    expect(buttonsOf(board(room, 'Answer to question 1').reply)).toEqual([]);
    expect(toText(board(room, 'Answer to question 1').reply)).toContain('1 of 1 right: ana');
    await room.press('ana', picks(game, room).right[0]!);
    const sure = await room.press('host', now('Question 2', 'End'));
    expect(game.program.services.quiz.inRoom(room.ref)!.state.phase).toBe('open');
    await room.press('host', button(sure, 'End it'));
    await game.turn(0.1);
    expect(board(room, 'Answer to question 2')).toBeDefined();
    expect(standings(room)).toEqual([['ana', 2000]]);
  });

  it('and everyone can ask how it stands, and gets the board', async () => {
    const room = await game.begin('single');
    const { right } = picks(game, room);
    await room.press('ana', right[0]!);
    const status = await room.say('ana', '/quiz status');
    expect(status.visibility).toBe('private');
    expect(toText(status)).toMatch(/Question 1 of 1: 1 of 1 answered \(question open\)\.\nYour answer: [A-C]/);
    expect(buttonsOf(status).map(({ id }) => id)).toContain(right[0]);
    expect(toText(await room.say('ben', '/quiz status'))).not.toContain('Your answer');
  });
});

describe('afterwards', () => {
  it('the missed ones are replayed, of that very quiz, also after a restart', async () => {
    const room = await game.begin('pair', 'mode:speed');
    const missed = picks(game, room);
    const id = game.program.services.quiz.inRoom(room.ref)!.stored.questions[0]!.questionId;
    await room.press('ana', missed.wrong[0]!);
    await game.turn(30);
    await game.turn(13);
    await room.press('ana', picks(game, room).right[0]!);
    await game.turn(30);
    await game.turn(13);
    const [rematch, again, first] = ['Replay the missed ones', 'New quiz', 'My answers'].map((label) =>
      button(board(room, 'Result').reply, label),
    );
    const { ref } = room;

    await game.reopen({ crashed: true });
    const after = game.room(ref.room);
    await after.press('host', rematch!);
    await game.turn(16);
    const live = game.program.services.quiz.inRoom(after.ref)!;
    expect(live.stored.questions.map(({ questionId }) => questionId)).toEqual([id]);
    expect(live.state.settings).toMatchObject({ mode: 'speed', seconds: 30, total: 1 });
    await after.press('ana', picks(game, after).right[0]!);
    await game.turn(30);
    await game.turn(13);
    expect(buttonsOf(board(after, 'Result').reply).map(({ label }) => label)).toEqual(['New quiz', 'My answers']);

    expect(toText(await after.press('ana', first!))).toContain('✗');
    await after.press('host', again!);
    expect(game.program.services.quiz.inRoom(after.ref)!.state.settings).toMatchObject({ mode: 'speed', topic: 'pair', total: 2 });
    expect(errorOf(await game.room('elsewhere').press('host', rematch!))).toBe('quiz-not-here');
  });

  it('nobody is named who does not want to be', async () => {
    const room = game.room();
    await room.say('ana', '/privacy hide');
    await room.say('host', '/quiz start topic:single lobby:60');
    for (const user of ['ana', 'ben']) await room.say(user, '/quiz join');
    await room.say('host', '/quiz begin');
    await game.turn(0.1);
    const { right, wrong } = picks(game, room);
    await room.press('ana', right[0]!);
    await room.press('ben', wrong[0]!);
    await game.turn(30);
    await game.turn(13);
    expect(JSON.stringify(room.posts.map(({ reply }) => reply))).not.toContain('ana');
    expect(toText(board(room, 'Result').reply)).toContain('🥇 someone');
    expect(toText(board(room, 'Quiz').reply)).toContain('ben and 1 more');
  });
});
