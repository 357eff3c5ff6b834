import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;

export interface Store {
  db: Db;
  /** The connection under Kysely, for backups and the search index. */
  sqlite: Database.Database;
  file: string;
  close(): Promise<void>;
}

/** The database cannot be used; the message is for the host and names the file and the fix. */
export class StoreError extends Error {
  override name = 'StoreError';
}

/**
 * Opens the SQLite file (`:memory:` in tests) and brings it to the current schema.
 * @throws StoreError when the file is not a database, is damaged, cannot be written, or comes from a newer version.
 */
export async function openStore(file: string): Promise<Store> {
  const sqlite = openFile(file);
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite }) });
  try {
    await migrate(db, file);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, sqlite, file, close: () => db.destroy() };
}

function openFile(file: string): Database.Database {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    const sqlite = new Database(file);
    sqlite.pragma('journal_mode = WAL');
    // better-sqlite3 is compiled so that reopening a WAL file drops to NORMAL, which loses commits with the power.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('busy_timeout = 5000');
    const verdict = sqlite.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok') throw new Error(String(verdict));
    return sqlite;
  } catch (cause) {
    throw new StoreError(
      `The database ${file} cannot be used: ${(cause as Error).message}. ` +
        'Nothing was changed. Move the file away to start afresh, or restore a backup with: npm run db -- restore FILE',
      { cause },
    );
  }
}

async function migrate(db: Db, file: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const applied = await appliedMigrations(db);
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) {
    throw new StoreError(
      `The database ${file} comes from a newer version of Gradient Tutor (it knows ${unknown.join(', ')}, this version ends with ${Object.keys(migrations).at(-1)}). ` +
        'Update the program (git pull, then npm start) or use another DATABASE_FILE.',
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error)
    throw new StoreError(`The database ${file} could not be brought up to date: ${String(error)}`, {
      cause: error,
    });
}

async function appliedMigrations(db: Db): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map((row) => row.name);
}
