import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import { sqliteOf } from '../../src/store/database.ts';
import { board, type Game, openGame, picks, standings } from '../helpers/game.ts';
import { buttonsOf, errorOf } from '../helpers/room.ts';

// Orders and numbers are revealed without a chart, so nothing here waits for a drawing worker.
let game: Game;
beforeAll(async () => {
  game = await openGame();
});
afterAll(() => game.close());

describe('nobody is there', () => {
  it('the host has left: an admin may end it, the players may not, and it goes on by itself', async () => {
    const room = game.room();
    await room.say('leaver', '/quiz start topic:pair lobby:0 seconds:5');
    await game.turn(0.1);
    expect(errorOf(await room.say('ana', '/quiz stop'))).toBe('quiz-host-only');
    await room.say('ana', '/answer A');
    await game.turn(20);
    expect(game.program.services.quiz.inRoom(room.ref)!.state.position).toBe(1);
    expect(toText(await room.stop())).toContain('ended');
  });

  it('everyone has left: it ends by itself, and the room is free', async () => {
    const room = await game.begin('batch-size', 'questions:9');
    await room.say('ana', '/quiz join');
    await game.turn(0.1);
    for (let question = 0; question < 3; question++) await game.turn(45);
    await game.turn(1);
    expect(toText(board(room, 'Result').reply)).toContain('so the quiz has ended by itself');
    expect(game.program.services.quiz.inRoom(room.ref)).toBeUndefined();
    expect(errorOf(await room.say('ben', '/quiz start topic:numeric lobby:60'))).toBeUndefined();
    await room.stop();
  });

  it('it was paused and forgotten: it ends after half an hour', async () => {
    const room = await game.begin();
    await room.say('host', '/quiz pause');
    await game.turn(29 * 60);
    expect(game.program.services.quiz.inRoom(room.ref)).toBeDefined();
    await game.turn(2 * 60);
    expect(game.program.services.quiz.inRoom(room.ref)).toBeUndefined();
  });
});

describe('the clock', () => {
  it('that was set back an hour while the program was down stops no quiz, and no deadline is shown an hour off', async () => {
    const room = await game.begin();
    await game.turn(10);
    await room.say('ben', '/quiz join');
    await room.say('ana', '/answer A B C');
    await game.reopen({ later: -3_600_000, crashed: true });
    const after = game.room(room.ref.room);
    await game.program.services.quiz.resume();
    await game.turn(2);
    const status = await after.say('ana', '/quiz status');
    const deadline = status.blocks.find((block) => block.type === 'deadline');
    expect(deadline!.at - game.clock.now()).toBe(17_900);
    await game.turn(5);
    expect(errorOf(await after.say('ben', '/answer B A C'))).toBeUndefined();
    await game.turn(20);
    expect(board(after, 'Answer to question 1')).toBeDefined();
    await game.turn(13);
    expect(
      standings(after)
        .map(([name]) => name)
        .sort(),
    ).toEqual(['ana', 'ben']);
  });
});

describe('a message that cannot be sent', () => {
  /** The platform fails `times` times, then works again. */
  function failing(times: number): () => void {
    const { outbox } = game.program.services;
    const { post } = outbox;
    let left = times;
    outbox.post = async (...args) => {
      if (left-- > 0) throw new Error('ECONNRESET');
      return post(...args);
    };
    return () => {
      outbox.post = post;
    };
  }

  it('is tried again, so that the quiz goes on, and the clock starts when it is there', async () => {
    const room = game.room();
    await room.say('host', '/quiz start topic:ordering lobby:60 seconds:30');
    await game.turn(0.1);
    const mend = failing(3);
    await room.say('host', '/quiz begin');
    await game.turn(0.5);
    expect(game.program.services.quiz.inRoom(room.ref)!.state.deadline).toBeNull();
    await game.turn(8);
    mend();
    expect(room.posts.filter(({ reply }) => toText(reply).startsWith('Question 1'))).toHaveLength(1);
    const { openedAt, deadline } = game.program.services.quiz.inRoom(room.ref)!.state;
    expect(deadline! - openedAt!).toBe(30_000);
    await room.say('ana', '/answer A B C');
    await game.turn(30);
    await game.turn(13);
    expect(board(room, 'Result')).toBeDefined();
  });

  it('for good ends the quiz, and leaves the room free', async () => {
    const room = game.room();
    await room.say('host', '/quiz start topic:ordering lobby:60');
    await game.turn(0.1);
    const mend = failing(Number.POSITIVE_INFINITY);
    await room.say('host', '/quiz begin');
    await game.turn(600);
    mend();
    expect(game.program.services.quiz.inRoom(room.ref)).toBeUndefined();
    expect(errorOf(await room.say('host', '/quiz start topic:numeric lobby:60'))).toBeUndefined();
    await room.stop();
  });
});

describe('a full disk', () => {
  it('during an answer: the player is told that it was not recorded, and the quiz goes on when there is room again', async () => {
    const room = await game.begin('ordering', 'mode:speed');
    const { right } = picks(game, room);
    for (const id of right) expect(toText(await room.press('ana', id))).toContain('Recorded');
    const sqlite = sqliteOf(game.program.services.store);
    // No page more than there are, on the real file: what SQLite says then is what a full disk makes it say.
    sqlite.exec('vacuum');
    const pages = sqlite.pragma('page_count', { simple: true }) as number;
    sqlite.pragma(`max_page_count = ${pages}`);
    const events = await game.count('quiz_events');
    let refused = 0;
    // Pages have a little room, so the first ones may still fit.
    for (let i = 0; i < 400 && refused < 3; i++) {
      const reply = await room.say(`player-${i}-${'x'.repeat(200)}`, '/answer A B C');
      if (errorOf(reply) === undefined) continue;
      expect(errorOf(reply)).toBe('not-recorded');
      expect(toText(reply)).toContain('NOT recorded');
      refused++;
    }
    expect(refused).toBe(3);
    // Only what got a receipt is there, in the file and in memory.
    const live = game.program.services.quiz.inRoom(room.ref)!;
    expect((await game.count('quiz_events')) - events).toBe(live.state.answers.size - 1);
    // The question's time is over, but even that cannot be stored; it is tried again and nothing falls over.
    await game.turn(40);
    sqlite.pragma('max_page_count = 1073741823');
    await game.turn(6);
    expect(board(room, 'Answer to question 1')).toBeDefined();
    expect(await game.count(`answers where quiz_id = '${live.stored.id}' and points is null`)).toBe(0);
    expect(buttonsOf(board(room, 'Question 1').reply)).toEqual([]);
  });
});
