// Run by setup-native in a process of its own: a product and a training step whose results are known.
import { loadTf } from '../../src/demos/backend.ts';

// A library that hangs must not hang the set-up.
setTimeout(() => process.exit(3), Number(process.argv[2])).unref();

function assertClose(what: string, measured: number, expected: number): void {
  if (!(Math.abs(measured - expected) < 1e-5)) throw new Error(`${what}: ${measured} in place of ${expected}`);
}

const { tf, label } = await loadTf('native');
const product = tf.matMul(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), tf.tensor2d([7, 8, 9, 10, 11, 12], [3, 2]));
[58, 64, 139, 154].forEach((expected, i) => assertClose('product', product.dataSync()[i]!, expected));

// One step of gradient descent on (w · 3 − 6)² from w = 1: the gradient is 2 · 3 · (3 − 6) = −18.
const w = tf.variable(tf.scalar(1));
tf.train.sgd(0.01).minimize(() => tf.square(tf.sub(tf.mul(w, 3), 6)) as ReturnType<typeof tf.scalar>);
assertClose('training step', w.dataSync()[0]!, 1.18);
process.stdout.write(`native: ${label}\n`);
process.exit(0);
