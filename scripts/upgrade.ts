// `npm run upgrade`: brings the database up to date; `-- --check` tries that on a copy and changes nothing.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ConfigError, readConfig } from '../src/config.ts';
import { explainStartError } from '../src/start-errors.ts';
import { copyDatabase } from '../src/store/copy.ts';
import { openStore } from '../src/store/database.ts';
import { holdDatabase } from '../src/store/hold.ts';
import { migrations } from '../src/store/migrations/index.ts';
import { problemsOf } from '../src/store/problems.ts';

const HELP = `npm run upgrade -- --check   try the update of the database on a copy; changes nothing, also while the bot runs
npm run upgrade              bring the database up to date (the bot does it at its next start too); a copy is kept

The file is DATABASE_FILE (see .env.example); CHANGELOG.md says what is new.
`;

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string };

/** Names of the migrations that a database has seen. */
function applied(sqlite: Database.Database): string[] {
  const known = sqlite.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get();
  return known
    ? (sqlite.prepare('select name from kysely_migration order by name').all() as { name: string }[]).map(({ name }) => name)
    : [];
}

/** Rows of each table, those of migrations left out. */
function counts(sqlite: Database.Database): Map<string, number> {
  const tables = sqlite
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'")
    .all() as { name: string }[];
  return new Map(tables.map(({ name }) => [name, (sqlite.prepare(`select count(*) as n from "${name}"`).get() as { n: number }).n]));
}

async function tryOnCopy(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
  const copy = join(folder, 'copy.db');
  try {
    const before = new Database(file, { readonly: true, timeout: 2_000 });
    const had = applied(before);
    const rows = counts(before);
    await copyDatabase(before, copy);
    before.close();
    const store = await openStore(copy, { backups: null });
    const problems = problemsOf(store.sqlite);
    const now = counts(store.sqlite);
    await store.close();
    const pending = Object.keys(migrations).filter((name) => !had.includes(name));
    process.stdout.write(`Gradient Tutor ${version}; ${file} ends with ${had.at(-1) ?? 'nothing'}\n`);
    process.stdout.write(pending.length === 0 ? 'It is up to date.\n' : `To do: ${pending.join(', ')}\n`);
    for (const [table, n] of rows)
      if (now.get(table) !== n) process.stdout.write(`  ${table}: ${n} rows before, ${now.get(table) ?? 'no such table any more'} after\n`);
    for (const problem of problems) process.stdout.write(`! ${problem}\n`);
    process.stdout.write(
      problems.length === 0 ? 'Tried on a copy: all is whole. Nothing was changed.\n' : 'Do not update: restore a backup first.\n',
    );
    if (problems.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const [flag, ...more] = process.argv.slice(2);
  if (more.length > 0 || (flag !== undefined && flag !== '--check')) {
    process.stdout.write(HELP);
    if (flag !== '--help') process.exitCode = 1;
    return;
  }
  const { databaseFile, backups } = readConfig(process.env);
  if (!existsSync(databaseFile)) throw new ConfigError(`There is no database ${databaseFile}. Set DATABASE_FILE, or start the bot once.`);
  if (flag === '--check') return tryOnCopy(databaseFile);
  const hold = holdDatabase(databaseFile, 'npm run upgrade', Date.now());
  const store = await openStore(databaseFile, { backups: backups.dir });
  process.stdout.write(`${databaseFile} ends with ${applied(store.sqlite).at(-1)}: up to date with Gradient Tutor ${version}\n`);
  await store.close();
  hold.release();
}

main().catch(explainStartError);
