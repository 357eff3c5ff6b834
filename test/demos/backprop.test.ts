import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Activation, drawNets, gradientNorms, groupsOf, spectralNorm } from '../../src/demos/lib/backprop.ts';
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
    'relu-bn': (z: tf.Tensor) => tf.relu(tf.squeeze(normalise(tf, tf.expandDims(z)).y)),
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
    // Two other nets beside it must not change it.
    const draws = drawNets([createRng(8), createRng(3), createRng(9)], { depth: 4, width: 12, batch: 16 });
    const written = gradientNorms(tf, draws, activation, 2)[1]!.delta;
    automatic(activation, 4, 12, 16).forEach((norm, l) => expect(written[l]! / norm).toBeCloseTo(1, 4));
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const nets = [1, 2].map((seed) => ({ rng: createRng(seed), variance: 2, rate: 0.1 }));
    trainOnRings(tf, nets, { depth: 3, width: 8, activation: 'relu', batchNorm: true, residual: true, steps: 3 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('lowers the loss in training, with every option', () => {
    for (const extra of [{}, { batchNorm: true }, { residual: true }]) {
      const net = { rng: createRng(2), variance: 1, rate: 0.1 };
      const [run] = trainOnRings(tf, [net], { depth: 2, width: 8, activation: 'relu', steps: 30, ...extra });
      expect(run!.losses.at(-1)).toBeLessThan(run!.losses[0]!);
    }
  });

  it('trains a net as it would alone, beside one that diverges', () => {
    const options = { depth: 3, width: 8, activation: 'relu', batchNorm: true, steps: 20 } as const;
    const net = () => ({ rng: createRng(4), variance: 2, rate: 0.1 });
    const [alone] = trainOnRings(tf, [net()], options);
    const [beside, wild] = trainOnRings(tf, [net(), { rng: createRng(5), variance: 2, rate: 1e38 }], options);
    alone!.losses.forEach((loss, step) => expect(beside!.losses[step]).toBeCloseTo(loss, 5));
    expect(beside!.accuracy).toBe(alone!.accuracy);
    expect(wild!.diverged).toBeGreaterThan(0);
    expect(wild!.losses.at(-1)).toBeNaN();
    // And when none is left.
    const [lost] = trainOnRings(tf, [{ rng: createRng(5), variance: 2, rate: 1e38 }], options);
    expect(lost!.losses).toEqual(wild!.losses);
  });

  it('puts no more nets together than fit into memory', () => {
    expect(groupsOf(20, { depth: 10, width: 64 })).toEqual([Array.from({ length: 20 }, (_, i) => i)]);
    expect(groupsOf(3, { depth: 50, width: 256 })).toEqual([[0], [1], [2]]);
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
