import type { Kysely } from 'kysely';

/** Messages that say that work goes on, and threads that hold an answer of ours. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('under_way')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('locale', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('under_way_key', ['platform', 'space', 'room', 'message'])
    .execute();
  await db.schema
    .createTable('answered_threads')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('thread', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('answered_threads_key', ['platform', 'space', 'room', 'thread'])
    .execute();
  await db.schema.createIndex('answered_threads_by_age').on('answered_threads').column('at').execute();
}
