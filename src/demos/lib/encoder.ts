import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import { attend } from './attention.ts';
import { product, reluSlope, timesTransposed, transposedTimes } from './batched.ts';

type Tensor = TfTypes.Tensor;
type Tensor1D = TfTypes.Tensor1D;
type Tensor2D = TfTypes.Tensor2D;

/** A small post-LN transformer encoder (Vaswani et al. 2017; Devlin et al. 2019). */
export interface EncoderShape {
  layers: number;
  width: number;
  heads: number;
  feedForward: number;
  tokens: number;
  positions: number;
}

export interface Encoded {
  /** The embedding output and each layer's output, [sentences · positions, width] each. */
  states: Tensor2D[];
  /** The vectors of the tokens, [tokens, width], for an output layer that is tied to them. */
  words: Tensor2D;
  /** The gradient of all parameters, given those with respect to the last hidden state and to `words`. */
  backward(last: Tensor2D, words: Tensor2D): Tensor1D;
}

/** What one step computes, and how ∂L/∂(its output) becomes ∂L/∂(its input) and the gradients of its parameters. */
interface Step {
  output: Tensor2D;
  backward(upstream: Tensor2D): { input: Tensor2D; gradients: Tensor[] };
}

interface Parameter {
  shape: [number] | [number, number];
  /** What all its values start at, or the standard deviation that they are drawn with. */
  start: { value: number } | { deviation: number };
}

const matrix = (rows: number, columns: number, deviation = Math.sqrt(1 / rows)): Parameter => ({
  shape: [rows, columns],
  start: { deviation },
});
const row = (size: number, value: number): Parameter => ({ shape: [size], start: { value } });

/** The parameters in their order in the one vector that holds them all, so that a step of Adam is a few large operations. */
function parametersOf({ layers, width, feedForward, tokens, positions }: EncoderShape): Parameter[] {
  const norm = [row(width, 1), row(width, 0)];
  const square = matrix(width, width);
  const attention = [square, square, square, square, ...norm];
  const inner = [matrix(width, feedForward), row(feedForward, 0), matrix(feedForward, width), row(width, 0), ...norm];
  return [matrix(tokens + positions, width, 0.1), ...norm, ...Array.from({ length: layers }, () => [...attention, ...inner]).flat()];
}

/** The parameters of a layer. */
const A_LAYER = 12;
/** Those of the embedding. */
const EMBEDDING = 3;

export function drawParameters(tf: Tf, rng: Rng, shape: EncoderShape): Tensor1D {
  const values = parametersOf(shape).map(({ shape: [rows, columns = 1], start }) => {
    if ('deviation' in start) return rng.normals(rows * columns, start.deviation);
    return new Float32Array(rows * columns).fill(start.value);
  });
  return tf.tidy(() => tf.concat(values.map((one) => tf.tensor1d(one))));
}

/** Hidden states of sentences of token numbers. Back-propagation is written out; a test compares it with automatic differentiation. */
export function encode(tf: Tf, shape: EncoderShape, parameters: Tensor1D, sentences: readonly number[][]): Encoded {
  const { layers, tokens, positions, width } = shape;
  const shapes = parametersOf(shape).map((one) => one.shape);
  const sizes = shapes.map(([rows, columns = 1]) => rows * columns);
  const all = tf.split(parameters, sizes).map((one, i) => (shapes[i]!.length === 1 ? one : tf.reshape(one, shapes[i]!)));
  const table = all[0] as Tensor2D;

  // Two ones a row, in place of lookups: a product adds token and position, and on the way back sums up by either.
  const columns = tokens + positions;
  const ones = new Float32Array(sentences.length * positions * columns);
  sentences.flat().forEach((token, i) => {
    ones[i * columns + token] = 1;
    ones[i * columns + tokens + (i % positions)] = 1;
  });
  const chosen = tf.tensor2d(ones, [sentences.length * positions, columns]);
  const embedded = normaliseRows(tf, product(tf, chosen, table), all.slice(1, EMBEDDING));
  const states = [embedded.output];
  const steps = Array.from({ length: layers }, (_, l) => {
    const own = all.slice(EMBEDDING + l * A_LAYER, EMBEDDING + (l + 1) * A_LAYER);
    const step = layer(tf, shape, states[l]!, own);
    states.push(step.output);
    return step;
  });
  return {
    states,
    words: tf.slice(table, [0, 0], [tokens, width]),
    backward(last, words) {
      const gradients: Tensor[] = [];
      let upstream = last;
      for (const step of steps.toReversed()) {
        const back = step.backward(upstream);
        gradients.unshift(...back.gradients);
        upstream = back.input;
      }
      const back = embedded.backward(upstream);
      const ofTable = tf.add(
        transposedTimes(tf, chosen, back.input),
        tf.pad(words, [
          [0, positions],
          [0, 0],
        ]),
      );
      const inOrder = [ofTable, ...back.gradients, ...gradients];
      return tf.concat(inOrder.map((one) => (one.rank === 1 ? one : tf.reshape(one, [-1])))) as Tensor1D;
    },
  };
}

