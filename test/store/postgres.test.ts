import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StoreError } from '../../src/store/database.ts';
import { appliedMigrations } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
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

it('says what to do where nobody answers, and never the password', async () => {
  const refused = await openPostgres('postgres://me:secret@127.0.0.1:1/none').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreError);
  expect((refused as Error).message).toContain('DATABASE_URL');
  expect((refused as Error).message).not.toContain('secret');
});
