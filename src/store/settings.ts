import { type Locale, toLocale } from '../core/locale.ts';
import type { Request } from '../core/request.ts';
import type { Db } from './database.ts';

export interface Settings {
  /** The person's `/lang`, else the room's. */
  locale(request: Request): Promise<Locale | undefined>;
  /** `locale: undefined` forgets the setting. */
  setLocale(request: Request, kind: 'user' | 'room', locale: Locale | undefined): Promise<void>;
  /** The language to speak to a whole room in, or to a person out of the blue. */
  localeOf(platform: string, space: string, kind: 'user' | 'room', id: string): Promise<Locale | undefined>;
}

/** Language settings in the `locales` table. */
export function createSettings(db: Db): Settings {
  const localeOf: Settings['localeOf'] = async (platform, space, kind, id) => {
    const row = await db
      .selectFrom('locales')
      .select('locale')
      .where('platform', '=', platform)
      .where('space', '=', space)
      .where('kind', '=', kind)
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
