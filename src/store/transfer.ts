import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Store } from './database.ts';
import type { Schema } from './schema.ts';
import { StoreError } from './store-error.ts';
import { tablesOf } from './tables.ts';
import { isPostgres } from './transact.ts';
import { withoutNul } from './without-nul.ts';

type Row = Record<string, unknown>;
type Any = Kysely<Record<string, Row>>;
type Trx = Transaction<Schema>;

/** What is in a table: how many rows, and the sum of their fingerprints (16 hexadecimal digits), whatever their order. */
export interface Content {
  table: string;
  rows: number;
  sum: string;
}

/** Rows read at once. */
const PAGE = 2_000;
/** Values in one statement: SQLite takes 32,766. */
const VALUES = 20_000;
const ALL_BITS = 2n ** 64n;
/** Others' rows point at theirs. */
const FIRST = ['quizzes', 'predictions'];

/** Every row and column of a store, table by table. One moment's, also while it is written to. */
export function contentOf(store: Store): Promise<Content[]> {
  return atOneMoment(store, async (trx) => {
    const contents: Content[] = [];
    for (const { name } of await tablesOf(trx)) {
      const content = newContent(name);
      for await (const rows of pagesOf(trx, name)) count(content, rows);
      contents.push(shown(content));
    }
    return contents;
  });
}

/**
 * Copies every row from one store to another, of whichever kind, in one transaction, and reads all of it back.
 * @returns what was copied
 * @throws StoreError where the other holds rows already, or what arrived is not what was sent: then it stays as it was
 */
export function copyStore(from: Store, to: Store): Promise<Content[]> {
  return atOneMoment(from, (source) =>
    to.db.transaction().execute(async (target) => {
      const tables = inOrder((await tablesOf(source)).map(({ name }) => name));
      const sent: Content[] = [];
      for (const table of tables) {
        for await (const _ of pagesOf(target, table))
          throw new StoreError(`${to.name} holds rows already (${table}); nothing was changed. Name an empty database.`);
        const content = newContent(table);
        for await (const rows of pagesOf(source, table)) {
          count(content, rows);
          await insert(target, table, rows);
        }
        sent.push(shown(content));
      }
      for (const content of sent) {
        const arrived = newContent(content.table);
        for await (const rows of pagesOf(target, content.table)) count(arrived, rows);
        const { rows, sum } = shown(arrived);
        if (rows !== content.rows || sum !== content.sum)
          throw new StoreError(
            `${content.table}: ${content.rows} rows were sent (${content.sum}) and ${rows} arrived (${sum}); nothing was changed.`,
          );
      }
      if (isPostgres(target)) await goOnCounting(target);
      return sent;
    }),
  );
}

/** Whose rows others point at come first. */
function inOrder(tables: readonly string[]): string[] {
  return [...FIRST.filter((name) => tables.includes(name)), ...tables.filter((name) => !FIRST.includes(name))];
}

function atOneMoment<T>({ db, kind }: Store, work: (trx: Trx) => Promise<T>): Promise<T> {
  const transaction = db.transaction();
  return (kind === 'postgres' ? transaction.setIsolationLevel('repeatable read') : transaction).execute(work);
}

/** A table's rows by their place on the disk, which both databases can go on from. */
async function* pagesOf(trx: Trx, table: string): AsyncGenerator<Row[]> {
  const place = isPostgres(trx) ? sql`ctid` : sql`rowid`;
  const kind = isPostgres(trx) ? sql`tid` : sql`integer`;
  let last: unknown;
  for (;;) {
    const after = last === undefined ? sql`` : sql`where ${place} > cast(${last} as ${kind})`;
    const { rows } = await sql<Row>`
      select ${place} as "$place", ${sql.table(table)}.* from ${sql.table(table)} ${after} order by ${place} limit ${sql.lit(PAGE)}
    `.execute(trx);
    if (rows.length === 0) return;
    last = rows.at(-1)!.$place;
    yield rows.map(({ $place: _, ...row }) => row);
    if (rows.length < PAGE) return;
  }
}

async function insert(trx: Trx, table: string, rows: readonly Row[]): Promise<void> {
  const many = Math.max(1, Math.floor(VALUES / Object.keys(rows[0]!).length));
  for (let from = 0; from < rows.length; from += many) {
    await (trx as unknown as Any)
      .insertInto(table)
      .values(rows.slice(from, from + many))
      .execute();
  }
}

/** Numbers that Postgres gives by itself go on after those that were copied. */
async function goOnCounting(trx: Trx): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and is_identity = 'YES'
  `.execute(trx);
  for (const { table, column } of rows) {
    const newest = sql`(select coalesce(max(${sql.ref(column)}), 0) + 1 from ${sql.table(table)})`;
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), ${newest}, false)`.execute(trx);
  }
}

interface Counted {
  table: string;
  rows: number;
  sum: bigint;
}

function newContent(table: string): Counted {
  return { table, rows: 0, sum: 0n };
}

function shown({ table, rows, sum }: Counted): Content {
  return { table, rows, sum: sum.toString(16).padStart(16, '0') };
}

function count(content: Counted, rows: readonly Row[]): void {
  for (const row of rows) {
    const values = Object.keys(row)
      .sort()
      .map((column) => [column, withoutNul(row[column])]);
    const hash = createHash('sha256').update(JSON.stringify(values)).digest();
    content.rows++;
    content.sum = (content.sum + hash.readBigUInt64BE()) % ALL_BITS;
  }
}
