import { COMPONENTS, FILES, PAGE_EXTRAS, PAGE_ROWS, PAGE_TEXT, ROW_COST } from './limits.ts';
import type { Part } from './parts.ts';
import { splitText } from './sentences.ts';

type Written = Extract<Part, { kind: 'text' | 'row' }>;

/**
 * Deals parts out to pages that hold at most PAGE_TEXT units of text, never cutting a sentence. Buttons that end a
 * reply (what to do next) stand on every page. At least one page, and no page is empty.
 */
export function paginate(parts: readonly Part[]): Part[][] {
  const last = parts.findLastIndex(({ kind }) => kind !== 'buttons') + 1;
  const closing = parts.slice(last);
  const pages: Part[][] = [[]];
  for (const part of parts.slice(0, last).flatMap(small)) {
    const page = pages.at(-1)!;
    if (fits(page, part)) page.push(part);
    else pages.push([...takeLead(page, part), part]);
  }
  return pages.filter((page, i) => page.length > 0 || i === 0).map((page) => [...untrimmed(page), ...closing]);
}

/** Texts longer than a page are cut at sentences. */
function small(part: Part): Part[] {
  if (part.kind !== 'text' || part.text.length <= PAGE_TEXT) return [part];
  const block = /^```([\w+-]*)\n([\s\S]*)\n```$/.exec(part.text);
  const pieces = block
    ? lines(block[2]!, PAGE_TEXT - 40).map((piece) => `\`\`\`${block[1]}\n${piece}\n\`\`\``)
    : splitText(part.text, PAGE_TEXT);
  return pieces.map((text, i) => ({ ...part, text, ...(i > 0 && { tight: false }) }));
}

/** Code is cut between lines. */
function lines(code: string, limit: number): string[] {
  const pieces = [''];
  for (const line of code.split('\n').flatMap((long) => (long.length > limit ? splitText(long, limit) : [long]))) {
    const whole = pieces.at(-1) === '' ? line : `${pieces.at(-1)}\n${line}`;
    if (whole.length <= limit) pieces[pieces.length - 1] = whole;
    else pieces.push(line);
  }
  return pieces;
}

function fits(page: readonly Part[], part: Part): boolean {
  const isShort = textOf([...page, part]).length <= PAGE_TEXT;
  if (part.kind === 'text') return isShort;
  if (part.kind === 'row') return isShort && page.filter(({ kind }) => kind === 'row').length < PAGE_ROWS;
  const extras = page.filter(({ kind }) => kind !== 'text' && kind !== 'row');
  const files = extras.filter(({ kind }) => kind === 'image' || kind === 'file');
  return extras.length < PAGE_EXTRAS && (part.kind === 'buttons' || part.kind === 'divider' || files.length < FILES);
}

/** Headings at the foot of a page go over to the next one, with what they introduce, where both fit there. */
function takeLead(page: Part[], next: Part): Part[] {
  const from = page.findLastIndex((part) => part.kind !== 'text' || !part.leads) + 1;
  return from > 0 && fits(page.slice(from), next) ? page.splice(from) : [];
}

/** A page neither begins nor ends with a line. */
function untrimmed(page: readonly Part[]): Part[] {
  const isText = ({ kind }: Part) => kind !== 'divider';
  return page.slice(Math.max(0, page.findIndex(isText)), page.findLastIndex(isText) + 1);
}

/** Texts of a page as one. */
export function textOf(parts: readonly Part[]): string {
  return parts
    .filter((part): part is Written => part.kind === 'text' || part.kind === 'row')
    .reduce((all, part) => {
      const tight = part.kind === 'row' || part.tight;
      return all === '' ? part.text : `${all}${tight ? '\n' : '\n\n'}${part.text}`;
    }, '');
}

/** Components that are left for buttons when the rest of a page is drawn. */
export function roomForButtons(page: readonly Part[]): number {
  const rows = page.filter(({ kind }) => kind === 'row').length;
  const extras = page.filter(({ kind }) => kind !== 'text' && kind !== 'buttons').length + rows * (ROW_COST - 1);
  const texts = page.filter(({ kind }, i) => kind === 'text' && page[i - 1]?.kind !== 'text').length;
  return COMPONENTS - 1 - extras - texts;
}
