import { randomBytes } from 'node:crypto';
import { dbNow } from '../../cluster/presence.ts';
import { UserError } from '../../core/errors.ts';
import { actionId } from '../../core/ids.ts';
import type { Locale } from '../../core/locale.ts';
import { say } from '../../core/reply.ts';
import type { RoomRef } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { ScheduleRow } from '../../store/quiz-rows.ts';
import { scopeOf, transact } from '../../store/transact.ts';
import type { Quiz } from '../service.ts';
import type { Schedule, Timetable } from './service.ts';
import { describeTime, nextOccurrence, type Repeat } from './times.ts';

type Deps = Pick<Services, 'clock' | 'log' | 'i18n' | 'outbox' | 'store' | 'cluster'>;

/** A quiz that could not start at its time (we were not running, another one was on) may still start so much later. */
export const HELD_LATE = 60 * 60_000;
/** Between two attempts to start one. */
export const HOLD_AGAIN = 15_000;
/** Between two looks at what processes have left that died. */
const LOOK_EVERY = 5_000;
/** Schedules of a room. */
export const MAX_SCHEDULES = 20;

/** Starts quizzes at their times. What was started is known by its delivery id, so that a crash in between starts it once. */
export function createTimetable(deps: Deps, quiz: Pick<Quiz, 'start'>): Timetable {
  const { clock, log, outbox, cluster } = deps;
  const { db } = deps.store;
  let cancelTimer = () => {};
  let round: Promise<void> = Promise.resolve();
  let stopped = true;

  const rowsOf = ({ platform, space, room }: RoomRef) =>
    db
      .selectFrom('schedules')
      .selectAll()
      .where((eb) => eb.and({ platform, space, room }))
      .orderBy('next_at')
      .execute();

  /** After this occurrence comes the next that is still ahead; of several that were missed nothing is made up. */
  const advance = async (schedule: Schedule): Promise<void> => {
    const { id, anchor, zone, repeat, nextAt } = schedule;
    const next = nextOccurrence(anchor, zone, repeat, Math.max(clock.now(), nextAt));
    const mine = { id, next_at: nextAt };
    if (next === undefined)
      await db
        .deleteFrom('schedules')
        .where((eb) => eb.and(mine))
        .execute();
    else
      await db
        .updateTable('schedules')
        .set({ next_at: next, worker: null })
        .where((eb) => eb.and(mine))
        .execute();
  };

  /** What is due; where several processes share the database, what none of them holds already. */
  const takeDue = async (): Promise<ScheduleRow[]> => {
    const due = db.selectFrom('schedules').where('next_at', '<=', clock.now()).orderBy('next_at');
    if (!cluster) return due.selectAll().execute();
    const free = due
      .select('id')
      .where((eb) =>
        eb.or([
          eb('worker', 'is', null),
          eb('worker', '=', cluster.id()),
          eb('worker', 'not in', eb.selectFrom('processes').select('id').where('until', '>', dbNow)),
        ]),
      )
      .forUpdate()
      .skipLocked();
    const rows = await db.updateTable('schedules').set({ worker: cluster.id() }).where('id', 'in', free).returningAll().execute();
    return rows.sort((a, b) => a.next_at - b.next_at);
  };

  /**
   * What a clock that was ahead has put off comes at its own time again. What was held already starts no second quiz,
   * since its delivery is known.
   */
  const bringBack = async (): Promise<void> => {
    const later = await db.selectFrom('schedules').selectAll().where('next_at', '>', clock.now()).execute();
    for (const row of later) {
      const { id, anchor, zone, repeat, nextAt } = toSchedule(row);
      const next = nextOccurrence(anchor, zone, repeat, clock.now());
      if (next === undefined || next >= nextAt) continue;
      const mine = { id, next_at: nextAt };
      await db
        .updateTable('schedules')
        .set({ next_at: next })
        .where((eb) => eb.and(mine))
        .execute();
    }
  };

  /** A clock that was behind can bring back a time at which the quiz was held. */
  const wasHeld = async (schedule: Schedule): Promise<boolean> => {
    const { platform, space } = schedule.room;
    const row = db
      .selectFrom('quizzes')
      .select('id')
      .where((eb) => eb.and({ platform, space, request: deliveryOf(schedule) }));
    return (await row.executeTakeFirst()) !== undefined;
  };

  const startNow = async (schedule: Schedule): Promise<void> => {
    const { kind, room, user, locale, wish, anchor, zone } = schedule;
    const closesAt = kind === 'daily' ? nextOccurrence(anchor, zone, 'daily', clock.now()) : undefined;
    await quiz.start({
      ...wish,
      ...{ room, locale, host: { id: user, name: '' }, request: deliveryOf(schedule) },
      ...(closesAt !== undefined && { pace: 'daily', closesAt }),
    });
  };

  /** The room hears that a quiz was missed, and can have it now. */
  const tellMissed = async (schedule: Schedule): Promise<void> => {
    const { id, room, locale, zone, nextAt, repeat, wish } = schedule;
    if (await wasHeld(schedule)) return;
    const t = deps.i18n(locale);
    const text = t('quiz.schedule-missed', { time: describeTime(nextAt, zone, locale) });
    // One that was to be held once is off the timetable now.
    const action =
      repeat === 'none' ? actionId('quiz', 'topic', ...(wish.topic === null ? [] : [wish.topic])) : actionId('quiz', 'now', id);
    const now = { id: action, label: t('quiz.schedule-now'), style: 'primary' } as const;
    const reply = say(
      [
        { type: 'note', text },
        { type: 'buttons', items: [now] },
      ],
      { kind: 'info', missed: id },
    );
    await outbox.post(room, reply, deliveryOf(schedule));
  };

  /** @returns false when it has to be tried again. */
  const hold = async (schedule: Schedule): Promise<boolean> => {
    const { kind, room, nextAt } = schedule;
    if (!outbox.isConnected(room.platform)) return false;
    const isLate = kind === 'quiz' && clock.now() - nextAt > HELD_LATE;
    if (isLate) {
      await tellMissed(schedule).catch((error: unknown) => log.warn({ err: error }, 'a missed quiz could not be told'));
      await advance(schedule);
      return true;
    }
    try {
      await startNow(schedule);
    } catch (error) {
      const code = error instanceof UserError ? error.code : undefined;
      // Another quiz is on in the room, or the disk was busy: a little later.
      if (code === undefined || code === 'quiz-running') {
        if (code === undefined) log.error({ err: error, schedule: schedule.id }, 'a scheduled quiz could not be started; trying again');
        return false;
      }
      log.warn({ err: error, schedule: schedule.id }, 'a scheduled quiz cannot be held');
    }
    await advance(schedule);
    return true;
  };

  const holdDue = async (): Promise<void> => {
    const due = await takeDue();
    let waiting = false;
    for (const row of due) {
      if (stopped) return;
      const held = await hold(toSchedule(row)).catch((error: unknown) => {
        log.error({ err: error, schedule: row.id }, 'a schedule failed; trying again');
        return false;
      });
      waiting ||= !held;
    }
    await arm(waiting);
  };

  const arm = async (waiting: boolean): Promise<void> => {
    const next = await db
      .selectFrom('schedules')
      .select('next_at')
      .where('next_at', '>', clock.now())
      .orderBy('next_at')
      .limit(1)
      .executeTakeFirst();
    const moments = [...(waiting ? [clock.now() + HOLD_AGAIN] : []), ...(next ? [next.next_at] : [])];
    if (stopped || moments.length === 0) return;
    cancelTimer();
    cancelTimer = clock.schedule(Math.min(...moments), look);
  };

  const look = (): void => {
    round = round
      .then(() => (stopped ? undefined : holdDue()))
      .catch((error: unknown) => {
        log.error({ err: error }, 'the timetable could not be read; trying again');
        cancelTimer = clock.schedule(clock.now() + HOLD_AGAIN, look);
      });
  };

  // Another process has taken a command, or one has left what it held.
  cluster?.listen('clock', () => look());
  cluster?.listen('free', () => look());
  cluster?.onGap(() => look());
  // What one held that died is due again.
  let looked = performance.now();
  cluster?.onBeat(async () => {
    if (performance.now() - looked < LOOK_EVERY) return;
    looked = performance.now();
    look();
  });

  const timetable: Timetable = {
    async add({ room, kind, locale, zone, anchor, repeat, wish }, user, request) {
      const nextAt = nextOccurrence(anchor, zone, repeat, clock.now());
      if (nextAt === undefined) throw new UserError('schedule-past', { value: anchor.replace('T', ' '), zone });
      const id = randomBytes(6).toString('base64url');
      const found = await transact(db, scopeOf('schedules', room.platform, room.space, room.room), async (trx) => {
        const rows = await trx
          .selectFrom('schedules')
          .selectAll()
          .where((eb) => eb.and({ ...room }))
          .execute();
        const same = rows.find((row) => row.request === request);
        if (same) return same;
        if (rows.length >= MAX_SCHEDULES) throw new UserError('schedule-too-many', { count: MAX_SCHEDULES });
        if (kind === 'daily' && rows.some((row) => row.kind === 'daily')) throw new UserError('schedule-daily-there');
        const row: ScheduleRow = {
          ...{ id, ...room, user_id: user.id, request, kind, locale, zone, anchor, repeat },
          ...{ wish: JSON.stringify(wish), next_at: nextAt, worker: null },
        };
        await trx.insertInto('schedules').values(row).execute();
        return row;
      });
      look();
      void cluster?.tell('clock', '').catch(() => {});
      return toSchedule(found);
    },
    list: async (room) => (await rowsOf(room)).map(toSchedule),
    find: async (room, id) => (await rowsOf(room)).filter((row) => row.id === id).map(toSchedule)[0],
    async cancel(room, id) {
      const found = await timetable.find(room, id);
      if (found) await db.deleteFrom('schedules').where('id', '=', id).execute();
      return found;
    },
    start() {
      stopped = false;
      round = round.then(bringBack).catch((error: unknown) => log.error({ err: error }, 'the timetable could not be looked through'));
      look();
    },
    async idle() {
      let known: Promise<void> | undefined;
      while (known !== round) {
        known = round;
        await known;
      }
    },
    async stop() {
      stopped = true;
      cancelTimer();
      await round;
    },
  };
  return timetable;
}

/** What one occurrence is known by. */
function deliveryOf({ id, nextAt }: Schedule): string {
  return `schedule:${id}:${nextAt}`;
}

function toSchedule(row: ScheduleRow): Schedule {
  const { id, platform, space, room, zone, anchor } = row;
  return {
    ...{ id, zone, anchor, user: row.user_id, nextAt: row.next_at },
    room: { platform: platform as RoomRef['platform'], space, room },
    kind: row.kind === 'daily' ? 'daily' : 'quiz',
    locale: row.locale as Locale,
    repeat: row.repeat as Repeat,
    wish: JSON.parse(row.wish),
  };
}
