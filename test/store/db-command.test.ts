import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store, sqliteOf } from '../../src/store/database.ts';
import { HOST_PASSWORD, isPassword } from '../../src/store/secrets.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;
let file: string;
let store: Store | undefined;

const db = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/db.ts', ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, DATABASE_FILE: file } });
const people = (path: string) => {
  const sqlite = new Database(path, { readonly: true });
  const rows = sqlite.prepare('select user_id from people order by user_id').all() as { user_id: string }[];
  sqlite.close();
  return rows.map(({ user_id }) => user_id);
};
const add = (user: string) =>
  store!.db.insertInto('people').values({ platform: 'web', space: 'local', user_id: user, name: user, hidden: 0 }).execute();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'db-'));
  file = join(folder, 'tutor.db');
  store = await openStore(file);
  await add('ana');
});
afterEach(async () => {
  await store?.close();
  store = undefined;
});

describe('npm run db', { timeout: 60_000 }, () => {
  it('copies a database that is open, with what is not in the file yet, and puts it back', async () => {
    const copy = join(folder, 'backups', 'one.db');
    expect(db('backup', copy)).toMatchObject({ status: 0, stderr: '' });
    expect(people(copy)).toEqual(['ana']);
    await add('ben');
    const live = db('restore', copy);
    expect([live.status, live.stderr]).toEqual([1, expect.stringMatching(/is in use\. Stop the bot first/)]);
    await store!.close();
    store = undefined;
    const before = readFileSync(copy);
    expect(db('restore', copy).stdout).toMatch(/is now [\s\S]*the old one is/);
    expect(readFileSync(copy).equals(before)).toBe(true);
    expect(people(file)).toEqual(['ana']);
    const aside = readdirSync(folder).find((name) => name.includes('.before-') && !/-(wal|shm)$/.test(name))!;
    expect(people(join(folder, aside))).toEqual(['ana', 'ben']);
    store = await openStore(file);
    expect(sqliteOf(store).pragma('synchronous', { simple: true })).toBe(2);
  });

  it('refuses to restore what is no database of ours, and leaves the present one alone', async () => {
    await store!.close();
    store = undefined;
    const before = readFileSync(file);
    const text = join(folder, 'text.db');
    writeFileSync(text, 'no database, but long enough to look like one to whoever does not look '.repeat(30));
    const newer = join(folder, 'newer.db');
    await (await openStore(newer)).close();
    const sqlite = new Database(newer);
    sqlite.exec("insert into kysely_migration (name, timestamp) values ('999-future', '2030')");
    sqlite.close();
    for (const [from, message] of [
      [text, /cannot be used/],
      [newer, /newer version/],
      [join(folder, 'absent.db'), /There is no database/],
    ] as const) {
      const refused = db('restore', from);
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringMatching(message)]);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('before') || /tutor\.db\.\d/.test(name))).toEqual([]);
  });

  it('refuses a backup that was not written to its end, and names the newest whole one', async () => {
    await store!.close();
    store = undefined;
    const before = readFileSync(file);
    const half = join(folder, 'half.db');
    writeFileSync(half, '');
    expect(db('restore', half).stderr).toMatch(/is cut off[\s\S]*There is no whole backup/);
    const backups = join(folder, 'backups');
    const named = (day: number) => join(backups, `tutor-2026-11-0${day}T00-00-00Z.db`);
    expect(db('backup', named(1)).status).toBe(0);
    const whole = readFileSync(named(1));
    writeFileSync(named(2), whole.subarray(0, whole.length - 4_096));
    // SQLite itself reads what lacks less than a page, and makes a new database of an empty file.
    for (const bytes of [0, whole.length >> 1, whole.length - 1]) {
      writeFileSync(half, whole.subarray(0, bytes));
      const refused = db('restore', half);
      expect([bytes, refused.status, refused.stderr]).toEqual([bytes, 1, expect.stringContaining(`npm run db -- restore ${named(1)}`)]);
    }
    const foreign = new Database(named(3));
    foreign.exec('create table theirs (x)');
    foreign.close();
    expect(db('restore', named(3)).stderr).toMatch(/is no database of Gradient Tutor/);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['backups', 'half.db', 'tutor.db']);
    expect(db('restore', named(1)).status).toBe(0);
    expect(people(file)).toEqual(['ana']);
  });

  it('checks and cleans a database that is open', async () => {
    expect(db('check')).toMatchObject({ status: 0, stdout: expect.stringMatching(/people 1[\s\S]*\nok\n$/) });
    await store!.db.transaction().execute(async (trx) => {
      for (let i = 0; i < 3_000; i++) {
        await trx
          .insertInto('people')
          .values({ platform: 'web', space: 'local', user_id: `u${i}`, name: 'x'.repeat(300), hidden: 0 })
          .execute();
      }
    });
    await store!.db.deleteFrom('people').where('user_id', '!=', 'ana').execute();
    expect(db('vacuum').stdout).toMatch(/kB before, \d{2,3} kB now/);
    expect(await store!.db.selectFrom('people').select('user_id').execute()).toEqual([{ user_id: 'ana' }]);
  });

  it('makes a new host’s password while the bot runs, prints it once, and stores none', async () => {
    const said = db('host-password');
    expect(said.status).toBe(0);
    const password = /is now ([\w-]{19});/.exec(said.stdout)![1]!;
    expect(await isPassword(store!.db, HOST_PASSWORD, password)).toBe(true);
    expect(await isPassword(store!.db, HOST_PASSWORD, `${password}x`)).toBe(false);
    expect(db('host-password').stdout).not.toContain(password);
    expect(await isPassword(store!.db, HOST_PASSWORD, password)).toBe(false);
  });

  it('says when rows do not fit together, and prints help for the rest', async () => {
    sqliteOf(store!).pragma('foreign_keys = OFF');
    sqliteOf(store!).exec("insert into quiz_posts values ('gone', 'lobby', '{}')");
    const broken = db('check');
    expect([broken.status, broken.stdout]).toEqual([1, expect.stringMatching(/a row of quiz_posts points at a missing row of quizzes/)]);
    expect(db('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/vacuum/) });
    for (const args of [[], ['backup'], ['check', 'x'], ['nonsense']]) expect(db(...args).status, args.join()).toBe(1);
    file = join(folder, 'absent', 'tutor.db');
    expect(db('check').stderr).toMatch(/There is no database/);
    expect(existsSync(file)).toBe(false);
  });
});
