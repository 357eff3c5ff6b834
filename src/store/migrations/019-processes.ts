import type { Kysely } from 'kysely';

/** On a Postgres several processes share: which are alive, and which of them shows a quiz. Empty in a SQLite file. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('processes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('about', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.alterTable('quizzes').addColumn('worker', 'text').execute();
  await db.schema.createIndex('quizzes_worker').on('quizzes').columns(['worker']).execute();
}
