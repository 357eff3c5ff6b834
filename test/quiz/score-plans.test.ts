import type { Compilable } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aheadQuery, boardQuery, unnamedAheadQuery } from '../../src/quiz/scores.ts';
import { openStore, type SqliteStore } from '../../src/store/database.ts';

let store: SqliteStore;
beforeAll(async () => {
  store = await openStore(':memory:');
});
afterAll(() => store.close());

describe('the queries of a leaderboard', () => {
  const key = { platform: 'web', space: 's', room: '', topic: '', period: 'all' };
  const plan = (query: Compilable): string[] => {
    const { sql, parameters } = query.compile();
    const lines = store.sqlite.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
    return lines.map(({ detail }) => detail);
  };

  it('read a board in the order of an index, and sort nothing', () => {
    expect(plan(boardQuery(store.db, key, 10))).toEqual([
      'SEARCH score_sums USING INDEX score_sums_rank (platform=? AND space=? AND room=? AND topic=? AND period=?)',
      'SEARCH people USING INDEX sqlite_autoindex_people_1 (platform=? AND space=? AND user_id=?) LEFT-JOIN',
    ]);
  });

  it('count who is ahead within indices', () => {
    expect(plan(aheadQuery(store.db, key, 500))).toEqual([
      'SEARCH score_sums USING COVERING INDEX score_sums_rank (platform=? AND space=? AND room=? AND topic=? AND period=? AND points>?)',
    ]);
    expect(plan(unnamedAheadQuery(store.db, key, 500))).toEqual([
      'SEARCH people USING COVERING INDEX people_hidden (platform=? AND space=? AND hidden=?)',
      'CORRELATED SCALAR SUBQUERY 1',
      'SEARCH sums USING INDEX sqlite_autoindex_score_sums_1 (platform=? AND space=? AND room=? AND topic=? AND period=? AND user_id=?)',
    ]);
  });
});
