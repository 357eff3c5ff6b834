import type { Kysely } from 'kysely';

/** What a space wrote itself, in all its versions; who may publish there; and spaces that the bot was removed from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('notes')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('locale', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('latest', 'integer', (column) => column.notNull())
    .addColumn('published', 'integer')
    .addColumn('withdrawn_at', 'bigint')
    .addPrimaryKeyConstraint('notes_key', ['platform', 'space', 'topic', 'kind', 'locale'])
    .execute();
  await db.schema
    .createTable('note_versions')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('locale', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('batch', 'text', (column) => column.notNull())
    .addColumn('author', 'text')
    .addColumn('author_name', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('published_at', 'bigint')
    .addColumn('reviewer', 'text')
    .addColumn('reviewed_by', 'text')
    .addColumn('said_by', 'text')
    .addColumn('said_name', 'text')
    .addColumn('said_url', 'text')
    .addColumn('consent', 'integer')
    .addPrimaryKeyConstraint('note_versions_key', ['platform', 'space', 'topic', 'kind', 'locale', 'version'])
    .execute();
  await db.schema.createIndex('note_versions_by_batch').on('note_versions').columns(['platform', 'space', 'batch']).execute();
  await db.schema
    .createTable('note_spaces')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('note_spaces_key', ['platform', 'space'])
    .execute();
  await db.schema
    .createTable('note_managers')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('note_managers_key', ['platform', 'space', 'kind', 'id'])
    .execute();
  await db.schema
    .createTable('left_spaces')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('left_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('left_spaces_key', ['platform', 'space'])
    .execute();
}
