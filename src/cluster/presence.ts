import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Db } from '../store/database.ts';

/** A process that does not say that it lives for so long is dead: others take over what it had. Milliseconds. */
export const ALIVE_FOR = 3_000;
export const BEAT_EVERY = 1_000;
/** Rows of the dead are kept this long, for the host to see. */
const REMEMBERED = 3_600_000;

/** The database's clock, in milliseconds: processes may differ in theirs. */
export const dbNow = sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;

/** This process as the others see it. */
export interface Presence {
  /** Another one after the process was thought dead: what it did under the old name is not its any more. */
  id(): string;
  /** What else is to be done with every beat, once the process is known to be alive. */
  onBeat(work: () => Promise<void>): void;
  /** Told when the others had to think that the process is dead (it was stopped, or the database was away). */
  onLost(work: () => void): void;
  /** Told under its new name what the process was called before, before anybody hears that it lives. */
  onAnew(work: (before: string) => Promise<void>): void;
  /**
   * Whether the process is alive to the others and has its present name; where that may have changed (it was stopped for
   * a while), the database is asked first. `unknown` while the database does not answer.
   */
  sure(): Promise<'alive' | 'unknown'>;
  /** How far the database's clock is ahead of this machine's, in milliseconds. */
  skew(): number;
  start(): Promise<void>;
  /** The others may take over at once. */
  stop(): Promise<void>;
}

/** Says every second that the process lives. A process that was held up past its time starts anew under another id. */
export function createPresence(
  db: Db,
  about: Record<string, unknown>,
  log: Pick<Logger, 'warn' | 'error'>,
  aliveFor = ALIVE_FOR,
): Presence {
  const beats: (() => Promise<void>)[] = [];
  const losses: (() => void)[] = [];
  const renewals: ((before: string) => Promise<void>)[] = [];
  let id: string = randomUUID();
  let skew = 0;
  let known = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let under: Promise<void> = Promise.resolve();
  let failing = false;
  let working: Promise<void> | undefined;
  let current: Promise<void> | undefined;
  /** Until when the others take the process for alive, by two clocks of this machine: one of them may stand still. */
  let until = { steady: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };

  const register = async (): Promise<void> => {
    id = randomUUID();
    const row = {
      id,
      about: JSON.stringify({ ...about, pid: process.pid, machine: hostname() }),
      until: sql<number>`${dbNow} + ${aliveFor}`,
    };
    await db.insertInto('processes').values(row).execute();
    await db.deleteFrom('processes').where('until', '<', sql<number>`${dbNow} - ${REMEMBERED}`).execute();
    known = true;
  };

  /** One at a time; who asks meanwhile shares it. */
  const beat = (): Promise<void> => {
    current ??= beatNow().finally(() => {
      current = undefined;
    });
    return current;
  };

  const beatNow = async (): Promise<void> => {
    if (!known) await register();
    const sent = Date.now();
    const steady = performance.now();
    const row = await db
      .updateTable('processes')
      .set({ until: sql<number>`${dbNow} + ${aliveFor}` })
      .where('id', '=', id)
      .where('until', '>', dbNow)
      .returning('until')
      .executeTakeFirst();
    if (!row) {
      log.warn({ process: id }, 'this process was held up past its time; it starts anew');
      const before = id;
      known = false;
      for (const lost of losses) lost();
      await register();
      for (const renewed of renewals) await renewed(before);
      return beatNow();
    }
    until = { steady: steady + aliveFor, wall: sent + aliveFor };
    const took = Date.now() - sent;
    // A slow answer says little about the time.
    if (took < 200) skew = row.until - aliveFor - (sent + took / 2);
    // It may take long; the next beat does not wait for it.
    working ??= workOff().finally(() => {
      working = undefined;
    });
  };

  const workOff = async (): Promise<void> => {
    for (const work of beats)
      await work().catch((error: unknown) => log.error({ err: error }, 'what other processes have left could not be taken over'));
  };

  const round = (): void => {
    const from = performance.now();
    under = beat().then(
      () => {
        failing = false;
      },
      (error: unknown) => {
        if (!failing) log.error({ err: error }, 'the database does not answer; trying again every second');
        failing = true;
      },
    );
    void under.then(() => {
      if (stopped) return;
      timer = setTimeout(round, Math.max(50, BEAT_EVERY - (performance.now() - from)));
    });
  };

  return {
    id: () => id,
    onBeat: (work) => void beats.push(work),
    onLost: (work) => void losses.push(work),
    onAnew: (work) => void renewals.push(work),
    async sure() {
      if (performance.now() < until.steady && Date.now() < until.wall) return 'alive';
      if (failing) return 'unknown';
      try {
        await beat();
        return 'alive';
      } catch {
        return 'unknown';
      }
    },
    skew: () => skew,
    async start() {
      await beat();
      timer = setTimeout(round, BEAT_EVERY);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await under;
      await working;
      if (known)
        await db
          .deleteFrom('processes')
          .where('id', '=', id)
          .execute()
          .catch(() => {});
    },
  };
}
