import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';

type Tensor2D = TfTypes.Tensor2D;

export const EPSILON = 1e-5;

export interface Normalised {
  /** (z − mean) / √(variance + ε) per column, over the batch. */
  y: Tensor2D;
  /** From ∂L/∂y to ∂L/∂z; mean and variance depend on z too (Ioffe & Szegedy 2015, section 3). */
  backward: (upstream: Tensor2D) => Tensor2D;
}

/** Batch normalisation without scale and shift: [batch, units] → [batch, units]. */
export function normalise(tf: Tf, z: Tensor2D): Normalised {
  const { mean, variance } = tf.moments(z, 0, true);
  const scale = tf.rsqrt(tf.add(variance, EPSILON));
  const y = tf.mul(tf.sub(z, mean), scale) as Tensor2D;
  return {
    y,
    backward(upstream) {
      const centred = tf.sub(upstream, tf.mean(upstream, 0, true));
      const projected = tf.mul(y, tf.mean(tf.mul(upstream, y), 0, true));
      return tf.mul(tf.sub(centred, projected), scale) as Tensor2D;
    },
  };
}
