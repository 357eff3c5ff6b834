import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { mendingOf, StoreError } from './store-error.ts';

const PART = '.part';
/** SQLite has a journal beside the file that it writes. */
const LEFT = /\.part(-journal)?$/;

/**
 * Copies an open database to a file, also while it is written to. It appears under its name once it is whole: what
 * breaks off leaves a `.part` that is never taken for a backup.
 * @throws StoreError when it cannot be written
 */
export async function copyDatabase(sqlite: Database.Database, to: string): Promise<void> {
  const part = `${to}.${process.pid}${PART}`;
  try {
    mkdirSync(dirname(to), { recursive: true });
    await sqlite.backup(part);
    renameSync(part, to);
  } catch (cause) {
    for (const file of [part, `${part}-journal`]) rmSync(file, { force: true });
    throw new StoreError(`The copy ${to} cannot be written: ${(cause as Error).message}. ${mendingOf(cause, to) ?? ''}`.trimEnd(), {
      cause,
    });
  }
}

/** Removes what copies that broke off have left in a folder. */
export function removeParts(dir: string): void {
  for (const name of readdirSync(dir)) if (LEFT.test(name)) rmSync(join(dir, name), { force: true });
}

/** A time as it stands in file names: `2026-11-27T23-40-00Z`. */
export function stampOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}

/** The time of a stamp in a file name, in milliseconds since the epoch. */
export function timeOf(name: string): number | undefined {
  const found = /(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z/.exec(name);
  return found ? Date.parse(`${found[1]}T${found[2]}:${found[3]}:${found[4]}Z`) : undefined;
}
