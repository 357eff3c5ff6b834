import type { Outcome } from './demo.ts';

/** JSON has no NaN: what a diverged run measured comes back from `null`. */
export function restoreOutcome({ series, measures, ...rest }: Outcome): Outcome {
  const numbers = (values: readonly (number | null)[]) => values.map((value) => value ?? Number.NaN);
  return {
    ...rest,
    series: series.map((one) => ({
      ...one,
      y: numbers(one.y),
      ...(one.low && { low: numbers(one.low) }),
      ...(one.high && { high: numbers(one.high) }),
    })),
    measures: Object.fromEntries(Object.entries(measures).map(([key, value]) => [key, value ?? Number.NaN])),
  };
}
