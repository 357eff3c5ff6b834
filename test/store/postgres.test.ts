import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { troubleOf } from '../../src/core/trouble.ts';
import { appliedMigrations } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { rowsOf } from '../helpers/cluster.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres(['max_connections=20']);
});
afterAll(() => server.close());

it('makes the tables once, however many processes start at the same moment', async () => {
  const url = await server.database();
  const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgres(url, { connections: 2 })));
  expect(await appliedMigrations(stores[0]!.db)).toEqual(Object.keys(migrations));
  for (const store of stores) await store.close();
});

it('refuses a database of a newer version', async () => {
  const url = await server.database();
  await (await openPostgres(url)).close();
  const client = new Client(url);
  await client.connect();
  await client.query("insert into kysely_migration (name, timestamp) values ('999-later', '2030-01-01')");
  await client.end();
  await expect(openPostgres(url)).rejects.toThrow(/newer version of Gradient Tutor \(it knows 999-later/);
});

it('refuses a queue of a newer version, which the queue itself would pass over', async () => {
  const url = await server.withTables();
  const [row] = await rowsOf<{ version: number }>(url, 'update pgboss.version set version = version + 1 returning version::int');
  await expect(openPostgres(url)).rejects.toThrow(
    new RegExp(`newer version of Gradient Tutor \\(its tables are of version ${row!.version}`),
  );
  await rowsOf(url, 'update pgboss.version set version = version - 1');
  await (await openPostgres(url)).close();
});

it('lets everybody have a turn however many need a connection at once, and says that it is busy where that takes too long', async () => {
  const url = await server.withTables();
  const [patient, hasty] = await Promise.all([
    openPostgres(url, { connections: 3 }),
    openPostgres(url, { connections: 3, turnWithin: 400 }),
  ]);
  const work = (seconds: number, { db } = hasty) =>
    db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity where datname = current_database()`.execute(trx);
      await sql`select pg_sleep(${seconds})`.execute(trx);
      return rows[0]!.n;
    });
  const seen = await Promise.all(Array.from({ length: 100 }, () => work(0.001, patient)));
  // Those of the other store are there too.
  expect(Math.max(...seen)).toBeLessThanOrEqual(6);

  const long = Array.from({ length: 3 }, () => work(1.5));
  const late = await work(0).catch((error: unknown) => error);
  expect(troubleOf(late)).toBe('database-busy');
  await Promise.all(long);
  expect(await work(0)).toBeGreaterThan(0);
  for (const store of [patient, hasty]) await store.close();
});

it('waits while the server has no connection free, and says so after two seconds', async () => {
  const url = await server.withTables();
  const store = await openPostgres(url, { connections: 2 });
  const idle: Client[] = [];
  const take = async () => {
    for (;;) {
      const client = new Client(url);
      client.on('error', () => {});
      try {
        await client.connect();
      } catch {
        return;
      }
      idle.push(client);
    }
  };
  // Those of the store are closed, so that it needs new ones.
  await rowsOf(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await take();
  const ask = () => sql`select 1`.execute(store.db);
  const refused = await ask().catch((error: unknown) => error);
  expect(troubleOf(refused)).toBe('database-gone');
  const patient = ask();
  await idle.pop()!.end();
  await patient;
  for (const client of idle) await client.end();
  await store.close();
});

it('says what to do where nobody answers, and never the password', async () => {
  const refused = await openPostgres('postgres://me:secret@127.0.0.1:1/none').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreError);
  expect((refused as Error).message).toContain('DATABASE_URL');
  expect((refused as Error).message).not.toContain('secret');
});
