import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import { normalise } from './batch-norm.ts';

type Tensor2D = TfTypes.Tensor2D;

export interface NetOptions {
  depth: number;
  width: number;
  activation: 'sigmoid' | 'relu' | 'linear';
  /** Var W · n. */
  variance: number;
  batchNorm?: boolean;
  /** Adds a layer's input to its output where the widths agree. */
  residual?: boolean;
}

export interface TrainOptions extends NetOptions {
  steps: number;
  rate: number;
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

interface Step {
  logits: Tensor2D;
  /** One a parameter; absent for a γ that is not used. */
  gradients: (TfTypes.Tensor | undefined)[];
}

/**
 * Full-batch gradient descent on binary cross-entropy for a fully connected net with biases, started at W ~ N(0,
 * variance / n). Back-propagation is written out, since transposed products are slow on WASM (see backprop.ts).
 */
export function trainOnRings(tf: Tf, rng: Rng, options: TrainOptions): Trained {
  const { depth, width, variance, steps, rate, onStep } = options;
  const data = rings(rng, 256);
  const x = tf.tensor2d(data.x, [256, 2]);
  const y = tf.tensor2d(data.y, [256, 1]);
  const sizes = [2, ...Array<number>(depth).fill(width), 1];
  // Per layer: weights, bias (with batch normalisation: its β) and the scale γ, which only that uses.
  let params: TfTypes.Tensor[] = sizes.slice(1).flatMap((out, l) => {
    const inputs = sizes[l]!;
    const scale = Math.sqrt((l === depth ? 1 : variance) / inputs);
    return [tf.tensor2d(rng.normals(inputs * out, scale), [inputs, out]), tf.zeros([1, out]), tf.ones([1, out])];
  });
  const losses: number[] = [];
  let diverged: number | undefined;
  for (let step = 0; step < steps && diverged === undefined; step++) {
    const [loss, ...next] = tf.tidy(() => {
      const { logits, gradients } = backward(tf, params as Tensor2D[], x, y, options);
      return [
        crossEntropy(tf, logits, y),
        ...params.map((param, i) => (gradients[i] ? tf.sub(param, tf.mul(gradients[i], rate)) : param.clone())),
      ];
    });
    tf.dispose(params);
    params = next;
    losses.push(loss!.dataSync()[0]!);
    loss!.dispose();
    if (!Number.isFinite(losses.at(-1))) diverged = step;
    onStep?.(step + 1);
  }
  const [loss, accuracy] = tf.tidy(() => {
    const { logits } = backward(tf, params as Tensor2D[], x, y, options);
    const right = tf.equal(tf.greater(logits, 0), tf.greater(y, 0.5));
    return [crossEntropy(tf, logits, y).dataSync()[0]!, tf.mean(tf.cast(right, 'float32')).dataSync()[0]!];
  });
  losses.push(loss!);
  while (losses.length < steps + 1) losses.push(Number.NaN);
  tf.dispose([x, y, ...params]);
  return { losses, accuracy: accuracy!, ...(diverged !== undefined && { diverged }) };
}

/** Mean binary cross-entropy of logits, in the form that does not overflow. */
function crossEntropy(tf: Tf, logits: Tensor2D, y: Tensor2D): TfTypes.Scalar {
  const soft = tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
  return tf.mean(tf.sub(soft, tf.mul(logits, y)));
}

function backward(tf: Tf, params: readonly Tensor2D[], x: Tensor2D, y: Tensor2D, options: NetOptions): Step {
  const { depth, activation, batchNorm, residual } = options;
  const [weights, biases, scales] = [0, 1, 2].map((kind) => params.filter((_, i) => i % 3 === kind)) as [
    Tensor2D[],
    Tensor2D[],
    Tensor2D[],
  ];
  const gradients: Step['gradients'] = [];
  const inputs: Tensor2D[] = [x];
  /** From ∂L/∂h of a layer to ∂L/∂(its matrix product); notes the gradients of bias and scale on the way. */
  const layers: { back: (up: Tensor2D) => Tensor2D; skip: boolean }[] = [];
  for (let l = 0; l < depth; l++) {
    const input = inputs[l]!;
    const product: Tensor2D = tf.matMul(input, weights[l]!);
    const normal = batchNorm ? normalise(tf, product) : undefined;
    const z = tf.add(normal ? tf.mul(normal.y, scales[l]!) : product, biases[l]!) as Tensor2D;
    const { h, slope } = activate(tf, z, activation);
    const skip = residual === true && input.shape[1] === h.shape[1];
    inputs.push(skip ? tf.add(h, input) : h);
    layers.push({
      skip,
      back(up) {
        const delta = slope ? (tf.mul(up, slope()) as Tensor2D) : up;
        gradients[3 * l + 1] = tf.sum(delta, 0, true);
        if (!normal) return delta;
        gradients[3 * l + 2] = tf.sum(tf.mul(delta, normal.y), 0, true);
        return normal.backward(tf.mul(delta, scales[l]!));
      },
    });
  }
  const logits = tf.add(tf.matMul(inputs[depth]!, weights[depth]!), biases[depth]!) as Tensor2D;
  let delta = tf.div(tf.sub(tf.sigmoid(logits), y), x.shape[0]) as Tensor2D;
  gradients[3 * depth + 1] = tf.sum(delta, 0, true);
  // ∂L/∂(output of layer l), needed again one layer down where a skip goes around the layer.
  let above: Tensor2D | undefined;
  for (let l = depth; l >= 0; l--) {
    gradients[3 * l] = tf.matMul(tf.transpose(inputs[l]!), delta);
    if (l === 0) break;
    const up: Tensor2D = tf.matMul(delta, tf.transpose(weights[l]!));
    const total: Tensor2D = above && layers[l]!.skip ? tf.add(up, above) : up;
    above = total;
    delta = layers[l - 1]!.back(total);
  }
  return { logits, gradients };
}

function activate(tf: Tf, z: Tensor2D, activation: NetOptions['activation']): { h: Tensor2D; slope?: () => TfTypes.Tensor } {
  switch (activation) {
    case 'sigmoid': {
      const h = tf.sigmoid(z);
      return { h, slope: () => tf.mul(h, tf.sub(1, h)) };
    }
    case 'relu':
      return { h: tf.relu(z), slope: () => tf.cast(tf.greater(z, 0), 'float32') };
    case 'linear':
      return { h: z };
    default:
      return activation satisfies never;
  }
}
