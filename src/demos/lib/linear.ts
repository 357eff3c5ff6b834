import type { Rng } from '../random.ts';

/** A linear regression: x ~ N(0, I), y = x·w + noise·ε with w ~ N(0, I). */
export function linearData(rng: Rng, n: number, d: number, noise: number): { x: Float64Array[]; y: Float64Array; w: Float64Array } {
  const w = Float64Array.from({ length: d }, () => rng.normal());
  const x = Array.from({ length: n }, () => Float64Array.from({ length: d }, () => rng.normal()));
  const y = Float64Array.from(x, (row) => dot(row, w) + noise * rng.normal());
  return { x, y, w };
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Solves A x = b for a small symmetric positive definite A by Gaussian elimination with pivoting. */
export function solve(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const rows = a.map((row, i) => Float64Array.from([...row, b[i]!]));
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i;
    [rows[k], rows[best]] = [rows[best]!, rows[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * x[j]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}
