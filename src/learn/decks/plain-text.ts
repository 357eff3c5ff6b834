import { createRequire } from 'node:module';
import type { FormatCallback } from 'html-to-text';
import { escapeMarkdown } from '../../core/escape-markdown.ts';
import { latexToUnicode, replaceFormulas } from '../../core/latex.ts';
import { lazy } from '../../core/lazy.ts';

const require = createRequire(import.meta.url);
const converter = lazy(() => require('html-to-text') as typeof import('html-to-text'));

/** How a text is written: `html` only where its author's tool says so or it looks like it (`guess`). */
export type Form = 'plain' | 'markdown' | 'guess';

/** Stands where a picture or recording stood, so that who reads the text can say so. */
export const PICTURE = '\uE000';
const MARKS = { pre: ['\uE001', '\uE002'], code: ['\uE003', '\uE004'], sup: ['\uE005', '\uE006'], sub: ['\uE007', '\uE008'] } as const;
const PRIVATE = /[\uE000-\uE008]/g;

const NAMES =
  'a|b|i|u|s|p|br|hr|div|span|em|strong|small|big|mark|code|kbd|samp|var|tt|pre|ul|ol|li|dl|dt|dd|h[1-6]|table|caption|tr|td|th|tbody|thead|tfoot|sub|sup|font|center|blockquote|img|link|meta|script|style|iframe|svg|object|embed|video|audio|form|input|button';
const TAG = String.raw`<\/?(?:${NAMES})(?:\s+[\w:@-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*\s*\/?>`;
/** A tag that needs no other, or a pair; `a<b>c` and `Vec<T>` are none. */
const HTML = new RegExp(
  String.raw`<(?:p|br|hr|li|img|input|meta|link|script|style|iframe|svg|object|embed|video|audio)\b[^<]*>|<(${NAMES})\b[^<>]*>[\s\S]*<\/\1\s*>`,
  'i',
);
const ENTITY = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});/i;
/** What looks like a tag to a parser and is none. */
const STRAY = new RegExp(`(?!${TAG}|<!--)<`, 'gi');
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/;

/** A text of a deck as the Markdown that is shown: letters stay letters, code and formulas are marked as such. */
export function wording(text: string, form: Form): string {
  const source = text.replace(PRIVATE, '');
  if (form === 'markdown') return formulas(withoutTags(source, (part) => marked(part, false))).replace(/!\[[^\]]*\]\([^)]*\)/g, PICTURE);
  if (form === 'guess' && isHtml(source)) return marked(strip(source), true);
  return source
    .split(CODE)
    .map((part, i) => (i % 2 === 1 ? part : escaped(part)))
    .join('')
    .replace(/\[sound:[^\]]*\]/g, PICTURE)
    .trim();
}

/** The letters of a text, for an answer that somebody types. */
export function plainText(text: string, form: Form = 'guess'): string {
  const source = text.replace(PRIVATE, '');
  if (form === 'plain') return source.trim();
  return withoutTags(source, letters)
    .replace(/\[sound:[^\]]*\]/g, PICTURE)
    .trim();
}

function isHtml(text: string): boolean {
  return text.split(CODE).some((part, i) => i % 2 === 0 && (HTML.test(part) || ENTITY.test(part)));
}

/** Code between backticks is left alone, and a space beside it stays. */
function withoutTags(text: string, finish: (part: string) => string): string {
  return text
    .split(CODE)
    .map((part, i) => {
      if (i % 2 === 1 || !(HTML.test(part) || ENTITY.test(part))) return part;
      return `${/^\s*/.exec(part)![0]}${finish(strip(part))}${/\s*$/.exec(part)![0]}`;
    })
    .join('')
    .trim();
}

const around =
  ([open, close]: readonly [string, string]): FormatCallback =>
  (element, walk, builder) => {
    builder.addLiteral(open);
    walk(element.children, builder);
    builder.addLiteral(close);
  };
