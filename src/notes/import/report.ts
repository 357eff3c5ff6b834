import { relative } from 'node:path';
import { type Locale, type Localized, localize } from '../../core/locale.ts';
import type { Content } from '../content.ts';
import { MAX_FILE } from '../read-text.ts';
import { COUNTED, countParts, countTopics } from './counts.ts';
import { coveredBy, type PlannedFile } from './plan.ts';
import type { Fate, RawNotes } from './raw.ts';

const ACTIONS: Record<PlannedFile['action'], Localized> = {
  create: { en: 'new', zh: '新建' },
  same: { en: 'unchanged', zh: '没有变化' },
  kept: { en: 'differs from what stands there; kept (--overwrite replaces it)', zh: '与已有的不同，保留已有的（--overwrite 会替换）' },
  replace: { en: 'replaced', zh: '已替换' },
  refused: {
    en: `not imported: a note may have ${MAX_FILE / 1024} kB; split it`,
    zh: `未导入：一篇笔记最多 ${MAX_FILE / 1024} kB，请拆开`,
  },
};
const PARTS: Record<(typeof COUNTED)[number], string> = {
  headings: '标题',
  formulas: '公式',
  links: '链接',
  pictures: '图片',
  tables: '表格',
  words: '字词',
};

export interface ReportOptions {
  /** Language of the notes. */
  lang: Locale;
  folder: string;
  /** Language of who reads the report. */
  reader: Locale;
}

/** Says where every line of the raw file went, then what each topic became. Lines of one fate are named together. */
export function importReport(
  raw: RawNotes,
  plan: readonly PlannedFile[],
  content: Content,
  { lang, folder, reader }: ReportOptions,
): string {
  const say = (text: Localized) => localize(text, reader);
  const name = (topic: number) => relative(folder, plan[topic]!.file);
  const lines = runs(raw.fates.map((fate) => said(describe(fate, raw, name), reader))).map(({ from, to, what }) => {
    const range = from === to ? `${from}` : `${from}–${to}`;
    return `${range.padStart(9)}  ${what}`;
  });
  const topics = plan.map((entry) => {
    const heading = raw.topics[entry.topic]!.heading;
    const covered = coveredBy(heading, entry.id, content, lang);
    const notes = [
      ...entry.taken.map(({ alias, owner }) =>
        say({ en: `the alias “${alias}” was left out: it belongs to ${owner}`, zh: `别名“${alias}”已略去：它属于 ${owner}` }),
      ),
      ...(covered
        ? [say({ en: `“${covered}” covers this already; you may want to merge the two`, zh: `“${covered}”已经讲到这个，也许该合并` })]
        : []),
    ];
    return [`${name(entry.topic)}: ${say(ACTIONS[entry.action])}`, ...notes.map((note) => `           ${note}`)].join('\n');
  });
  const remarks = raw.remarks.map(({ line, text }) => `${String(line).padStart(9)}  ${say(text)}`);
  return [
    say({ en: 'Line by line:', zh: '逐行：' }),
    ...lines,
    ...(remarks.length > 0 ? ['', say({ en: 'Remarks:', zh: '说明：' }), ...remarks] : []),
    '',
    say({ en: 'Topics:', zh: '主题：' }),
    ...topics,
  ].join('\n');
}

function said(text: Localized | undefined, reader: Locale): string | undefined {
  return text && localize(text, reader);
}

function describe(fate: Fate, raw: RawNotes, name: (topic: number) => string): Localized | undefined {
  switch (fate.kind) {
    case 'blank':
      return undefined;
    case 'front':
      return { en: 'front matter: its title names text before the first heading', zh: '文件头：其中的 title 给第一个标题之前的文字命名' };
    case 'title':
      return { en: 'the file’s title', zh: '文件的标题' };
    case 'separator':
      return { en: 'not imported: a separator', zh: '未导入：分隔线' };
    case 'definition':
      return { en: 'what a link or footnote stands for → where it is used', zh: '链接或脚注的内容 → 用到它的地方' };
    case 'empty':
      return { en: 'not imported: no text below a heading, or no heading above', zh: '未导入：标题下没有文字，或上面没有标题' };
    case 'heading':
      return { en: `heading → ${name(fate.topic)}`, zh: `标题 → ${name(fate.topic)}` };
    case 'source':
      return { en: `link → ${name(fate.topic)}, sources`, zh: `链接 → ${name(fate.topic)}，来源` };
    case 'body': {
      const { heading } = raw.topics[fate.topic]!.sections[fate.section]!;
      const file = name(fate.topic);
      return { en: `text → ${file}${heading ? `, “${heading}”` : ''}`, zh: `正文 → ${file}${heading ? `，“${heading}”` : ''}` };
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

/** `3 not imported`, for the last line; nothing where everything is in. */
export function leftOut(left: number, reader: Locale): string {
  return left === 0 ? '' : localize({ en: `${left} not imported`, zh: `${left} 处未导入` }, reader);
}

/** What the file holds and what the topics hold, side by side. */
export function countsTable(raw: RawNotes, reader: Locale): string {
  const [before, after] = [countParts(raw.source), countTopics(raw)];
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, i) => (i === 0 ? pad(String(cell), 9, 'end') : pad(String(cell), 7, 'start'))).join(' ');
  const rows = COUNTED.map((part) => row([reader === 'zh' ? PARTS[part] : part, before[part], after[part]]));
  return [row(reader === 'zh' ? ['', '文件', '主题'] : ['', 'file', 'topics']), ...rows].join('\n');
}

/** A Han character is two columns wide. */
function pad(text: string, width: number, side: 'start' | 'end'): string {
  const blanks = ' '.repeat(Math.max(0, width - text.replace(/\p{Script=Han}/gu, 'xx').length));
  return side === 'start' ? blanks + text : text + blanks;
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
