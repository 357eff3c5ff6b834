import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import { normalise } from './batch-norm.ts';
import { affine, joined, product, reluSlope, sumOfRows, type Tensor3D, timesTransposed, transposedTimes } from './batched.ts';
import { geometricBand } from './stats.ts';

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
  /** Called after every step with the steps done, and the nets as far as they have come. */
  onStep?: (done: number, trained: readonly Trained[]) => void;
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
  const { steps, onStep } = options;
  if (nets.length === 0) return [];
  const trained = nets.map((): Trained => ({ losses: [], accuracy: 0 }));
  let state = start(tf, nets, options);
  let alive = nets.map((_, net) => net);
  for (let step = 0; step < steps && alive.length > 0; step++) {
    const [loss, ...params] = tf.tidy(() => {
      const { logits, changes } = backward(tf, state, options);
      const next = state.params.map((param, i) => (changes[i] ? tf.sub(param, changes[i]) : param.clone()));
      return [crossEntropy(tf, logits, state.y), ...next];
    }) as [TfTypes.Tensor1D, ...Tensor3D[]];
    tf.dispose(state.params);
    state.params = params;
    const finite = record(loss.dataSync());
    loss.dispose();
    if (finite.length < alive.length) {
      // The others go on without those that diverged.
      if (finite.length > 0) state = select(tf, state, finite);
      alive = finite.map((i) => alive[i]!);
    }
    onStep?.(step + 1, trained);
  }
  if (alive.length > 0) {
    const [losses, accuracies] = tf.tidy(() => {
      const { logits } = forward(tf, state.params, state.x, options);
      const right = tf.equal(tf.greater(logits, 0), tf.greater(state.y, 0.5));
      return [crossEntropy(tf, logits, state.y).dataSync(), tf.mean(tf.cast(right, 'float32'), [1, 2]).dataSync()];
    });
    record(losses!);
    alive.forEach((net, i) => {
      trained[net]!.accuracy = accuracies![i]!;
    });
  }
  tf.dispose([state.x, state.y, state.rates, ...state.params]);
  for (const { losses } of trained) while (losses.length <= steps) losses.push(Number.NaN);
  return trained;

  /** Notes the losses of the nets that are alive; the places among them of those that still are. */
  function record(losses: ArrayLike<number>): number[] {
    return alive.flatMap((net, i) => {
      const one = trained[net]!;
      const finite = Number.isFinite(losses[i]);
      if (!finite) one.diverged = one.losses.length;
      one.losses.push(finite ? losses[i]! : Number.NaN);
      return finite ? i : [];
    });
  }
}

/** What the nets are made of, each tensor with the net as its first dimension. */
interface State {
  x: Tensor3D;
  y: Tensor3D;
  rates: Tensor3D;
  /** Per layer: weights, bias (with batch normalisation: its β) and the scale γ, which only that uses. */
  params: Tensor3D[];
}

function start(tf: Tf, nets: readonly Net[], { depth, width }: NetOptions): State {
  const count = nets.length;
  const data = nets.map(({ rng }) => rings(rng, POINTS));
  const x = tf.tensor3d(joined(data.map((one) => one.x)), [count, POINTS, 2]);
  const y = tf.tensor3d(joined(data.map((one) => one.y)), [count, POINTS, 1]);
  const rates = tf.tensor3d(
    nets.map(({ rate }) => rate),
    [count, 1, 1],
  );
  const sizes = [2, ...Array<number>(depth).fill(width), 1];
  const params = sizes.slice(1).flatMap((out, l): Tensor3D[] => {
    const inputs = sizes[l]!;
    const drawn = nets.map(({ rng }) => rng.normals(inputs * out));
    const weights = joined(drawn, (net) => Math.sqrt((l === depth ? 1 : nets[net]!.variance) / inputs));
    return [tf.tensor3d(weights, [count, inputs, out]), tf.zeros([count, 1, out]), tf.ones([count, 1, out])];
  });
  return { x, y, rates, params };
}

/** The state of the nets at these places; the rest is disposed of. */
function select(tf: Tf, state: State, places: readonly number[]): State {
  const all = [state.x, state.y, state.rates, ...state.params];
  const [x, y, rates, ...params] = tf.tidy(() => {
    const index = tf.tensor1d([...places], 'int32');
    return all.map((tensor) => tf.gather(tensor, index));
  }) as [Tensor3D, Tensor3D, Tensor3D, ...Tensor3D[]];
  tf.dispose(all);
  return { x, y, rates, params };
}

/** Mean binary cross-entropy of each net's logits, in the form that does not overflow. */
function crossEntropy(tf: Tf, logits: Tensor3D, y: Tensor3D): TfTypes.Tensor1D {
  const soft = tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
  return tf.mean(tf.sub(soft, tf.mul(logits, y)), [1, 2]);
}

