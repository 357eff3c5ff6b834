import { sql } from 'kysely';
import { dbNow } from '../../cluster/presence.ts';
import type { UserError } from '../../core/errors.ts';
import { on, RUNS } from '../../store/postgres/queue.ts';
import type { DeadOf } from '../service.ts';
import type { RunReport } from '../worker.ts';
import type { Claim, LabTask, Ledger } from './ledger.ts';
import { tell } from './news.ts';

/** Beyond its time a run may take as long again for its worker to start, and this. Milliseconds. */
const GRACE = 60_000;

export type Working = ReturnType<typeof createWorking>;

/** What whoever computes runs does with the rows, and what is done about one that died. */
export function createWorking({ db, boss, change, isMine, end, send, giveUp, dropUnwanted }: Ledger) {
  return {
    /** The next run in line, for this process to compute. */
    claim: (worker: string): Promise<Claim | undefined> =>
      change(async (trx) => {
        const [job] = await boss.fetch<{ key: string; task: LabTask }>(RUNS, { batchSize: 1, includeMetadata: true, db: on(trx) });
        if (!job) return undefined;
        const { key, task } = job.data;
        const until = sql<number>`${dbNow} + ${2 * task.parts * task.seconds * 1000 + GRACE}`;
        const { numUpdatedRows } = await trx
          .updateTable('lab.runs')
          .set({ worker, attempt: job.retryCount, until })
          .where('key', '=', key)
          .where('job', '=', job.id)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) {
          // A job that the host brought back, or of a run that nobody wants any more.
          await boss.complete(RUNS, { id: job.id, retryCount: job.retryCount }, {}, { db: on(trx) });
          return undefined;
        }
        await tell(trx, { about: 'run', key, fraction: 0 });
        return { key, job: job.id, attempt: job.retryCount, task };
      }),

    /** Stores what was found. @returns whether it was this process's to store: another may have been faster */
    finish: (claim: Claim, report: RunReport): Promise<boolean> =>
      change(async (trx) => {
        if (!(await isMine(trx, claim))) return false;
        const text = JSON.stringify(report);
        const row = { key: claim.key, report: text, bytes: Buffer.byteLength(text), made_at: dbNow, used_at: dbNow };
        await trx
          .insertInto('lab.results')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await boss.complete(RUNS, { id: claim.job, retryCount: claim.attempt }, {}, { db: on(trx) });
        await end(trx, claim.key, { stored: true });
        return true;
      }),

    /** Tells those who wait why there is no result; it would be no other the next time. */
    fail: (claim: Claim, { code, params }: Pick<UserError, 'code' | 'params'>): Promise<void> =>
      change(async (trx) => {
        if (!(await isMine(trx, claim))) return;
        await boss.complete(RUNS, { id: claim.job, retryCount: claim.attempt }, { code }, { db: on(trx) });
        await end(trx, claim.key, { stored: false, code, params: params as Record<string, string | number> });
      }),

    /** The worker died of it: the next try may go better. */
    retry: (claim: Claim, reason: DeadOf): Promise<'again' | 'dead' | 'lost'> =>
      change(async (trx) => ((await isMine(trx, claim)) ? giveUp(trx, claim, reason) : 'lost')),

    /** Hands a run back that was begun, without counting it as a try: the process is stopped as it should be. */
    handBack: (claim: Claim): Promise<void> =>
      change(async (trx) => {
        if (!(await isMine(trx, claim))) return;
        await boss.deleteJob(RUNS, claim.job, { db: on(trx) });
        const { turn } = await trx.selectFrom('lab.runs').select('turn').where('key', '=', claim.key).executeTakeFirstOrThrow();
        const job = (await send(trx, claim.key, claim.task, turn))!;
        await trx.updateTable('lab.runs').set({ job, worker: null, attempt: null, until: null }).where('key', '=', claim.key).execute();
        await tell(trx, { about: 'queue' });
      }),

    /** This process may have been thought dead; what nobody has taken over yet is still its own, under its new name. */
    async own(claims: readonly Claim[], worker: string): Promise<void> {
      for (const { key, job, attempt } of claims)
        await db
          .updateTable('lab.runs')
          .set({ worker })
          .where('key', '=', key)
          .where('job', '=', job)
          .where('attempt', '=', attempt)
          .where('worker', '!=', worker)
          .execute();
    },

    /** Which of these this process is still at. */
    async still(claims: readonly Claim[]): Promise<Set<Claim>> {
      const keys = claims.map(({ key }) => key);
      const rows = await db.selectFrom('lab.runs').select(['key', 'job', 'attempt']).where('key', 'in', keys).execute();
      return new Set(
        claims.filter(({ key, job, attempt }) => rows.some((row) => row.key === key && row.job === job && row.attempt === attempt)),
      );
    },

    /** Takes back what dead processes have left: their runs, and what was asked through them. */
    async takeOver(log: (what: { key: string; reason: string; next: string }) => void): Promise<void> {
      const gone = sql<boolean>`not exists (select 1 from processes p where p.id = worker and p.until > ${dbNow})`;
      const overdue = sql<boolean>`until < ${dbNow}`;
      const runs = () =>
        db
          .selectFrom('lab.runs')
          .select(['key', 'job', 'attempt', overdue.as('late')])
          .where('worker', 'is not', null)
          .where((where) => where.or([gone, overdue]));
      const asks = db
        .selectFrom('lab.asks')
        .select(['id', 'key'])
        .where(sql<boolean>`not exists (select 1 from processes p where p.id = process and p.until > ${dbNow})`);
      const [left, orphans] = await Promise.all([runs().execute(), asks.limit(500).execute()]);
      if (left.length === 0 && orphans.length === 0) return;
      await change(async (trx) => {
        for (const { key, job, attempt, late } of left) {
          const claim = { key, job, attempt: attempt ?? 0 };
          if (!(await isMine(trx, { ...claim, task: undefined as never }))) continue;
          const reason = late ? 'overdue' : 'process-died';
          log({ key, reason, next: await giveUp(trx, claim, reason) });
        }
        for (const { id, key } of orphans) {
          await trx.deleteFrom('lab.asks').where('id', '=', id).execute();
          await dropUnwanted(trx, key, true);
        }
      });
    },
  };
}
