import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { isBusy } from './patient-dialect.ts';
import { mendingOf, StoreError } from './store-error.ts';

/** Who has a database open to work on it. */
export interface Holder {
  pid: number;
  /** What was typed to start it: `npm start`. */
  program: string;
  /** Milliseconds since the epoch. */
  since: number;
}

/** Another program works on this database. */
export class HeldError extends StoreError {
  override name = 'HeldError';
  readonly file: string;
  readonly holder: Holder;
  /** The program that was refused. */
  readonly refused: string;
  constructor(file: string, holder: Holder, refused: string) {
    super(`The database ${file} is in use by process ${holder.pid}`);
    this.file = file;
    this.holder = holder;
    this.refused = refused;
  }
}

/** To be kept as long as the work goes on: a lock that nothing refers to any more is let go. */
export interface Hold {
  release(): void;
}

const TRIES = 5;

/**
 * Makes this process the one that runs quizzes and reminders of a database: two would post everything twice.
 * The lock is a transaction on a file beside it (`tutor.db.lock`), which the system ends with the process, however
 * that ends; others can still read in it who holds it. Backups and the other `npm run db` do not need it.
 * @throws HeldError when another process holds it, StoreError when the file beside it cannot be written.
 */
export function holdDatabase(file: string, program: string, now: number): Hold {
  if (file === ':memory:') return { release: () => undefined };
  try {
    mkdirSync(dirname(file), { recursive: true });
    const lock = new Database(`${file}.lock`, { timeout: 200 });
    try {
      hold(lock, file, { pid: process.pid, program, since: now });
    } catch (error) {
      lock.close();
      throw error;
    }
    return { release: () => void lock.close() };
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const mend = mendingOf(cause, file);
    throw new StoreError(
      `The database ${file} cannot be used: ${(cause as Error).message} (${file}.lock). Nothing was changed.${mend ? ` ${mend}` : ''}`,
      { cause },
    );
  }
}

function hold(lock: Database.Database, file: string, own: Holder): void {
  // Numbers of processes are not enough: two containers both begin with 1.
  const token = randomUUID();
  for (let attempt = 1; ; attempt++) {
    const busy = !tryToHold(lock, token, own);
    const found = lock.prepare('SELECT token, pid, program, since FROM holder').get() as (Holder & { token: string }) | undefined;
    if (!busy && found?.token === token) return;
    // Another one that starts in this very moment may have written its name between our two transactions.
    if (!busy) lock.exec('ROLLBACK');
    else if (found && (found.token !== token || attempt >= TRIES)) throw new HeldError(file, found, own.program);
  }
}

/** @returns whether the lock is ours; whose name stands in the file has to be looked up then. */
function tryToHold(lock: Database.Database, token: string, { pid, program, since }: Holder): boolean {
  try {
    lock.exec(
      'CREATE TABLE IF NOT EXISTS holder (token TEXT, pid INTEGER, program TEXT, since INTEGER); BEGIN IMMEDIATE; DELETE FROM holder',
    );
    lock.prepare('INSERT INTO holder VALUES (?, ?, ?, ?)').run(token, pid, program, since);
    // Others see the name once it is committed; the transaction after it is the lock.
    lock.exec('COMMIT; BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (lock.inTransaction) lock.exec('ROLLBACK');
    if (isBusy(error)) return false;
    throw error;
  }
}
