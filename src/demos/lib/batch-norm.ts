import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';

export const EPSILON = 1e-5;

export interface Normalised<T extends TfTypes.Tensor> {
  /** (z − mean) / √(variance + ε) per unit, over the batch. */
  y: T;
  /** From ∂L/∂(γ·y + β) back; mean and variance depend on z too (Ioffe & Szegedy 2015, section 3). γ is 1 where it is not given. */
  backward: (upstream: T, gain?: T) => { z: T; gain: T; shift: T };
}

/** Batch normalisation without scale and shift of [batch, units] or, net by net, of [nets, batch, units]. */
export function normalise<T extends TfTypes.Tensor2D | TfTypes.Tensor3D>(tf: Tf, z: T): Normalised<T> {
  const axis = z.rank - 2;
  const batch = z.shape[axis]!;
  const centred = tf.sub(z, tf.mean(z, axis, true));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axis, true), EPSILON));
  const y = tf.mul(centred, scale) as T;
  return {
    y,
    backward(upstream, given) {
      const shift = tf.sum(upstream, axis, true);
      const gain = tf.sum(tf.mul(upstream, y), axis, true);
      const straight = tf.sub(tf.sub(upstream, tf.div(shift, batch)), tf.mul(y, tf.div(gain, batch)));
      return { z: tf.mul(straight, given ? tf.mul(scale, given) : scale) as T, gain: gain as T, shift: shift as T };
    },
  };
}
