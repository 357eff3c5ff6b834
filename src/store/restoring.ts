import { closeSync, copyFileSync, existsSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { timeOf } from './copy.ts';
import { openStore } from './database.ts';
import { problemsOf } from './problems.ts';
import { StoreError } from './store-error.ts';

/** What SQLite may put beside a database, and the database itself. */
export const SIDE_FILES = ['', '-wal', '-shm'];
/** https://sqlite.org/fileformat.html#the_database_header */
const HEADER = { bytes: 100, magic: 'SQLite format 3\0', pageSize: 16, pages: 28 };

/** Removes a database with what SQLite puts beside it. */
export function removeDatabase(file: string): void {
  for (const suffix of SIDE_FILES) rmSync(file + suffix, { force: true });
}

/**
 * Copies a backup to `to`, where it is brought up to date; the backup itself is not touched.
 * @throws StoreError when it is no whole database of ours that this version can read; then there is nothing at `to`.
 */
export async function takeBackup(from: string, to: string): Promise<void> {
  // SQLite takes an empty file for a new database, and fills a last page that is cut off with zeros.
  if (isCutOff(from)) throw new StoreError(`${from} is cut off: it was not written to its end.`);
  try {
    copyFileSync(from, to);
    refuseForeign(to);
    const copy = await openStore(to, { backups: null });
    const problems = problemsOf(copy.sqlite);
    await copy.close();
    if (problems.length > 0) throw new StoreError(`${to} is damaged: ${problems[0]}.`);
  } catch (error) {
    removeDatabase(to);
    if (!(error instanceof StoreError)) throw error;
    // What openStore advises is for the database in use.
    const [reason] = error.message.replaceAll(to, from).split(' Nothing was changed.');
    throw new StoreError(reason, { cause: error });
  }
}

/** The newest file of a folder that could be restored, tried at `scratch`; `except` is known not to be one. */
export async function newestWhole(dir: string, except: string, scratch: string): Promise<string | undefined> {
  const names = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.db') && timeOf(name) !== undefined) : [];
  for (const name of names.sort((a, b) => timeOf(b)! - timeOf(a)!)) {
    const file = join(dir, name);
    if (resolve(file) === resolve(except)) continue;
    try {
      await takeBackup(file, scratch);
      removeDatabase(scratch);
      return file;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
  return undefined;
}

function isCutOff(file: string): boolean {
  const { size } = statSync(file);
  if (size < HEADER.bytes) return true;
  const header = Buffer.alloc(HEADER.bytes);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, header, 0, HEADER.bytes, 0);
  } finally {
    closeSync(fd);
  }
  if (header.toString('latin1', 0, HEADER.magic.length) !== HEADER.magic) return false;
  // 65,536 does not fit in two bytes and is written as 1.
  const pageSize = header.readUInt16BE(HEADER.pageSize);
  return size < header.readUInt32BE(HEADER.pages) * (pageSize === 1 ? 65_536 : pageSize);
}

/** Opening a database of another program would add our empty tables to it. */
function refuseForeign(file: string): void {
  const sqlite = new Database(file);
  try {
    if (!sqlite.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get())
      throw new StoreError(`${file} is no database of Gradient Tutor.`);
  } catch (cause) {
    // openStore says what is wrong with a file that cannot be read.
    if (cause instanceof StoreError) throw cause;
  } finally {
    sqlite.close();
  }
}
