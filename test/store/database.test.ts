import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/database.ts';
import { StoreError } from '../../src/store/store-error.ts';

const file = () => join(mkdtempSync(join(tmpdir(), 'store-')), 'sub', 'tutor.db');

it('makes the file, with full durability at every opening', async () => {
  const path = file();
  for (let opening = 0; opening < 2; opening++) {
    const store = await openStore(path);
    expect(store.sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(store.sqlite.pragma('synchronous', { simple: true })).toBe(2);
    await store.close();
  }
});

it('refuses a damaged file without touching it', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'store-')), 'tutor.db');
  writeFileSync(path, 'this is not a database, but a text that is long enough to look like one'.repeat(40));
  const before = readFileSync(path, 'utf8');
  await expect(openStore(path)).rejects.toThrow(StoreError);
  await expect(openStore(path)).rejects.toThrow(/cannot be used[\s\S]*Move the file away/);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

it('refuses a file from a newer version', async () => {
  const path = file();
  await (await openStore(path)).close();
  const raw = new Database(path);
  raw.prepare("insert into kysely_migration (name, timestamp) values ('999-future', '2030')").run();
  raw.close();
  await expect(openStore(path)).rejects.toThrow(/newer version[\s\S]*999-future/);
});
