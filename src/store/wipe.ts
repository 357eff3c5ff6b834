import { sql } from 'kysely';
import type { Db } from './database.ts';
import { isPostgres } from './transact.ts';

/**
 * Takes what was deleted off the disk: deleted rows stay readable in SQLite's file and its log until both are written
 * anew. Postgres does that by itself (autovacuum) and cannot be made to by one of many processes without stopping all.
 */
export async function wipe(db: Db): Promise<void> {
  if (isPostgres(db)) return;
  await sql`vacuum`.execute(db);
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
}
