import { applyEdits, type Edit, parseMarkdown, type Span, spanOf, walk } from '../markdown-tree.ts';

const TABLE = /<table\b[\s\S]*?<\/table\s*>/gi;
const ROW = /<tr\b[^>]*>([\s\S]*?)(?=<tr\b|<\/t(?:r|body|head|foot|able)\s*>)/gi;
const CELL = /<t[dh]\b[^>]*>([\s\S]*?)(?=<t[dh]\b|<\/t[dhr]\s*>|$)/gi;
const IMAGE = /<img\b[^>]*?\bsrc\s*=\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'\s>]+))[^>]*>/gi;

/** Where code and formulas stand: nobody's marks are turned there. */
export function literalSpans(source: string): Span[] {
  const { tree, formulas } = parseMarkdown(source);
  return [...formulas, ...[...walk(tree)].filter(({ type }) => ['code', 'inlineCode', 'inlineMath'].includes(type)).map(spanOf)];
}

export interface HtmlOptions {
  /** Whether a picture of this address can be kept. */
  hasPicture: (url: string) => boolean;
  /** Told of tables that keep their words only. */
  onLostTable: (offset: number) => void;
}

/** Tables and pictures that are written in HTML, as Markdown on the same lines. */
export function markdownBlocks(source: string, { hasPicture, onLostTable }: HtmlOptions): string {
  if (!/<(?:table|img)\b/i.test(source)) return source;
  const literal = literalSpans(source);
  const free = (at: number) => !literal.some(({ start, end }) => at >= start && at < end);
  const edits: Edit[] = [];
  for (const { 0: tag, 1: one, 2: two, 3: three, index } of source.matchAll(IMAGE)) {
    const url = one ?? two ?? three ?? '';
    if (!free(index) || !hasPicture(url)) continue;
    const alt = /\balt\s*=\s*["']([^"'\n]*)["']/i.exec(tag)?.[1] ?? '';
    edits.push({ start: index, end: index + tag.length, text: picture(alt, url) + '\n'.repeat(tag.split('\n').length - 1) });
  }
  const withPictures = applyEdits(source, edits);
  const spans = literalSpans(withPictures);
  const tables: Edit[] = [];
  for (const { 0: html, index } of withPictures.matchAll(TABLE)) {
    if (spans.some(({ start, end }) => index >= start && index < end)) continue;
    const made = markdownTable(html);
    if (made === undefined) onLostTable(index);
    else tables.push({ start: index, end: index + html.length, text: made });
  }
  return applyEdits(withPictures, tables);
}

/** A picture in Markdown. */
export function picture(alt: string, url: string): string {
  return `![${alt.replace(/[[\]]/g, '')}](${/[\s()]/.test(url) ? `<${url}>` : url})`;
}

/** @returns undefined for what Markdown has no form: cells over several rows or columns, more rows than lines. */
function markdownTable(html: string): string | undefined {
  const rows = [...html.matchAll(ROW)]
    .map(([, row]) => [...row!.matchAll(CELL)].map(([, cell]) => words(cell!)))
    .filter(({ length }) => length > 0);
  const room = html.split('\n').length;
  const width = Math.max(0, ...rows.map(({ length }) => length));
  const line = (cells: readonly string[]) => `| ${Array.from({ length: width }, (_, i) => cells[i] ?? '').join(' | ')} |`;
  const [head, ...body] = rows;
  if (!head || rows.length + 1 > room || /<t[dh]\b[^>]*(?:row|col)span=["']?(?:[2-9]|\d\d)/i.test(html)) return undefined;
  const lines = [line(head), `|${' --- |'.repeat(width)}`, ...body.map(line)];
  return lines.join('\n') + '\n'.repeat(room - lines.length);
}

function words(cell: string): string {
  return cell
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .replace(/(?<!\\)\|/g, '\\|')
    .trim();
}
