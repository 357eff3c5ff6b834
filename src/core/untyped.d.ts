/** Packages without types of their own. */
declare module 'snowball-stemmers' {
  const snowball: { newStemmer(language: string): { stem(word: string): string } };
  export default snowball;
}
declare module 'unicodeit' {
  const unicodeit: { replace(latex: string): string };
  export default unicodeit;
}
/** The package has no types of its own. */
declare module 'damerau-levenshtein' {
  export default function damerauLevenshtein(a: string, b: string): { steps: number; relative: number; similarity: number };
}
declare module 'html-to-text' {
  interface Selector {
    selector: string;
    format?: string;
    options?: Record<string, unknown>;
  }
  export function convert(html: string, options?: { wordwrap?: number | false; selectors?: Selector[] }): string;
}
/** Where a line may break, by UAX 14; the package has no types of its own. */
declare module 'linebreak' {
  export default class LineBreaker {
    constructor(text: string);
    nextBreak(): { position: number; required: boolean } | null;
  }
}
