import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';

type Tensor2D = TfTypes.Tensor2D;
type Tensor3D = TfTypes.Tensor3D;

export interface AttentionShape {
  heads: number;
  positions: number;
}

export interface Attention {
  /** What each position gathered, [sentences · positions, width]. */
  output: Tensor2D;
  /** From ∂L/∂output to ∂L/∂(queries, keys and values). */
  backward(upstream: Tensor2D): Tensor2D;
}

/** Self-attention in every sentence, from its queries, keys and values side by side: [sentences · positions, 3 · width]. */
export function attend(tf: Tf, queriesKeysValues: Tensor2D, { heads, positions }: AttentionShape): Attention {
  const [rows, threeWidths] = queriesKeysValues.shape;
  const size = threeWidths / 3 / heads;
  const sentences = rows / positions;
  /** [sentences · positions, groups · size] → [groups · sentences, positions, size]. */
  const split = (x: Tensor2D, groups: number): Tensor3D =>
    tf.reshape(tf.transpose(tf.reshape(x, [sentences, positions, groups, size]), [2, 0, 1, 3]), [groups * sentences, positions, size]);
  const merge = (x: Tensor3D, groups: number): Tensor2D =>
    tf.reshape(tf.transpose(tf.reshape(x, [groups, sentences, positions, size]), [1, 2, 0, 3]), [rows, groups * size]);

  const [queries, keys, values] = tf.split(split(queriesKeysValues, 3 * heads), 3) as [Tensor3D, Tensor3D, Tensor3D];
  const scale = 1 / Math.sqrt(size);
  const weights: Tensor3D = tf.softmax(tf.mul(tf.matMul(queries, keys, false, true), scale));
  return {
    output: merge(tf.matMul(weights, values), heads),
    backward(upstream) {
      const gathered = split(upstream, heads);
      const ofWeights = tf.matMul(gathered, values, false, true);
      // Through the softmax: w ∘ (∂w − Σ w ∂w).
      const weighed = tf.mul<Tensor3D>(weights, ofWeights);
      const scores = tf.mul<Tensor3D>(tf.sub(weighed, tf.mul(weights, tf.sum(weighed, 2, true))), scale);
      const parts = [tf.matMul(scores, keys), tf.matMul(scores, queries, true, false), tf.matMul(weights, gathered, true, false)];
      return merge(tf.concat3d(parts as Tensor3D[], 0), 3 * heads);
    },
  };
}
