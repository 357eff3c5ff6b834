import { createRequire } from 'node:module';
import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFootnoteFromMarkdown } from 'mdast-util-gfm-footnote';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { mathFromMarkdown } from 'mdast-util-math';
import { gfmFootnote } from 'micromark-extension-gfm-footnote';
import { gfmTable } from 'micromark-extension-gfm-table';
import { lazy } from '../core/lazy.ts';

const require = createRequire(import.meta.url);
/** It brings KaTeX along, of a megabyte. */
const maths = lazy(() => require('micromark-extension-math') as typeof import('micromark-extension-math'));

/** A stretch of a source text. */
export interface Span {
  start: number;
  end: number;
}

const FENCE = /^ {0,3}(?:[-*+]\s+|\d+[.)]\s+|>\s*)*(`{3,}|~{3,})/;
/** A formula over several lines never holds these: there, a lone `$$` was no formula. */
const BOUNDARY = /^ {0,3}(?:#{1,6}[ \t]|`{3,}|~{3,})/m;

/**
 * The tree of a note, with formulas, tables and footnotes. What stands inside `$$…$$` is never a heading, a list or a tag:
 * display formulas are hidden from the parser, so positions stay those of `source`, and the hidden text reads `x…x`.
 */
export function parseMarkdown(source: string): { tree: Root; formulas: Span[] } {
  const formulas = displayFormulas(source);
  let masked = '';
  let at = 0;
  for (const { start, end } of formulas) {
    // Blanks stay: they hold a list item's indentation.
    masked += source.slice(at, start) + source.slice(start, end).replace(/\S/g, 'x');
    at = end;
  }
  // Display formulas are found above, in every form people write; an unclosed one must not swallow the rest.
  const tree = fromMarkdown(masked + source.slice(at), {
    extensions: [{ text: maths().math().text! }, gfmTable(), gfmFootnote()],
    mdastExtensions: [mathFromMarkdown(), gfmTableFromMarkdown(), gfmFootnoteFromMarkdown()],
  });
  return { tree, formulas };
}

/** Where `$$…$$` stand, outside fenced code and code spans. */
function displayFormulas(source: string): Span[] {
  const spans: Span[] = [];
  if (!source.includes('$$')) return spans;
  let fence: string | undefined;
  let offset = 0;
  let until = 0;
  for (const line of source.split('\n')) {
    const start = offset;
    offset += line.length + 1;
    if (start < until && offset <= until) continue;
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.trim().replace(/^>\s*/, '') === mark) fence = undefined;
      continue;
    }
    if (mark) {
      fence = mark;
      continue;
    }
    for (const { 0: found, index } of line.matchAll(/(`+)(?!`)[^`]*\1|\\.|\$\$/g)) {
      const from = start + index;
      if (found !== '$$' || from < until) continue;
      const close = source.indexOf('$$', from + 2);
      if (close < 0) return spans;
      if (BOUNDARY.test(source.slice(from + 2, close))) continue;
      until = close + 2;
      spans.push({ start: from, end: until });
    }
  }
  return spans;
}

/** Every node of a tree, parents first. */
export function* walk(node: Nodes): Generator<Nodes> {
  yield node;
  if ('children' in node) for (const child of node.children) yield* walk(child);
}

/** Where a node stands. */
export function spanOf(node: Nodes): Span {
  return { start: node.position!.start.offset!, end: node.position!.end.offset! };
}

export interface Edit extends Span {
  text: string;
}

/** Applies edits; of two that overlap, the one that begins first stands. */
export function applyEdits(source: string, edits: readonly Edit[], from = 0, to = source.length): string {
  let text = '';
  let at = from;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start < at || edit.end > to) continue;
    text += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + source.slice(at, to);
}

/** Blank lines at both ends go; indentation stays, it may be code. */
export function trimLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
}
