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

/** The zone in its own spelling (`asia/shanghai`, or just `shanghai`), or undefined where there is none of that name. */
export function readZone(typed: string): string | undefined {
  const wanted = typed.trim().replace(/\s+/g, '_');
  const cities = Intl.supportedValuesOf('timeZone').filter((zone) => cityOf(zone) === wanted.toLowerCase());
  try {
    // An offset such as +08:00 is taken too, but has no summer time.
    return cities.length === 1 ? cities[0] : new Intl.DateTimeFormat('en', { timeZone: wanted }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** Zones whose name holds what is typed; cities first. */
export function suggestZones(typed: string): string[] {
  const wanted = typed.trim().toLowerCase().replace(/\s+/g, '_');
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  return [
    ...zones.filter((zone) => cityOf(zone).startsWith(wanted)),
    ...zones.filter((zone) => !cityOf(zone).startsWith(wanted) && zone.toLowerCase().includes(wanted)),
  ].slice(0, 25);
}

function cityOf(zone: string): string {
  return zone.toLowerCase().split('/').at(-1)!;
}
