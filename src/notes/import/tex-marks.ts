import { applyEdits, type Edit } from '../markdown-tree.ts';
import { literalSpans } from './html-blocks.ts';

/** `\[…\]`, `\(…\)` and what writes them for programs that eat a backslash, `\\[…\\]`; never across an empty line. */
const BRACKETS = /(?<![\\\p{L}\p{N}])(\\{1,2})\[((?:(?!\n[ \t]*\n)[\s\S])+?)\1\]/gu;
const PARENTHESES = /(?<![\\\p{Script=Latin}\p{N}])(\\{1,2})\(((?:(?!\n[ \t]*\n)[\s\S])+?)\1\)/gu;
/** What no prose between escaped brackets holds. */
const TEX = /\\[a-zA-Z]+|[\^_=<>+|]|[a-zA-Z]\([a-zA-Z]/;
/** `n`, `2n`, `a, b`: short enough to be a formula where round brackets were escaped on purpose. */
const SHORT = /^[a-zA-Z0-9]{1,2}(?:\s*[,/*-]\s*[a-zA-Z0-9]{1,2})*'?$/;

/** Formulas between escaped brackets get the dollars that everything else here reads; code and escaped prose stay. */
export function dollarFormulas(source: string): string {
  if (!/\\[[(]/.test(source)) return source;
  const literal = literalSpans(source);
  const free = (start: number, end: number) => !literal.some((span) => span.start < end && start < span.end);
  const edits: Edit[] = [];
  const take = (pattern: RegExp, dollars: string, isFormula: (latex: string) => boolean) => {
    for (const { 0: whole, 1: mark, 2: latex, index } of source.matchAll(pattern)) {
      const end = index + whole.length;
      if (!isFormula(latex!.trim()) || !free(index, end)) continue;
      const open = mark!.length + 1;
      const inner = source.slice(index + open, end - open);
      // A dollar beside a blank opens no formula, nor one with a line break; lines stay where they are.
      const lines = '\n'.repeat(inner.split('\n').length - 1);
      const text = dollars === '$' ? `$${inner.trim().replace(/\s*\n\s*/g, ' ')}$${lines}` : `$$${inner}$$`;
      edits.push({ start: index, end, text });
    }
  };
  take(BRACKETS, '$$', (latex) => TEX.test(latex));
  take(PARENTHESES, '$', (latex) => TEX.test(latex) || SHORT.test(latex));
  return applyEdits(source, edits);
}
