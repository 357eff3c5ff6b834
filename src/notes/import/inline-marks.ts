import type { Localized } from '../../core/locale.ts';
import type { Edit, Span } from '../markdown-tree.ts';

interface Mark {
  pattern: RegExp;
  /** What stands there instead. */
  text: (match: RegExpExecArray | RegExpMatchArray) => string;
  say?: Localized;
  lost?: boolean;
}

const COMMENT = { en: 'a comment; left out', zh: '注释，已略去' };
const BLOCK = { en: 'a reference to a block of another page, whose text is not in the file', zh: '引用了另一页的块，其文字不在文件里' };
const SHORTCODE = { en: 'what a template would put here is not in the file', zh: '模板要在此处插入的内容不在文件里' };
/** Marks inside a line that only one program understands: Obsidian, Logseq, MyST, Hugo. */
const MARKS: readonly Mark[] = [
  { pattern: /%%[\s\S]*?%%/g, text: ([whole]) => whole.replace(/[^\n]/g, ''), say: COMMENT },
  { pattern: /\(\([0-9a-f]{8}-[0-9a-f-]{27}\)\)/g, text: () => '', say: BLOCK, lost: true },
  { pattern: /\^\^(?=\S)([^^\n]+?)\^\^/g, text: ([, inner]) => `**${inner}**` },
  // The name of a block, which others link to.
  { pattern: /(?<=\S)[ \t]+\^(?=[\w-]*[A-Za-z])[\w-]{4,}[ \t]*$|^[ \t]+\^(?=[\w-]*[A-Za-z])[\w-]{4,}[ \t]*$/gm, text: () => '' },
  { pattern: /\{(?:term|ref|doc|numref|eq|cite|abbr|sub|sup)\}`([^`<\n]+?)(?:\s*<[^`\n]*>)?`/g, text: ([, inner]) => inner! },
  { pattern: /\{\{<\s*[\w/]+\s*>\}\}/g, text: () => '', say: SHORTCODE, lost: true },
];

/** What takes these marks out, outside code and formulas; what was there is told. */
export function inlineMarks(
  source: string,
  literal: readonly Span[],
  remark: (at: number, text: Localized, lost: boolean) => void,
): Edit[] {
  const edits: Edit[] = [];
  const free = (start: number, end: number) => !literal.some((span) => span.start < end && start < span.end);
  for (const { pattern, text, say, lost = false } of MARKS)
    for (const match of source.matchAll(pattern)) {
      const end = match.index + match[0].length;
      const isCode = pattern.source.includes('`');
      if (!isCode && !free(match.index, end)) continue;
      if (edits.some((edit) => edit.start < end && match.index < edit.end)) continue;
      if (say) remark(match.index, say, lost);
      edits.push({ start: match.index, end, text: text(match) });
    }
  return edits;
}
