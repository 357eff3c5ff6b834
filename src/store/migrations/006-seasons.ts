import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * Leaderboards as sums that are kept ready: one row a person and board, where a board is a room (`''`: the whole
 * server), a topic (`''`: all) and a period. A board's top is then read off an index, however many answers there are.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('score_sums')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('room', 'text', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('period', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('points', 'integer', (c) => c.notNull())
    .addColumn('correct', 'integer', (c) => c.notNull())
    .addColumn('answered', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('score_sums_pk', ['platform', 'space', 'room', 'topic', 'period', 'user_id'])
    .execute();
  await db.schema
    .createIndex('score_sums_rank')
    .on('score_sums')
    .columns(['platform', 'space', 'room', 'topic', 'period', 'points desc', 'user_id'])
    .execute();

  await db.schema.createIndex('people_hidden').on('people').columns(['platform', 'space', 'hidden', 'user_id']).execute();

  await db.schema
    .createTable('seasons')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('closed_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('seasons_pk', ['platform', 'space', 'number'])
    .execute();

  // Mean credit, set when the question closes: null for questions that were never asked.
  await db.schema.alterTable('quiz_questions').addColumn('credit', 'real').execute();

  // What was scored so far, all of it in season 1.
  const { rows: days } = await sql<{ day: string }>`select distinct day from score_days`.execute(db);
  for (const { day } of days) {
    for (const period of ['all', 'season-1', day.slice(0, 7), `w${monday(day)}`, `d${day}`]) {
      for (const room of [sql`room`, sql`''`]) for (const topic of [sql`topic`, sql`''`]) await carryOver(db, day, period, room, topic);
    }
  }
  await db.schema.dropTable('score_days').execute();
}

async function carryOver(db: Kysely<unknown>, day: string, period: string, room: RawBuilder<unknown>, topic: RawBuilder<unknown>) {
  await sql`
    insert into score_sums (platform, space, room, topic, period, user_id, points, correct, answered)
    select platform, space, ${room} as board_room, ${topic} as board_topic, ${period}, user_id, sum(points), sum(correct), sum(answered)
    from score_days where day = ${day} group by platform, space, board_room, board_topic, user_id
    on conflict (platform, space, room, topic, period, user_id) do update set
      points = score_sums.points + excluded.points,
      correct = score_sums.correct + excluded.correct,
      answered = score_sums.answered + excluded.answered
  `.execute(db);
}

/** The Monday of a day's week. */
function monday(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000).toISOString().slice(0, 10);
}
