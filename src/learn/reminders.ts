import { toLocale } from '../core/locale.ts';
import { DirectRefused } from '../core/outbox.ts';
import type { Platform } from '../core/request.ts';
import type { LearnerRow } from '../store/learn-rows.ts';
import type { LearnDeps } from './create.ts';
import { reminder } from './present.ts';
import type { Person, ReminderSettings, Reminders, Reviews } from './service.ts';
import { localTime } from './zone.ts';

/** Local time starts at a quarter of an hour everywhere, so a look every quarter finds each hour when it begins. */
const QUARTER = 15 * 60_000;
const DAY = 86_400_000;
/** A reminder that could not go out at its hour (we were not running) may still come this many hours later. */
const PATIENCE = 3;

/** Personal settings, and one direct message a day at most to those who asked for it and have something due. */
export function createReminders(deps: LearnDeps, reviews: Reviews): Reminders {
  const { clock, log, outbox } = deps;
  const { db } = deps.store;
  let cancel = () => {};
  let round: Promise<void> = Promise.resolve();

  const rowOf = (person: Person) =>
    db
      .selectFrom('learners')
      .selectAll()
      .where((eb) => eb.and({ ...person }))
      .executeTakeFirst();

  const get = async (person: Person): Promise<ReminderSettings> => {
    const row = await rowOf(person);
    return { zone: row?.zone ?? 'UTC', isKnown: row?.zone != null, hour: row?.remind_hour ?? null, refused: row?.refused_at != null };
  };

  const setRow = (person: Person, change: Partial<Omit<LearnerRow, keyof Person>>) =>
    db
      .insertInto('learners')
      .values({ ...person, zone: null, locale: null, remind_hour: null, reminded_day: null, refused_at: null, via: null, ...change })
      .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet(change))
      .execute();

  /** @returns whether the day was still free: it is taken before the message leaves, so that no crash sends two. */
  const takeDay = async (person: Person, day: string, unlikely: string): Promise<boolean> => {
    const { numUpdatedRows } = await db
      .updateTable('learners')
      .set({ reminded_day: day })
      .where((eb) => eb.and({ ...person }))
      .where((eb) => eb.or([eb('reminded_day', 'is', null), eb('reminded_day', '<', day), eb('reminded_day', '>=', unlikely)]))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };

  const remind = async (row: LearnerRow): Promise<void> => {
    const { zone, remind_hour } = row;
    const person = { platform: row.platform, space: row.space, user_id: row.user_id };
    const { platform, space, user_id } = row.via === null ? person : (JSON.parse(row.via) as Person);
    const { day, hour } = localTime(clock.now(), zone ?? 'UTC');
    // A journey west can leave a day that is still to come; what lies further ahead was noted by a clock that was wrong.
    const unlikely = localTime(clock.now() + 2 * DAY, zone ?? 'UTC').day;
    const late = hour - (remind_hour ?? 0);
    if (late < 0 || late >= PATIENCE) return;
    if (row.reminded_day !== null && row.reminded_day >= day && row.reminded_day < unlikely) return;
    await deps.ownNotes.ready(person);
    const { due } = await reviews.status(person);
    if (due === 0 || !outbox.isConnected(platform as Platform) || !(await takeDay(person, day, unlikely))) return;
    const locale = (await deps.settings.localeOf(platform, space, 'user', user_id)) ?? toLocale(row.locale) ?? deps.config.defaultLocale;
    try {
      await outbox.direct(platform as Platform, space, { id: user_id }, reminder(person, due, deps.i18n(locale)));
    } catch (error) {
      if (!refused(error)) throw error;
      await setRow(person, { refused_at: clock.now() });
      log.info({ platform }, 'direct messages are refused; reminders pause');
    }
  };

  const lookRound = async (): Promise<void> => {
    const rows = await db.selectFrom('learners').selectAll().where('remind_hour', 'is not', null).where('refused_at', 'is', null).execute();
    for (const row of rows) {
      // One that fails must not keep the others from theirs; it gets its next one tomorrow.
      await remind(row).catch((error: unknown) => log.warn({ err: error, platform: row.platform }, 'a reminder could not be sent'));
    }
  };

  const arm = (): void => {
    const next = (Math.floor(clock.now() / QUARTER) + 1) * QUARTER;
    cancel = clock.schedule(next, () => {
      arm();
      round = lookRound().catch((error: unknown) => log.error({ err: error }, 'reminders failed'));
    });
  };

  return {
    get,
    async set(person, { zone, hour, locale }, via) {
      // Whoever switches reminders on again has opened their messages.
      const hours =
        hour === undefined ? {} : { remind_hour: hour, refused_at: null, via: via && !isOf(via, person) ? JSON.stringify(via) : null };
      await setRow(person, { locale, ...hours, ...(zone !== undefined && { zone }) });
      return get(person);
    },
    start() {
      cancel();
      arm();
    },
    idle: () => round,
    async stop() {
      cancel();
      await round;
    },
  };
}

/** Whether an account is the one that the person's key names, wherever it speaks from. */
function isOf(account: Person, person: Person): boolean {
  return account.platform === person.platform && account.user_id === person.user_id;
}

/** Discord's 403 carries its status; adapters of other platforms say so themselves. */
function refused(error: unknown): boolean {
  return error instanceof DirectRefused || (error as { status?: unknown }).status === 403;
}
