import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainName } from '../../src/core/names.ts';
import { toText } from '../../src/core/reply.ts';
import { board, button, type Game, openGame, picks, standings } from '../helpers/game.ts';
import { errorOf, type Room } from '../helpers/room.ts';

// Orders and numbers are revealed without a chart, so nothing here waits for a drawing worker.
let game: Game;
beforeAll(async () => {
  game = await openGame();
});
afterAll(() => game.close());

const answersOf = (room: Room) => game.program.services.quiz.inRoom(room.ref)?.state.answers;

describe('a press', () => {
  it('on a question that has closed is refused, and changes nothing', async () => {
    const room = await game.begin();
    const { right } = picks(game, room);
    await room.press('ana', right[0]!);
    await game.turn(31);
    expect(errorOf(await room.press('ana', right[1]!))).toBe('quiz-closed');
    expect(errorOf(await room.press('ben', right[0]!))).toBe('quiz-closed');
    expect(errorOf(await room.say('ben', '/answer A B C'))).toBe('quiz-closed');
    await game.turn(13);
    expect(errorOf(await room.press('ana', right[1]!))).toBe('quiz-not-here');
    expect(standings(room)).toEqual([['ana', 0]]);
  });

  it('on a quiz of another room or server is refused', async () => {
    const [room, other] = [await game.begin(), game.room()];
    const { right } = picks(game, room);
    const join = button(board(room, 'Quiz').reply, 'Join');
    for (const id of [right[0]!, join, button(board(room, 'Question 1').reply, 'End')]) {
      expect(errorOf(await other.press('host', id))).toBe('quiz-not-here');
    }
    expect(answersOf(room)!.size).toBe(0);
  });

  it('after a restart counts, once, also when the platform delivers it again', async () => {
    const room = await game.begin();
    const { right } = picks(game, room);
    await room.press('ana', right[0]!, 'before');
    await game.reopen({ crashed: true });
    const after = game.room(room.ref.room);
    await game.program.services.quiz.resume();
    await game.turn(0.1);
    expect(after.posts).toEqual([]);
    for (const [i, id] of right.entries())
      expect(toText(await after.press('ana', id, i === 0 ? 'before' : undefined))).toContain('Recorded');
    expect(answersOf(after)!.get('ana')).toMatchObject({ credit: 1, value: { picked: expect.any(Array) } });
    expect(await game.count(`quiz_events where event like '%"answer"%' and delivery = 'before'`)).toBe(1);
  });

  it('that comes before the program has taken up its quizzes takes its quiz up, once', async () => {
    const room = await game.begin('pair');
    const { right, wrong } = picks(game, room);
    await game.reopen({ crashed: true });
    const after = game.room(room.ref.room);
    const { quiz } = game.program.services;
    expect(quiz.inRoom(room.ref)).toBeUndefined();
    const [first, typed] = await Promise.all([
      after.press('ana', right[0]!),
      after.say('ben', '/answer A'),
      after.press('cleo', wrong[0]!),
      quiz.resume(),
    ]);
    for (const reply of [first, typed]) expect(toText(reply)).toContain('Recorded');
    expect([...answersOf(after)!.keys()].sort()).toEqual(['ana', 'ben', 'cleo']);
    await game.turn(60);
    expect(after.posts.filter(({ reply }) => /Answer to question 1/.test(toText(reply)))).toHaveLength(1);
    await after.stop();
  });

  it('that comes before the platform has greeted the program waits for that', async () => {
    const room = await game.begin('pair');
    const { right } = picks(game, room);
    await game.reopen({ crashed: true });
    const user = { id: 'ana', name: 'ana' };
    const press = game.program.dispatch({ ...room.ref, id: 'early', user, action: right[0]!, options: {}, receivedAt: 0 });
    // Nobody can be told yet: the courier comes with the room.
    const after = game.room(room.ref.room);
    expect(toText(await press)).toContain('Recorded');
    expect(answersOf(after)!.has('ana')).toBe(true);
    await after.stop();
  });

  it('delivered again after a restart, when its question is over, hears what was recorded', async () => {
    const room = await game.begin('pair');
    const { right } = picks(game, room);
    const first = toText(await room.press('ana', right[0]!, 'late'));
    await room.say('host', '/quiz skip');
    await room.say('host', '/quiz skip');
    await game.reopen({ crashed: true });
    const after = game.room(room.ref.room);
    await game.program.services.quiz.resume();
    await game.turn(0.1);
    expect(game.program.services.quiz.inRoom(after.ref)!.state.position).toBe(1);
    expect(toText(await after.press('ana', right[0]!, 'late'))).toBe(first);
    await after.stop();
  });

  it('of one person from two devices at once is one answer, and neither is lost', async () => {
    const room = await game.begin('multiple');
    const { right, wrong } = picks(game, room);
    await Promise.all([right[0]!, right[1]!, wrong[0]!].map((id, i) => room.press('ana', id, `device-${i}`)));
    expect(answersOf(room)!.get('ana')!.value).toEqual({ picked: [0, 1, 2] });
    const single = await game.begin('boolean');
    const open = picks(game, single);
    await Promise.all([single.press('ana', open.wrong[0]!), single.press('ana', open.right[0]!)]);
    expect(answersOf(single)!.size).toBe(1);
    expect(
      await game.count(`answers where user_id = 'ana' and quiz_id = '${game.program.services.quiz.inRoom(single.ref)!.stored.id}'`),
    ).toBe(1);
    for (const one of [room, single]) await one.stop();
  });

  it('with a forged id is refused', async () => {
    const room = await game.begin();
    const quizId = game.program.services.quiz.inRoom(room.ref)!.stored.id;
    const forged = [
      ...[`1~quiz~pick~${quizId}~0~9`, `1~quiz~pick~${quizId}~0~-1`, `1~quiz~pick~${quizId}~0~1e0`, `1~quiz~pick~${quizId}~0`],
      ...[`1~quiz~pick~${quizId}~7~0`, `1~quiz~pick~${quizId}~0.5~0`, `1~quiz~pick~${quizId}~-1~0`, `1~quiz~pick~nonsense~0~0`],
      ...[`1~quiz~done~${quizId}~0`, `1~quiz~constructor~${quizId}`, `1~quiz~__proto__~${quizId}`, `1~answer~pick~${quizId}~0~0`],
      ...[
        '1~quiz~pick',
        '1~quiz~again~nonsense',
        '1~quiz~rematch',
        '1~quiz~mine~nonsense',
        `1~quiz~stop~${quizId}`,
        `1~quiz~next~${quizId}~0`,
      ],
      ...[`2~quiz~pick~${quizId}~0~0`, 'x', '', `1~quiz~pick~${'y'.repeat(200)}~0~0`, "1~quiz~pick~'; drop table answers~0~0"],
    ];
    for (const id of forged)
      expect(errorOf(await room.press('eve', id)), id).toMatch(/^(stale-button|quiz-not-here|answer-nothing-yet|quiz-host-only)$/);
    expect(answersOf(room)!.size).toBe(0);
    expect(game.program.services.quiz.inRoom(room.ref)!.state.phase).toBe('open');
  });
});

