import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';

type Tensor2D = TfTypes.Tensor2D;

/**
 * A product for automatic differentiation whose gradient transposes first and multiplies then: the built-in one multiplies
 * with transposed operands, which WASM does several times more slowly.
 */
export function multiply(tf: Tf, a: TfTypes.Tensor, b: TfTypes.Tensor): Tensor2D {
  const operation = tf.customGrad((...given) => {
    const [x, y, save] = given as unknown as [Tensor2D, Tensor2D, TfTypes.GradSaveFunc];
    save([x, y]);
    return {
      value: tf.matMul(x, y),
      gradFunc(dy: TfTypes.Tensor, saved: TfTypes.Tensor[]) {
        const [left, right] = saved as [Tensor2D, Tensor2D];
        return [tf.matMul(dy as Tensor2D, tf.transpose(right)), tf.matMul(tf.transpose(left), dy as Tensor2D)];
      },
    };
  });
  return operation(a, b) as Tensor2D;
}
