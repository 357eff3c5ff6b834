import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/core/reply.ts';
import type { Request } from '../../src/core/request.ts';
import { troubleOf } from '../../src/core/trouble.ts';
import { ENOUGH_DISK, lookWhetherReady } from '../../src/ops/readiness.ts';
import { openStore, sqliteOf } from '../../src/store/database.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { createManualClock, type ManualClock } from '../helpers/clock.ts';
import { type Program, startProgram } from '../helpers/playground.ts';

let folder: string;
let program: Program;
let logged: { msg: string; trouble?: string }[];
let clock: ManualClock;
let asked = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trouble-'));
  logged = [];
  const log = pino({ level: 'info', base: null }, { write: (line) => void logged.push(JSON.parse(line)) });
  clock = createManualClock(Date.now());
  program = await startProgram({ folder, log, clock });
});
afterEach(() => program.close());

const request = (command: string, options: Record<string, string> = {}): Request => ({
  id: `r${++asked}`,
  platform: 'terminal',
  space: 'local',
  room: 'main',
  user: { id: 'ada', name: 'Ada', admin: true },
  command,
  options,
  receivedAt: Date.now(),
});
const say = (command: string, options?: Record<string, string>) => program.dispatch(request(command, options));
const code = ({ result }: Reply) => (result as { code?: string } | undefined)?.code;
const ready = () =>
  lookWhetherReady({ store: program.services.store, topics: () => 1, platforms: () => ({}), freeBytes: async () => ENOUGH_DISK });

describe('a database that cannot be written', () => {
  it('full disk: each person hears it, the log once, and all goes on when there is room', async () => {
    const sqlite = sqliteOf(program.services.store);
    sqlite.pragma(`max_page_count = ${sqlite.pragma('page_count', { simple: true })}`);
    // Rows still find room on pages that are there.
    const replies: Reply[] = [];
    for (let person = 0; replies.length < 2 && person < 2_000; person++) {
      const reply = await program.dispatch({ ...request('lang', { language: 'en' }), user: { id: `u${person}`, name: 'U' } });
      if (code(reply)) replies.push(reply);
    }
    expect(replies.map(code)).toEqual(['disk-full', 'disk-full']);
    expect(logged.filter(({ trouble }) => trouble === 'disk-full')).toHaveLength(1);
    // Reading goes on.
    expect(code(await say('explain', { topic: 'dropout' }))).toBeUndefined();
    sqlite.pragma('max_page_count = 1000000');
    const again = () => logged.filter(({ msg }) => /can be written again/.test(msg));
    expect(code(await say('lang', { language: 'en' }))).toBeUndefined();
    // One that found room is not enough: others may fail in the same second.
    expect(again()).toEqual([]);
    clock.set(clock.now() + 6_000);
    expect(code(await say('lang', { language: 'zh' }))).toBeUndefined();
    expect(again()).toHaveLength(1);
  });

  it('full disk within a transaction, which SQLite takes back by itself: told as a full disk, with nothing of it kept', async () => {
    const { db } = program.services.store;
    const sqlite = sqliteOf(program.services.store);
    sqlite.pragma(`max_page_count = ${sqlite.pragma('page_count', { simple: true })}`);
    const many = db.transaction().execute(async (trx) => {
      for (let n = 0; n < 5_000; n++)
        await trx
          .insertInto('locales')
          .values({ platform: 'web', space: 'local', kind: 'user', id: `${n}`, locale: 'zh' })
          .execute();
    });
    expect(troubleOf(await many.catch((error: unknown) => error))).toBe('disk-full');
    sqlite.pragma('max_page_count = 1000000');
    expect(await db.selectFrom('locales').selectAll().execute()).toEqual([]);
  });

  it('what changes no row does not tell that there is room again', async () => {
    expect(program.services.trouble.told(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }))).toBeDefined();
    clock.set(clock.now() + 6_000);
    await program.services.store.db.deleteFrom('locales').where('id', '=', 'nobody').execute();
    await program.services.store.db.transaction().execute((trx) => trx.selectFrom('locales').selectAll().execute());
    expect(program.services.trouble.state()).toBeDefined();
    expect(code(await say('lang', { language: 'en' }))).toBeUndefined();
    expect(program.services.trouble.state()).toBeUndefined();
  });

  it('read-only: told as such, and not ready', async () => {
    const sqlite = sqliteOf(program.services.store);
    expect(await ready()).toEqual({ ready: true, reasons: [] });
    sqlite.pragma('query_only = on');
    expect(code(await say('lang', { language: 'en' }))).toBe('disk-read-only');
    // What the notes say goes on, also where they say nothing.
    expect((await say('ask', { question: 'what is dropout?' })).result).toMatchObject({ kind: 'answer', topic: 'dropout' });
    expect(code(await say('ask', { question: 'where is the nearest bakery in Lisbon?' }))).toBeUndefined();
    expect((await ready()).reasons).toMatchObject([{ code: 'disk-read-only' }]);
    sqlite.pragma('query_only = off');
    expect((await ready()).ready).toBe(true);
  });

  it('another program’s lock is waited for beside the event loop, then told', { timeout: 20_000 }, async () => {
    const other = new Database(join(folder, 'tutor.db'));
    other.exec('begin immediate');
    let turns = 0;
    const turning = setInterval(() => turns++, 10);
    const reply = await say('lang', { language: 'en' });
    clearInterval(turning);
    expect(code(reply)).toBe('database-locked');
    // A blocked event loop would not have turned at all.
    expect(turns).toBeGreaterThan(5);
    const waiting = say('lang', { language: 'en' });
    setTimeout(() => other.exec('commit'), 300);
    expect(code(await waiting)).toBeUndefined();
    other.close();
  });
});

describe('readiness', () => {
  it('names what is missing', async () => {
    const { store } = program.services;
    const { ready, reasons } = await lookWhetherReady({
      store,
      topics: () => 0,
      platforms: () => ({ discord: { connected: false, since: '2026-01-01T00:00:00.000Z' }, slack: { connected: true, since: '' } }),
      freeBytes: async () => ENOUGH_DISK - 1,
    });
    expect(ready).toBe(false);
    expect(reasons.map(({ code }) => code)).toEqual(['little-disk', 'no-notes', 'not-connected']);
    expect(reasons[2]!.text).toContain('discord');
  });

  it('looks at the disk that the database is on', async () => {
    const { store } = program.services;
    const { reasons } = await lookWhetherReady({ store, topics: () => 1, platforms: () => ({}) });
    expect(reasons.every(({ code }) => code === 'little-disk')).toBe(true);
  });
});

it('a start on a locked database names the cause, and never says to move the file away', { timeout: 20_000 }, async () => {
  const file = join(folder, 'other.db');
  await (await openStore(file)).close();
  const other = new Database(file);
  other.pragma('journal_mode = delete');
  other.exec('begin exclusive');
  const refused = await openStore(file).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreError);
  expect(String(refused)).toMatch(/Another program is writing to it/);
  expect(String(refused)).not.toMatch(/[Mm]ove the file/);
  other.close();
});
