import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import { normalise } from './batch-norm.ts';
import { joined, norms, product, reluSlope, type Tensor3D, timesTransposed, transposedTimes, unit } from './batched.ts';

export type Activation = 'sigmoid' | 'tanh' | 'relu' | 'linear' | 'relu-bn';

export interface Shape {
  /** Hidden layers L. */
  depth: number;
  /** Units n of every layer, the input included. */
  width: number;
  /** Examples in the batch. */
  batch: number;
}

/** What chance decides of some nets; what is compared (activation, variance) is not part of it. */
export interface Draws extends Shape {
  nets: number;
  x: Float32Array;
  teacher: Float32Array;
  /** Standard normal, by layer. */
  weights: Float32Array[];
  output: Float32Array;
}

export interface GradientNorms {
  /** ‖∂L/∂z_l‖ (Frobenius, over batch and units) for l = 1 … L. */
  delta: number[];
  /** ‖∂L/∂W_l‖ for l = 1 … L. */
  weight: number[];
}

/** Draws a net from each generator. */
export function drawNets(rngs: readonly Rng[], shape: Shape): Draws {
  const { depth, width, batch } = shape;
  const drawn = rngs.map((rng) => ({
    x: rng.normals(batch * width),
    teacher: rng.normals(width),
    weights: Array.from({ length: depth }, () => rng.normals(width * width)),
    output: rng.normals(width),
  }));
  return {
    ...shape,
    nets: rngs.length,
    x: joined(drawn.map(({ x }) => x)),
    teacher: joined(drawn.map(({ teacher }) => teacher)),
    weights: Array.from({ length: depth }, (_, l) => joined(drawn.map(({ weights }) => weights[l]!))),
    output: joined(drawn.map(({ output }) => output)),
  };
}

/** Floats that the weights of the nets drawn together may take. */
const TOGETHER = 4e6;

/** Net numbers 0 … nets − 1 in groups that fit into memory together. */
export function groupsOf(nets: number, { depth, width }: Pick<Shape, 'depth' | 'width'>): number[][] {
  const size = Math.max(1, Math.floor(TOGETHER / (depth * width * width)));
  return Array.from({ length: Math.ceil(nets / size) }, (_, g) =>
    Array.from({ length: Math.min(size, nets - g * size) }, (_net, i) => g * size + i),
  );
}

/**
 * Gradient norms by layer at initialisation, for each net: fully connected, no bias, W ~ N(0, variance / n), x ~ N(0, I),
 * y = 1[w·x > 0], binary cross-entropy on a logit with output weights N(0, 1/n).
 *
 * Back-propagation is written out (δ_l = (δ_{l+1} W_{l+1}ᵀ) ∘ φ′(z_l), ∂L/∂W_l = h_{l−1}ᵀ δ_l) because the
 * automatic gradient multiplies with transposed matrices, which WASM does five times more slowly. A test
 * compares both.
 */
export function gradientNorms(tf: Tf, draws: Draws, activation: Activation, variance: number): GradientNorms[] {
  const { nets, depth } = draws;
  const values = tf.tidy(() => {
    const { deltas, sizes, inputs } = backward(tf, draws, activation, variance);
    const weight = deltas.map((d, l) => norms(tf, transposedTimes(tf, inputs[l]!, d)));
    return tf.stack([...sizes, ...weight]).dataSync();
  });
  const of = (net: number, first: number) => Array.from({ length: depth }, (_, l) => values[(first + l) * nets + net]!);
  return Array.from({ length: nets }, (_, net) => {
    const sizes = of(net, 0);
    // ‖δ_l‖ is the product of what every layer from the top made of it.
    const delta = sizes.map((_size, l) => sizes.slice(l).reduce((all, size) => all * size, 1));
    return { delta, weight: of(net, depth).map((size, l) => size * delta[l]!) };
  });
}

/**
 * For every layer δ_l at length 1, how long it was before that (with the δ above it at length 1), and the layer's input
 * h_{l−1}. Back-propagation is linear in δ, and fifty layers would leave the range of 32-bit numbers.
 */
