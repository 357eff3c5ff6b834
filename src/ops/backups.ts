import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { copyDatabase, removeParts, stampOf, timeOf } from '../store/copy.ts';
import { type Store, sqliteOf } from '../store/database.ts';

/** After a backup that failed: the disk may be full, which the next hour may mend. */
const AGAIN = 3_600_000;
const OURS = /^tutor-.+Z\.db$/;

export interface Backups {
  start(): void;
  stop(): Promise<void>;
  /** When the newest backup was made, in milliseconds since the epoch. */
  newest(): number | undefined;
}

export interface BackupDeps {
  store: Store;
  clock: Clock;
  log: Pick<Logger, 'info' | 'error'>;
}

/**
 * Backups that make themselves: one `every` milliseconds, the newest `keep` of them stay. When one is due is read off
 * the files' names, so that a restart neither repeats nor forgets one. Those made before an upgrade are not counted.
 */
export function createBackups(
  { store, clock, log }: BackupDeps,
  { dir, every, keep }: { dir: string; every: number; keep: number },
): Backups {
  let cancel = () => {};
  let under: Promise<void> = Promise.resolve();

  const ours = (): string[] => {
    try {
      return readdirSync(dir)
        .filter((name) => OURS.test(name))
        .sort();
    } catch {
      // None yet, or a folder that cannot be read.
      return [];
    }
  };
  const newest = () => timeOf(ours().at(-1) ?? '');

  const make = async (): Promise<number> => {
    const at = clock.now();
    try {
      await copyDatabase(sqliteOf(store), join(dir, `tutor-${stampOf(at)}.db`));
      for (const name of ours().slice(0, -keep)) rmSync(join(dir, name));
      log.info({ dir, kept: ours().length }, 'the database was backed up');
      return at + every;
    } catch (error) {
      log.error({ err: error, dir }, 'the database could not be backed up; trying again in an hour');
      return at + Math.min(AGAIN, every);
    }
  };

  const arm = (at: number): void => {
    cancel = clock.schedule(at, () => {
      under = make().then(arm);
    });
  };

  return {
    newest,
    start() {
      try {
        mkdirSync(dir, { recursive: true });
        removeParts(dir);
      } catch (error) {
        // The bot goes on without; a backup that is due is tried, and tried again.
        log.error({ err: error, dir }, 'the folder for backups cannot be written');
      }
      const last = newest();
      // A clock that was set back must not keep the next one away for a month.
      arm(last === undefined || last > clock.now() ? clock.now() : last + every);
    },
    async stop() {
      cancel();
      await under;
      cancel();
    },
  };
}
