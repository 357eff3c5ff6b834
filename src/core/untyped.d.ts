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
  interface Builder {
    addLiteral(text: string): void;
    addInline(text: string, options?: { noWordTransform?: boolean }): void;
    openBlock(options?: { isPre?: boolean; leadingLineBreaks?: number }): void;
    closeBlock(options?: { trailingLineBreaks?: number }): void;
  }
  type Walk = (children: unknown, builder: Builder) => void;
  export type FormatCallback = (element: { children: unknown }, walk: Walk, builder: Builder) => void;
  export function convert(
    html: string,
    options?: { wordwrap?: number | false; selectors?: Selector[]; formatters?: Record<string, FormatCallback> },
  ): string;
}
/** Where a line may break, by UAX 14; the package has no types of its own. */
declare module 'linebreak' {
  export default class LineBreaker {
    constructor(text: string);
    nextBreak(): { position: number; required: boolean } | null;
  }
}
