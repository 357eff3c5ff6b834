import { createRequire } from 'node:module';
import { micromark } from 'micromark';
import { lazy } from '../../core/lazy.ts';

const require = createRequire(import.meta.url);
// It brings KaTeX along, of a megabyte.
const options = lazy(() => {
  const { math, mathHtml } = require('micromark-extension-math') as typeof import('micromark-extension-math');
  return {
    extensions: [math()],
    // Limits keep a formula from filling the page or the processor; `trust` stays off, so no links or classes from TeX.
    htmlExtensions: [mathHtml({ output: 'htmlAndMathml', throwOnError: false, strict: 'ignore', maxSize: 20, maxExpand: 500 })],
  };
});

/** Rendered texts that are kept: the same note is shown to every page that comes in. */
const KEPT = 1_000;
const rendered = new Map<string, string>();

/**
 * CommonMark with formulas as HTML. Raw HTML comes out escaped and dangerous addresses are dropped (micromark's
 * defaults). The page's policy forbids style attributes, so KaTeX's travel as `data-style` and the page applies
 * them; nothing but KaTeX writes one, since quotation marks in text are escaped.
 */
export function markdownToHtml(text: string): string {
  const known = rendered.get(text);
  if (known !== undefined) return known;
  const html = micromark(text, options()).replaceAll(' style="', ' data-style="');
  rendered.set(text, html);
  if (rendered.size > KEPT) rendered.delete(rendered.keys().next().value!);
  return html;
}
