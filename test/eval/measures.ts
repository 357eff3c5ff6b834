import type { Rng } from '../../src/demos/random.ts';

/** A share or mean with its 95 % bootstrap interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  count: number;
}

const RESAMPLES = 1_000;

/** The mean of `values` with a percentile bootstrap interval (Efron 1979). undefined for no values. */
export function estimate(values: readonly number[], rng: Rng): Estimate | undefined {
  if (values.length === 0) return undefined;
  const means = Array.from({ length: RESAMPLES }, () => mean(values.map(() => values[rng.integer(values.length)]!)));
  means.sort((a, b) => a - b);
  return {
    value: mean(values),
    low: means[Math.floor(0.025 * RESAMPLES)]!,
    high: means[Math.ceil(0.975 * RESAMPLES) - 1]!,
    count: values.length,
  };
}

/** 1 ÷ the place of the first right entry within `depth`, else 0. */
export function reciprocalRank(ranked: readonly string[], right: readonly string[], depth = 10): number {
  const place = ranked.slice(0, depth).findIndex((entry) => right.includes(entry)) + 1;
  return place > 0 ? 1 / place : 0;
}

/** nDCG with binary relevance (Järvelin & Kekäläinen 2002): several right entries should all stand in front. */
export function ndcg(ranked: readonly string[], right: readonly string[], depth = 10): number {
  const gain = (place: number) => 1 / Math.log2(place + 2);
  const found = ranked.slice(0, depth).reduce((sum, entry, place) => sum + (right.includes(entry) ? gain(place) : 0), 0);
  const ideal = right.slice(0, depth).reduce((sum, _, place) => sum + gain(place), 0);
  return ideal > 0 ? found / ideal : 0;
}

/** Chance that a random member of `inside` scores above one of `outside`, ties counting half (Mann–Whitney). */
export function auroc(inside: readonly number[], outside: readonly number[]): number | undefined {
  if (inside.length === 0 || outside.length === 0) return undefined;
  let wins = 0;
  for (const a of inside) for (const b of outside) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (inside.length * outside.length);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
