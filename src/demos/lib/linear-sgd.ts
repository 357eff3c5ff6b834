import type { Rng } from '../random.ts';
import { dot, linearData, solve } from './linear.ts';
import { mean, meanBand } from './stats.ts';

/** A linear regression, the order in which each epoch goes through it, and the least error that any weights have. */
export interface Regression {
  x: Float64Array[];
  y: Float64Array;
  orders: number[][];
  /** Mean squared error of ordinary least squares; σ²(1 − d/n) on average. */
  least: number;
}

/** Draws data as `linearData` does, then an order for each epoch. */
export function drawRegression(rng: Rng, { n, d, noise, epochs }: { n: number; d: number; noise: number; epochs: number }): Regression {
  const { x, y } = linearData(rng, n, d, noise);
  const orders = Array.from({ length: epochs }, () => rng.permutation(n));
  const gram = Array.from({ length: d }, (_, a) =>
    Float64Array.from({ length: d }, (_, b) => x.reduce((sum, row) => sum + row[a]! * row[b]!, 0)),
  );
  const target = Float64Array.from({ length: d }, (_, a) => x.reduce((sum, row, i) => sum + row[a]! * y[i]!, 0));
  return { x, y, orders, least: meanSquaredError(x, y, solve(gram, target)) };
}

/** Learning rates that are tried: 10⁻⁴ to 2, ten to a decade. */
export const RATES = Array.from({ length: 44 }, (_, i) => {
  const steps = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8];
  return Number((steps[i % 10]! * 10 ** (Math.floor(i / 10) - 4)).toPrecision(3));
});
/** A run this many times worse than it began comes to nothing any more. */
const LOST = 1e6;

/**
 * Mean squared error on all data before training and after each epoch of mini-batch SGD on ½ mean (x·w − y)² from
 * w = 0. Ends early, with the error that lost it, where a run diverges.
 */
export function sgdErrors({ x, y, orders }: Regression, batch: number, rate: number): number[] {
  const d = x[0]!.length;
  const w = new Float64Array(d);
  const gradient = new Float64Array(d);
  const errors = [meanSquaredError(x, y, w)];
  for (const order of orders) {
    for (let start = 0; start < order.length; start += batch) {
      const end = Math.min(start + batch, order.length);
      gradient.fill(0);
      for (let k = start; k < end; k++) {
        const row = x[order[k]!]!;
        const off = dot(row, w) - y[order[k]!]!;
        for (let j = 0; j < d; j++) gradient[j]! += off * row[j]!;
      }
      for (let j = 0; j < d; j++) w[j]! -= (rate / (end - start)) * gradient[j]!;
    }
    errors.push(meanSquaredError(x, y, w));
    if (!(errors.at(-1)! < LOST * errors[0]!)) break;
  }
  return errors;
}

function meanSquaredError(x: readonly Float64Array[], y: Float64Array, w: Float64Array): number {
  return x.reduce((sum, row, i) => sum + (dot(row, w) - y[i]!) ** 2, 0) / y.length;
}

/** Errors over those of least squares after the last epoch, a data set each, or nothing where one of them diverged. */
function finalRatios(sets: readonly Regression[], batch: number, rate: number): number[] | undefined {
  const ratios = sets.flatMap((set) => {
    const errors = sgdErrors(set, batch, rate);
    return errors.length > set.orders.length ? errors.at(-1)! / set.least : [];
  });
  return ratios.length === sets.length ? ratios : undefined;
}

/** The valley of one batch size: the error over the rate, up to the rate at which training is worse than none. */
export function valley(sets: readonly Regression[], batch: number, start: number) {
  const kept: { rate: number; ratios: number[]; ratio: number }[] = [];
  for (const rate of RATES) {
    const ratios = finalRatios(sets, batch, rate);
    if (!ratios || mean(ratios) >= start) break;
    kept.push({ rate, ratios, ratio: mean(ratios) });
  }
  const best = kept.reduce((least, one) => (one.ratio < least.ratio ? one : least));
  const columns = sets.map((_, s) => kept.map(({ ratios }) => ratios[s]!));
  return { best, x: kept.map(({ rate }) => rate), ...meanBand(columns) };
}