interface Layer {
  h: Tensor3D;
  /** From ∂L/∂h to ∂L/∂(input · W), with the gradients of bias and, if it is used, scale. */
  back: (up: Tensor3D) => { product: Tensor3D; shift: Tensor3D; gain?: Tensor3D };
}

/** What follows from a layer's input, without a skip around it. */
function forwardLayer(tf: Tf, input: Tensor3D, [weights, bias, scale]: readonly Tensor3D[], options: NetOptions): Layer {
  const { activation, batchNorm } = options;
  const through = (up: Tensor3D, h: Tensor3D): Tensor3D => {
    const slope = slopeAt(tf, h, activation);
    return slope ? tf.mul(up, slope) : up;
  };
  if (batchNorm) {
    const normal = normalise(tf, product(tf, input, weights!), { gain: scale!, shift: bias! });
    const h = activate(tf, normal.y, activation);
    return {
      h,
      back(up) {
        const { z, gain, shift } = normal.backward(through(up, h));
        return { product: z, gain, shift };
      },
    };
  }
  // ReLU goes along with the product where the backend can.
  const h =
    activation === 'relu' ? affine(tf, input, weights!, bias!, 'relu') : activate(tf, affine(tf, input, weights!, bias!), activation);
  return {
    h,
    back(up) {
      const delta = through(up, h);
      return { product: delta, shift: sumOfRows(tf, delta) };
    },
  };
}

function forward(tf: Tf, params: readonly Tensor3D[], x: Tensor3D, options: NetOptions) {
  const { depth, residual } = options;
  const inputs: Tensor3D[] = [x];
  const layers = Array.from({ length: depth }, (_, l) => {
    const input = inputs[l]!;
    const layer = forwardLayer(tf, input, params.slice(3 * l, 3 * l + 3), options);
    const skip = residual === true && input.shape[2] === layer.h.shape[2];
    inputs.push(skip ? tf.add(layer.h, input) : layer.h);
    return { ...layer, skip };
  });
  return { logits: affine(tf, inputs[depth]!, params[3 * depth]!, params[3 * depth + 1]!), inputs, layers };
}

/** The logits, and rate · ∂L/∂parameter for each parameter; none for a γ that is not used. */
function backward(tf: Tf, { params, x, y, rates }: State, options: NetOptions) {
  const { depth } = options;
  const { logits, inputs, layers } = forward(tf, params, x, options);
  const changes: (Tensor3D | undefined)[] = [];
  // Everything below is linear in ∂L/∂logit, so that the rate can go in here.
  let delta = tf.mul<Tensor3D>(tf.sub(tf.sigmoid(logits), y), tf.div(rates, POINTS));
  changes[3 * depth + 1] = sumOfRows(tf, delta);
  // rate · ∂L/∂(output of layer l), needed again one layer down where a skip goes around the layer.
  let above: Tensor3D | undefined;
  for (let l = depth; l >= 0; l--) {
    changes[3 * l] = transposedTimes(tf, inputs[l]!, delta);
    if (l === 0) break;
    const up = timesTransposed(tf, delta, params[3 * l]!);
    const total: Tensor3D = above && layers[l]!.skip ? tf.add(up, above) : up;
    above = total;
    const back = layers[l - 1]!.back(total);
    changes[3 * l - 2] = back.shift;
    changes[3 * l - 1] = back.gain;
    delta = back.product;
  }
  return { logits, changes };
}

function activate(tf: Tf, z: Tensor3D, activation: NetOptions['activation']): Tensor3D {
  switch (activation) {
    case 'sigmoid':
      return tf.sigmoid(z);
    case 'relu':
      return tf.relu(z);
    case 'linear':
      return z;
    default:
      return activation satisfies never;
  }
}

/** The slope of an activation where its output is h; none where it is 1 everywhere. */
function slopeAt(tf: Tf, h: Tensor3D, activation: NetOptions['activation']): Tensor3D | undefined {
  switch (activation) {
    case 'sigmoid':
      return tf.sub(h, tf.square(h));
    case 'relu':
      return reluSlope(tf, h);
    case 'linear':
      return undefined;
    default:
      return activation satisfies never;
  }
}

/** The losses of several nets as one curve; where some have not come as far as others, of those that have. */
export function courseOf(losses: readonly number[][]): ReturnType<typeof geometricBand> {
  const ends = [...new Set(losses.map(({ length }) => length))].sort((a, b) => a - b);
  const pieces = ends.map((end, i) =>
    geometricBand(losses.filter(({ length }) => length >= end).map((one) => one.slice(ends[i - 1] ?? 0, end))),
  );
  const of = (key: 'y' | 'low' | 'high') => pieces.flatMap((piece) => piece[key]);
  return { y: of('y'), low: of('low'), high: of('high') };
}
