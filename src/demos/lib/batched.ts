import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';

export type Tensor3D = TfTypes.Tensor3D;

/**
 * Many small nets as one: tensors carry the net as their first dimension, so that a step costs as many calls for
 * twenty nets as for one. The calls, not the sums, are what takes the time at this size.
 */

/** A matrix, or one of each net. */
type Matrices = TfTypes.Tensor2D | Tensor3D;

/** [nets, m, k] · [nets, k, n]; see wasm-matmul.ts for how WASM does it. */
export function product<T extends Matrices>(tf: Tf, a: T, b: T): T {
  return tf.matMul(a, b) as T;
}

/** a · b + bias, with [nets, 1, n] biases, and its positive part where `activation` says so, in one pass where the backend can. */
export function affine(tf: Tf, a: Tensor3D, b: Tensor3D, bias: Tensor3D, activation: 'linear' | 'relu' = 'linear'): Tensor3D {
  return tf.fused.matMul({ a, b, bias, activation }) as Tensor3D;
}

/** a · bᵀ. Products with a transposed matrix are several times slower on WASM than transposing first; natively it is the reverse. */
export function timesTransposed<T extends Matrices>(tf: Tf, a: T, b: T): T {
  return isWasm(tf) ? product(tf, a, transposed(tf, b)) : (tf.matMul(a, b, false, true) as T);
}

/** aᵀ · b. WASM rearranges the right factor before each product, so the narrower one goes there. */
export function transposedTimes<T extends Matrices>(tf: Tf, a: T, b: T): T {
  if (!isWasm(tf)) return tf.matMul(a, b, true, false) as T;
  if (a.shape.at(-1)! < b.shape.at(-1)!) return transposed(tf, product(tf, transposed(tf, b), a));
  return product(tf, transposed(tf, a), b);
}

/** The mean over each net's rows, [nets, 1, columns]: as an average pool on WASM, whose plain mean transposes first. */
export function meanOfRows(tf: Tf, a: Tensor3D): Tensor3D {
  if (!isWasm(tf)) return tf.mean(a, 1, true);
  const [nets, rows, columns] = a.shape;
  return tf.reshape(tf.avgPool(tf.reshape(a, [nets, rows, 1, columns]) as TfTypes.Tensor4D, [rows, 1], 1, 'valid'), [nets, 1, columns]);
}

/** The sum over each net's rows, [nets, 1, columns]. */
export function sumOfRows(tf: Tf, a: Tensor3D): Tensor3D {
  return isWasm(tf) ? tf.mul(meanOfRows(tf, a), a.shape[1]) : tf.sum(a, 1, true);
}

/** The slope of ReLU from its output: 1 where h > 0, else 0. */
export function reluSlope<T extends Matrices>(tf: Tf, h: T): T {
  // Either is several times slower on the other backend.
  return isWasm(tf) ? tf.step(h) : tf.sign(h);
}

function transposed<T extends Matrices>(tf: Tf, a: T): T {
  return tf.transpose(a, a.rank === 2 ? [1, 0] : [0, 2, 1]) as T;
}

function isWasm(tf: Tf): boolean {
  return tf.getBackend() === 'wasm';
}

/** Each net's Frobenius norm: [nets]. */
export function norms(tf: Tf, a: Tensor3D): TfTypes.Tensor1D {
  return tf.sqrt(tf.sum(tf.square(a), [1, 2]));
}

/** Each net's matrix at Frobenius norm 1, and the norm that it had; zero stays zero. */
export function unit(tf: Tf, a: Tensor3D): { unit: Tensor3D; size: TfTypes.Tensor1D } {
  const size = norms(tf, a);
  const divisor = tf.add(size, tf.cast(tf.equal(size, 0), 'float32'));
  return { unit: tf.div(a, tf.reshape(divisor, [-1, 1, 1])), size };
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