function backward(tf: Tf, draws: Draws, activation: Activation, variance: number) {
  const { nets, depth, width, batch } = draws;
  const x = tf.tensor3d(draws.x, [nets, batch, width]);
  const y = tf.cast(tf.greater(product(tf, x, tf.tensor3d(draws.teacher, [nets, width, 1])), 0), 'float32') as Tensor3D;
  const weights = draws.weights.map((w) => tf.mul(tf.tensor3d(w, [nets, width, width]), Math.sqrt(variance / width)) as Tensor3D);
  const output = tf.mul(tf.tensor3d(draws.output, [nets, width, 1]), Math.sqrt(1 / width)) as Tensor3D;

  const inputs: Tensor3D[] = [x];
  const layers = weights.map((w, l) => {
    const layer = forwardLayer(tf, activation, product(tf, inputs[l]!, w));
    inputs.push(layer.h);
    return layer;
  });
  const logits = product(tf, inputs[depth]!, output);
  // ∂L/∂logit of the mean binary cross-entropy: (σ(logit) − y) / batch.
  const error = tf.div(tf.sub(tf.sigmoid(logits), y), batch) as Tensor3D;
  let upstream = timesTransposed(tf, error, output);
  const deltas: Tensor3D[] = [];
  const sizes: TfTypes.Tensor1D[] = [];
  for (let l = depth - 1; l >= 0; l--) {
    const delta = unit(tf, layers[l]!.backward(upstream));
    deltas[l] = delta.unit;
    sizes[l] = delta.size;
    if (l > 0) upstream = timesTransposed(tf, delta.unit, weights[l]!);
  }
  return { deltas, sizes, inputs };
}

interface Layer {
  h: Tensor3D;
  /** From ∂L/∂h to ∂L/∂z. */
  backward: (upstream: Tensor3D) => Tensor3D;
}

function forwardLayer(tf: Tf, activation: Activation, z: Tensor3D): Layer {
  switch (activation) {
    case 'linear':
      return { h: z, backward: (up) => up };
    case 'sigmoid': {
      const h = tf.sigmoid(z);
      return { h, backward: (up) => tf.mul(up, tf.sub(h, tf.square(h))) };
    }
    case 'tanh': {
      // tanh(z) = 2σ(2z) − 1, which is several times quicker on WASM.
      const h = tf.sub<Tensor3D>(tf.mul(tf.sigmoid(tf.mul(z, 2)), 2), 1);
      return { h, backward: (up) => tf.mul(up, tf.sub(1, tf.square(h))) };
    }
    case 'relu': {
      const h = tf.relu(z);
      return { h, backward: (up) => tf.mul(up, reluSlope(tf, h)) };
    }
    case 'relu-bn': {
      const normal = normalise(tf, z);
      const h = tf.relu(normal.y);
      return { h, backward: (up) => normal.backward(tf.mul(up, reluSlope(tf, h))).z };
    }
    default:
      return activation satisfies never;
  }
}

/**
 * Geometric mean over layers 2 … L of ‖W_l‖₂, for each net: with σ′ ≤ ¼ it bounds what a sigmoid net passes on per layer.
 * W_1 carries no δ further down.
 */
export function spectralNorms({ nets, depth, width, weights }: Draws, variance: number): number[] {
  const size = width * width;
  return Array.from({ length: nets }, (_, net) => {
    const logs = weights.slice(1).map((w) => Math.log(spectralNorm(w.subarray(net * size, (net + 1) * size), width)));
    return Math.sqrt(variance / width) * Math.exp(logs.reduce((sum, log) => sum + log, 0) / (depth - 1));
  });
}

/** Largest singular value of an n×n matrix by power iteration on WᵀW; approaches it from below. */
export function spectralNorm(w: Float32Array, n: number): number {
  let v = new Float64Array(n).fill(1 / Math.sqrt(n));
  let norm = 0;
  for (let step = 0; step < 12; step++) {
    const next = new Float64Array(n);
    let squares = 0;
    for (let i = 0; i < n; i++) {
      let u = 0;
      for (let j = 0; j < n; j++) u += w[i * n + j]! * v[j]!;
      for (let j = 0; j < n; j++) next[j]! += w[i * n + j]! * u;
    }
    for (const value of next) squares += value * value;
    norm = Math.sqrt(squares);
    v = next.map((value) => value / norm);
  }
  return Math.sqrt(norm);
}
