import { relative } from 'node:path';
import type { Locale } from '../../core/locale.ts';
import type { Content } from '../content.ts';
import { MAX_FILE } from '../read-text.ts';
import { COUNTED, countParts, countTopics } from './counts.ts';
import { coveredBy, type PlannedFile } from './plan.ts';
import type { Fate, RawNotes } from './raw.ts';

const ACTIONS: Record<PlannedFile['action'], string> = {
  create: 'new',
  same: 'unchanged',
  kept: 'differs from what stands there; kept (--overwrite replaces it)',
  replace: 'replaced',
  refused: `not imported: a note may have ${MAX_FILE / 1024} kB; split it`,
};

/** Says where every line of the raw file went, then what each topic became. Lines of one fate are named together. */
export function importReport(raw: RawNotes, plan: readonly PlannedFile[], content: Content, lang: Locale, folder: string): string {
  const name = (topic: number) => relative(folder, plan[topic]!.file);
  const lines = runs(raw.fates.map((fate) => describe(fate, raw, name))).map(({ from, to, what }) => {
    const range = from === to ? `${from}` : `${from}–${to}`;
    return `${range.padStart(9)}  ${what}`;
  });
  const topics = plan.map((entry) => {
    const heading = raw.topics[entry.topic]!.heading;
    const covered = coveredBy(heading, entry.id, content, lang);
    const notes = [
      ...entry.taken.map(({ alias, owner }) => `           the alias “${alias}” was left out: it belongs to ${owner}`),
      ...(covered ? [`           “${covered}” covers this already; you may want to merge the two`] : []),
    ];
    return [`${name(entry.topic)}: ${ACTIONS[entry.action]}`, ...notes].join('\n');
  });
  const remarks = raw.remarks.map(({ line, text }) => `${String(line).padStart(9)}  ${text}`);
  return [`Line by line:`, ...lines, ...(remarks.length > 0 ? ['', 'Remarks:', ...remarks] : []), '', 'Topics:', ...topics].join('\n');
}

function describe(fate: Fate, raw: RawNotes, name: (topic: number) => string): string | undefined {
  switch (fate.kind) {
    case 'blank':
      return undefined;
    case 'front':
      return 'front matter: its title names text before the first heading';
    case 'title':
      return 'the file’s title';
    case 'separator':
      return 'not imported: a separator';
    case 'definition':
      return 'what a link or footnote stands for → where it is used';
    case 'empty':
      return 'not imported: no text below a heading, or no heading above';
    case 'heading':
      return `heading → ${name(fate.topic)}`;
    case 'source':
      return `link → ${name(fate.topic)}, sources`;
    case 'body': {
      const { heading } = raw.topics[fate.topic]!.sections[fate.section]!;
      return `text → ${name(fate.topic)}${heading ? `, “${heading}”` : ''}`;
    }
    default:
      return fate satisfies never;
  }
}

/** How many things of the file are not in the notes, as the report names them: lines, pictures, topics. */
export function notImported(raw: RawNotes, plan: readonly PlannedFile[]): number {
  return (
    raw.fates.filter(({ kind }) => kind === 'empty').length +
    raw.remarks.filter(({ lost }) => lost).length +
    plan.filter(({ action }) => action === 'refused' || action === 'kept').length
  );
}

/** What the file holds and what the topics hold, side by side. */
export function countsTable(raw: RawNotes): string {
  const [before, after] = [countParts(raw.source), countTopics(raw)];
  const rows = COUNTED.map((part) => `${part.padEnd(9)} ${String(before[part]).padStart(7)} ${String(after[part]).padStart(7)}`);
  return [`${''.padEnd(9)} ${'file'.padStart(7)} ${'topics'.padStart(7)}`, ...rows].join('\n');
}

/** Neighbouring lines with the same fate; blank lines end no run. */
function runs(fates: readonly (string | undefined)[]): { from: number; to: number; what: string }[] {
  const found: { from: number; to: number; what: string }[] = [];
  fates.forEach((what, i) => {
    if (what === undefined) return;
    const last = found.at(-1);
    if (last?.what === what) last.to = i + 1;
    else found.push({ from: i + 1, to: i + 1, what });
  });
  return found;
}
