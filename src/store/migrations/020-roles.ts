import type { Kysely } from 'kysely';

/** What processes of several roles share on a Postgres. Empty in a SQLite file, which one process has for itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('gateway_shards')
    .addColumn('shard', 'integer', (column) => column.primaryKey())
    .addColumn('worker', 'text')
    .execute();
  await db.schema
    .createTable('gateway_identifies')
    .addColumn('bucket', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('deliveries')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('worker', 'text', (column) => column.notNull())
    .addColumn('done', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('deliveries_pk', ['platform', 'id'])
    .execute();
  await db.schema.createIndex('deliveries_at').on('deliveries').columns(['at']).execute();
  await db.schema
    .createTable('discord_forms')
    .addColumn('button', 'text', (column) => column.primaryKey())
    .addColumn('form', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  for (const table of ['under_way', 'schedules', 'predictions']) await db.schema.alterTable(table).addColumn('worker', 'text').execute();
}
