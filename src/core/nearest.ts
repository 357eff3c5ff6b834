import damerauLevenshtein from 'damerau-levenshtein';

/** The candidate within a third of the word's length in edits (at least one; swapped neighbours count as one), or undefined. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase().slice(0, 64);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = damerauLevenshtein(wanted, candidate.toLowerCase()).steps;
    if (edits <= limit && (!best || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}
