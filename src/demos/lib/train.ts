import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import { normalise } from './batch-norm.ts';
import { joined, positive, product, type Tensor3D, transposed } from './batched.ts';

export interface NetOptions {
  depth: number;
  width: number;
  activation: 'sigmoid' | 'relu' | 'linear';
  batchNorm?: boolean;
  /** Adds a layer's input to its output where the widths agree. */
  residual?: boolean;
}

/** One of the nets that are trained side by side. */
export interface Net {
  /** Draws its data and its weights. */
  rng: Rng;
  /** Var W · n. */
  variance: number;
  rate: number;
}

export interface TrainOptions extends NetOptions {
  steps: number;
  /** Called after every step with the steps done. */
  onStep?: (done: number) => void;
}

export interface Trained {
  /** Loss before each step, then after the last: steps + 1 values. NaN once it diverged. */
  losses: number[];
  /** Of the training points, after the last step. */
  accuracy: number;
  /** Step at which the loss left the finite numbers. */
  diverged?: number;
}

const POINTS = 256;

/** Two noisy rings of radius 1 and 0.4: [n, 2] points and [n, 1] labels. */
export function rings(rng: Rng, n: number, noise = 0.08): { x: Float32Array; y: Float32Array } {
  const x = new Float32Array(2 * n);
  const y = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const inner = i % 2;
    const radius = inner ? 0.4 : 1;
    const angle = 2 * Math.PI * rng.uniform();
    x[2 * i] = radius * Math.cos(angle) + noise * rng.normal();
    x[2 * i + 1] = radius * Math.sin(angle) + noise * rng.normal();
    y[i] = inner;
  }
  return { x, y };
}

/**
 * Full-batch gradient descent on binary cross-entropy for fully connected nets with biases, started at W ~ N(0,
 * variance / n). Back-propagation is written out, since transposed products are slow on WASM (see backprop.ts).
 */
export function trainOnRings(tf: Tf, nets: readonly Net[], options: TrainOptions): Trained[] {
  const { depth, width, steps, onStep } = options;
  const count = nets.length;
  const data = nets.map(({ rng }) => rings(rng, POINTS));
  const x = tf.tensor3d(joined(data.map((one) => one.x)), [count, POINTS, 2]);
  const y = tf.tensor3d(joined(data.map((one) => one.y)), [count, POINTS, 1]);
  const rates = tf.tensor3d(
    nets.map(({ rate }) => rate),
    [count, 1, 1],
  );
  const sizes = [2, ...Array<number>(depth).fill(width), 1];
  // Per layer: weights, bias (with batch normalisation: its β) and the scale γ, which only that uses.
  let params = sizes.slice(1).flatMap((out, l): Tensor3D[] => {
    const inputs = sizes[l]!;
    const drawn = nets.map(({ rng }) => rng.normals(inputs * out));
    const weights = joined(drawn, (net) => Math.sqrt((l === depth ? 1 : nets[net]!.variance) / inputs));
    return [tf.tensor3d(weights, [count, inputs, out]), tf.zeros([count, 1, out]), tf.ones([count, 1, out])];
  });
  const history: Float32Array[] = [];
  for (let step = 0; step < steps; step++) {
    const [loss, ...next] = tf.tidy(() => {
      const { logits, gradients } = backward(tf, params, x, y, options);
      return [
        crossEntropy(tf, logits, y),
        ...params.map((param, i) => (gradients[i] ? (tf.sub(param, tf.mul(gradients[i], rates)) as Tensor3D) : param.clone())),
      ];
    }) as [TfTypes.Tensor1D, ...Tensor3D[]];
    tf.dispose(params);
    params = next;
    history.push(loss.dataSync() as Float32Array);
    loss.dispose();
    onStep?.(step + 1);
    if (history.at(-1)!.every((value) => !Number.isFinite(value))) break;
  }
  const accuracies = tf.tidy(() => {
    const logits = forward(tf, params, x, options).logits;
    history.push(crossEntropy(tf, logits, y).dataSync() as Float32Array);
    const right = tf.equal(tf.greater(logits, 0), tf.greater(y, 0.5));
    return tf.mean(tf.cast(right, 'float32'), [1, 2]).dataSync();
  });
  tf.dispose([x, y, rates, ...params]);
  return nets.map((_, net) => {
    const losses = Array.from({ length: steps + 1 }, (_step, step) => history[step]?.[net] ?? Number.NaN);
    const lost = losses.findIndex((loss) => !Number.isFinite(loss));
    return {
      losses: lost < 0 ? losses : losses.fill(Number.NaN, lost),
      accuracy: accuracies[net]!,
      ...(lost >= 0 && { diverged: lost }),
    };
  });
}

