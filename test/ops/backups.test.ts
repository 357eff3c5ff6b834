import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackups } from '../../src/ops/backups.ts';
import { openStore, type Store, sqliteOf } from '../../src/store/database.ts';
import { createManualClock } from '../helpers/clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const log = pino({ level: 'silent' });
let folder: string;
let dir: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backups-'));
  dir = join(folder, 'copies');
  store = await openStore(join(folder, 'tutor.db'));
});
afterEach(() => store.close());

describe('backups that make themselves', () => {
  it('one a day, the newest three stay, each a whole database', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1, 6));
    const backups = createBackups({ store, clock, log }, { dir, every: DAY, keep: 3 });
    clock.idle = () => new Promise((resolve) => setTimeout(resolve, 20));
    backups.start();
    for (let day = 0; day < 5; day++) {
      await clock.advance(day === 0 ? 0 : DAY);
      await backups.stop();
      backups.start();
    }
    await backups.stop();
    expect(readdirSync(dir)).toEqual(['03', '04', '05'].map((day) => `tutor-2026-01-${day}T06-00-00Z.db`));
    const copy = await openStore(join(dir, 'tutor-2026-01-05T06-00-00Z.db'), { backups: null });
    expect(copy.sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    await copy.close();
  });

  it('a restart repeats none, a clock that was set back holds none up, and what broke off is removed', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1, 6));
    clock.idle = () => new Promise((resolve) => setTimeout(resolve, 20));
    const start = async () => {
      const backups = createBackups({ store, clock, log }, { dir, every: DAY, keep: 9 });
      backups.start();
      await clock.advance(0);
      await backups.stop();
    };
    await start();
    clock.set(clock.now() + HOUR);
    writeFileSync(join(dir, 'tutor-2026-01-01T07-00-00Z.db.4711.part'), 'half');
    await start();
    expect(readdirSync(dir)).toEqual(['tutor-2026-01-01T06-00-00Z.db']);
    clock.set(Date.UTC(2025, 11, 1));
    await start();
    expect(readdirSync(dir)).toHaveLength(2);
  });

  it('one that is killed half way has no file under its name', { timeout: 30_000 }, async () => {
    sqliteOf(store).exec('create table filler (x); insert into filler values (zeroblob(20000000))');
    const name = 'tutor-2026-01-01T06-00-00Z.db';
    const source = (path: string) => JSON.stringify(join(import.meta.dirname, '../..', path));
    const script = `
      import { existsSync, statSync } from 'node:fs';
      import Database from 'better-sqlite3';
      import { copyDatabase } from ${source('src/store/copy.ts')};
      const to = ${JSON.stringify(join(dir, name))};
      const part = to + '.' + process.pid + '.part';
      const watch = () => (existsSync(part) && statSync(part).size > 1e6 ? process.kill(process.pid, 'SIGKILL') : setImmediate(watch));
      setImmediate(watch);
      await copyDatabase(new Database(${JSON.stringify(join(folder, 'tutor.db'))}), to);`;
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toMatchObject({ signal: 'SIGKILL' });
    expect(readdirSync(dir).filter((file) => !file.includes('.part'))).toEqual([]);
    expect(readdirSync(dir)).toContainEqual(expect.stringMatching(/\.part$/));
    const clock = createManualClock(Date.UTC(2026, 0, 1, 6));
    clock.idle = () => new Promise((resolve) => setTimeout(resolve, 300));
    const backups = createBackups({ store, clock, log }, { dir, every: DAY, keep: 3 });
    expect(backups.newest()).toBeUndefined();
    backups.start();
    await clock.advance(0);
    await backups.stop();
    expect(readdirSync(dir)).toEqual([name]);
  });

  it('a folder that cannot be had does not keep the bot from starting; once it can, a backup is made', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1, 6));
    clock.idle = () => new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(dir, 'a file where the folder is to be');
    const failed: string[] = [];
    const telling = { info: () => {}, error: (_: unknown, text: string) => void failed.push(text) };
    const backups = createBackups({ store, clock, log: telling as never }, { dir, every: DAY, keep: 3 });
    backups.start();
    await clock.advance(0);
    expect(failed).toEqual(['the folder for backups cannot be written', expect.stringContaining('trying again in an hour')]);
    rmSync(dir);
    await clock.advance(HOUR);
    await backups.stop();
    expect(readdirSync(dir)).toEqual(['tutor-2026-01-01T07-00-00Z.db']);
  });

  it('one that fails is tried again in an hour', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1, 6));
    clock.idle = () => new Promise((resolve) => setTimeout(resolve, 20));
    const backups = createBackups({ store, clock, log }, { dir, every: DAY, keep: 3 });
    backups.start();
    // A file where the copy is to be written: it cannot be opened as a database.
    const broken = join(dir, `tutor-2026-01-01T06-00-00Z.db.${process.pid}.part`);
    writeFileSync(broken, 'not a database '.repeat(400));
    await clock.advance(0);
    expect(backups.newest()).toBeUndefined();
    await clock.advance(HOUR);
    await backups.stop();
    expect(backups.newest()).toBe(Date.UTC(2026, 0, 1, 7));
  });
});
