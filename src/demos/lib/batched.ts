import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';

export type Tensor3D = TfTypes.Tensor3D;

/**
 * Many small nets as one: tensors carry the net as their first dimension, so that a step costs as many calls for
 * twenty nets as for one. The calls, not the sums, are what takes the time at this size.
 */

/** [nets, m, k] · [nets, k, n]; see wasm-matmul.ts for how WASM does it. */
export function product(tf: Tf, a: Tensor3D, b: Tensor3D): Tensor3D {
  return tf.matMul(a, b);
}

/** Every net's matrix transposed. Products with a transposed matrix are several times slower on WASM than this and a plain one. */
export function transposed(tf: Tf, a: Tensor3D): Tensor3D {
  return tf.transpose(a, [0, 2, 1]);
}

/** 1 where z > 0, else 0. */
export function positive(tf: Tf, z: Tensor3D): Tensor3D {
  return tf.getBackend() === 'wasm' ? tf.step(z) : tf.cast(tf.greater(z, 0), 'float32');
}

/** Each net's Frobenius norm: [nets]. */
export function norms(tf: Tf, a: Tensor3D): TfTypes.Tensor1D {
  return tf.sqrt(tf.sum(tf.square(a), [1, 2]));
}

/** Standard normal draws of every net, times its scale, one after the other: ready for a [nets, rows, columns] tensor. */
export function joined(parts: readonly Float32Array[], scale: (net: number) => number = () => 1): Float32Array {
  const size = parts[0]!.length;
  const all = new Float32Array(parts.length * size);
  parts.forEach((part, net) => {
    const factor = scale(net);
    for (let i = 0; i < size; i++) all[net * size + i] = part[i]! * factor;
  });
  return all;
}
