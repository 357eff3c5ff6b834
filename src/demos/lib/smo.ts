import { dot } from './linear.ts';

export type Kernel = (a: ArrayLike<number>, b: ArrayLike<number>) => number;
export const linear: Kernel = dot;
export const gaussian =
  (width: number): Kernel =>
  (a, b) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
    return Math.exp(-sum / (2 * width * width));
  };

export interface Machine {
  /** Multipliers, one a training point. */
  alpha: Float64Array;
  bias: number;
  /** Whether the conditions of optimality hold to the tolerance. */
  converged: boolean;
  f(x: ArrayLike<number>): number;
}

/** A support vector machine by sequential minimal optimisation, the most violating pair each time (Keerthi et al. 2001). */
export function trainSvm(
  x: readonly Float64Array[],
  y: readonly number[],
  { kernel, c, tolerance, steps }: { kernel: Kernel; c: number; tolerance: number; steps: number },
): Machine {
  const n = x.length;
  const gram = x.map((a) => Float64Array.from(x, (b) => kernel(a, b)));
  const alpha = new Float64Array(n);
  // y_i minus the machine's output without its bias.
  const rest = Float64Array.from(y);
  let [up, down, gap] = [0, 0, Number.POSITIVE_INFINITY];
  for (let step = 0; step <= steps; step++) {
    let [most, least] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < n; i++) {
      const rises = y[i]! > 0 ? alpha[i]! < c : alpha[i]! > 0;
      const falls = y[i]! > 0 ? alpha[i]! > 0 : alpha[i]! < c;
      if (rises && rest[i]! > most) [most, up] = [rest[i]!, i];
      if (falls && rest[i]! < least) [least, down] = [rest[i]!, i];
    }
    gap = most - least;
    if (gap <= tolerance || step === steps) break;
    const curvature = Math.max(gram[up]![up]! + gram[down]![down]! - 2 * gram[up]![down]!, 1e-12);
    const room = (i: number, sign: number) => (y[i]! * sign > 0 ? c - alpha[i]! : alpha[i]!);
    const move = Math.min(gap / curvature, room(up, 1), room(down, -1));
    alpha[up]! += y[up]! * move;
    alpha[down]! -= y[down]! * move;
    const [a, b] = [gram[up]!, gram[down]!];
    for (let i = 0; i < n; i++) rest[i]! -= move * (a[i]! - b[i]!);
  }
  const bias = (rest[up]! + rest[down]!) / 2;
  return {
    alpha,
    bias,
    converged: gap <= tolerance,
    f: (point) => x.reduce((sum, own, i) => (alpha[i] === 0 ? sum : sum + alpha[i]! * y[i]! * kernel(own, point)), bias),
  };
}
