import type { Tf } from '../demo.ts';
import { meanOfRows, type Tensor3D } from './batched.ts';

export const EPSILON = 1e-5;

export interface Normalised {
  /** γ · (z − mean) / √(variance + ε) + β per unit, over the batch. */
  y: Tensor3D;
  /** From ∂L/∂y back; mean and variance depend on z too (Ioffe & Szegedy 2015, section 3). */
  backward: (upstream: Tensor3D) => { z: Tensor3D; gain: Tensor3D; shift: Tensor3D };
}

/** Batch normalisation, net by net, of [nets, batch, units]; γ and β are [nets, 1, units], or 1 and 0. */
export function normalise(tf: Tf, z: Tensor3D, affine?: { gain: Tensor3D; shift: Tensor3D }): Normalised {
  const batch = z.shape[1];
  const centred = tf.sub<Tensor3D>(z, meanOfRows(tf, z));
  const inverse = tf.rsqrt(tf.add<Tensor3D>(meanOfRows(tf, tf.square(centred)), EPSILON));
  const scale = affine ? tf.mul<Tensor3D>(inverse, affine.gain) : inverse;
  const scaled = tf.mul<Tensor3D>(centred, scale);
  return {
    y: affine ? tf.add(scaled, affine.shift) : scaled,
    backward(upstream) {
      const shift = meanOfRows(tf, upstream);
      const along = meanOfRows(tf, tf.mul(upstream, centred));
      const straight = tf.sub(tf.sub(upstream, shift), tf.mul(centred, tf.mul(along, tf.square(inverse))));
      return { z: tf.mul(straight, scale), gain: tf.mul(tf.mul(along, inverse), batch), shift: tf.mul(shift, batch) };
    },
  };
}
