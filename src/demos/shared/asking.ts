import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { dbNow } from '../../cluster/presence.ts';
import { UserError } from '../../core/errors.ts';
import { DEAD, on } from '../../store/postgres/queue.ts';
import { type QueueLimits, turnOf } from '../fairness.ts';
import type { RunReport } from '../worker.ts';
import { type Ending, keyOf, type LabTask, type Ledger } from './ledger.ts';
import { tell } from './news.ts';

/** Results kept, in bytes; beyond it those go that were not used for longest. */
const KEPT_BYTES = 100 * 2 ** 20;
const SHRINK_TO = 0.75;

export type Asking = ReturnType<typeof createAsking>;

/** What whoever asks for runs does with the rows. */
export function createAsking({ db, boss, change, send, dropUnwanted }: Ledger) {
  return {
    async result(key: string): Promise<RunReport | undefined> {
      const row = await db.selectFrom('lab.results').select(['report', 'used_at']).where('key', '=', key).executeTakeFirst();
      if (!row) return undefined;
      const old = sql<number>`${dbNow} - 3600000`;
      await db.updateTable('lab.results').set({ used_at: dbNow }).where('key', '=', key).where('used_at', '<', old).execute();
      return JSON.parse(row.report) as RunReport;
    },

    /**
     * Waits in line; the same run asked for twice is one.
     * @returns the name of what was asked
     * @throws UserError `too-many-runs`, `queue-full`, `run-set-aside`
     */
    ask: (task: LabTask, owner: string, process: string, limits: QueueLimits): Promise<string> =>
      change(async (trx) => {
        const key = keyOf(task);
        const { parts } = task;
        const id = randomUUID();
        const ask = { id, key, owner, parts, process };
        const stored = await trx.selectFrom('lab.results').select('key').where('key', '=', key).executeTakeFirst();
        if (stored) {
          await trx
            .insertInto('lab.asks')
            .values({ ...ask, turn: 0, outcome: JSON.stringify({ stored: true }) })
            .execute();
          return id;
        }
        const [dead] = await boss.findJobs(DEAD, { key, queued: true, limit: 1, db: on(trx) });
        if (dead) throw new UserError('run-set-aside', { demo: task.demo });
        const own = await trx
          .selectFrom('lab.asks')
          .select(['turn', 'parts'])
          .where('owner', '=', owner)
          .where('outcome', 'is', null)
          .execute();
        if (own.reduce((sum, one) => sum + one.parts, 0) >= limits.perOwner)
          throw new UserError('too-many-runs', { limit: limits.perOwner });
        const run = await trx.selectFrom('lab.runs').select('turn').where('key', '=', key).executeTakeFirst();
        if (run) {
          await trx
            .insertInto('lab.asks')
            .values({ ...ask, turn: run.turn, outcome: null })
            .execute();
          return id;
        }
        const { first, queued, served } = await trx
          .selectFrom('lab.runs')
          .select(({ fn }) => [
            sql<number | null>`min(turn) filter (where worker is null)`.as('first'),
            sql<number>`count(*) filter (where worker is null)`.as('queued'),
            sql<number | null>`max(turn) filter (where worker is not null)`.as('served'),
            fn.countAll().as('all'),
          ])
          .executeTakeFirstOrThrow();
        if (queued >= limits.queued) throw new UserError('queue-full', { queued });
        const some = (turn: number | null) => (turn === null ? [] : [turn]);
        const turn = turnOf({ running: some(served), waiting: some(first), own });
        await trx
          .insertInto('lab.asks')
          .values({ ...ask, turn, outcome: null })
          .execute();
        const job = await send(trx, key, task, turn);
        if (!job) throw new Error(`the queue holds a job for ${key} that no run belongs to`);
        const waiting = { worker: null, attempt: null, until: null };
        await trx
          .insertInto('lab.runs')
          .values({ key, job, task: JSON.stringify(task), parts, turn, ...waiting })
          .execute();
        await tell(trx, { about: 'queue' });
        return id;
      }),

    /** Does not wait any longer for these, or for all that an owner asked for. @returns how many it was */
    cancel: (which: { owner: string } | { id: string }): Promise<number> =>
      change(async (trx) => {
        const [column, value] = 'owner' in which ? (['owner', which.owner] as const) : (['id', which.id] as const);
        const outcome = JSON.stringify({ stored: false, code: 'run-cancelled', params: {} } satisfies Ending);
        const asks = await trx
          .updateTable('lab.asks')
          .set({ outcome })
          .where(column, '=', value)
          .where('outcome', 'is', null)
          .returning('key')
          .execute();
        for (const { key } of asks) {
          await dropUnwanted(trx, key);
          await tell(trx, { about: 'end', key });
        }
        return asks.length;
      }),

    /** Keeps what was asked through this process under its new name. */
    async rename(ids: readonly string[], process: string): Promise<void> {
      if (ids.length > 0) await db.updateTable('lab.asks').set({ process }).where('id', 'in', ids).execute();
    },

    /** What became of these, and where those stand that wait: 0 for one that runs. */
    async look(ids: readonly string[]): Promise<{ id: string; key: string; outcome: string | null; place: number | null }[]> {
      const { rows } = await sql<{ id: string; key: string; outcome: string | null; place: number | null }>`
        with line as (select key, row_number() over (order by turn, seq) as place from lab.runs where worker is null)
        select a.id, a.key, a.outcome, case when r.key is null then null else coalesce(line.place, 0) end as place
        from lab.asks a left join lab.runs r on r.key = a.key left join line on line.key = a.key
        where a.id in (${sql.join(ids)})
      `.execute(db);
      return rows;
    },

    async forget(ids: readonly string[]): Promise<void> {
      await db.deleteFrom('lab.asks').where('id', 'in', ids).execute();
    },

    async status(): Promise<{ running: number; queued: number }> {
      return db
        .selectFrom('lab.runs')
        .select([
          sql<number>`count(*) filter (where worker is not null)`.as('running'),
          sql<number>`count(*) filter (where worker is null)`.as('queued'),
        ])
        .executeTakeFirstOrThrow();
    },

    /** Throws results away that were not used for longest, where there are too many. */
    async prune(most = KEPT_BYTES): Promise<void> {
      await sql`
        delete from lab.results where key in (
          select key from (select key, sum(bytes) over (order by used_at desc, key) as kept from lab.results) r
          where kept > ${most * SHRINK_TO} and (select sum(bytes) from lab.results) > ${most}
        )
      `.execute(db);
    },
  };
}
