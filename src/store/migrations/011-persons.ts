import { type Kysely, sql } from 'kysely';

/**
 * People of the playground become secrets of their browsers, names become labels. Accounts of several platforms can
 * be one person. What was kept under a mere name stays there until somebody claims it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('secrets')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('web_people')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_key', 'text', (c) => c.notNull().unique())
    .addColumn('label_key', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('web_people_label').on('web_people').column('label_key').execute();

  await db.schema
    .createTable('web_sessions')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('person', 'text')
    .addColumn('access', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('host_until', 'bigint')
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('web_sessions_person').on('web_sessions').column('person').execute();
  await db.schema.createIndex('web_sessions_seen').on('web_sessions').column('seen_at').execute();

  await db.schema
    .createTable('web_old_names')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('claimed_by', 'text')
    .execute();
  await sql`
    insert into web_old_names (name)
    select user_id from people where platform = 'web'
    union select user_id from cards where platform = 'web'
    union select user_id from review_log where platform = 'web'
    union select user_id from learners where platform = 'web'
    union select user_id from abilities where platform = 'web'
    union select user_id from score_sums where platform = 'web'
    union select user_id from prediction_votes where platform = 'web'
    union select id from locales where platform = 'web' and kind = 'user'
    union select author_id from web_messages where bot = 0
    union select audience from web_messages where audience is not null
    union select user_id from answers where quiz_id in (select id from quizzes where platform = 'web')
  `.execute(db);

  await db.schema
    .createTable('accounts')
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('person_platform', 'text', (c) => c.notNull())
    .addColumn('person_space', 'text', (c) => c.notNull())
    .addColumn('person_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('accounts_pk', ['platform', 'space', 'user_id'])
    .execute();
  await db.schema.createIndex('accounts_person').on('accounts').columns(['person_platform', 'person_space', 'person_id']).execute();

  await db.schema
    .createTable('link_codes')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('space', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('link_codes_account', ['platform', 'space', 'user_id'])
    .execute();

  await db.schema.alterTable('learners').addColumn('via', 'text').execute();
}
