// `npm run db -- backup|restore|check|vacuum|host-password`: care of the database file.
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ConfigError, readConfig } from '../src/config.ts';
import { explainStartError } from '../src/start-errors.ts';
import { copyDatabase } from '../src/store/copy.ts';
import { openStore, StoreError } from '../src/store/database.ts';
import { isBusy } from '../src/store/patient-dialect.ts';
import { problemsOf } from '../src/store/problems.ts';
import { resetHostPassword } from '../src/store/secrets.ts';

const HELP = `npm run db -- backup FILE    copy the database, also while the bot runs
npm run db -- restore FILE   put a copy in its place (stop the bot first; the present one is kept beside it)
npm run db -- check          is every page whole, and does every row fit; also while the bot runs
npm run db -- vacuum         write the file anew without what was deleted; also while the bot runs
npm run db -- host-password  make a new password for the Host view and print it; also while the bot runs

The file is DATABASE_FILE (see .env.example).
`;

const [action, file, ...more] = process.argv.slice(2);
const { databaseFile, backups } = readConfig(process.env);
/** Another program may be writing. Milliseconds. */
const PATIENCE = 5_000;
const SIDE_FILES = ['', '-wal', '-shm'];

/** Opening an absent file would make an empty database. */
function mustExist(path: string): void {
  if (!existsSync(path)) throw new ConfigError(`There is no database ${path}. Set DATABASE_FILE, or start the bot once.`);
}

async function backup(to: string): Promise<void> {
  mustExist(databaseFile);
  const store = await openStore(databaseFile, { backups: backups.dir });
  await copyDatabase(store.sqlite, to);
  await store.close();
  process.stdout.write(`${databaseFile} was copied to ${to} (${kilobytes(to)})\n`);
}

async function restore(from: string): Promise<void> {
  mustExist(from);
  mkdirSync(dirname(databaseFile), { recursive: true });
  const fresh = `${databaseFile}.${process.pid}`;
  copyFileSync(from, fresh);
  try {
    // Opening checks that it is a whole database of a version that we can read, and brings the copy up to date.
    const copy = await openStore(fresh, { backups: null });
    const problems = problemsOf(copy.sqlite);
    await copy.close();
    if (problems.length > 0) throw new StoreError(`${fresh} is damaged (${problems[0]}); nothing was changed. Take another backup.`);
    if (existsSync(databaseFile)) refuseWhileOpen();
  } catch (error) {
    for (const suffix of SIDE_FILES) rmSync(fresh + suffix, { force: true });
    throw error instanceof StoreError ? new StoreError(error.message.replaceAll(fresh, from), { cause: error }) : error;
  }
  const aside = `${databaseFile}.before-${Date.now()}`;
  for (const suffix of SIDE_FILES) if (existsSync(databaseFile + suffix)) renameSync(databaseFile + suffix, aside + suffix);
  renameSync(fresh, databaseFile);
  process.stdout.write(`${databaseFile} is now ${from}${existsSync(aside) ? `; the old one is ${aside}` : ''}\n`);
}

/** A file that another process has open cannot leave WAL mode. */
function refuseWhileOpen(): void {
  const sqlite = new Database(databaseFile, { timeout: 500 });
  try {
    sqlite.pragma('journal_mode = delete');
  } catch (cause) {
    if (!isBusy(cause)) return;
    throw new StoreError(`${databaseFile} is in use. Stop the bot first, then restore.`, { cause });
  } finally {
    sqlite.close();
  }
}

async function check(): Promise<void> {
  mustExist(databaseFile);
  const store = await openStore(databaseFile, { backups: backups.dir });
  const problems = problemsOf(store.sqlite);
  const tables = await store.db.introspection.getTables();
  const counts = tables.map(
    ({ name }) => `${name} ${(store.sqlite.prepare(`select count(*) as n from "${name}"`).get() as { n: number }).n}`,
  );
  await store.close();
  process.stdout.write(`${databaseFile} (${kilobytes(databaseFile)}): ${counts.join(', ')}\n`);
  for (const problem of problems) process.stdout.write(`! ${problem}\n`);
  process.stdout.write(problems.length === 0 ? 'ok\n' : 'Damaged: restore a backup with npm run db -- restore FILE\n');
  if (problems.length > 0) process.exitCode = 1;
}

async function vacuum(): Promise<void> {
  mustExist(databaseFile);
  const before = kilobytes(databaseFile);
  const store = await openStore(databaseFile, { backups: backups.dir });
  store.sqlite.pragma(`busy_timeout = ${PATIENCE}`);
  store.sqlite.exec('vacuum');
  store.sqlite.pragma('wal_checkpoint(truncate)');
  await store.close();
  process.stdout.write(`${databaseFile}: ${before} before, ${kilobytes(databaseFile)} now\n`);
}

async function hostPassword(): Promise<void> {
  mustExist(databaseFile);
  const store = await openStore(databaseFile, { backups: backups.dir });
  const password = await resetHostPassword(store.db);
  await store.close();
  process.stdout.write(`The host's password is now ${password}; whoever used the old one is signed out.\n`);
}

function kilobytes(path: string): string {
  return `${Math.ceil(statSync(path).size / 1024)} kB`;
}

async function main(): Promise<void> {
  if (action === 'backup' && file && more.length === 0) return backup(file);
  if (action === 'restore' && file && more.length === 0) return restore(file);
  if (action === 'check' && file === undefined) return check();
  if (action === 'vacuum' && file === undefined) return vacuum();
  if (action === 'host-password' && file === undefined) return hostPassword();
  process.stdout.write(HELP);
  if (action !== '--help') process.exitCode = 1;
}

main().catch(explainStartError);
