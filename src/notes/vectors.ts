import { Packed } from './packed.ts';

/** Weight of a term by how rare it is. */
export type Idf = (term: string) => number;

/** Weighted terms with their Euclidean length. */
export interface Vector {
  weights: ReadonlyMap<string, number>;
  length: number;
}

export function vectorOf(factors: ReadonlyMap<string, number>, idf: Idf): Vector {
  const weights = new Map<string, number>();
  let squares = 0;
  for (const [term, factor] of factors) {
    const weight = factor * idf(term);
    weights.set(term, weight);
    squares += weight * weight;
  }
  return { weights, length: Math.sqrt(squares) };
}

export function cosine(a: Vector, b: Vector): number {
  if (a.length === 0 || b.length === 0) return 0;
  // What is packed is quick to walk through, a Map to look up in.
  const [walked, asked] = b.weights instanceof Packed ? [b.weights, a.weights] : [a.weights, b.weights];
  let sum = 0;
  walked.forEach((weight, term) => {
    sum += weight * (asked.get(term) ?? 0);
  });
  return sum / (a.length * b.length);
}

/** Mean of `value` over the terms, by weight. */
export function shareOf(weights: ReadonlyMap<string, number>, total: number, value: (term: string) => number): number {
  if (total === 0) return 0;
  let sum = 0;
  weights.forEach((weight, term) => {
    sum += weight * value(term);
  });
  return sum / total;
}

export function sumOf(weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  weights.forEach((weight) => {
    sum += weight;
  });
  return sum;
}

/** In how many of the sets each term is. */
export function holdersOf(sets: Iterable<Iterable<string>>): Map<string, number> {
  const holders = new Map<string, number>();
  for (const terms of sets) for (const term of new Set(terms)) holders.set(term, (holders.get(term) ?? 0) + 1);
  return holders;
}

/** Inverse document frequency (Robertson & Spärck Jones 1976, kept positive) among `count` sets. */
export function rarity(holders: ReadonlyMap<string, number>, count: number): Idf {
  return (term) => {
    const held = holders.get(term) ?? 0;
    return Math.log(1 + (count - held + 0.5) / (held + 0.5));
  };
}
