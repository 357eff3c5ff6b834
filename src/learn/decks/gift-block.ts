import { createRequire } from 'node:module';
import type { GIFTQuestion } from 'gift-pegjs';
import { lazy } from '../../core/lazy.ts';
import type { Localized } from '../../core/locale.ts';

const require = createRequire(import.meta.url);
const gift = lazy(() => require('gift-pegjs') as typeof import('gift-pegjs'));

/** @returns the questions, or what is wrong and in which line of the block. */
export function parseBlock(source: string): GIFTQuestion[] | { reason: Localized; line: number } {
  let first: unknown;
  for (const variant of new Set([source, withColons(source), forgiven(source)])) {
    try {
      return gift().parse(`${variant}\n\n`);
    } catch (error) {
      // The first message is about the text as the author wrote it.
      first ??= error;
    }
  }
  const { location } = first as Error & { location?: { start: { line: number; column: number; offset: number } } };
  return { reason: adviceOn(source, location?.start.offset ?? 0), line: location?.start.line ?? 1 };
}

/** The question's title and comments, and its text with the answers. */
function parts(source: string): [head: string, body: string] {
  const [, head = '', body = ''] = /^(\s*(?:\/\/[^\n]*\n\s*)*(?:::(?:[^:\\]|\\.)*::)?)([\s\S]*)$/.exec(source)!;
  return [head, body];
}

/** Moodle forgives a colon without a backslash; the grammar does not. Titles and numbers keep theirs. */
function withColons(source: string): string {
  const [head, body] = parts(source);
  const numbers = body.search(/(?<!\\)\{\s*#/);
  const cut = numbers < 0 ? body.length : numbers;
  return `${head}${body.slice(0, cut).replace(/(?<!\\):/g, '\\:')}${body.slice(cut)}`;
}

/**
 * What hand-written decks do and can mean only one thing: `~=` before the right answer, a number with an exponent,
 * and `=`, `~` or `#` in the text before the answers.
 */
function forgiven(source: string): string {
  const [head, body] = parts(source);
  const open = /(?<!\\)\{/g;
  // Answers with stray braces inside are not guessed at.
  const starts = [...body.matchAll(open)];
  if (starts.length !== 1) return withColons(source);
  const at = starts[0]!.index;
  const end = body.search(/(?<!\\)\}/);
  if (end < at) return withColons(source);
  const text = (part: string) => part.replace(/(?<!\\)[=~#:]/g, '\\$&');
  const answers = body.slice(at, end);
  const mended = /^\{\s*#/.test(answers)
    ? answers.replace(/[-+]?\d+(?:\.\d+)?e[-+]?\d+/gi, (number) => plainNumber(number))
    : answers.replace(/(?<!\\)~\s*=/g, '=').replace(/(?<!\\):/g, '\\:');
  const format = /^\s*\[(?:html|markdown|plain|moodle)\]/.exec(body)?.[0] ?? '';
  return `${head}${format}${text(body.slice(format.length, at))}${mended}${body[end]}${text(body.slice(end + 1))}`;
}

/** GIFT's grammar has no exponents. */
function plainNumber(number: string): string {
  return Number(number).toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

/** What the author can do about the place where reading stopped. */
function adviceOn(source: string, offset: number): Localized {
  const found = source[offset];
  const opened = source.match(/(?<!\\)\{/g)?.length ?? 0;
  const closed = source.match(/(?<!\\)\}/g)?.length ?? 0;
  if (opened > closed)
    return { en: 'a closing } is missing; where { belongs to the text, write \\{', zh: '缺少右花括号 }；花括号是正文的话请写 \\{' };
  if (closed > opened)
    return {
      en: 'there is a } without its {; where } belongs to the text, write \\}',
      zh: '有一个 } 没有对应的 {；花括号是正文的话请写 \\}',
    };
  if (/(?<!\\)\{\s*#/.test(source))
    return {
      en: 'the number cannot be read; write {#1.5}, {#1.5:0.1} or {#1.4..1.6}',
      zh: '数字读不出来；请写 {#1.5}、{#1.5:0.1} 或 {#1.4..1.6}',
    };
  if (opened > 1)
    return {
      en: 'there is more than one pair of braces; where they belong to the text, write \\{ and \\}',
      zh: '花括号不止一对；属于正文的请写 \\{ 和 \\}',
    };
  if (/~\s*=/.test(source)) return { en: 'write = instead of ~= before the right answer', zh: '正确答案前请写 =，不要写 ~=' };
  if (found !== undefined && '{}=~#:'.includes(found))
    return {
      en: `“${found}” has a meaning in GIFT; where it belongs to the text, write \\${found}`,
      zh: `“${found}”在 GIFT 里有特殊含义；属于正文的请写 \\${found}`,
    };
  return {
    en: 'the answers cannot be read; write {=right ~wrong}, {T}, {F} or {#number}',
    zh: '答案读不出来；请写 {=对 ~错}、{T}、{F} 或 {#数字}',
  };
}
