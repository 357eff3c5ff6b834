import type { Rng } from '../random.ts';
import { dot } from './linear.ts';

/** `count` orthonormal vectors of `n` components in random directions (Gram–Schmidt, twice against rounding). */
export function orthonormal(rng: Rng, count: number, n: number): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const v = Float64Array.from({ length: n }, () => rng.normal());
    for (let pass = 0; pass < 2; pass++)
      for (const b of basis) {
        const along = dot(v, b);
        for (let i = 0; i < n; i++) v[i]! -= along * b[i]!;
      }
    const length = Math.sqrt(dot(v, v));
    if (length > 1e-6) basis.push(v.map((value) => value / length));
  }
  return basis;
}
