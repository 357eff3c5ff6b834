import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { PgBoss } from 'pg-boss';
import type { PostgresStore } from '../../store/database.ts';
import { on, RUNS } from '../../store/postgres/queue.ts';
import type { Schema } from '../../store/schema.ts';
import type { AnyParams } from '../params.ts';
import type { DeadOf } from '../service.ts';
import { tell } from './news.ts';

type Trx = Transaction<Schema>;

/** What is to be computed, as it goes from one process to another. */
export interface LabTask {
  demo: string;
  version: number;
  params: AnyParams;
  seed: number;
  /** How many, of a run in parts. */
  parts: number;
  /** Seconds that one part may take. */
  seconds: number;
}

/** A run that this process is to compute. */
export interface Claim {
  key: string;
  job: string;
  /** 0 for the first. */
  attempt: number;
  task: LabTask;
}

/** What became of a run: its result is stored, or why there is none. */
export type Ending = { stored: true } | { stored: false; code: string; params: Record<string, string | number> };

/** The same run has the same key, whoever asks for it. */
export function keyOf({ demo, version, params, seed }: LabTask): string {
  const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([demo, version, sorted, seed]))
    .digest('hex')
    .slice(0, 32);
}

/** Rows name nobody. */
export const ownerHash = (owner: string): string => createHash('sha256').update(owner).digest('hex').slice(0, 32);

export type Ledger = ReturnType<typeof createLedger>;

/**
 * The runs that several processes share. The queue is pg-boss's; rows of ours beside it, changed in the same
 * transactions, say who waits for what and which process is at it. Changes go one after another.
 */
export function createLedger({ db }: Pick<PostgresStore, 'db'>, boss: PgBoss) {
  /** A process that is stopped in the midst of it must not stop the others. */
  const change = <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (trx) => {
      await sql`select set_config('idle_in_transaction_session_timeout', '5s', true)`.execute(trx);
      await sql`select pg_advisory_xact_lock(hashtextextended('gradient-tutor/lab', 0))`.execute(trx);
      return work(trx);
    });

  /** Ends a run for all who wait for it. */
  async function end(trx: Trx, key: string, ending: Ending): Promise<void> {
    await trx.deleteFrom('lab.runs').where('key', '=', key).execute();
    const outcome = JSON.stringify(ending);
    await trx.updateTable('lab.asks').set({ outcome }).where('key', '=', key).where('outcome', 'is', null).execute();
    await tell(trx, { about: 'end', key });
  }

  /** Takes the run's row if this try is still the one that counts. */
  const isMine = async (trx: Trx, { key, job, attempt }: Claim): Promise<boolean> =>
    (await trx
      .selectFrom('lab.runs')
      .select('key')
      .where('key', '=', key)
      .where('job', '=', job)
      .where('attempt', '=', attempt)
      .where('worker', 'is not', null)
      .executeTakeFirst()) !== undefined;

  const send = (trx: Trx, key: string, task: LabTask, turn: number) =>
    boss.send(RUNS, { key, task }, { singletonKey: key, priority: -turn, db: on(trx) });

  /** Gives a try up; the run waits for the next, or is put aside after the last. */
  async function giveUp(trx: Trx, { key, job, attempt }: Omit<Claim, 'task'>, reason: DeadOf): Promise<'again' | 'dead'> {
    await boss.fail(RUNS, { id: job, retryCount: attempt }, { reason }, { db: on(trx) });
    const left = await boss.getJobById(RUNS, job, { db: on(trx) });
    if (left?.state === 'retry') {
      await trx.updateTable('lab.runs').set({ worker: null, attempt: null, until: null }).where('key', '=', key).execute();
      await tell(trx, { about: 'queue' });
      return 'again';
    }
    const { demo } = (left?.data as { task: LabTask } | undefined)?.task ?? { demo: '' };
    await end(trx, key, { stored: false, code: 'run-set-aside', params: { demo } });
    return 'dead';
  }

  /** A run that nobody waits for does not start; one that is under way ends, unless its result is kept for others. */
  async function dropUnwanted(trx: Trx, key: string, letRun = false): Promise<void> {
    const wanted = await trx.selectFrom('lab.asks').select('id').where('key', '=', key).where('outcome', 'is', null).executeTakeFirst();
    const run = await trx.selectFrom('lab.runs').select(['job', 'worker']).where('key', '=', key).executeTakeFirst();
    if (wanted || !run || (letRun && run.worker !== null)) return;
    await boss.deleteJob(RUNS, run.job, { db: on(trx) });
    await trx.deleteFrom('lab.runs').where('key', '=', key).execute();
    await tell(trx, { about: 'queue' });
  }

  return { db, boss, change, end, isMine, send, giveUp, dropUnwanted };
}
