// `npm run db -- backup|restore|check|vacuum|host-password|copy`: care of the database.
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { ConfigError, readConfig } from '../src/config.ts';
import { troubleOf } from '../src/core/trouble.ts';
import { explainStartError } from '../src/start-errors.ts';
import { copyDatabase } from '../src/store/copy.ts';
import { openStore, type Store } from '../src/store/database.ts';
import { holdDatabase } from '../src/store/hold.ts';
import { openConfigured } from '../src/store/open.ts';
import { isBusy } from '../src/store/patient-dialect.ts';
import { APPLICATION } from '../src/store/postgres/open.ts';
import { problemsOf } from '../src/store/problems.ts';
import { newestWhole, removeDatabase, SIDE_FILES, takeBackup } from '../src/store/restoring.ts';
import { resetHostPassword } from '../src/store/secrets.ts';
import { StoreError } from '../src/store/store-error.ts';
import { type Content, contentOf, copyStore } from '../src/store/transfer.ts';

const HELP = `npm run db -- backup FILE    copy the database, also while the bot runs
npm run db -- restore FILE   put a copy in its place (stop the bot first; the present one is kept beside it)
npm run db -- check          is every page whole, and does every row fit; also while the bot runs
npm run db -- vacuum         write the file anew without what was deleted; also while the bot runs
npm run db -- host-password  make a new password for the Host view and print it; also while the bot runs
npm run db -- copy --to X    copy every row to an empty database: X is a file, or postgres://… (stop the bot first)

The database is DATABASE_URL, or else the file DATABASE_FILE (see .env.example). Of a Postgres, pg_dump and pg_restore
make and read backups (docs/scale.md); \`check\` and \`host-password\` are the same for both.
`;

const [action, file, ...more] = process.argv.slice(2);
const config = readConfig(process.env);
const { databaseFile, databaseUrl, backups } = config;
/** Another program may be writing. Milliseconds. */
const PATIENCE = 5_000;

/** Opening an absent file would make an empty database. */
function mustExist(path: string): void {
  if (!existsSync(path)) throw new ConfigError(`There is no database ${path}. Set DATABASE_FILE, or start the bot once.`);
}

async function backup(to: string): Promise<void> {
  onlyOfFiles();
  mustExist(databaseFile);
  const store = await openStore(databaseFile, { backups: backups.dir });
  await copyDatabase(store.sqlite, to);
  await store.close();
  process.stdout.write(`${databaseFile} was copied to ${to} (${kilobytes(to)})\n`);
}

async function restore(from: string): Promise<void> {
  onlyOfFiles();
  mustExist(from);
  mkdirSync(dirname(databaseFile), { recursive: true });
  const fresh = `${databaseFile}.${process.pid}`;
  try {
    await takeBackup(from, fresh);
  } catch (cause) {
    // Another backup would find no more room.
    if (!(cause instanceof StoreError) || troubleOf(cause) === 'disk-full') throw cause;
    const whole = await newestWhole(backups.dir, from, fresh);
    const next = whole
      ? `The newest whole backup is ${whole}: npm run db -- restore ${whole}`
      : `There is no whole backup in ${backups.dir}.`;
    throw new StoreError(`${cause.message} Nothing was changed. ${next}`, { cause });
  }
  try {
    if (existsSync(databaseFile)) refuseWhileOpen();
  } catch (error) {
    removeDatabase(fresh);
    throw error;
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

/** What the settings name; a file only where there is one. */
async function openPresent(): Promise<Store> {
  if (databaseUrl === undefined) mustExist(databaseFile);
  return openConfigured(config, { backups: backups.dir, name: OURS });
}

function onlyOfFiles(): void {
  if (databaseUrl !== undefined)
    throw new ConfigError('DATABASE_URL names a Postgres: pg_dump and pg_restore make and read its backups (docs/scale.md).');
}

/** How our own connections to a Postgres are called, which are no bot's. */
const OURS = `${APPLICATION}-db`;

/** Stops where a bot runs over the database, since it would go on writing to what is left behind. */
async function refuseWhileRunning(store: Store): Promise<void> {
  if (store.kind === 'sqlite') return holdDatabase(databaseFile, 'npm run db', Date.now()).release();
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from pg_stat_activity
    where datname = current_database() and application_name = ${APPLICATION}
  `.execute(store.db);
  if (rows[0]!.n > 0) throw new StoreError(`${store.name} is in use. Stop the bot first, in all its processes.`);
}

async function copy(to: string): Promise<void> {
  const from = await openPresent();
  await refuseWhileRunning(from);
  const target = /^postgres(ql)?:/.test(to) ? { databaseUrl: to } : { databaseUrl: undefined, databaseFile: to };
  const other = await openConfigured({ ...config, ...target }, { backups: null, name: OURS });
  const copied = await copyStore(from, other);
  process.stdout.write(contentText(copied));
  process.stdout.write(`${from.name} was copied to ${other.name}: ${sumOf(copied)} rows, each read back and the same.\n`);
  process.stdout.write(`Start the bot with ${target.databaseUrl === undefined ? `DATABASE_FILE=${to}` : 'that DATABASE_URL'}.\n`);
  await from.close();
  await other.close();
}

/** Tables that hold anything; two databases of the same rows have the same lines. */
function contentText(contents: readonly Content[]): string {
  return contents
    .filter(({ rows }) => rows > 0)
    .map(({ table, rows, sum }) => `  ${table.padEnd(20)}${String(rows).padStart(9)} rows  ${sum}\n`)
    .join('');
}

function sumOf(contents: readonly Content[]): number {
  return contents.reduce((sum, { rows }) => sum + rows, 0);
}

async function check(): Promise<void> {
  const store = await openPresent();
  const problems = store.kind === 'sqlite' ? problemsOf(store.sqlite) : [];
  const contents = await contentOf(store);
  await store.close();
  const size = store.kind === 'sqlite' ? ` (${kilobytes(databaseFile)})` : '';
  process.stdout.write(
    `${store.name}${size}: ${contents.map(({ table, rows }) => `${table} ${rows}`).join(', ')}\n${contentText(contents)}`,
  );
  for (const problem of problems) process.stdout.write(`! ${problem}\n`);
  process.stdout.write(problems.length === 0 ? 'ok\n' : 'Damaged: restore a backup with npm run db -- restore FILE\n');
  if (problems.length > 0) process.exitCode = 1;
}

async function vacuum(): Promise<void> {
  onlyOfFiles();
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
  const store = await openPresent();
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
  if (action === 'copy' && file === '--to' && more.length === 1) return copy(more[0]!);
  if (action === 'check' && file === undefined) return check();
  if (action === 'vacuum' && file === undefined) return vacuum();
  if (action === 'host-password' && file === undefined) return hostPassword();
  process.stdout.write(HELP);
  if (action !== '--help') process.exitCode = 1;
}

main().catch(explainStartError);
