import type { Activation } from './backprop.ts';

type Pointwise = Exclude<Activation, 'relu-bn'>;

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

const VALUE: Record<Pointwise, (z: number) => number> = {
  sigmoid,
  tanh: Math.tanh,
  relu: (z) => Math.max(0, z),
  linear: (z) => z,
};
const SLOPE: Record<Pointwise, (z: number) => number> = {
  sigmoid: (z) => sigmoid(z) * (1 - sigmoid(z)),
  tanh: (z) => 1 - Math.tanh(z) ** 2,
  relu: (z) => (z > 0 ? 1 : 0),
  linear: () => 1,
};

/** E[f(z)²] for z ~ N(0, q). */
function secondMoment(f: (z: number) => number, q: number): number {
  const [half, steps] = [8, 800];
  let sum = 0;
  // Midpoints, so that the step of ReLU's slope falls between two of them.
  for (let i = 0; i < steps; i++) {
    const z = ((i + 0.5) / steps) * 2 * half - half;
    sum += f(Math.sqrt(q) * z) ** 2 * Math.exp((-z * z) / 2);
  }
  return (sum * ((2 * half) / steps)) / Math.sqrt(2 * Math.PI);
}

/**
 * By which factor ‖δ‖ changes per layer, from layer L down to layer 1 (geometric mean over its L − 1 steps), in a net of
 * infinite width with Var W = variance / n and inputs of unit variance: q_1 = variance, q_{l+1} = variance · E[φ(z_l)²],
 * ‖δ_l‖² / ‖δ_{l+1}‖² = variance · E[φ′(z_l)²] with z_l ~ N(0, q_l) (Poole et al. 2016; Schoenholz et al. 2017).
 */
export function deltaFactor(activation: Pointwise, variance: number, depth: number): number {
  let [q, logs] = [variance, 0];
  for (let layer = 1; layer < depth; layer++) {
    logs += Math.log(variance * secondMoment(SLOPE[activation], q));
    q = variance * secondMoment(VALUE[activation], q);
  }
  return Math.exp(logs / (2 * (depth - 1)));
}
