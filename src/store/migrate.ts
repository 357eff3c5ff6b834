import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Db } from './database.ts';
import { migrations } from './migrations/index.ts';

/** Names of the migrations that a database has seen, in order; none where it is empty. */
export async function appliedMigrations(db: Db): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute();
  return rows.map((row) => row.name);
}

/** Of those, the ones of a newer version; a sentence for the host, or undefined. */
export function newerThanUs(applied: readonly string[], database: string, other: string): string | undefined {
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return undefined;
  return (
    `The database ${database} comes from a newer version of Gradient Tutor (it knows ${unknown.join(', ')}, this version ends with ${Object.keys(migrations).at(-1)}). ` +
    `Update the program (git pull, then npm start) or use another ${other}.`
  );
}

/** Whether an update is due of a database that is in use. */
export function isOutdated(applied: readonly string[]): boolean {
  return applied.length > 0 && applied.length < Object.keys(migrations).length;
}

/** Brings the tables up to date. On Postgres one process does and the others wait for it. @throws what went wrong. */
export async function migrateToLatest(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
