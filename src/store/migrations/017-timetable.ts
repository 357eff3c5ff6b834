import { type Kysely, sql } from 'kysely';

/** Quizzes over days beside the one that a room plays now, and quizzes that start by themselves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('quizzes')
    .addColumn('lane', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema.dropIndex('quizzes_running').execute();
  await sql`create unique index quizzes_running on quizzes (platform, space, room, lane) where finished_at is null`.execute(db);
  await db.schema
    .createTable('schedules')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('locale', 'text', (column) => column.notNull())
    .addColumn('zone', 'text', (column) => column.notNull())
    .addColumn('anchor', 'text', (column) => column.notNull())
    .addColumn('repeat', 'text', (column) => column.notNull())
    .addColumn('wish', 'text', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('schedules_request', ['platform', 'space', 'request'])
    .execute();
  await db.schema.createIndex('schedules_next').on('schedules').column('next_at').execute();
}
