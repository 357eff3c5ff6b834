import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { copyDatabase, stampOf } from './copy.ts';
import { appliedMigrations, isOutdated, migrateToLatest, newerThanUs } from './migrate.ts';
import { BUSY_PATIENCE, PatientDialect } from './patient-dialect.ts';
import type { Schema } from './schema.ts';
import { mendingOf, StoreError } from './store-error.ts';

export type Db = Kysely<Schema>;

interface AnyStore {
  db: Db;
  /** What the host calls it: the file, or the address without its password. */
  name: string;
  /** A folder on the disk that fills up first, as far as this process can see it. */
  folder: string;
  close(): Promise<void>;
}

export interface SqliteStore extends AnyStore {
  kind: 'sqlite';
  /** The connection under Kysely, for backups. */
  sqlite: Database.Database;
}

export interface PostgresStore extends AnyStore {
  kind: 'postgres';
  /** The same address with the password, for connections of their own. */
  url: string;
  /** The connections under Kysely, for the queue. */
  pool: Pool;
}

/** One file of one process, or a Postgres of many. Everything but their care asks `db` and need not know which. */
export type Store = SqliteStore | PostgresStore;

/** The connection under Kysely. @throws Error for a Postgres, which has none. */
export function sqliteOf(store: Store): Database.Database {
  if (store.kind !== 'sqlite') throw new Error(`${store.name} is no SQLite file`);
  return store.sqlite;
}

export interface OpenOptions {
  /** Where a copy is put before the tables are changed; beside the database where not given, nowhere where null. */
  backups?: string | null;
  /** Told how long each commit took, in milliseconds. */
  onCommit?: (ms: number) => void;
}

/**
 * Opens the SQLite file (`:memory:` in tests) and brings it to the current schema, after a copy of the old one.
 * @throws StoreError when the file is not a database, is damaged, cannot be written, or comes from a newer version.
 */
export async function openStore(file: string, { backups, onCommit }: OpenOptions = {}): Promise<SqliteStore> {
  const sqlite = openFile(file);
  const db = new Kysely<Schema>({ dialect: new PatientDialect({ database: sqlite, ...(onCommit && { onCommit }) }) });
  const copies = backups === null || file === ':memory:' ? undefined : (backups ?? join(dirname(file), 'backups'));
  try {
    await migrate(db, file, async (newest) => {
      const copy = copies && join(copies, `before-update-${newest}-${stampOf(Date.now())}.db`);
      if (copy) await copyDatabase(sqlite, copy);
      return copy;
    });
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { kind: 'sqlite', db, sqlite, name: file, folder: file === ':memory:' ? '.' : dirname(file), close: () => db.destroy() };
}

function openFile(file: string): Database.Database {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    const sqlite = new Database(file, { timeout: BUSY_PATIENCE });
    sqlite.pragma('journal_mode = WAL');
    // better-sqlite3 is compiled so that reopening a WAL file drops to NORMAL, which loses commits with the power.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    // From here on, waiting for another program's lock is the dialect's, which does not stop the process.
    sqlite.pragma('busy_timeout = 0');
    const verdict = sqlite.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok') throw new Error(String(verdict));
    return sqlite;
  } catch (cause) {
    throw new StoreError(`The database ${file} cannot be used: ${(cause as Error).message}. Nothing was changed. ${mending(cause, file)}`, {
      cause,
    });
  }
}

/** A file is only ever to be moved away when it is not a whole database. */
function mending(cause: unknown, file: string): string {
  return mendingOf(cause, file) ?? 'Move the file away to start afresh, or restore a backup with: npm run db -- restore FILE';
}

async function migrate(db: Db, file: string, beforeUpdate: (newest: string) => Promise<string | undefined>): Promise<void> {
  const applied = await appliedMigrations(db);
  const newer = newerThanUs(applied, file, 'DATABASE_FILE');
  if (newer) throw new StoreError(newer);
  let copy: string | undefined;
  try {
    if (isOutdated(applied)) copy = await beforeUpdate(applied.at(-1)!);
    await migrateToLatest(db);
  } catch (cause) {
    const mend = mendingOf(cause, file);
    throw new StoreError(
      `The database ${file} could not be brought up to date: ${String(cause)}.` +
        (mend ? ` ${mend}` : '') +
        (copy ? ` As it was before: ${copy} (npm run db -- restore FILE).` : ' Nothing was changed.'),
      { cause },
    );
  }
}
