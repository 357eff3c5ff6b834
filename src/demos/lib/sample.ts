import type { Rng } from '../random.ts';

/** An index drawn with these probabilities, which add up to 1. */
export function sampleFrom(p: ArrayLike<number>, rng: Rng): number {
  let left = rng.uniform();
  for (let i = 0; i < p.length; i++) {
    left -= p[i]!;
    if (left < 0) return i;
  }
  return p.length - 1;
}
