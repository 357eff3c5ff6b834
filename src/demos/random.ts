/** The seeded generator that every demo draws from; the same seed gives the same stream on every machine. */
export interface Rng {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal, by Box–Muller. */
  normal(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** `length` standard normals times `scale`. */
  normals(length: number, scale?: number): Float32Array;
  /** A random order of 0 … n−1 (Fisher–Yates). */
  permutation(n: number): number[];
  /** An independent stream, the same for the same `label`. */
  fork(label: number): Rng;
}

/** mulberry32 (Ettinger, public domain) with Box–Muller normals. */
export function createRng(seed: number): Rng {
  let state = seed >>> 0;
  let spare: number | undefined;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    // 1 − u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const integer = (n: number): number => Math.floor(uniform() * n);
  return {
    uniform,
    normal,
    integer,
    normals(length, scale = 1) {
      const values = new Float32Array(length);
      for (let i = 0; i < length; i++) values[i] = normal() * scale;
      return values;
    },
    permutation(n) {
      const order = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = integer(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
    fork: (label) => createRng(mix(seed >>> 0, label >>> 0)),
  };
}

/** Scrambles two words into one, so that neighbouring seeds and labels give unrelated streams. */
function mix(seed: number, label: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(label + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}
