import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import { normalise } from './batch-norm.ts';

export type Activation = 'sigmoid' | 'tanh' | 'relu' | 'linear' | 'relu-bn';

export interface DeepNet {
  /** Hidden layers L. */
  depth: number;
  /** Units n of every layer, the input included. */
  width: number;
  /** Examples in the batch. */
  batch: number;
  activation: Activation;
  /** Var W = variance / n. */
  variance: number;
}

export interface GradientNorms {
  /** ‖∂L/∂z_l‖ (Frobenius, over batch and units) for l = 1 … L. */
  delta: number[];
  /** ‖∂L/∂W_l‖ for l = 1 … L. */
  weight: number[];
  /** Geometric mean over layers of ‖W_l‖₂; only for sigmoid, whose bound it enters. */
  spectral?: number;
}

type Tensor2D = TfTypes.Tensor2D;

/**
 * Gradient norms by layer at initialisation: fully connected, no bias, x ~ N(0, I), y = 1[w·x > 0], binary
 * cross-entropy on a logit with output weights N(0, 1/n).
 *
 * Back-propagation is written out (δ_l = (δ_{l+1} W_{l+1}ᵀ) ∘ φ′(z_l), ∂L/∂W_l = h_{l−1}ᵀ δ_l) because the
 * automatic gradient multiplies with transposed matrices, which WASM does five times more slowly. A test
 * compares both.
 */
export function gradientNorms(tf: Tf, rng: Rng, net: DeepNet): GradientNorms {
  const { depth, width, batch, variance } = net;
  const draws = {
    x: rng.normals(batch * width),
    teacher: rng.normals(width),
    weights: Array.from({ length: depth }, () => rng.normals(width * width, Math.sqrt(variance / width))),
    output: rng.normals(width, Math.sqrt(1 / width)),
  };
  const norms = tf.tidy(() => {
    const { deltas, inputs } = backward(tf, net, draws);
    const delta = deltas.map((d) => tf.norm(d));
    const weight = deltas.map((d, l) => tf.norm(tf.matMul(tf.transpose(inputs[l]!), d)));
    return tf.stack([...delta, ...weight]);
  });
  const values = [...norms.dataSync()];
  norms.dispose();
  const result = { delta: values.slice(0, depth), weight: values.slice(depth) };
  if (net.activation !== 'sigmoid') return result;
  // W_1 carries no δ further down, so the bound is over layers 2 … L.
  const logs = draws.weights.slice(1).map((w) => Math.log(spectralNorm(w, width)));
  return { ...result, spectral: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length) };
}

interface Draws {
  x: Float32Array;
  teacher: Float32Array;
  weights: Float32Array[];
  output: Float32Array;
}

/** δ_l for every layer, with each layer's input h_{l−1}. */
export function backward(tf: Tf, net: DeepNet, draws: Draws): { deltas: Tensor2D[]; inputs: Tensor2D[] } {
  const { depth, width, batch, activation } = net;
  const x = tf.tensor2d(draws.x, [batch, width]);
  const y = tf.cast(tf.greater(tf.matMul(x, tf.tensor2d(draws.teacher, [width, 1])), 0), 'float32') as Tensor2D;
  const weights = draws.weights.map((w) => tf.tensor2d(w, [width, width]));
  const output = tf.tensor2d(draws.output, [width, 1]);

  const inputs: Tensor2D[] = [x];
  const layers = weights.map((w, l) => {
    const layer = forwardLayer(tf, activation, tf.matMul(inputs[l]!, w));
    inputs.push(layer.h);
    return layer;
  });
  const logits = tf.matMul(inputs[depth]!, output);
  // ∂L/∂logit of the mean binary cross-entropy: (σ(logit) − y) / batch.
  const error = tf.div(tf.sub(tf.sigmoid(logits), y), batch) as Tensor2D;
  let upstream: TfTypes.Tensor = tf.matMul(error, tf.transpose(output));
  const deltas: Tensor2D[] = [];
  for (let l = depth - 1; l >= 0; l--) {
    const delta = layers[l]!.backward(upstream as Tensor2D);
    deltas[l] = delta;
    if (l > 0) upstream = tf.matMul(delta, tf.transpose(weights[l]!));
  }
  return { deltas, inputs };
}

interface Layer {
  h: Tensor2D;
  /** From ∂L/∂h to ∂L/∂z. */
  backward: (upstream: Tensor2D) => Tensor2D;
}

function forwardLayer(tf: Tf, activation: Activation, z: Tensor2D): Layer {
  switch (activation) {
    case 'linear':
      return { h: z, backward: (up) => up };
    case 'sigmoid': {
      const h = tf.sigmoid(z);
      return { h, backward: (up) => tf.mul(up, tf.mul(h, tf.sub(1, h))) };
    }
    case 'tanh': {
      const h = tf.tanh(z);
      return { h, backward: (up) => tf.mul(up, tf.sub(1, tf.square(h))) };
    }
    case 'relu':
      return { h: tf.relu(z), backward: (up) => tf.mul(up, tf.cast(tf.greater(z, 0), 'float32')) };
    case 'relu-bn': {
      const normal = normalise(tf, z);
      return {
        h: tf.relu(normal.y),
        backward: (up) => normal.backward(tf.mul(up, tf.cast(tf.greater(normal.y, 0), 'float32'))),
      };
    }
    default:
      return activation satisfies never;
  }
}

/** Largest singular value of an n×n matrix by power iteration on WᵀW; approaches it from below. */
export function spectralNorm(w: Float32Array, n: number): number {
  let v = new Float64Array(n).fill(1 / Math.sqrt(n));
  let norm = 0;
  for (let step = 0; step < 12; step++) {
    const u = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) u[i]! += w[i * n + j]! * v[j]!;
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) next[j]! += w[i * n + j]! * u[i]!;
    norm = Math.hypot(...next);
    v = next.map((value) => value / norm);
  }
  return Math.sqrt(norm);
}
