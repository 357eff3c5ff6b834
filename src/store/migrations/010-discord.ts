import type { Kysely } from 'kysely';

/** Replies of several pages, so that their page buttons work after a restart. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('discord_pages')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('reply', 'text', (column) => column.notNull())
    .addColumn('used_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('discord_pages_by_use').on('discord_pages').column('used_at').execute();
}
