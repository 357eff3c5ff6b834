import { displayWidth, tableToText } from '../../core/reply.ts';
import { type Paint, wrap } from './wrap.ts';

const GAP = 2;
/** A narrower column has a word a line. */
const NARROWEST = 8;

/** A table in at most `width` cells: the widest columns wrap; where even that leaves no room, a row is a list of names and values. */
export function tableToLines(columns: readonly string[], rows: readonly string[][], width: number, paint: Paint): string[] {
  const cell = (row: readonly string[], i: number) => row[i] ?? '';
  const natural = columns.map((_, i) => Math.max(...[columns, ...rows].map((row) => displayWidth(cell(row, i)))));
  const room = width - GAP * (columns.length - 1);
  if (sum(natural) <= room)
    return tableToText(
      [...columns],
      rows.map((row) => [...row]),
    ).split('\n');
  const widths = shrink(natural, room);
  if (!widths) {
    return rows.flatMap((row, i) => [
      ...(i > 0 ? [''] : []),
      ...columns.flatMap((name, j) => wrap([{ text: name, format: ['bold'] }, { text: `: ${cell(row, j)}` }], width, paint)),
    ]);
  }
  const lines = (row: readonly string[]) => {
    const cells = widths.map((own, i) => wrap([{ text: cell(row, i) }], own, paint));
    return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, line) =>
      widths
        .map((own, i) => (cells[i]![line] ?? '') + ' '.repeat(Math.max(0, own - displayWidth(cells[i]![line] ?? ''))))
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  };
  // Rows of several lines are told apart by an empty one.
  return [
    ...lines(columns),
    widths.map((own) => '─'.repeat(own)).join(' '.repeat(GAP)),
    ...rows.flatMap((row, i) => (i > 0 ? ['', ...lines(row)] : lines(row))),
  ];
}

/** Takes from the widest column until all fit; undefined where they cannot. */
function shrink(natural: readonly number[], room: number): number[] | undefined {
  const widths = [...natural];
  while (sum(widths) > room) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) return undefined;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
