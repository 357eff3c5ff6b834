import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import type { Store } from '../../src/store/database.ts';
import { tablesOf } from '../../src/store/tables.ts';

/** All that can be read of a store: every byte of a SQLite file and its log, every row of a Postgres. */
export async function everythingStored({ db, kind, name }: Store): Promise<string> {
  if (kind === 'sqlite') return [name, `${name}-wal`].map(bytesOf).join('');
  const texts: string[] = [];
  for (const table of await tablesOf(db)) {
    const { rows } = await sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(table.name)} t`.execute(db);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}

function bytesOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Rows of each table of this space, those with none left out. */
export async function rowsOfSpace({ db }: Store, space: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name, columns } of await tablesOf(db)) {
    if (!columns.includes('space')) continue;
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)} where space = ${space}`.execute(db);
    if (rows[0]!.n > 0) counts[name] = rows[0]!.n;
  }
  return counts;
}

/** From here on the database itself refuses new rows of a table, until the returned function is called. */
export async function refuseRows({ db, kind }: Store, table: string): Promise<() => Promise<void>> {
  if (kind === 'sqlite') {
    await sql`create trigger full before insert on ${sql.table(table)} begin select raise(abort, 'disk full'); end`.execute(db);
    return async () => void (await sql`drop trigger full`.execute(db));
  }
  await sql`alter table ${sql.table(table)} add constraint full_disk check (false) not valid`.execute(db);
  return async () => void (await sql`alter table ${sql.table(table)} drop constraint full_disk`.execute(db));
}
