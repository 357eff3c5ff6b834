import type { Tensor } from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { loadTf } from '../../src/demos/backend.ts';
import { normalise } from '../../src/demos/lib/batch-norm.ts';
import { affine, joined, meanOfRows, sumOfRows, timesTransposed, transposedTimes } from '../../src/demos/lib/batched.ts';
import { normalCdf } from '../../src/demos/lib/normal.ts';
import { createRng } from '../../src/demos/random.ts';

const { tf } = await loadTf('wasm');

const largestGap = (a: Tensor, b: Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];

it('multiplies a stack on WASM as one by one, and frees all it took', () => {
  const rng = createRng(1);
  const a = tf.tensor3d(rng.normals(3 * 40 * 32), [3, 40, 32]);
  const b = tf.tensor3d(rng.normals(3 * 32 * 24), [3, 32, 24]);
  const before = tf.memory();
  tf.tidy(() => {
    const stacked = tf.unstack(tf.matMul(a, b));
    stacked.forEach((matrix, net) => {
      const alone = tf.matMul(tf.unstack(a)[net] as typeof a, tf.unstack(b)[net] as typeof b);
      expect(tf.max(tf.abs(tf.sub(matrix, alone))).dataSync()[0]).toBe(0);
    });
    // What the old kernel keeps doing: small stacks, and transposed ones.
    const transposed = tf.matMul(a, a, false, true);
    expect(tf.max(tf.abs(tf.sub(transposed, tf.matMul(a, tf.transpose(a, [0, 2, 1]))))).dataSync()[0]).toBeLessThan(1e-4);
  });
  expect(tf.memory()).toEqual({ ...before, reasons: tf.memory().reasons });
  const sums = Array.from({ length: 300 }, () => tf.tidy(() => tf.sum(tf.matMul(a, b)).dataSync()[0]));
  expect(new Set(sums).size).toBe(1);
});

it('adds biases to a stack of products and cuts off what is negative, as one after the other', () => {
  const rng = createRng(2);
  for (const nets of [1, 3]) {
    const [a, b, bias] = [
      tf.tensor3d(rng.normals(nets * 20 * 6), [nets, 20, 6]),
      tf.tensor3d(rng.normals(nets * 6 * 5), [nets, 6, 5]),
      tf.tensor3d(rng.normals(nets * 5), [nets, 1, 5]),
    ] as const;
    const plain = tf.add(tf.matMul(a, b), bias);
    expect(largestGap(affine(tf, a, b, bias), plain)).toBeLessThan(1e-5);
    expect(largestGap(affine(tf, a, b, bias, 'relu'), tf.relu(plain))).toBeLessThan(1e-5);
  }
});

it('multiplies with transposed matrices, and reduces rows, as the built-in operations do', () => {
  const rng = createRng(4);
  const [a, b] = [tf.tensor3d(rng.normals(2 * 60 * 3), [2, 60, 3]), tf.tensor3d(rng.normals(2 * 60 * 8), [2, 60, 8])] as const;
  expect(largestGap(transposedTimes(tf, a, b), tf.matMul(a, b, true, false))).toBeLessThan(1e-4);
  expect(largestGap(transposedTimes(tf, b, a), tf.matMul(b, a, true, false))).toBeLessThan(1e-4);
  expect(largestGap(timesTransposed(tf, a, a), tf.matMul(a, a, false, true))).toBeLessThan(1e-4);
  expect(largestGap(meanOfRows(tf, b), tf.mean(b, 1, true))).toBeLessThan(1e-5);
  expect(largestGap(sumOfRows(tf, b), tf.sum(b, 1, true))).toBeLessThan(1e-4);
});

it('differentiates batch normalisation with scale and shift, net by net', () => {
  const rng = createRng(3);
  const [z, gain, shift, up] = [
    tf.tensor3d(joined([rng.normals(8 * 3), rng.normals(8 * 3, 5)]), [2, 8, 3]),
    tf.tensor3d(rng.normals(6), [2, 1, 3]),
    tf.tensor3d(rng.normals(6), [2, 1, 3]),
    tf.tensor3d(rng.normals(48), [2, 8, 3]),
  ] as const;
  const written = normalise(tf, z, { gain, shift }).backward(up);
  const [dz, dGain, dShift] = tf.grads((x, g, s) =>
    tf.sum(tf.mul(up, normalise(tf, x as typeof z, { gain: g as typeof z, shift: s as typeof z }).y)),
  )([z, gain, shift]);
  expect(largestGap(written.z, dz!)).toBeLessThan(1e-4);
  expect(largestGap(written.gain, dGain!)).toBeLessThan(1e-4);
  expect(largestGap(written.shift, dShift!)).toBeLessThan(1e-4);
});

it('Φ is a probability everywhere, also where rounding would lead beyond 0 and 1', () => {
  const xs = Array.from({ length: 2_001 }, (_, i) => (i - 1_000) / 100);
  for (const x of xs) {
    expect(normalCdf(x), String(x)).toBeGreaterThanOrEqual(0);
    expect(normalCdf(x), String(x)).toBeLessThanOrEqual(1);
    expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(1e-9);
  }
  expect(normalCdf(1.959963985)).toBeCloseTo(0.975, 8);
});
