import { type Kysely, sql } from 'kysely';

/** Personal quizzes; questions of theirs are review turns. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('personal_quizzes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('topic', 'text')
    .addColumn('total', 'integer', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
  await sql`create unique index personal_quizzes_open on personal_quizzes (platform, space, user_id) where finished_at is null`.execute(db);
  await db.schema.alterTable('review_turns').addColumn('quiz', 'text').execute();
}
