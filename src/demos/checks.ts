import { type Locale, localize } from '../core/locale.ts';
import type { Check } from '../core/result.ts';
import type { DemoCheck } from './demo.ts';
import { num } from './lib/format.ts';

/** Holds predictions against what a run measured. A measure that the run lacks, or that is no number, is not ok. */
export function compare(checks: readonly DemoCheck[], measures: Readonly<Record<string, number>>, locale: Locale): Check[] {
  return checks.map(({ id, claim, predicted, tolerance, range }) => {
    const measured = measures[id] ?? Number.NaN;
    return {
      id,
      claim: localize(claim, locale),
      measured,
      predicted,
      tolerance,
      ...(range && { range }),
      ok: range ? measured >= range[0] && measured <= range[1] : Math.abs(measured - predicted) <= tolerance,
    };
  });
}

/** `0.23 ± 0.01`, `232` for what must be met exactly, `1 … 20` for a range. */
export function predictionText({ predicted, tolerance, range }: Pick<Check, 'predicted' | 'tolerance' | 'range'>): string {
  if (range) return `${num(range[0], 4)} … ${num(range[1], 4)}`;
  return tolerance === 0 ? num(predicted, 4) : `${num(predicted, 4)} ± ${num(tolerance, 2)}`;
}
