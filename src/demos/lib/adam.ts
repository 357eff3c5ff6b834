import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';

type Tensor1D = TfTypes.Tensor1D;

export interface Adam {
  /** What is learned, and its gradient's running mean and mean square. */
  parameters: Tensor1D;
  mean: Tensor1D;
  square: Tensor1D;
  steps: number;
}

const [MEAN, SQUARE, EPSILON] = [0.9, 0.999, 1e-7] as const;

export function startAdam(tf: Tf, parameters: Tensor1D): Adam {
  return { parameters, mean: tf.zerosLike(parameters), square: tf.zerosLike(parameters), steps: 0 };
}

/** One step (Kingma & Ba 2015, the formulas before section 2.1) with all parameters in one vector; the old state is to be disposed of. */
export function adamStep(tf: Tf, state: Adam, gradient: Tensor1D, rate: number): Adam {
  const steps = state.steps + 1;
  const size = (rate * Math.sqrt(1 - SQUARE ** steps)) / (1 - MEAN ** steps);
  const mean = tf.add<Tensor1D>(tf.mul(state.mean, MEAN), tf.mul(gradient, 1 - MEAN));
  const square = tf.add<Tensor1D>(tf.mul(state.square, SQUARE), tf.mul(tf.square(gradient), 1 - SQUARE));
  const change = tf.div<Tensor1D>(tf.mul(mean, size), tf.add(tf.sqrt(square), EPSILON));
  return { parameters: tf.sub(state.parameters, change), mean, square, steps };
}
