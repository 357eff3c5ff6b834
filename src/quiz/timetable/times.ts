import { createRequire } from 'node:module';
import { DateTime } from 'luxon';
import { UserError } from '../../core/errors.ts';
import { lazy } from '../../core/lazy.ts';

const require = createRequire(import.meta.url);
const chrono = lazy(() => require('chrono-node') as typeof import('chrono-node'));

export const REPEATS = ['none', 'weekly', 'daily'] as const;
export type Repeat = (typeof REPEATS)[number];

/** Local time without a zone, to the minute: `2026-12-04T18:00`. */
export type Anchor = string;

const FORMAT = "yyyy-MM-dd'T'HH:mm";
/** Words around a time that say nothing more. */
const FILLER = /^(?:\s|,|，|。|\b(?:on|at|every|the)\b|每个?|在|于|的|的时候|前|之前|为止|截止|到)*$/iu;
/** Nothing is announced further ahead. */
const FURTHEST = { years: 1 };

/**
 * The moment of a local time. In the hour that summer time skips it is the same time by the clock before (02:30 is
 * 03:30 then); of an hour that comes twice it is the first.
 */
export function momentOf(anchor: Anchor, zone: string): number {
  const local = DateTime.fromFormat(anchor, FORMAT, { zone });
  return Math.min(...local.getPossibleOffsets().map((one) => one.toMillis()), local.toMillis());
}

/** The first occurrence after `after`, by the calendar of the zone: 18:00 stays 18:00 when summer time begins. */
export function nextOccurrence(anchor: Anchor, zone: string, repeat: Repeat, after: number): number | undefined {
  const first = momentOf(anchor, zone);
  if (first > after || repeat === 'none') return first > after ? first : undefined;
  const step = repeat === 'weekly' ? 7 : 1;
  const start = DateTime.fromFormat(anchor, FORMAT, { zone: 'utc' });
  // Whole steps that are surely past; the rest is counted.
  const passed = Math.max(0, Math.floor((after - first) / (step * 86_400_000)) - 1);
  for (let count = passed; ; count++) {
    const at = momentOf(start.plus({ days: count * step }).toFormat(FORMAT), zone);
    if (at > after) return at;
  }
}

/**
 * Reads when something is to be, in English or Chinese: `Friday 18:00`, `2026-12-01 18:00`, `in 2 hours`, `周五 18:00`.
 * @param endOfDay a day without an hour means its end, 23:59; otherwise the hour is asked for
 * @throws UserError when it cannot be read, has no hour, is past, or asks for more often than weekly
 */
export function readTime(typed: string, zone: string, now: number, endOfDay = false): { anchor: Anchor; weekly: boolean } {
  const text = typed.trim();
  const shown = text.slice(0, 40);
  const every = /\bevery\b|每/iu.test(text);
  if (every && /\b(?:minutes?|hours?|seconds?|days?)\b|分钟?|小时|秒|天|日(?!\s*\d)/iu.test(text))
    throw new UserError('schedule-too-often', { value: shown });
  const offset = DateTime.fromMillis(now, { zone }).offset;
  const parser = /\p{Script=Han}/u.test(text) ? chrono().zh.hans : chrono().en;
  const [found] = parser.parse(text, { instant: new Date(now), timezone: offset }, { forwardDate: true });
  const rest = found && text.slice(0, found.index) + text.slice(found.index + found.text.length);
  if (!found || !FILLER.test(rest ?? '')) throw new UserError('schedule-unknown-time', { value: shown });
  const { start } = found;
  // “In 3 days” tells no hour, “in 2 hours” does.
  if (!endOfDay && !start.isCertain('hour')) throw new UserError('schedule-needs-hour', { value: shown });
  const [hour, minute] = start.isCertain('hour') ? [start.get('hour') ?? 0, start.get('minute') ?? 0] : [23, 59];
  const local = DateTime.fromObject(
    { year: start.get('year') ?? 0, month: start.get('month') ?? 1, day: start.get('day') ?? 1, hour, minute },
    { zone: 'utc' },
  );
  if (!local.isValid) throw new UserError('schedule-unknown-time', { value: shown });
  const anchor = local.toFormat(FORMAT);
  const at = momentOf(anchor, zone);
  if (at <= now) throw new UserError('schedule-past', { value: shown, zone });
  if (at > DateTime.fromMillis(now).plus(FURTHEST).toMillis()) throw new UserError('schedule-too-far', { value: shown });
  return { anchor, weekly: every };
}

/** Reads a time of day: `9:00`, `09:00`, `9`, `9pm`, `21:30`, `早上9点`. @returns the next such time as an anchor. @throws UserError */
export function readTimeOfDay(typed: string, zone: string, now: number): Anchor {
  const text = typed.trim().normalize('NFKC');
  const bare = /^(\d{1,2})(?::(\d{2}))?$/.exec(text);
  const parser = /\p{Script=Han}/u.test(text) ? chrono().zh.hans : chrono().en;
  const found = bare ? undefined : parser.parse(text, new Date(now))[0]?.start;
  const hour = bare
    ? Number(bare[1])
    : found?.isCertain('hour') && !found.isCertain('day') && !found.isCertain('weekday')
      ? found.get('hour')
      : null;
  const minute = bare ? Number(bare[2] ?? 0) : (found?.get('minute') ?? 0);
  if (hour === null || hour === undefined || hour > 23 || minute > 59)
    throw new UserError('schedule-no-time-of-day', { value: text.slice(0, 40) });
  const today = DateTime.fromMillis(now, { zone }).set({ hour: 0, minute: 0 }).toFormat('yyyy-MM-dd');
  const anchor = `${today}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  if (momentOf(anchor, zone) > now) return anchor;
  return DateTime.fromFormat(anchor, FORMAT, { zone: 'utc' }).plus({ days: 1 }).toFormat(FORMAT);
}

/** `Fri, 4 Dec 2026, 18:00 (Europe/Berlin)`, in the reader's language. */
export function describeTime(at: number, zone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    ...{ timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  return `${format.format(at)} (${zone})`;
}
