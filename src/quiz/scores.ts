import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { plainName } from '../core/names.ts';
import type { Standing } from '../core/result.ts';
import type { Db } from '../store/database.ts';
import { scopeOf, transact } from '../store/transact.ts';
import { periodKeys, runningSeason, seasonKey } from './score-sums.ts';
import type { BoardQuery, Scores } from './service.ts';

/** A tie may be long. */
const MOST_ROWS = 50;

/** Leaderboards over `score_sums`: a board's top is read off an index, see `boardQuery`. */
export function createScores(db: Db, clock: Clock): Scores {
  const keyOf = async ({ where, period, topic }: BoardQuery): Promise<BoardKey> => {
    const { platform, space, room } = where;
    const key = typeof period === 'number' ? seasonKey(period) : periodKeys(clock.now(), await runningSeason(db, platform, space))[period];
    return { platform, space, room: room ?? '', topic: topic ?? '', period: key };
  };
  return {
    async board(query, limit) {
      const rows = await boardQuery(db, await keyOf(query), MOST_ROWS).execute();
      return rows
        .map(
          (row): Standing => ({
            rank: 1 + rows.findIndex((other) => other.points === row.points),
            user: { id: row.user_id, name: plainName(row.name ?? '') },
            score: row.points,
            correct: row.correct,
            answered: row.answered,
          }),
        )
        .filter(({ rank }) => rank <= limit);
    },

    async place(query, user) {
      const key = await keyOf(query);
      const own = await boardQuery(db, key, 1).where('score_sums.user_id', '=', user).executeTakeFirst();
      if (!own) return undefined;
      const { ahead } = await aheadQuery(db, key, own.points).executeTakeFirstOrThrow();
      const { unnamed } = await unnamedAheadQuery(db, key, own.points).executeTakeFirstOrThrow();
      const { name, points: score, correct, answered } = own;
      return { rank: 1 + Number(ahead) - Number(unnamed), user: { id: user, name: plainName(name ?? '') }, score, correct, answered };
    },

    season: ({ platform, space }) => runningSeason(db, platform, space),

    async seasons({ platform, space }) {
      const rows = await db
        .selectFrom('seasons')
        .select(['number', 'name', 'closed_at'])
        .where((eb) => eb.and({ platform, space }))
        .orderBy('number', 'desc')
        .execute();
      return rows.map(({ number, name, closed_at }) => ({ number, name, closedAt: closed_at }));
    },

    closeSeason: ({ platform, space }, name, expected) =>
      transact(db, scopeOf('seasons', platform, space), async (trx) => {
        const number = await runningSeason(trx, platform, space);
        if (number !== expected) return undefined;
        const season = { number, name, closedAt: clock.now() };
        await trx.insertInto('seasons').values({ platform, space, number, name, closed_at: season.closedAt }).execute();
        return season;
      }),

    async isHidden({ platform, space }, user) {
      const row = await db
        .selectFrom('people')
        .select('hidden')
        .where((eb) => eb.and({ platform, space, user_id: user }))
        .executeTakeFirst();
      return row?.hidden === 1;
    },

    async setHidden({ platform, space }, user, wanted) {
      const hidden = wanted ? 1 : 0;
      await db
        .insertInto('people')
        .values({ platform, space, user_id: user.id, name: plainName(user.name), hidden })
        .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet({ hidden }))
        .execute();
    },
  };
}

export interface BoardKey {
  platform: string;
  space: string;
  room: string;
  topic: string;
  period: string;
}

/**
 * The top of one board, in the order of the index `score_sums_rank`. Whoever joins sets no condition that the
 * database could begin with, so that it reads the index and stops at `limit`; a test looks at the plan.
 */
export function boardQuery(db: Db, key: BoardKey, limit: number) {
  return on(db, key)
    .leftJoin('people', (join) =>
      join
        .onRef('people.platform', '=', 'score_sums.platform')
        .onRef('people.space', '=', 'score_sums.space')
        .onRef('people.user_id', '=', 'score_sums.user_id'),
    )
    .where(({ fn }) => fn.coalesce('people.hidden', sql.lit(0)), '=', 0)
    .select(['score_sums.user_id', 'people.name', 'score_sums.points', 'score_sums.correct', 'score_sums.answered'])
    .orderBy('score_sums.points', 'desc')
    .orderBy('score_sums.user_id')
    .limit(limit);
}

/** How many have more points: a count within the index. */
export function aheadQuery(db: Db, key: BoardKey, points: number) {
  return on(db, key)
    .select(({ fn }) => fn.countAll().as('ahead'))
    .where('score_sums.points', '>', points);
}

/** How many of them are not shown: from the few who have said so. */
export function unnamedAheadQuery(db: Db, { platform, space, room, topic, period }: BoardKey, points: number) {
  return db
    .selectFrom('people')
    .select(({ fn }) => fn.countAll().as('unnamed'))
    .where((eb) => eb.and({ platform, space, hidden: 1 }))
    .where(
      ({ selectFrom }) =>
        selectFrom('score_sums as sums')
          .select('sums.points')
          .where((eb) => eb.and({ platform, space, room, topic, period }))
          .whereRef('sums.user_id', '=', 'people.user_id'),
      '>',
      points,
    );
}

function on(db: Db, { platform, space, room, topic, period }: BoardKey) {
  return db
    .selectFrom('score_sums')
    .where('score_sums.platform', '=', platform)
    .where('score_sums.space', '=', space)
    .where('score_sums.room', '=', room)
    .where('score_sums.topic', '=', topic)
    .where('score_sums.period', '=', period);
}