/** Attention and two dense layers, each added to its input and then normalised. */
function layer(tf: Tf, shape: EncoderShape, input: Tensor2D, parameters: readonly Tensor[]): Step {
  const [query, key, value, out, gain, shift, up, upBias, down, downBias, gain2, shift2] = parameters as Tensor2D[];
  // One product is quicker than three.
  const mix = tf.concat2d([query!, key!, value!], 1);
  const attention = attend(tf, product(tf, input, mix), shape);
  const first = normaliseRows(tf, tf.add(input, product(tf, attention.output, out!)), [gain!, shift!]);
  const middle = first.output;
  const inner = tf.relu(tf.add<Tensor2D>(product(tf, middle, up!), upBias!));
  const added = tf.add<Tensor2D>(middle, tf.add(product(tf, inner, down!), downBias!));
  const second = normaliseRows(tf, added, [gain2!, shift2!]);
  return {
    output: second.output,
    backward(upstream) {
      const { input: delta, gradients: norm2 } = second.backward(upstream);
      const ofInner = tf.mul<Tensor2D>(timesTransposed(tf, delta, down!), reluSlope(tf, inner));
      const ofMiddle = tf.add<Tensor2D>(delta, timesTransposed(tf, ofInner, up!));
      const dense = [transposedTimes(tf, middle, ofInner), tf.sum(ofInner, 0), transposedTimes(tf, inner, delta), tf.sum(delta, 0)];
      const { input: through, gradients: norm1 } = first.backward(ofMiddle);
      const ofMixed = attention.backward(timesTransposed(tf, through, out!));
      const mixing = [...tf.split(transposedTimes(tf, input, ofMixed), 3, 1), transposedTimes(tf, attention.output, through)];
      return {
        input: tf.add(through, timesTransposed(tf, ofMixed, mix)),
        gradients: [...mixing, ...norm1, ...dense, ...norm2],
      };
    },
  };
}

/** Layer normalisation: every row to mean 0 and variance 1, then a gain and a shift a column. */
function normaliseRows(tf: Tf, x: Tensor2D, [gain, shift]: readonly Tensor[]): Step {
  const width = x.shape[1];
  // A product with a column is the quickest mean of rows on the native backend, and as quick as another on WASM.
  const column = tf.fill([width, 1], 1 / width) as Tensor2D;
  const means = (a: Tensor2D) => product(tf, a, column);
  const centred = tf.sub<Tensor2D>(x, means(x));
  const inverse = tf.rsqrt(tf.add(means(tf.square(centred)), 1e-5));
  const normal = tf.mul<Tensor2D>(centred, inverse);
  return {
    output: tf.add(tf.mul(normal, gain!), shift!),
    backward(upstream) {
      const scaled = tf.mul<Tensor2D>(upstream, gain!);
      const along = tf.mul(normal, means(tf.mul(scaled, normal)));
      return {
        input: tf.mul(tf.sub(tf.sub(scaled, means(scaled)), along), inverse),
        gradients: [tf.sum(tf.mul(upstream, normal), 0), tf.sum(upstream, 0)],
      };
    },
  };
}
