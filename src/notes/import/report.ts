import { relative } from 'node:path';
import type { Locale } from '../../core/locale.ts';
import type { Content } from '../content.ts';
import { coveredBy, type PlannedFile } from './plan.ts';
import type { Fate, RawNotes } from './raw.ts';

const ACTIONS: Record<PlannedFile['action'], string> = {
  create: 'new',
  same: 'unchanged',
  kept: 'differs from what stands there; kept (--overwrite replaces it)',
  replace: 'replaced',
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
  return [`Line by line:`, ...lines, '', 'Topics:', ...topics].join('\n');
}

function describe(fate: Fate, raw: RawNotes, name: (topic: number) => string): string | undefined {
  switch (fate.kind) {
    case 'blank':
      return undefined;
    case 'heading':
      return `heading → ${name(fate.topic)}`;
    case 'source':
      return `link → ${name(fate.topic)}, sources`;
    case 'body': {
      const { heading } = raw.topics[fate.topic]!.sections[fate.section]!;
      return `text → ${name(fate.topic)}${heading ? `, “${heading}”` : ''}${fate.html ? ' (its raw HTML is not shown)' : ''}`;
    }
    case 'unplaced':
      return `not imported: ${fate.why}`;
    default:
      return fate satisfies never;
  }
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
