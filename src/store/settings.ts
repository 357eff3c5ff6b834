import type { Clock } from '../core/clock.ts';
import { type Locale, toLocale } from '../core/locale.ts';
import type { Request } from '../core/request.ts';
import type { Db } from './database.ts';

export interface Settings {
  /** The person's `/lang`, else the room's. */
  locale(request: Pick<Request, 'platform' | 'space' | 'room' | 'user'>): Promise<Locale | undefined>;
  /** `locale: undefined` forgets the setting. */
  setLocale(request: Request, kind: 'user' | 'room', locale: Locale | undefined): Promise<void>;
  /** The language to speak to a whole room in, or to a person out of the blue. */
  localeOf(platform: string, space: string, kind: 'user' | 'room', id: string): Promise<Locale | undefined>;
}

/** Looked up for every press of a button, so it is remembered for a moment; other processes may change it too. */
const REMEMBERED_FOR = 10_000;
const REMEMBERED = 20_000;

/** Language settings in the `locales` table. */
export function createSettings(db: Db, clock: Clock): Settings {
  const known = new Map<string, { locale: Promise<Locale | undefined>; until: number }>();
  const localeOf: Settings['localeOf'] = (platform, space, kind, id) => {
    const key = JSON.stringify([platform, space, kind, id]);
    const remembered = known.get(key);
    if (remembered && remembered.until > clock.now()) return remembered.locale;
    const locale = readLocale(platform, space, kind, id);
    known.delete(key);
    known.set(key, { locale, until: clock.now() + REMEMBERED_FOR });
    locale.catch(() => known.delete(key));
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
    return locale;
  };
  const readLocale = async (platform: string, space: string, kind: string, id: string): Promise<Locale | undefined> => {
    const row = await db
      .selectFrom('locales')
      .select('locale')
      .where('platform', '=', platform)
      .where('space', '=', space)
      .where('kind', '=', kind as 'user' | 'room')
      .where('id', '=', id)
      .executeTakeFirst();
    return toLocale(row?.locale);
  };
  return {
    localeOf,
    async locale({ platform, space, room, user }) {
      return (await localeOf(platform, space, 'user', user.id)) ?? (await localeOf(platform, space, 'room', room));
    },
    async setLocale({ platform, space, room, user }, kind, locale) {
      const key = { platform, space, kind, id: kind === 'user' ? user.id : room };
      known.delete(JSON.stringify(Object.values(key)));
      if (locale === undefined) {
        await db
          .deleteFrom('locales')
          .where((eb) => eb.and(key))
          .execute();
        return;
      }
      await db
        .insertInto('locales')
        .values({ ...key, locale })
        .onConflict((conflict) => conflict.columns(['platform', 'space', 'kind', 'id']).doUpdateSet({ locale }))
        .execute();
    },
  };
}
