import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/database.ts';
import { migrations } from '../../src/store/migrations/index.ts';

const names = Object.keys(migrations);

/** A database as the program left it when `last` was its newest migration, with a row in each of its oldest tables. */
async function databaseOf(last: string): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'migrate-')), 'tutor.db');
  const sqlite = new Database(file);
  sqlite.pragma('journal_mode = WAL');
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateTo(last);
  if (error) throw error;
  sqlite.exec("insert into locales values ('web', 'local', 'user', 'ana', 'zh')");
  if (names.indexOf(last) >= names.indexOf('004-quiz')) {
    sqlite.exec(`
      insert into quizzes (id, platform, space, room, request, settings, phase, created_at, finished_at) values ('q1', 'web', 'local', 'lab', 'r1', '{}', 'ended', 1, 2);
      insert into quiz_questions (quiz_id, position, question_id, topic, instance) values ('q1', 0, 'batch-size.variance', 'batch-size', '{"order":[0]}');
      insert into quiz_events values ('q1', 0, null, '{"type":"begin"}');
      insert into people values ('web', 'local', 'ana', 'Ana', 0);
      insert into answers values ('q1', 0, 'ana', '{"picked":[0]}', 1, 1000, 5)`);
  }
  if (names.indexOf(last) >= names.indexOf('004-quiz') && names.indexOf(last) < names.indexOf('006-seasons')) {
    sqlite.exec("insert into score_days values ('web', 'local', 'lab', '2026-11-24', 'ana', 'batch-size', 1000, 1, 1)");
  }
  if (names.indexOf(last) >= names.indexOf('007-learn')) {
    sqlite.exec(`
      insert into cards values ('web', 'local', 'ana', 'batch-size.variance', 9, 3, '{"stability":2}');
      insert into review_log values ('web', 'local', 'ana', 'quiz/q1/0', 'batch-size.variance', 5, 3, 1, 1, null, '{}');
      insert into learners (platform, space, user_id, zone, remind_hour) values ('web', 'local', 'ana', 'Asia/Shanghai', 9)`);
  }
  await db.destroy();
  return file;
}

it.each(names)('brings a database of %s up to date, with all that is in it', async (last) => {
  const store = await openStore(await databaseOf(last));
  const applied = store.sqlite.prepare('select name from kysely_migration order by name').all() as { name: string }[];
  expect(applied.map(({ name }) => name)).toEqual(names);
  expect(await store.db.selectFrom('locales').selectAll().execute()).toHaveLength(1);
  const quizzes = await store.db.selectFrom('quizzes').selectAll().execute();
  if (names.indexOf(last) >= names.indexOf('004-quiz')) {
    expect(quizzes).toMatchObject([{ id: 'q1', request: 'r1', finished_at: 2 }]);
    expect(await store.db.selectFrom('answers').selectAll().execute()).toMatchObject([{ user_id: 'ana', credit: 1, points: 1000 }]);
    expect(await store.db.selectFrom('people').select('name').execute()).toEqual([{ name: 'Ana' }]);
  } else expect(quizzes).toEqual([]);
  if (names.indexOf(last) >= names.indexOf('007-learn')) {
    const card = { user_id: 'ana', question_id: 'batch-size.variance', due: 9, rating: 3, card: '{"stability":2}' };
    expect(await store.db.selectFrom('cards').selectAll().execute()).toMatchObject([card]);
    expect(await store.db.selectFrom('review_log').selectAll().execute()).toMatchObject([{ source: 'quiz/q1/0', at: 5, credit: 1 }]);
    expect(await store.db.selectFrom('learners').selectAll().execute()).toMatchObject([{ zone: 'Asia/Shanghai', remind_hour: 9 }]);
  }
  expect(store.sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(store.sqlite.pragma('foreign_key_check')).toEqual([]);
  await store.close();
});

it('keeps the points of the days when leaderboards became sums', async () => {
  const store = await openStore(await databaseOf('005-web'));
  const sums = await store.db.selectFrom('score_sums').selectAll().where('period', '=', 'all').execute();
  expect(sums.map(({ room, topic, points }) => [room, topic, points]).sort()).toEqual([
    ['', '', 1000],
    ['', 'batch-size', 1000],
    ['lab', '', 1000],
    ['lab', 'batch-size', 1000],
  ]);
  await store.close();
});

it('npm run upgrade: --check tries it on a copy, then it is done, and the old one is kept', { timeout: 60_000 }, async () => {
  const file = await databaseOf('006-seasons');
  const upgrade = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/upgrade.ts', ...args], { encoding: 'utf8', env: { ...process.env, DATABASE_FILE: file } });
  const newest = () => {
    const sqlite = new Database(file, { readonly: true });
    const { name } = sqlite.prepare('select max(name) as name from kysely_migration').get() as { name: string };
    sqlite.close();
    return name;
  };
  const tried = upgrade('--check');
  expect(tried).toMatchObject({ status: 0, stderr: '' });
  expect(tried.stdout).toContain(`To do: ${names.slice(names.indexOf('006-seasons') + 1).join(', ')}`);
  expect(tried.stdout).toContain('Nothing was changed');
  expect(newest()).toBe('006-seasons');
  expect(upgrade()).toMatchObject({ status: 0, stderr: '' });
  expect(newest()).toBe(names.at(-1));
  expect(readdirSync(join(dirname(file), 'backups'))).toEqual([expect.stringMatching(/^before-update-006-seasons-.*\.db$/)]);
  expect(upgrade('--check').stdout).toContain('It is up to date.');
});
