// `npm run db -- backup FILE` copies the database while the bot runs; `npm run db -- restore FILE` puts a copy
// in its place (stop the bot first; the present file is kept beside it).
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { readConfig } from '../src/config.ts';
import { explainStartError } from '../src/start-errors.ts';
import { openStore } from '../src/store/database.ts';

const [action, file] = process.argv.slice(2);
const { databaseFile } = readConfig(process.env);

async function backup(to: string): Promise<void> {
  const store = await openStore(databaseFile);
  mkdirSync(dirname(to), { recursive: true });
  await store.sqlite.backup(to);
  await store.close();
  process.stdout.write(`${databaseFile} was copied to ${to}\n`);
}

async function restore(from: string): Promise<void> {
  // Opening checks that it is a whole database of a version that we can read.
  await (await openStore(from)).close();
  const aside = `${databaseFile}.before-${Date.now()}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(databaseFile + suffix)) renameSync(databaseFile + suffix, aside + suffix);
    rmSync(databaseFile + suffix, { force: true });
  }
  mkdirSync(dirname(databaseFile), { recursive: true });
  copyFileSync(from, databaseFile);
  process.stdout.write(`${databaseFile} is now ${from}${existsSync(aside) ? `; the old one is ${aside}` : ''}\n`);
}

async function main(): Promise<void> {
  if (action === 'backup' && file) await backup(file);
  else if (action === 'restore' && file && existsSync(file)) await restore(file);
  else {
    process.stderr.write('npm run db -- backup FILE\nnpm run db -- restore FILE   (stop the bot first)\n');
    process.exitCode = 1;
  }
}

main().catch(explainStartError);
