import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { momentOf, nextOccurrence, readTime, readTimeOfDay } from '../../src/quiz/timetable/times.ts';

const BERLIN = 'Europe/Berlin';
/** Saturday. */
const NOW = Date.UTC(2026, 10, 28, 0, 10);
const utc = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString().slice(0, 16));
const code = (run: () => unknown) => {
  try {
    return run();
  } catch (error) {
    return error instanceof UserError ? error.code : error;
  }
};

describe('a time', () => {
  it.each([
    ['Friday 18:00', '2026-12-04T18:00'],
    ['on friday at 6pm', '2026-12-04T18:00'],
    ['2026-12-01 18:00', '2026-12-01T18:00'],
    ['tomorrow 9am', '2026-11-29T09:00'],
    ['18:00', '2026-11-28T18:00'],
    ['in 2 hours', '2026-11-28T03:10'],
    ['周五18:00', '2026-12-04T18:00'],
    ['明天早上9点', '2026-11-29T09:00'],
    ['后天晚上八点半', '2026-11-30T20:30'],
    ['12月5日19:00', '2026-12-05T19:00'],
  ])('is read as it stands in the zone: %s', (typed, anchor) => {
    expect(readTime(typed, BERLIN, NOW)).toMatchObject({ anchor, weekly: false });
  });

  it('may say that it comes every week', () => {
    expect(readTime('every Friday 18:00', BERLIN, NOW)).toEqual({ anchor: '2026-12-04T18:00', weekly: true });
    expect(readTime('每周五18:00', BERLIN, NOW)).toEqual({ anchor: '2026-12-04T18:00', weekly: true });
  });

  it.each([
    ['every 1 minute', 'schedule-too-often'],
    ['every hour', 'schedule-too-often'],
    ['每分钟', 'schedule-too-often'],
    ['每天9点', 'schedule-too-often'],
    ['when pigs fly', 'schedule-unknown-time'],
    ['friday 18:00 unless it rains', 'schedule-unknown-time'],
    ['friday', 'schedule-needs-hour'],
    ['2026-11-01 18:00', 'schedule-past'],
    ['2031-11-01 18:00', 'schedule-too-far'],
    ['', 'schedule-unknown-time'],
  ])('that cannot be kept is refused with what to write: “%s”', (typed, expected) => {
    expect(code(() => readTime(typed, BERLIN, NOW))).toBe(expected);
  });

  it('without an hour ends with its day, where an end is asked for', () => {
    expect(readTime('Sunday', BERLIN, NOW, true).anchor).toBe('2026-11-29T23:59');
    expect(readTime('until Sunday 20:00'.slice(6), BERLIN, NOW, true).anchor).toBe('2026-11-29T20:00');
  });

  it('of day is the next one', () => {
    expect(readTimeOfDay('09:00', BERLIN, NOW)).toBe('2026-11-28T09:00');
    // It is 01:10 there.
    expect(readTimeOfDay('1:00', BERLIN, NOW)).toBe('2026-11-29T01:00');
    expect(readTimeOfDay('9pm', BERLIN, NOW)).toBe('2026-11-28T21:00');
    expect(readTimeOfDay('晚上9点', BERLIN, NOW)).toBe('2026-11-28T21:00');
    for (const typed of ['25:00', 'soon', '9:75', 'friday 9:00'])
      expect(code(() => readTimeOfDay(typed, BERLIN, NOW))).toBe('schedule-no-time-of-day');
  });
});

describe('summer time', () => {
  it('moves what stands in a skipped hour on by that hour, once', () => {
    expect(utc(momentOf('2026-03-29T02:30', BERLIN))).toBe('2026-03-29T01:30');
    const days = [28, 29, 30].map((day) => utc(nextOccurrence('2026-03-28T02:30', BERLIN, 'daily', Date.UTC(2026, 2, day) - 1)));
    expect(days).toEqual(['2026-03-28T01:30', '2026-03-29T01:30', '2026-03-30T00:30']);
  });

  it('takes the first of a repeated hour, and not the second as well', () => {
    const first = momentOf('2026-10-25T02:30', BERLIN);
    expect(utc(first)).toBe('2026-10-25T00:30');
    expect(utc(nextOccurrence('2026-10-20T02:30', BERLIN, 'daily', first))).toBe('2026-10-26T01:30');
  });

  it('keeps the hour by the clock on the wall, week after week, and skips what was missed', () => {
    const weekly = (after: string) => utc(nextOccurrence('2026-10-16T18:00', BERLIN, 'weekly', Date.parse(`${after}:00Z`)));
    expect(weekly('2026-10-16T15:59')).toBe('2026-10-16T16:00');
    expect(weekly('2026-10-16T16:00')).toBe('2026-10-23T16:00');
    expect(weekly('2026-10-23T16:00')).toBe('2026-10-30T17:00');
    expect(weekly('2027-06-01T00:00')).toBe('2027-06-04T16:00');
    expect(nextOccurrence('2026-10-16T18:00', BERLIN, 'none', Date.UTC(2027, 0))).toBeUndefined();
  });
});
