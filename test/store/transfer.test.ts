import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/store/database.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { contentOf } from '../../src/store/transfer.ts';
import { type Game, openGame } from '../helpers/game.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { buttonsOf } from '../helpers/room.ts';

const root = join(import.meta.dirname, '../..');
let server: TestPostgres;
let game: Game;
beforeAll(async () => {
  server = await startPostgres();
  game = await openGame();
});
afterAll(async () => {
  await game.close();
  await server.close();
});

const db = (env: Record<string, string>, ...args: string[]) =>
  spawnSync(process.execPath, ['scripts/db.ts', ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });

it('copies a file of a played evening to Postgres and back, row by row the same, and only into what is empty', async () => {
  const room = await game.begin('single');
  for (const user of ['ana', 'ben\0']) await room.press(user, buttonsOf(room.posts.at(-1)!.reply)[0]!.id);
  await game.turn(60);
  await room.say('ana', '/lang zh');
  const { store } = game.program.services;
  const played = await contentOf(store);
  expect(played.filter(({ rows }) => rows > 0).length).toBeGreaterThan(8);
  const url = await server.database();
  const there = db({ DATABASE_FILE: store.name }, 'copy', '--to', url);
  expect([there.stderr, there.status]).toEqual(['', 0]);
  expect(there.stdout).not.toContain(':test@');
  const postgres = await openPostgres(url);
  expect(await contentOf(postgres)).toEqual(played);
  // Numbers that the database gives go on after those that were copied.
  const gap = { platform: 'web', space: 's', family: 0, question: 'q', locale: 'en', reason: 'unanswered' as const, asker: 'a', at: 1 };
  const gaps = await postgres.db.selectFrom('gaps').select('id').execute();
  const { id } = await postgres.db
    .insertInto('gaps')
    .values({ ...gap, missing: null, closed: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  expect(id).toBe(Math.max(0, ...gaps.map((row) => row.id)) + 1);
  await postgres.db.deleteFrom('gaps').where('id', '=', id).execute();
  expect(db({ DATABASE_FILE: store.name }, 'copy', '--to', url).stderr).toMatch(/holds rows already .*nothing was changed/);
  const file = join(mkdtempSync(join(tmpdir(), 'back-')), 'tutor.db');
  // Its processes have to be stopped first.
  expect(db({ DATABASE_URL: url }, 'copy', '--to', file).stderr).toMatch(/is in use\. Stop the bot first/);
  await postgres.close();
  const back = db({ DATABASE_URL: url }, 'copy', '--to', file);
  expect([back.stderr, back.status]).toEqual(['', 0]);
  const returned = await openStore(file);
  expect(await contentOf(returned)).toEqual(played);
  await returned.close();
  expect(db({ DATABASE_URL: url }, 'check').stdout).toMatch(/ok/);
  expect(db({ DATABASE_URL: url }, 'backup', file).stderr).toContain('pg_dump');
});
