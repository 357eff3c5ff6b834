import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../store/database.ts';
import type { Period, Scores } from './service.ts';

const DAY = 86_400_000;

/** Leaderboards over `score_days`: sums a day and topic, so they read days and not answers. */
export function createScores(db: Db, clock: Clock): Scores {
  return {
    async board({ platform, space, room }, period, topic, limit) {
      const rows = await boardQuery(db, { platform, space, room }, firstDay(period, clock.now()), topic, limit).execute();
      return rows.map((row) => ({
        rank: 1 + rows.filter((other) => other.points > row.points).length,
        user: { id: row.user_id, name: row.name },
        score: row.points,
        correct: row.correct,
        answered: row.answered,
      }));
    },
  };
}

/** The leaderboard's query; exported so that a test can look at its plan. */
export function boardQuery(
  db: Db,
  where: { platform: string; space: string; room: string | null },
  since: string,
  topic: string | null,
  limit: number,
) {
  let query = db
    .selectFrom('score_days')
    .innerJoin('people', (join) =>
      join
        .onRef('people.platform', '=', 'score_days.platform')
        .onRef('people.space', '=', 'score_days.space')
        .onRef('people.user_id', '=', 'score_days.user_id'),
    )
    .select(['score_days.user_id', 'people.name'])
    .select([sql<number>`sum(points)`.as('points'), sql<number>`sum(correct)`.as('correct'), sql<number>`sum(answered)`.as('answered')])
    .where('score_days.platform', '=', where.platform)
    .where('score_days.space', '=', where.space)
    .where('score_days.day', '>=', since)
    .where('people.hidden', '=', 0);
  if (where.room !== null) query = query.where('score_days.room', '=', where.room);
  if (topic !== null) query = query.where('score_days.topic', '=', topic);
  return query.groupBy(['score_days.user_id', 'people.name']).orderBy('points', 'desc').orderBy('people.name').limit(limit);
}

/** First UTC day of a period: today, this week (from Monday), this month, ever. */
export function firstDay(period: Period, now: number): string {
  const today = new Date(now);
  switch (period) {
    case 'today':
      return iso(now);
    case 'week':
      return iso(now - ((today.getUTCDay() + 6) % 7) * DAY);
    case 'month':
      return `${iso(now).slice(0, 8)}01`;
    case 'all':
      return '';
    default:
      return period satisfies never;
  }
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
