import { type Kysely, sql } from 'kysely';

/** Spaced repetition: cards, an append-only log of graded answers, open reviews, ratings, personal settings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cards')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('question_id', 'text', (c) => c.notNull())
    .addColumn('due', 'bigint', (c) => c.notNull())
    .addColumn('rating', 'integer', (c) => c.notNull())
    .addColumn('card', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('cards_pk', ['platform', 'space', 'user_id', 'question_id'])
    .execute();

  await db.schema
    .createTable('review_log')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('question_id', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('rating', 'integer', (c) => c.notNull())
    .addColumn('credit', 'real', (c) => c.notNull())
    .addColumn('first', 'integer', (c) => c.notNull())
    .addColumn('given', 'text')
    .addColumn('log', 'text', (c) => c.notNull())
    // One graded answer has one entry, however often it is delivered.
    .addPrimaryKeyConstraint('review_log_pk', ['platform', 'space', 'user_id', 'source'])
    .execute();
  await db.schema.createIndex('review_log_items').on('review_log').columns(['first', 'question_id']).execute();

  await db.schema
    .createTable('review_turns')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('question_id', 'text', (c) => c.notNull())
    .addColumn('instance', 'text', (c) => c.notNull())
    .addColumn('picked', 'text')
    .addColumn('delivery', 'text')
    .addColumn('hinted', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('opened_at', 'bigint', (c) => c.notNull())
    .addColumn('answered_at', 'bigint')
    .execute();
  // One open review a person, also when two devices ask at the same moment.
  await sql`create unique index review_turns_open on review_turns (platform, space, user_id) where answered_at is null`.execute(db);

  await db.schema
    .createTable('learners')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('zone', 'text')
    .addColumn('locale', 'text')
    .addColumn('remind_hour', 'integer')
    .addColumn('reminded_day', 'text')
    .addColumn('refused_at', 'bigint')
    .addPrimaryKeyConstraint('learners_pk', ['platform', 'space', 'user_id'])
    .execute();

  await db.schema
    .createTable('abilities')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('ability', 'real', (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('abilities_pk', ['platform', 'space', 'user_id'])
    .execute();

  await db.schema
    .createTable('item_ratings')
    .addColumn('question_id', 'text', (c) => c.primaryKey())
    .addColumn('difficulty', 'real', (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .execute();
}
