import { expect, it } from 'vitest';
import { loadTf } from '../../src/demos/backend.ts';
import { normalise } from '../../src/demos/lib/batch-norm.ts';
import { joined } from '../../src/demos/lib/batched.ts';
import { multiply } from '../../src/demos/lib/multiply.ts';
import { createRng } from '../../src/demos/random.ts';

const { tf } = await loadTf('wasm');

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

it('differentiates a product as the built-in one does', () => {
  const rng = createRng(2);
  const a = tf.tensor2d(rng.normals(6 * 5), [6, 5]);
  const b = tf.tensor2d(rng.normals(5 * 4), [5, 4]);
  const through = (product: (x: typeof a, y: typeof b) => ReturnType<typeof tf.tensor>) =>
    tf.grads((x, y) => tf.sum(tf.square(product(x as typeof a, y as typeof b))))([a, b]);
  const [own, builtIn] = [through((x, y) => multiply(tf, x, y)), through((x, y) => tf.matMul(x, y))];
  own.forEach((gradient, i) => expect(tf.max(tf.abs(tf.sub(gradient, builtIn[i]!))).dataSync()[0]).toBeLessThan(1e-4));
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
  expect(tf.max(tf.abs(tf.sub(written.z, dz!))).dataSync()[0]).toBeLessThan(1e-4);
  expect(tf.max(tf.abs(tf.sub(written.gain, dGain!))).dataSync()[0]).toBeLessThan(1e-4);
  expect(tf.max(tf.abs(tf.sub(written.shift, dShift!))).dataSync()[0]).toBeLessThan(1e-4);
});
