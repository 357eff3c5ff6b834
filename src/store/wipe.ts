import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Takes what was deleted off the disk: deleted rows stay readable in the file and its log until both are written anew. */
export async function wipe(db: Db): Promise<void> {
  await sql`vacuum`.execute(db);
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
}
