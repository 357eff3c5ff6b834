import type { Kysely } from 'kysely';

/** The playground's messages; the other platforms keep theirs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('web_messages')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull().unique())
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('author_name', 'text', (column) => column.notNull())
    .addColumn('bot', 'integer', (column) => column.notNull())
    .addColumn('audience', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('web_messages_by_room').on('web_messages').columns(['room', 'revision']).execute();
}
