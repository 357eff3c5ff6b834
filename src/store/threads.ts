import type { Clock } from '../core/clock.ts';
import type { RoomRef } from '../core/request.ts';
import type { Db } from './database.ts';

/** Threads in which we have answered a question: what is asked there next is asked of us. */
export interface Threads {
  answered(room: RoomRef, thread: string): Promise<void>;
  has(room: RoomRef, thread: string): Promise<boolean>;
}

/** Nobody goes on with a talk of last month. */
const KEPT_FOR = 30 * 24 * 3_600_000;
/** Looked up for every message in every thread, so both answers are remembered. */
const REMEMBERED = 10_000;

export function createThreads(db: Db, clock: Clock): Threads {
  const known = new Map<string, boolean>();
  const keyOf = ({ platform, space, room }: RoomRef, thread: string) => JSON.stringify([platform, space, room, thread]);
  const remember = (key: string, is: boolean): void => {
    known.delete(key);
    known.set(key, is);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
  };
  return {
    async answered(room, thread) {
      const key = keyOf(room, thread);
      if (known.get(key)) return;
      const { platform, space, room: channel } = room;
      const at = clock.now();
      await db
        .insertInto('answered_threads')
        .values({ platform, space, room: channel, thread, at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await db
        .deleteFrom('answered_threads')
        .where('at', '<', at - KEPT_FOR)
        .execute();
      remember(key, true);
    },
    async has(room, thread) {
      const key = keyOf(room, thread);
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const { platform, space, room: channel } = room;
      const row = await db
        .selectFrom('answered_threads')
        .select('at')
        .where('platform', '=', platform)
        .where('space', '=', space)
        .where('room', '=', channel)
        .where('thread', '=', thread)
        .executeTakeFirst();
      remember(key, row !== undefined);
      return row !== undefined;
    },
  };
}
