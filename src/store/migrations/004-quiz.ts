import { type Kysely, sql } from 'kysely';

/** Quizzes as an append-only list of events, with projections that questions are asked of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('quizzes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('room', 'text', (c) => c.notNull())
    .addColumn('request', 'text', (c) => c.notNull())
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('phase', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('finished_at', 'bigint')
    .addUniqueConstraint('quizzes_request', ['platform', 'space', 'request'])
    .execute();
  // One running quiz a room, also when two people type /quiz start at the same moment.
  await sql`create unique index quizzes_running on quizzes (platform, space, room) where finished_at is null`.execute(db);

  await db.schema
    .createTable('quiz_questions')
    .addColumn('quiz_id', 'text', (c) => c.notNull().references('quizzes.id').onDelete('cascade'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('question_id', 'text', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('instance', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('quiz_questions_pk', ['quiz_id', 'position'])
    .execute();

  await db.schema
    .createTable('quiz_events')
    .addColumn('quiz_id', 'text', (c) => c.notNull().references('quizzes.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('delivery', 'text')
    .addColumn('event', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('quiz_events_pk', ['quiz_id', 'seq'])
    .addUniqueConstraint('quiz_events_delivery', ['quiz_id', 'delivery'])
    .execute();

  await db.schema
    .createTable('quiz_posts')
    .addColumn('quiz_id', 'text', (c) => c.notNull().references('quizzes.id').onDelete('cascade'))
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('quiz_posts_pk', ['quiz_id', 'key'])
    .execute();

  await db.schema
    .createTable('people')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('hidden', 'integer', (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('people_pk', ['platform', 'space', 'user_id'])
    .execute();

  await db.schema
    .createTable('answers')
    .addColumn('quiz_id', 'text', (c) => c.notNull().references('quizzes.id').onDelete('cascade'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('credit', 'real', (c) => c.notNull())
    .addColumn('points', 'integer')
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('answers_pk', ['quiz_id', 'position', 'user_id'])
    .execute();

  // Sums a day, so that a leaderboard over a million answers reads thousands of rows.
  await db.schema
    .createTable('score_days')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('room', 'text', (c) => c.notNull())
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('points', 'integer', (c) => c.notNull())
    .addColumn('correct', 'integer', (c) => c.notNull())
    .addColumn('answered', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('score_days_pk', ['platform', 'space', 'room', 'day', 'user_id', 'topic'])
    .execute();
  await db.schema
    .createIndex('score_days_space')
    .on('score_days')
    .columns(['platform', 'space', 'day', 'user_id', 'points', 'correct', 'answered'])
    .execute();
}
