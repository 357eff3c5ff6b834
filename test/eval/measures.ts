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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
