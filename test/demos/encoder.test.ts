import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { adamStep, startAdam } from '../../src/demos/lib/adam.ts';
import { drawParameters, encode } from '../../src/demos/lib/encoder.ts';
import { ENCODER, trainStep } from '../../src/demos/lib/toy-language.ts';
import { createRng } from '../../src/demos/random.ts';

const SHAPE = { layers: 2, width: 8, heads: 2, feedForward: 12, tokens: 7, positions: 4 };
const SENTENCES = [
  [0, 3, 5, 1],
  [0, 6, 2, 1],
  [0, 3, 3, 1],
];

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('back-propagates through the encoder as automatic differentiation does', () => {
  const rng = createRng(1);
  // Off their starts, so that gains and biases matter.
  const parameters = tf.add<tf.Tensor1D>(
    drawParameters(tf, rng, SHAPE),
    tf.tensor1d(rng.normals(drawParameters(tf, rng, SHAPE).size, 0.1)),
  );
  const ofLast = tf.tensor2d(rng.normals(12 * SHAPE.width), [12, SHAPE.width]);
  const ofWords = tf.tensor2d(rng.normals(SHAPE.tokens * SHAPE.width), [SHAPE.tokens, SHAPE.width]);
  const written = encode(tf, SHAPE, parameters, SENTENCES).backward(ofLast, ofWords);
  const automatic = tf.grad((given) => {
    const { states, words } = encode(tf, SHAPE, given as tf.Tensor1D, SENTENCES);
    return tf.add(tf.sum(tf.mul(states.at(-1)!, ofLast)), tf.sum(tf.mul(words, ofWords)));
  })(parameters);
  expect(tf.max(tf.abs(automatic)).dataSync()[0]).toBeGreaterThan(1);
  expect(tf.max(tf.abs(tf.sub(written, automatic))).dataSync()[0]).toBeLessThan(1e-4);
});

it('gives a token at a place the same embedding in every sentence, and no other hidden state', () => {
  const parameters = drawParameters(tf, createRng(2), SHAPE);
  const states = encode(tf, SHAPE, parameters, SENTENCES).states.map((state) => state.arraySync() as number[][]);
  expect(states).toHaveLength(SHAPE.layers + 1);
  // Token 3 at place 1, in the first and the third sentence.
  expect(states[0]![1]).toEqual(states[0]![9]);
  expect(states[2]![1]).not.toEqual(states[2]![9]);
});

it('takes the steps of TensorFlow.js’s Adam', () => {
  const start = tf.tensor1d([1, -2, 0.5]);
  const gradients = [tf.tensor1d([0.3, -1, 2]), tf.tensor1d([-0.2, 0.1, 2]), tf.tensor1d([0, 5, -1])];
  const variable = tf.variable(start);
  const builtIn = tf.train.adam(3e-3);
  let own = startAdam(tf, start);
  for (const gradient of gradients) {
    builtIn.applyGradients([{ name: variable.name, tensor: gradient }]);
    own = adamStep(tf, own, gradient, 3e-3);
  }
  const expected = variable.dataSync();
  own.parameters.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
});

it('lowers the loss of masked words, and leaves no tensor behind', () => {
  const before = tf.memory().numTensors;
  const shape = { ...ENCODER, layers: 1 };
  const rng = createRng(3);
  let state = startAdam(tf, drawParameters(tf, rng, shape));
  const losses: number[] = [];
  for (let i = 0; i < 12; i++) {
    const step = trainStep(tf, rng, shape, state);
    state = step.state;
    losses.push(step.loss);
  }
  tf.dispose([state.parameters, state.mean, state.square]);
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
  expect(tf.memory().numTensors).toBe(before);
});
