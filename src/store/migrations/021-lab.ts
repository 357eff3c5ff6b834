import { type Kysely, sql } from 'kysely';
import { isPostgres } from '../transact.ts';

/**
 * On a Postgres several processes share: runs of experiments that are asked for, who waits for them, and what was found.
 * In a schema of their own, since none of it is worth copying or keeping. One process with a file needs none.
 */
export async function up(db: Kysely<never>): Promise<void> {
  if (!isPostgres(db as never)) return;
  await sql`create schema lab`.execute(db);
  await sql`
    create table lab.runs (
      key text primary key, job uuid not null, task text not null, parts bigint not null, turn bigint not null,
      seq bigint generated always as identity, worker text, attempt bigint, until bigint
    )
  `.execute(db);
  await sql`create index runs_order on lab.runs (turn, seq) where worker is null`.execute(db);
  await sql`create index runs_worker on lab.runs (worker) where worker is not null`.execute(db);
  await sql`
    create table lab.asks (
      id text primary key, key text not null, owner text not null, parts bigint not null, turn bigint not null,
      process text not null, outcome text
    )
  `.execute(db);
  for (const column of ['key', 'owner', 'process'])
    await sql`create index ${sql.ref(`asks_${column}`)} on lab.asks (${sql.ref(column)})`.execute(db);
  await sql`
    create table lab.results (
      key text primary key, report text not null, bytes bigint not null, made_at bigint not null, used_at bigint not null
    )
  `.execute(db);
  await sql`create index results_used on lab.results (used_at)`.execute(db);
}
