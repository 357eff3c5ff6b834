import { z } from 'zod';
import { DEAD, on } from '../../store/postgres/queue.ts';
import { DEAD_OF, type DeadRun } from '../service.ts';
import type { LabTask, Ledger } from './ledger.ts';
import { tell } from './news.ts';

/** The queue itself writes otherwise, of what did not end in time. */
const OUTPUT = z.object({ reason: z.enum(DEAD_OF) }).catch({ reason: 'overdue' });

/** Dead runs that a host is shown at once. */
const MOST_SHOWN = 100;

export type SetAside = ReturnType<typeof createSetAside>;

/** Runs that brought down every process that tried: the queue's dead letters. */
export function createSetAside({ boss, change, send }: Ledger) {
  return {
    /** What brought down every process that tried. */
    async dead(): Promise<DeadRun[]> {
      const jobs = await boss.findJobs<{ task: LabTask }>(DEAD, { limit: MOST_SHOWN });
      return jobs.map(({ id, data, createdOn, sourceOutput }) => {
        const { demo, params, seed } = data.task;
        return {
          id,
          demo,
          params,
          seed,
          at: createdOn.getTime(),
          ...OUTPUT.parse(sourceOutput),
        };
      });
    },

    /** Puts it in line once more, for three tries; who asks for it gets its result. @returns whether it was there */
    retryDead: (id: string): Promise<boolean> =>
      change(async (trx) => {
        const job = await boss.getJobById<{ key: string; task: LabTask }>(DEAD, id, { db: on(trx) });
        if (!job) return false;
        const { key, task } = job.data;
        await boss.deleteJob(DEAD, id, { db: on(trx) });
        const made = await send(trx, key, task, 0);
        const row = { key, task: JSON.stringify(task), parts: task.parts, turn: 0, worker: null, attempt: null, until: null };
        if (made)
          await trx
            .insertInto('lab.runs')
            .values({ ...row, job: made })
            .execute();
        await tell(trx, { about: 'queue' });
        return true;
      }),

    /** From now on the run may be asked for again. @returns whether it was there */
    deleteDead: (id: string): Promise<boolean> =>
      change(async (trx) => {
        const found = await boss.getJobById(DEAD, id, { db: on(trx) });
        if (found) await boss.deleteJob(DEAD, id, { db: on(trx) });
        return found !== null && found !== undefined;
      }),
  };
}
