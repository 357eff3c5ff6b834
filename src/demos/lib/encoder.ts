import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import { multiply } from './multiply.ts';

type Tensor2D = TfTypes.Tensor2D;
type Tensor3D = TfTypes.Tensor3D;

export interface EncoderShape {
  layers: number;
  width: number;
  heads: number;
  feedForward: number;
  tokens: number;
  positions: number;
}

interface Layer {
  query: TfTypes.Variable;
  key: TfTypes.Variable;
  value: TfTypes.Variable;
  output: TfTypes.Variable;
  up: TfTypes.Variable;
  upBias: TfTypes.Variable;
  down: TfTypes.Variable;
  downBias: TfTypes.Variable;
  norms: [TfTypes.Variable, TfTypes.Variable, TfTypes.Variable, TfTypes.Variable];
}

/** A small post-LN transformer encoder (Vaswani et al. 2017; Devlin et al. 2019) with a tied output layer. */
export interface Encoder {
  variables: TfTypes.Variable[];
  /** The embedding output and each layer's output, [batch · positions, width] each. */
  hiddenStates(tokens: readonly number[][]): Tensor2D[];
  /** Logits over the tokens, [batch · positions, tokens], from the last hidden state. */
  logits(hidden: Tensor2D): Tensor2D;
  dispose(): void;
}

export function createEncoder(tf: Tf, rng: Rng, shape: EncoderShape): Encoder {
  const { width, feedForward, tokens, positions, heads } = shape;
  const variables: TfTypes.Variable[] = [];
  const variable = (make: () => TfTypes.Tensor) => {
    // Inside tidy, so that the initial tensor does not outlive the variable made from it.
    const made = tf.tidy(() => tf.variable(make()));
    variables.push(made);
    return made;
  };
  const weights = (rows: number, columns: number, scale: number) =>
    variable(() => tf.tensor2d(rng.normals(rows * columns, scale), [rows, columns]));
  const dense = (rows: number, columns: number) => weights(rows, columns, Math.sqrt(1 / rows));
  const row = (size: number, value: number) => variable(() => tf.fill([1, size], value));
  const embedding = weights(tokens, width, 0.1);
  const position = weights(positions, width, 0.1);
  const first = { gain: row(width, 1), shift: row(width, 0) };
  const layers = Array.from(
    { length: shape.layers },
    (): Layer => ({
      query: dense(width, width),
      key: dense(width, width),
      value: dense(width, width),
      output: dense(width, width),
      up: dense(width, feedForward),
      upBias: row(feedForward, 0),
      down: dense(feedForward, width),
      downBias: row(width, 0),
      norms: [row(width, 1), row(width, 0), row(width, 1), row(width, 0)],
    }),
  );

  const layerNorm = (x: Tensor2D, gain: TfTypes.Tensor, shift: TfTypes.Tensor): Tensor2D => {
    const { mean, variance } = tf.moments(x, 1, true);
    return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), gain), shift);
  };
  /** [batch · positions, width] → [batch · heads, positions, width / heads]. */
  const split = (x: Tensor2D, batch: number): Tensor3D =>
    tf.reshape(tf.transpose(tf.reshape(x, [batch, positions, heads, width / heads]), [0, 2, 1, 3]), [
      batch * heads,
      positions,
      width / heads,
    ]);
  const merge = (x: Tensor3D, batch: number): Tensor2D =>
    tf.reshape(tf.transpose(tf.reshape(x, [batch, heads, positions, width / heads]), [0, 2, 1, 3]), [batch * positions, width]);
  const apply = (layer: Layer, x: Tensor2D, batch: number): Tensor2D => {
    const [q, k, v] = [layer.query, layer.key, layer.value].map((w) => split(multiply(tf, x, w), batch)) as [Tensor3D, Tensor3D, Tensor3D];
    const scores = tf.mul(tf.matMul(q, tf.transpose(k, [0, 2, 1])), 1 / Math.sqrt(width / heads));
    const attended = merge(tf.matMul(tf.softmax(scores) as Tensor3D, v), batch);
    const [g1, s1, g2, s2] = layer.norms;
    const middle = layerNorm(tf.add(x, multiply(tf, attended, layer.output)), g1, s1);
    const inner = tf.relu(tf.add(multiply(tf, middle, layer.up), layer.upBias)) as Tensor2D;
    return layerNorm(tf.add(middle, tf.add(multiply(tf, inner, layer.down), layer.downBias)), g2, s2);
  };

  return {
    variables,
    hiddenStates(sentences) {
      const batch = sentences.length;
      // One-hot products in place of lookups: WASM has no gradient for gather.
      const words = tf.cast(tf.oneHot(tf.tensor1d(sentences.flat(), 'int32'), tokens), 'float32') as Tensor2D;
      const places = tf.tile(position as unknown as Tensor2D, [batch, 1]);
      const states = [layerNorm(tf.add(multiply(tf, words, embedding), places), first.gain, first.shift)];
      for (const layer of layers) states.push(apply(layer, states.at(-1)!, batch));
      return states;
    },
    logits: (hidden) => multiply(tf, hidden, tf.transpose(embedding)),
    dispose() {
      tf.dispose(variables);
    },
  };
}
