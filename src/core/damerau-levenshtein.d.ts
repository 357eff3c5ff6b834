/** The package has no types of its own. */
declare module 'damerau-levenshtein' {
  export default function damerauLevenshtein(a: string, b: string): { steps: number; relative: number; similarity: number };
}
