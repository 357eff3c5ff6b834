import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Activation, gradientNorms, spectralNorm } from '../../src/demos/lib/backprop.ts';
import { normalise } from '../../src/demos/lib/batch-norm.ts';
import { solve } from '../../src/demos/lib/linear.ts';
import { rings, trainOnRings } from '../../src/demos/lib/train.ts';
import { createRng } from '../../src/demos/random.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** δ at every layer by automatic differentiation: probes added to the pre-activations. */
function automatic(activation: Activation, depth: number, width: number, batch: number): number[] {
  const rng = createRng(3);
  const x = tf.tensor2d(rng.normals(batch * width), [batch, width]);
  const teacher = tf.tensor2d(rng.normals(width), [width, 1]);
  const y = tf.cast(tf.greater(tf.matMul(x, teacher), 0), 'float32');
  const weights = Array.from({ length: depth }, () => tf.tensor2d(rng.normals(width * width, Math.sqrt(2 / width)), [width, width]));
  const output = tf.tensor2d(rng.normals(width, Math.sqrt(1 / width)), [width, 1]);
  const phi = {
    sigmoid: tf.sigmoid,
    tanh: tf.tanh,
    relu: tf.relu,
    linear: (z: tf.Tensor) => z,
    'relu-bn': (z: tf.Tensor) => tf.relu(normalise(tf, z as tf.Tensor2D).y),
  }[activation];
  const loss = (...probes: tf.Tensor[]) => {
    let h: tf.Tensor = x;
    weights.forEach((w, l) => {
      h = phi(tf.add(tf.matMul(h as tf.Tensor2D, w), probes[l]!));
    });
    const logits = tf.matMul(h as tf.Tensor2D, output);
    const soft = tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
    return tf.mean(tf.sub(soft, tf.mul(logits, y))) as tf.Scalar;
  };
  return tf
    .grads(loss)(weights.map(() => tf.zeros([batch, width])))
    .map((gradient) => tf.norm(gradient).dataSync()[0]!);
}

describe('back-propagation written out', () => {
  it.each(['sigmoid', 'tanh', 'relu', 'linear', 'relu-bn'] as const)('equals automatic differentiation for %s', (activation) => {
    const net = { depth: 4, width: 12, batch: 16, activation, variance: 2 };
    const written = gradientNorms(tf, createRng(3), net).delta;
    automatic(activation, 4, 12, 16).forEach((norm, l) => expect(written[l]! / norm).toBeCloseTo(1, 4));
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    trainOnRings(tf, createRng(1), {
      depth: 3,
      width: 8,
      activation: 'relu',
      variance: 2,
      batchNorm: true,
      residual: true,
      steps: 3,
      rate: 0.1,
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('lowers the loss in training, with every option', () => {
    for (const extra of [{}, { batchNorm: true }, { residual: true }]) {
      const { losses } = trainOnRings(tf, createRng(2), {
        depth: 2,
        width: 8,
        activation: 'relu',
        variance: 1,
        steps: 30,
        rate: 0.1,
        ...extra,
      });
      expect(losses.at(-1)).toBeLessThan(losses[0]!);
    }
  });
});

it('finds the spectral norm of a known matrix', () => {
  expect(spectralNorm(Float32Array.from([3, 0, 0, 2]), 2)).toBeCloseTo(3, 4);
});

it('solves a linear system', () => {
  const solution = solve([Float64Array.from([4, 1]), Float64Array.from([1, 3])], Float64Array.from([1, 2]));
  expect(solution[0]).toBeCloseTo(1 / 11, 12);
  expect(solution[1]).toBeCloseTo(7 / 11, 12);
});

it('draws two rings of known radii', () => {
  const { x, y } = rings(createRng(1), 400, 0);
  y.forEach((label, i) => expect(Math.hypot(x[2 * i]!, x[2 * i + 1]!)).toBeCloseTo(label ? 0.4 : 1, 5));
});