describe('a start', () => {
  it('that is delivered again after a restart finds the quiz it has made', async () => {
    const room = game.room();
    const first = await room.say('host', '/quiz start topic:numeric lobby:60', 'same');
    await game.reopen({ crashed: true });
    const after = game.room(room.ref.room);
    await game.program.services.quiz.resume();
    const again = await after.say('host', '/quiz start topic:numeric lobby:60', 'same');
    expect((again.result as { quizId: string }).quizId).toBe((first.result as { quizId: string }).quizId);
    expect(await game.count(`quizzes where room = '${room.ref.room}'`)).toBe(1);
  });

  it('of two people at once makes one quiz', async () => {
    const room = game.room();
    const replies = await Promise.all(['host', 'ana'].map((user) => room.say(user, '/quiz start topic:numeric lobby:60')));
    expect(replies.map(errorOf).sort()).toEqual(['quiz-running', undefined]);
    await game.turn(0.1);
    expect(room.posts).toHaveLength(1);
  });
});

describe('a name', () => {
  it.each([
    ['of 10,000 characters', 'n'.repeat(10_000), 'n'.repeat(32)],
    ['with markup', '**bold** <b>x</b> `code` [link](https://evil.example) ||spoiler||', 'bold bx/b code link(https evil.e'],
    ['that pings', '@everyone <!channel> <@U123> <#C1>', 'everyone !channel U123 C1'],
    ['with direction marks', '\u202Eevil\u2066\u200F name\u0000\u0007', 'evil name'],
    ['of nothing visible', '\u200B\u3164\u2800 \u2060', '?'],
    ['with a tower of accents', `z${'\u0301'.repeat(500)}o`, 'ź\u0301\u0301o'],
    ['with half a character', `a\uD800b`, 'ab'],
    ['of people', '王小明 👩‍🔬 Ñandú O’Neil', '王小明 👩🔬 Ñandú O’Neil'],
  ])('%s is shown as plain text', async (_, name, shown) => {
    expect(plainName(name)).toBe(shown);
    const room = game.room();
    await room.say('host', '/quiz start topic:numeric lobby:60');
    await game.turn(0.1);
    const live = game.program.services.quiz.inRoom(room.ref)!;
    await game.program.services.quiz.join(live, { id: 'them', name }, 'join');
    await game.turn(2);
    expect(toText(board(room, 'Quiz').reply)).toContain(`Playing: ${shown}`);
    expect(await game.count(`people where space = '${room.ref.space}' and length(name) > 40`)).toBe(0);
    await room.stop();
  });
});
