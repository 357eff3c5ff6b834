import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Locale } from '../core/locale.ts';

/** Days as people live them: `YYYY-MM-DD` and hours in an IANA time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Local day and hour of a moment. */
export function localTime(at: number, zone: string): { day: string; hour: number } {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return { day: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour) };
}

/** The calendar day `count` days after `day`. */
export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** Whole calendar days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Cities that people look for and that have no zone of their own. */
const BESIDE: Record<string, string> = {
  ...{ 北京: 'Asia/Shanghai', 广州: 'Asia/Shanghai', 深圳: 'Asia/Shanghai', 重庆: 'Asia/Shanghai', 中国: 'Asia/Shanghai' },
  ...{ beijing: 'Asia/Shanghai', shenzhen: 'Asia/Shanghai', guangzhou: 'Asia/Shanghai', 'san francisco': 'America/Los_Angeles' },
  ...{ 旧金山: 'America/Los_Angeles', 日本: 'Asia/Tokyo', 英国: 'Europe/London', 德国: 'Europe/Berlin' },
};

/** What comes first where nothing is known of a reader but the language. */
const USUAL: Record<Locale, readonly string[]> = {
  zh: ['Asia/Shanghai', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore'],
  en: ['UTC'],
};

let chinese: ReadonlyMap<string, string> | undefined;

/** Chinese name of a zone's city; undefined where there is none. */
function chineseName(zone: string): string | undefined {
  chinese ??= new Map(Object.entries(load(readFileSync(join(import.meta.dirname, 'zones.zh.yaml'), 'utf8')) as Record<string, string>));
  return chinese.get(zone);
}

/**
 * The zone in its own spelling, however it was typed: `asia/shanghai`, `shanghai`, `上海`; undefined where there is none
 * of that name, or several.
 */
export function readZone(typed: string): string | undefined {
  const city = typed.trim().toLowerCase();
  const wanted = city.replace(/\s+/g, '_');
  const cities = Intl.supportedValuesOf('timeZone').filter((zone) => cityOf(zone) === wanted || chineseName(zone) === city);
  try {
    // An offset such as +08:00 is taken too, but has no summer time.
    return cities.length === 1
      ? cities[0]
      : (BESIDE[city] ?? new Intl.DateTimeFormat('en', { timeZone: wanted }).resolvedOptions().timeZone);
  } catch {
    return undefined;
  }
}

/**
 * Zones whose name, English or Chinese, holds what is typed; cities first, and before all the reader's own.
 * @param own the reader's zone, where it is known
 */
export function suggestZones(typed: string, locale: Locale = 'en', own?: string): string[] {
  const city = typed.trim().toLowerCase();
  const wanted = city.replace(/\s+/g, '_');
  const first = [...(own === undefined ? [] : [own]), ...USUAL[locale]];
  const zones = [...new Set([...first, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  const beside = Object.entries(BESIDE).flatMap(([name, zone]) => (city !== '' && name.startsWith(city) ? [zone] : []));
  const begins = (zone: string) => cityOf(zone).startsWith(wanted) || (chineseName(zone)?.startsWith(city) ?? false);
  const holds = (zone: string) => zone.toLowerCase().includes(wanted) || (chineseName(zone)?.includes(city) ?? false);
  return [...new Set([...zones.filter(begins), ...beside, ...zones.filter(holds)])].slice(0, 25);
}

/** A zone as a choice: `Asia/Shanghai（上海）`. */
export function zoneLabel(zone: string, locale: Locale): string {
  const name = locale === 'zh' ? chineseName(zone) : undefined;
  return name ? `${name}（${zone}）` : zone;
}

function cityOf(zone: string): string {
  return zone.toLowerCase().split('/').at(-1)!;
}
