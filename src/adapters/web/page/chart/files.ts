// Numbers as files.
import type { DemoNumbers } from '../lib/wire.ts';

type Cell = string | number | null | undefined;

/** Offers something as a file. */
export function offer(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function offerCsv(name: string, rows: Cell[][]): void {
  offer(name, new Blob([toCsv(rows)], { type: 'text/csv;charset=utf-8' }));
}

/** One row a point, which is what spreadsheets and data frames read best. */
export function seriesRows(series: DemoNumbers['series']): Cell[][] {
  return [
    ['series', 'x', 'y', 'low', 'high'],
    ...series.flatMap(({ name, x, y, low, high }) => x.map((value, i) => [name, value, y[i], low?.[i], high?.[i]])),
  ];
}

export function measureRows(measures: DemoNumbers['measures']): Cell[][] {
  return [['measure', 'value'], ...Object.entries(measures)];
}

/** Full precision; the mark at the beginning tells spreadsheets that it is UTF-8. */
export function toCsv(rows: Cell[][]): string {
  const cell = (value: Cell) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
