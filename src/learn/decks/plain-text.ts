import { convert } from 'html-to-text';

/** Tags that people's editors write; `a<b` and `Vec<T>` are none. */
const TAG =
  /<\/?(?:a|b|i|u|p|br|hr|div|span|em|strong|code|pre|ul|ol|li|h[1-6]|table|tr|td|th|tbody|thead|sub|sup|font|center|blockquote|img|link|meta)(?:\s+[a-z-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))*\s*\/?>|<\/?(?:script|style|iframe|svg|object|embed|video|audio|form|input|button)\b[^>]*>/i;
const ENTITY = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});/i;

/**
 * Text without HTML. `html`: the format says that it is HTML; otherwise only what looks like it is treated so, and
 * code between backticks is left alone.
 */
export function plainText(text: string, html = false): string {
  if (html) return strip(text);
  return text
    .split(/(```[\s\S]*?```|`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 || !(TAG.test(part) || ENTITY.test(part)) ? part : keepEdges(part)))
    .join('')
    .trim();
}

/** Conversion trims; a space beside code must stay. */
function keepEdges(part: string): string {
  return `${/^\s*/.exec(part)![0]}${strip(part)}${/\s*$/.exec(part)![0]}`;
}

function strip(text: string): string {
  return convert(text, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'script', format: 'skip' },
      { selector: 'style', format: 'skip' },
      { selector: 'h1', options: { uppercase: false } },
      { selector: 'h2', options: { uppercase: false } },
      { selector: 'h3', options: { uppercase: false } },
    ],
  }).trim();
}
