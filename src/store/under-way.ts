import { dbNow, type Presence } from '../cluster/presence.ts';
import type { Clock } from '../core/clock.ts';
import { type Locale, toLocale } from '../core/locale.ts';
import type { MessageRef } from '../core/request.ts';
import type { Db } from './database.ts';

/** A message "Running … 46 %" that nobody has finished. */
export interface Left {
  message: MessageRef;
  /** Language that it speaks. */
  locale: Locale;
}

/**
 * Messages that say that work goes on. Each is a row from when it is posted until its last word is said, so that the
 * next start can tell people what became of those that a killed process left behind. Of no person's.
 */
export interface UnderWay {
  begun(message: MessageRef, locale: Locale): Promise<void>;
  over(message: MessageRef): Promise<void>;
  /** Those on a platform that were begun before this program. */
  left(platform: string): Promise<Left[]>;
}

/** @param presence where several processes share the database: then what a living one works for is not left */
export function createUnderWay(db: Db, clock: Clock, presence?: Pick<Presence, 'id' | 'onAnew'>): UnderWay {
  const start = clock.now();
  /** A clock that stands still in tests, or two starts in one millisecond. */
  const own = new Set<string>();
  presence?.onAnew(async (before) => {
    await db.updateTable('under_way').set({ worker: presence.id() }).where('worker', '=', before).execute();
  });
  const keyOf = ({ platform, space, room, id }: MessageRef) => JSON.stringify([platform, space, room, id]);
  return {
    async begun(message, locale) {
      const { platform, space, room, id } = message;
      own.add(keyOf(message));
      const row = { platform, space, room, message: id, locale, at: clock.now(), worker: presence?.id() ?? null };
      await db
        .insertInto('under_way')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async over(message) {
      const { platform, space, room, id } = message;
      await db
        .deleteFrom('under_way')
        .where('platform', '=', platform)
        .where('space', '=', space)
        .where('room', '=', room)
        .where('message', '=', id)
        .execute();
      own.delete(keyOf(message));
    },
    async left(platform) {
      const rows = await db
        .selectFrom('under_way')
        .selectAll()
        .where('platform', '=', platform)
        .$if(presence === undefined, (query) => query.where('at', '<=', start))
        .$if(presence !== undefined, (query) =>
          query.where((eb) =>
            eb.or([eb('worker', 'is', null), eb('worker', 'not in', eb.selectFrom('processes').select('id').where('until', '>', dbNow))]),
          ),
        )
        .execute();
      return rows
        .map(({ space, room, message, locale }) => ({
          message: { platform: platform as MessageRef['platform'], space, room, id: message },
          locale: toLocale(locale) ?? 'en',
        }))
        .filter(({ message }) => !own.has(keyOf(message)));
    },
  };
}
