import { Kysely, sql } from 'kysely';
import type { Pool } from 'pg';
import { troubleOf } from '../../core/trouble.ts';
import type { Db, PostgresStore } from '../database.ts';
import { appliedMigrations, migrateToLatest, newerThanUs } from '../migrate.ts';
import type { Schema } from '../schema.ts';
import { StoreError } from '../store-error.ts';
import { createPool, type PostgresOptions, TutorPostgresDialect } from './dialect.ts';
import { migrateQueue, newerQueue } from './queue.ts';

export type OpenPostgresOptions = Partial<Omit<PostgresOptions, 'url'>>;

/** How our connections are called in pg_stat_activity. */
export const APPLICATION = 'gradient-tutor';
/** Connections of a process where nothing else is said; Postgres has 100 for all. */
export const CONNECTIONS = 10;

/**
 * Connects to a Postgres and brings its tables to the current schema. One process does that, under a lock; others that
 * start meanwhile wait.
 * @throws StoreError when it cannot be reached, or comes from a newer version.
 */
export async function openPostgres(url: string, options: OpenPostgresOptions = {}): Promise<PostgresStore> {
  const { connections = CONNECTIONS, onBroken = () => {}, name = APPLICATION } = options;
  const pool = createPool({ url, connections, onBroken, name });
  const db = new Kysely<Schema>({ dialect: new TutorPostgresDialect(pool, options) });
  const shown = withoutPassword(url);
  try {
    const newer = newerThanUs(await appliedMigrations(db), shown, 'DATABASE_URL') ?? (await newerQueue(pool, shown));
    if (newer) throw new StoreError(newer);
    await migrateOneAtATime(db, pool);
  } catch (cause) {
    await db.destroy();
    if (cause instanceof StoreError) throw cause;
    const gone = troubleOf(cause) === 'database-gone' || /^(28|3D)/.test(String((cause as { code?: unknown }).code));
    throw new StoreError(
      gone
        ? `The database ${shown} cannot be reached: ${(cause as Error).message}. Is Postgres running there, and are name, password and database of DATABASE_URL right?`
        : `The database ${shown} could not be brought up to date: ${String(cause)}. Nothing was changed.`,
      { cause },
    );
  }
  return { kind: 'postgres', db, pool, url, name: shown, folder: '.', close: () => db.destroy() };
}

/** Our tables, then the queue's, under one lock: they belong together. */
async function migrateOneAtATime(db: Db, pool: Pool): Promise<void> {
  await db.connection().execute(async (holder) => {
    await sql`select pg_advisory_lock(hashtextextended('gradient-tutor/migrate', 0))`.execute(holder);
    try {
      await migrateToLatest(db);
      await migrateQueue(pool);
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended('gradient-tutor/migrate', 0))`.execute(holder);
    }
  });
}

/** An address as it may stand in a log. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}
