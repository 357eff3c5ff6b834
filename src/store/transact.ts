import { PostgresAdapter, sql, type Transaction } from 'kysely';
import type { Db } from './database.ts';
import type { Schema } from './schema.ts';

type Trx = Transaction<Schema>;

/**
 * A transaction that reads before it writes. SQLite has one writer at a time; on Postgres those of the same `scope`
 * (a space, a person) go one after the other, in all processes.
 */
export function transact<T>(db: Db, scope: string, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await oneAtATime(trx, scope);
    return work(trx);
  });
}

/** Waits until no other transaction of this scope is under way. */
export async function oneAtATime(trx: Trx, scope: string): Promise<void> {
  if (isPostgres(trx)) await sql`select pg_advisory_xact_lock(hashtextextended(${scope}, 0))`.execute(trx);
}

/** Which of the two it is. */
export function isPostgres(db: Db): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/** The scope of a person, room or space. */
export function scopeOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
