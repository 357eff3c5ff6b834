import { UserError } from './errors.ts';

/** What keeps the database from being written: the host can mend each. */
export type TroubleCode = 'disk-full' | 'disk-read-only' | 'database-locked' | 'database-gone' | 'database-busy' | 'disk-failing';

/** The code of an error that says that this process has more to ask of the database than it can. */
export const BUSY = 'TUTOR_BUSY';

const CODES: readonly [RegExp, TroubleCode][] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'disk-full'],
  [/^(SQLITE_READONLY|SQLITE_CANTOPEN|EROFS)/, 'disk-read-only'],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, 'database-locked'],
  [/^(SQLITE_IOERR|EIO|58030)/, 'disk-failing'],
  [new RegExp(`^${BUSY}$`), 'database-busy'],
  // Postgres: full, read-only, no answer or no connection free, and what Node says of the way there.
  [/^53100$/, 'disk-full'],
  [/^25006$/, 'disk-read-only'],
  [/^(08...|53[023]00|57P0[1-5]|ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/, 'database-gone'],
];

/** What the driver of Postgres says, without a code, of a connection that broke or could not be had in time. */
const BROKEN =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** Which of the troubles an error of the database or of the file system tells of, also where another error wraps it. */
export function troubleOf(error: unknown): TroubleCode | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = String((at as NodeJS.ErrnoException).code ?? (BROKEN.test(at.message) ? '08006' : ''));
    const found = CODES.find(([pattern]) => pattern.test(code));
    if (found) return found[1];
  }
  return undefined;
}

/** Follows whether the database can be written, so that an outage is one line in the log and one sentence to each person. */
export interface Trouble {
  /** @returns the words for whoever asked, when the error is such a trouble. */
  told(error: unknown): UserError | undefined;
  /** A write has succeeded. */
  recovered(): void;
  /** What is the matter at present, and since when (epoch milliseconds). */
  state(): { code: TroubleCode; since: number } | undefined;
}

/** A small write may find room where others do not: a trouble is over when none has failed for so long. Milliseconds. */
const CALM = 5_000;

export interface TroubleLog {
  began(code: TroubleCode, error: unknown): void;
  ended(code: TroubleCode, seconds: number): void;
}

/** @param log told once when a trouble begins or changes, and once when it has ended. */
export function createTrouble(now: () => number, log: TroubleLog): Trouble {
  let present: { code: TroubleCode; since: number } | undefined;
  let failed = 0;
  return {
    told(error) {
      const code = troubleOf(error);
      if (!code) return undefined;
      failed = now();
      if (present?.code !== code) {
        present = { code, since: now() };
        log.began(code, error);
      }
      return new UserError(code, {});
    },
    recovered() {
      // A clock that was set back in between ends it too.
      if (!present || Math.abs(now() - failed) < CALM) return;
      log.ended(present.code, Math.round((now() - present.since) / 1000));
      present = undefined;
    },
    state: () => present,
  };
}
