import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OtherResult, ScoresResult } from '../../src/core/result.ts';
import { addScores } from '../../src/quiz/score-sums.ts';
import { createManualClock, type ManualClock } from '../helpers/clock.ts';
import { type Program, startProgram } from '../helpers/playground.ts';
import { buttonsOf, errorOf, openRoom, type Room } from '../helpers/room.ts';

const DAY = 86_400_000;
/** A Wednesday. */
const NOON = Date.UTC(2026, 10, 25, 12);

let program: Program;
let clock: ManualClock;
beforeAll(async () => {
  clock = createManualClock(NOON);
  program = await startProgram({ folder: mkdtempSync(join(tmpdir(), 'scores-')), clock });
});
afterAll(() => program.close());

let quizzes = 0;
/** Stores a closed question as the quiz does: the answers, then their sums. */
async function score(room: Room, topic: string, points: Record<string, number>): Promise<void> {
  const { db } = program.services.store;
  const id = `quiz-${++quizzes}`;
  const { platform, space } = room.ref;
  await db
    .insertInto('quizzes')
    .values({ id, ...room.ref, request: id, settings: '{}', phase: 'ended', lane: '', created_at: clock.now(), finished_at: clock.now() })
    .execute();
  for (const [user, won] of Object.entries(points)) {
    await db
      .insertInto('people')
      .values({ platform, space, user_id: user, name: user, hidden: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const answer = {
      quiz_id: id,
      position: 0,
      user_id: user,
      value: '{"picked":[0]}',
      credit: won > 0 ? 1 : 0,
      points: won,
      at: clock.now(),
    };
    await db.insertInto('answers').values(answer).execute();
  }
  await db.transaction().execute((trx) => addScores(trx, room.ref, { quizId: id, position: 0, topic, at: clock.now() }));
}

let rooms = 0;
/** A room on a server of its own. */
function newRoom(space = `space-${++rooms}`, name = 'main'): Room {
  return openRoom(program.services, program.dispatch, name, space);
}

async function rows(room: Room, text: string, user = 'ana'): Promise<[number, string, number][]> {
  const { result } = await room.say(user, text);
  return (result as ScoresResult).rows.map(({ rank, user: { name }, score: points }) => [rank, name, points]);
}

describe('/scores', () => {
  it('counts today, this week, this month and all time, each by itself', async () => {
    const room = newRoom();
    for (const [ago, who] of [
      [0, 'today'],
      [2, 'monday'],
      [3, 'sunday'],
      [24, 'first-of-month'],
      [25, 'last-month'],
    ] as const) {
      clock.set(NOON - ago * DAY);
      await score(room, 'batch-size', { [who]: 1000 - ago });
    }
    clock.set(NOON);
    const names = async (period: string) => (await rows(room, `/scores ${period}`)).map(([, name]) => name);
    expect(await names('today')).toEqual(['today']);
    expect(await names('week')).toEqual(['today', 'monday']);
    expect(await names('month')).toEqual(['today', 'monday', 'sunday', 'first-of-month']);
    expect(await names('all')).toEqual(['today', 'monday', 'sunday', 'first-of-month', 'last-month']);
  });

  it('forgets days and weeks that nobody can look at any more, and nothing else', async () => {
    const room = newRoom();
    const periods = async () => {
      const rows = program.services.store.db.selectFrom('score_sums').select('period').distinct().where('space', '=', room.ref.space);
      return (await rows.orderBy('period').execute()).map(({ period }) => period);
    };
    clock.set(NOON - 60 * DAY);
    await score(room, 'batch-size', { ana: 100 });
    clock.set(NOON - 2 * DAY);
    await score(room, 'batch-size', { ana: 10 });
    clock.set(NOON);
    await score(room, 'batch-size', { ana: 1 });
    expect(await periods()).toEqual(['2026-09', '2026-11', 'all', 'd2026-11-23', 'd2026-11-25', 'season-1', 'w2026-11-23']);
    expect(await rows(room, '/scores')).toEqual([[1, 'ana', 111]]);
    expect(await rows(room, '/scores week')).toEqual([[1, 'ana', 11]]);
  });

  it('counts a topic, a channel and the whole server, and keeps servers apart', async () => {
    const [here, there, elsewhere] = [newRoom('shared', 'here'), newRoom('shared', 'there'), newRoom('other', 'here')];
    await score(here, 'batch-size', { ana: 1000, ben: 500 });
    await score(here, 'bert-embeddings', { ben: 1000 });
    await score(there, 'batch-size', { ana: 1000 });
    await score(elsewhere, 'batch-size', { ana: 9000 });
    expect(await rows(here, '/scores')).toEqual([
      [1, 'ben', 1500],
      [2, 'ana', 1000],
    ]);
    expect(await rows(here, '/scores where:server')).toEqual([
      [1, 'ana', 2000],
      [2, 'ben', 1500],
    ]);
    expect(await rows(here, '/scores topic:batch-size')).toEqual([
      [1, 'ana', 1000],
      [2, 'ben', 500],
    ]);
    expect(await rows(here, '/scores where:server topic:batch-size')).toEqual([
      [1, 'ana', 2000],
      [2, 'ben', 500],
    ]);
  });

  it('gives those who tie the same rank, also across the end of the list', async () => {
    const room = newRoom();
    const points = Object.fromEntries(
      Array.from({ length: 14 }, (_, i) => [`p${String(i).padStart(2, '0')}`, i < 8 ? 2000 - i : i < 12 ? 500 : 100]),
    );
    await score(room, 'batch-size', points);
    const board = await rows(room, '/scores');
    expect(board.map(([rank]) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9]);
    const reply = await room.say('p13', '/scores');
    expect((reply.result as ScoresResult).you).toMatchObject({ rank: 13, score: 100 });
    expect(JSON.stringify(reply.blocks)).toContain('place 13');
  });

  it('leaves out who does not want to be named, until they do', async () => {
    const room = newRoom();
    await score(room, 'batch-size', { ana: 1000, ben: 800, eve: 600 });
    expect(await room.say('ana', '/privacy')).toMatchObject({ visibility: 'private', result: { hidden: false } });
    expect(await room.say('ana', '/privacy hide')).toMatchObject({ visibility: 'private', result: { hidden: true } });
    const reply = await room.say('eve', '/scores');
    expect(JSON.stringify(reply)).not.toContain('ana');
    expect((reply.result as ScoresResult).rows.map(({ rank, user }) => [rank, user.name])).toEqual([
      [1, 'ben'],
      [2, 'eve'],
    ]);
    expect((reply.result as ScoresResult).you).toMatchObject({ rank: 2 });
    expect(((await room.say('ana', '/scores')).result as ScoresResult).you).toBeUndefined();
    await room.say('ana', '/privacy show');
    expect((await rows(room, '/scores'))[0]).toEqual([1, 'ana', 1000]);
  });

  it('refuses a topic and a season that are not there', async () => {
    const room = newRoom();
    expect(errorOf(await room.say('ana', '/scores topic:nonsense'))).toBe('unknown-topic');
    expect(errorOf(await room.say('ana', '/scores season:2'))).toBe('unknown-season');
    expect(errorOf(await room.say('ana', '/scores season:0'))).toBe('not-an-integer');
    expect(errorOf(await room.say('ana', '/scores fortnight'))).toMatch('not-a-choice');
  });
});

describe('a season', () => {
  it('is closed by an admin, once, after being asked again, and is kept', async () => {
    const room = newRoom();
    await score(room, 'batch-size', { ana: 1000, ben: 500 });
    expect(errorOf(await room.say('ben', '/season close'))).toBe('admin-only');
    const asked = await room.say('host', '/season close name:"Autumn @everyone"');
    expect(asked.visibility).toBe('private');
    const [button] = buttonsOf(asked);
    expect(errorOf(await room.press('ben', button!.id))).toBe('admin-only');
    expect((await room.press('host', button!.id)).result).toMatchObject({ season: 1, name: 'Autumn everyone' });
    expect(errorOf(await room.press('host', button!.id))).toBe('stale-button');

    await score(room, 'batch-size', { ben: 300 });
    expect(await rows(room, '/scores season')).toEqual([[1, 'ben', 300]]);
    expect(await rows(room, '/scores season:2')).toEqual([[1, 'ben', 300]]);
    expect(await rows(room, '/scores season:1')).toEqual([
      [1, 'ana', 1000],
      [2, 'ben', 500],
    ]);
    expect((await rows(room, '/scores'))[0]).toEqual([1, 'ana', 1000]);
    const list = await room.say('ben', '/season');
    expect((list.result as OtherResult).running).toBe(2);
    expect(list.blocks.find(({ type }) => type === 'table')).toMatchObject({ rows: [['1', 'Autumn everyone', '2026-11-25', 'ana']] });
  });
});
