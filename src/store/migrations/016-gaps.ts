import type { Kysely } from 'kysely';

/** What a space could not answer, what its people thought of answers, and its weekly digest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const here = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('platform', 'text', (column) => column.notNull())
      .addColumn('space', 'text', (column) => column.notNull());
  await here('space_settings')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('space_settings_key', ['platform', 'space', 'name'])
    .execute();
  await here('gaps')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('family', 'integer', (column) => column.notNull())
    .addColumn('question', 'text', (column) => column.notNull())
    .addColumn('locale', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('missing', 'text')
    .addColumn('asker', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('closed', 'text')
    .execute();
  await db.schema.createIndex('gaps_by_family').on('gaps').columns(['platform', 'space', 'family']).execute();
  await db.schema.createIndex('gaps_by_age').on('gaps').columns(['at']).execute();
  await db.schema.createIndex('gaps_by_asker').on('gaps').columns(['asker']).execute();
  await here('answer_votes')
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('vote', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('answer_votes_key', ['platform', 'space', 'topic', 'unit', 'user_id'])
    .execute();
  await here('answer_reviews')
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('answer_reviews_key', ['platform', 'space', 'topic', 'unit'])
    .execute();
  await here('space_days')
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('asked', 'integer', (column) => column.notNull())
    .addColumn('answered', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('space_days_key', ['platform', 'space', 'day'])
    .execute();
  await here('digests')
    .addColumn('week', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('digests_key', ['platform', 'space', 'week'])
    .execute();
}
