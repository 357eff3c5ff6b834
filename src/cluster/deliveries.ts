import { sql } from 'kysely';
import { troubleOf } from '../core/trouble.ts';
import type { Store } from '../store/database.ts';
import { dbNow, type Presence } from './presence.ts';

/**
 * What platforms tell us of, each once: a platform repeats what it thinks lost, and two processes may be told the same
 * while one takes over from the other.
 */
export interface Deliveries {
  /**
   * @returns whether it is ours to answer: nobody has answered it, or whoever was to answer it died before.
   * @param once it is not to be answered again even then, where the platform repeats nothing
   * While the database cannot tell, what is new to this process counts as ours: the platforms themselves take one
   * acknowledgement of an interaction, and post what has the same key once.
   */
  take(platform: string, id: string, once?: boolean): Promise<boolean>;
  /** It has been answered. */
  done(platform: string, id: string): Promise<void>;
}

/** Remembered in this process. */
const REMEMBERED = 10_000;
/** Slack repeats for some minutes, at its longest. Milliseconds. */
const KEPT = 3_600_000;
/** Between two times that old rows are thrown away. */
const SWEEP_EVERY = 600_000;

/** @param presence undefined for a SQLite file, which one process has for itself: then memory does. */
export function createDeliveries({ db }: Pick<Store, 'db'>, presence: Pick<Presence, 'id' | 'onBeat' | 'sure'> | undefined): Deliveries {
  const seen = new Set<string>();
  const isNew = (platform: string, id: string): boolean => {
    const key = `${platform}/${id}`;
    if (seen.has(key)) return false;
    seen.add(key);
    if (seen.size > REMEMBERED) seen.delete(seen.values().next().value!);
    return true;
  };
  if (!presence) return { take: async (platform, id) => isNew(platform, id), done: async () => {} };

  let swept = performance.now();
  presence.onBeat(async () => {
    if (performance.now() - swept < SWEEP_EVERY) return;
    swept = performance.now();
    await db.deleteFrom('deliveries').where('at', '<', sql<number>`${dbNow} - ${KEPT}`).execute();
  });
  return {
    async take(platform, id, once = false) {
      if (!isNew(platform, id)) return false;
      if ((await presence.sure()) === 'unknown') return true;
      try {
        const row = await db
          .insertInto('deliveries')
          .values({ platform, id, worker: presence.id(), done: once ? 1 : 0, at: dbNow })
          .onConflict((conflict) =>
            conflict
              .columns(['platform', 'id'])
              .doUpdateSet({ worker: presence.id() })
              .where('deliveries.done', '=', 0)
              .where(({ not, exists, selectFrom }) =>
                not(
                  exists(
                    selectFrom('processes')
                      .select(sql`1`.as('one'))
                      .whereRef('processes.id', '=', 'deliveries.worker')
                      .where('processes.until', '>', dbNow),
                  ),
                ),
              ),
          )
          .returning('id')
          .executeTakeFirst();
        return row !== undefined;
      } catch (error) {
        if (troubleOf(error)) return true;
        throw error;
      }
    },
    async done(platform, id) {
      await db
        .updateTable('deliveries')
        .set({ done: 1 })
        .where('platform', '=', platform)
        .where('id', '=', id)
        .execute()
        // It would be answered again only if this process died and the platform repeated it.
        .catch(() => {});
    },
  };
}
