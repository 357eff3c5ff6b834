import { sql } from 'kysely';
import type { Db } from '../store/database.ts';
import { transact } from '../store/transact.ts';
import { dbNow, type Presence } from './presence.ts';

/** The shards of Discord's gateway as rows: each is one process's as long as that lives. The rows are the truth. */
export interface Shards {
  /**
   * Into how many shards the servers are divided, the same for all processes: what the first of them wished.
   * @returns that number
   */
  agree(wished: number): Promise<number>;
  /** Takes up to so many shards that nobody holds. */
  claim(most: number): Promise<number[]>;
  /** Those that this process had under an earlier name and that nobody has taken meanwhile. */
  keep(before: string): Promise<number[]>;
  release(shards: readonly number[]): Promise<void>;
  /** How many nobody holds. */
  free(): Promise<number>;
  /**
   * Waits until a shard of this bucket may identify, and takes note that it does.
   * @param gap milliseconds between two of them, over all processes
   */
  identify(bucket: number, gap: number, signal: AbortSignal): Promise<void>;
}

/** Between two looks at whether it is our turn; at most. Milliseconds. */
const LOOK_AGAIN = 1_000;

export function createShards(db: Db, presence: Pick<Presence, 'id'>): Shards {
  const alive = () => db.selectFrom('processes').select('id').where('until', '>', dbNow);
  const free = () =>
    db
      .selectFrom('gateway_shards')
      .select('shard')
      .where((eb) => eb.or([eb('worker', 'is', null), eb('worker', 'not in', alive())]));
  /** Whoever was thought dead a moment ago takes nothing. */
  const self = () => alive().where('id', '=', presence.id());

  return {
    agree: (wished) =>
      transact(db, 'gateway_shards', async (trx) => {
        const rows = await trx.selectFrom('gateway_shards').select('shard').execute();
        const held = await trx
          .selectFrom('gateway_shards')
          .innerJoin('processes', 'processes.id', 'gateway_shards.worker')
          .select('shard')
          .where('until', '>', dbNow)
          .executeTakeFirst();
        if (rows.length === wished || (rows.length > 0 && held)) return rows.length;
        await trx.deleteFrom('gateway_shards').execute();
        await trx
          .insertInto('gateway_shards')
          .values(Array.from({ length: wished }, (_, shard) => ({ shard, worker: null })))
          .execute();
        return wished;
      }),
    async claim(most) {
      if (most <= 0) return [];
      const rows = await db
        .updateTable('gateway_shards')
        .set({ worker: presence.id() })
        .where('shard', 'in', free().orderBy('shard').limit(most).forUpdate().skipLocked())
        .where(({ exists }) => exists(self()))
        .returning('shard')
        .execute();
      return rows.map(({ shard }) => shard);
    },
    async keep(before) {
      const rows = await db
        .updateTable('gateway_shards')
        .set({ worker: presence.id() })
        .where('worker', '=', before)
        .returning('shard')
        .execute();
      return rows.map(({ shard }) => shard);
    },
    async release(shards) {
      if (shards.length === 0) return;
      await db
        .updateTable('gateway_shards')
        .set({ worker: null })
        .where('worker', '=', presence.id())
        .where('shard', 'in', [...shards])
        .execute();
    },
    free: async () => (await free().execute()).length,
    async identify(bucket, gap, signal) {
      for (;;) {
        signal.throwIfAborted();
        const wait = await transact(db, `gateway_identify/${bucket}`, async (trx) => {
          const row = await trx
            .selectFrom('gateway_identifies')
            .select(sql<number>`at + ${gap} - ${dbNow}`.as('wait'))
            .where('bucket', '=', bucket)
            .executeTakeFirst();
          if (row && Number(row.wait) > 0) return Number(row.wait);
          await trx
            .insertInto('gateway_identifies')
            .values({ bucket, at: dbNow })
            .onConflict((conflict) => conflict.column('bucket').doUpdateSet({ at: dbNow }))
            .execute();
          return 0;
        });
        if (wait === 0) return;
        await new Promise((resolve) => setTimeout(resolve, Math.min(wait, LOOK_AGAIN)));
      }
    },
  };
}
