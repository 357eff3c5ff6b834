/** The sizes of the two roots of z² − (1 + β − ηλ)z + β, what a direction of curvature λ is multiplied by (Polyak 1964). */
export function roots(rate: number, curvature: number, momentum: number): [large: number, small: number] {
  const half = (1 + momentum - rate * curvature) / 2;
  const square = half * half - momentum;
  if (square < 0) return [Math.sqrt(momentum), Math.sqrt(momentum)];
  const large = Math.abs(half) + Math.sqrt(square);
  return [large, large === 0 ? 0 : momentum / large];
}
