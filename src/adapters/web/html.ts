import { micromark } from 'micromark';
import { math, mathHtml } from 'micromark-extension-math';

const options = {
  extensions: [math()],
  // MathML needs neither fonts nor inline styles, so the page's policy can forbid both.
  htmlExtensions: [mathHtml({ output: 'mathml', throwOnError: false })],
};

/** CommonMark with formulas as HTML. Raw HTML comes out escaped and dangerous addresses are dropped (micromark's defaults). */
export function markdownToHtml(text: string): string {
  return micromark(text, options);
}