/** Mean binary cross-entropy of each net's logits, in the form that does not overflow. */
function crossEntropy(tf: Tf, logits: Tensor3D, y: Tensor3D): TfTypes.Tensor1D {
  const soft = tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
  return tf.mean(tf.sub(soft, tf.mul(logits, y)), [1, 2]);
}

interface Layer {
  /** From ∂L/∂h of the layer to ∂L/∂(its matrix product), with the gradients of bias and, if it is used, scale. */
  back: (up: Tensor3D) => { product: Tensor3D; shift: Tensor3D; gain?: Tensor3D };
  skip: boolean;
}

function forward(tf: Tf, params: readonly Tensor3D[], x: Tensor3D, options: NetOptions) {
  const { depth, activation, batchNorm, residual } = options;
  const inputs: Tensor3D[] = [x];
  const layers: Layer[] = [];
  for (let l = 0; l < depth; l++) {
    const input = inputs[l]!;
    const [weights, bias, scale] = params.slice(3 * l, 3 * l + 3) as [Tensor3D, Tensor3D, Tensor3D];
    const multiplied = product(tf, input, weights);
    const normal = batchNorm ? normalise(tf, multiplied) : undefined;
    const z = tf.add(normal ? tf.mul(normal.y, scale) : multiplied, bias) as Tensor3D;
    const { h, slope } = activate(tf, z, activation);
    const skip = residual === true && input.shape[2] === h.shape[2];
    inputs.push(skip ? tf.add(h, input) : h);
    layers.push({
      skip,
      back(up) {
        const delta = slope ? tf.mul<Tensor3D>(up, slope()) : up;
        if (!normal) return { product: delta, shift: tf.sum(delta, 1, true) };
        const { z: through, gain, shift } = normal.backward(delta, scale);
        return { product: through, gain, shift };
      },
    });
  }
  const logits = tf.add(product(tf, inputs[depth]!, params[3 * depth]!), params[3 * depth + 1]!) as Tensor3D;
  return { logits, inputs, layers };
}

/** The logits and one gradient a parameter; none for a γ that is not used. */
function backward(tf: Tf, params: readonly Tensor3D[], x: Tensor3D, y: Tensor3D, options: NetOptions) {
  const { depth } = options;
  const { logits, inputs, layers } = forward(tf, params, x, options);
  const gradients: (Tensor3D | undefined)[] = [];
  let delta = tf.div(tf.sub(tf.sigmoid(logits), y), POINTS) as Tensor3D;
  gradients[3 * depth + 1] = tf.sum(delta, 1, true);
  // ∂L/∂(output of layer l), needed again one layer down where a skip goes around the layer.
  let above: Tensor3D | undefined;
  for (let l = depth; l >= 0; l--) {
    gradients[3 * l] = product(tf, transposed(tf, inputs[l]!), delta);
    if (l === 0) break;
    const up = product(tf, delta, transposed(tf, params[3 * l]!));
    const total: Tensor3D = above && layers[l]!.skip ? tf.add(up, above) : up;
    above = total;
    const back = layers[l - 1]!.back(total);
    gradients[3 * l - 2] = back.shift;
    gradients[3 * l - 1] = back.gain;
    delta = back.product;
  }
  return { logits, gradients };
}

function activate(tf: Tf, z: Tensor3D, activation: NetOptions['activation']): { h: Tensor3D; slope?: () => Tensor3D } {
  switch (activation) {
    case 'sigmoid': {
      const h = tf.sigmoid(z);
      return { h, slope: () => tf.mul(h, tf.sub(1, h)) };
    }
    case 'relu':
      return { h: tf.relu(z), slope: () => positive(tf, z) };
    case 'linear':
      return { h: z };
    default:
      return activation satisfies never;
  }
}