const picture: FormatCallback = (_, __, builder) => builder.addInline(PICTURE, { noWordTransform: true });
const pre: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ isPre: true, leadingLineBreaks: 2 });
  builder.addLiteral(MARKS.pre[0]);
  walk(element.children, builder);
  builder.addLiteral(MARKS.pre[1]);
  builder.closeBlock({ trailingLineBreaks: 2 });
};

/** Text of HTML, with marks where code, raised and lowered letters and pictures stood. */
function strip(html: string): string {
  return converter()
    .convert(html.replace(STRAY, '&lt;'), {
      wordwrap: false,
      formatters: { code: around(MARKS.code), sup: around(MARKS.sup), sub: around(MARKS.sub), pre, picture },
      selectors: [
        { selector: 'a', options: { ignoreHref: true } },
        ...['img', 'svg', 'object', 'embed', 'video', 'audio', 'iframe'].map((selector) => ({ selector, format: 'picture' })),
        { selector: 'script', format: 'skip' },
        { selector: 'style', format: 'skip' },
        { selector: 'pre', format: 'pre' },
        ...['code', 'kbd', 'samp', 'tt'].map((selector) => ({ selector, format: 'code' })),
        { selector: 'sup', format: 'sup' },
        { selector: 'sub', format: 'sub' },
        ...['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } })),
      ],
    })
    .trim();
}

/** x² for a raised 2, `^(…)` for what Unicode cannot raise. */
function scripts(text: string): string {
  return text
    .replace(/\uE005([^\uE005\uE006]*)\uE006/g, (_, inner: string) => (inner.trim() ? latexToUnicode(`^{${inner.trim()}}`) : ''))
    .replace(/\uE007([^\uE007\uE008]*)\uE008/g, (_, inner: string) => (inner.trim() ? latexToUnicode(`_{${inner.trim()}}`) : ''));
}

function letters(text: string): string {
  return scripts(text).replace(/[\uE001-\uE008]/g, '');
}

/** Marks become Markdown; `plain` text between them is escaped, other text is Markdown already. */
function marked(text: string, plain: boolean): string {
  return scripts(text)
    .split(/(\uE001[^\uE002]*\uE002|\uE003[^\uE004]*\uE004)/)
    .map((part, i) => {
      const inner = part.replace(/[\uE001-\uE008]/g, '');
      if (i % 2 === 0) return plain ? escaped(inner) : inner;
      if (part.startsWith(MARKS.pre[0])) return `\`\`\`\n${inner.replace(/^\n+|\s+$/g, '')}\n\`\`\``;
      const ticks = inner.includes('`') ? '``' : '`';
      return inner.trim() && `${ticks}${ticks.length > 1 ? ` ${inner} ` : inner}${ticks}`;
    })
    .join('')
    .trim();
}

/** `\(…\)` and `\[…\]`, which Moodle and Anki write, as dollar formulas. */
export function formulas(text: string): string {
  return text
    .replace(/\\\(([\s\S]+?)\\\)/g, (_, latex: string) => `$${latex.trim().replace(/\s+/g, ' ')}$`)
    .replace(/\\\[([\s\S]+?)\\\]/g, (_, latex: string) => `$$${latex.trim()}$$`)
    .replace(/\[\$\]([\s\S]+?)\[\/\$\]/g, (_, latex: string) => `$${latex.trim()}$`)
    .replace(/\[\$\$\]([\s\S]+?)\[\/\$\$\]/g, (_, latex: string) => `$$${latex.trim()}$$`);
}

/** Plain text so that Markdown shows it as it stands; formulas stay formulas. */
function escaped(text: string): string {
  const kept: string[] = [];
  const open = replaceFormulas(formulas(text), (_, __, source) => `\uE001${kept.push(source) - 1}\uE002`);
  return escapeMarkdown(open).replace(/\uE001(\d+)\uE002/g, (_, index: string) => kept[Number(index)]!);
}
