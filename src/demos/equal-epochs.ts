import type * as TfTypes from '@tensorflow/tfjs';
import { localize } from '../core/locale.ts';
import { type DemoCheck, defineDemo, type Tf } from './demo.ts';
import { num } from './lib/format.ts';
import { linearData } from './lib/linear.ts';
import { mean, meanBand } from './lib/stats.ts';
import type { Rng } from './random.ts';

const N = 512;
const D = 8;

/**
 * Mean squared error after each epoch of mini-batch SGD on ½ mean (x·w − y)², from w = 0, for each data set. The data
 * sets are trained side by side: the first dimension of every tensor.
 */
function train(tf: Tf, rngs: readonly Rng[], batch: number, epochs: number, rate: number): { errors: number[][]; updates: number } {
  const sets = rngs.map((rng) => linearData(rng, N, D, 0.5));
  const stacked = (rows: readonly number[][]) => {
    const size = rows[0]!.length;
    const x = Float32Array.from(sets.flatMap((set, s) => rows[s]!.flatMap((i) => [...set.x[i]!])));
    const y = Float32Array.from(sets.flatMap((set, s) => rows[s]!.map((i) => set.y[i]!)));
    return { x: tf.tensor3d(x, [sets.length, size, D]), y: tf.tensor3d(y, [sets.length, size, 1]) };
  };
  const all = stacked(sets.map(() => Array.from({ length: N }, (_, i) => i)));
  let w = tf.zeros<TfTypes.Rank.R3>([sets.length, D, 1]);
  const error = () => tf.tidy(() => [...tf.mean(tf.square(tf.sub(tf.matMul(all.x, w), all.y)), [1, 2]).dataSync()]);
  const errors = [error()];
  let updates = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const orders = rngs.map((rng) => rng.permutation(N));
    for (let start = 0; start < N; start += batch) {
      const next = tf.tidy(() => {
        const { x, y } = stacked(orders.map((order) => order.slice(start, start + batch)));
        const gradient = tf.matMul(tf.transpose(x, [0, 2, 1]), tf.sub(tf.matMul(x, w), y));
        return tf.sub<typeof w>(w, tf.mul(gradient, rate / x.shape[1]));
      });
      w.dispose();
      w = next;
      updates++;
    }
    errors.push(error());
  }
  tf.dispose([all.x, all.y, w]);
  return { errors: sets.map((_, s) => errors.map((row) => row[s]!)), updates };
}

export default defineDemo({
  name: 'equal-epochs',
  version: 2,
  topics: ['batch-size', 'stochastic-gradient-descent'],
  title: { en: 'Equal epochs, unequal updates', zh: '同样的 epoch，不同的更新次数' },
  summary: {
    en: 'Trains one linear regression with several batch sizes for the same number of passes over the data.',
    zh: '同一个线性回归，用不同批量训练相同的遍数。',
  },
  params: {
    batches: {
      type: 'numbers',
      min: 1,
      max: N,
      maxItems: 5,
      default: [1, 32, 512],
      description: { en: 'batch sizes', zh: '批量大小' },
    },
    epochs: {
      type: 'integer',
      min: 1,
      max: 20,
      default: 5,
      description: { en: 'passes over the data', zh: '训练遍数' },
    },
    rate: {
      type: 'number',
      min: 0.001,
      max: 0.2,
      default: 0.05,
      scale: 'log',
      description: { en: 'learning rate', zh: '学习率' },
    },
    seeds: {
      type: 'integer',
      min: 1,
      max: 10,
      default: 5,
      description: { en: 'data sets to average over', zh: '取平均的数据集个数' },
    },
  },
  deadline: 60_000,
  variations: [
    { label: { en: 'more epochs', zh: '更多遍' }, params: { epochs: 20 } },
    { label: { en: 'smaller rate', zh: '更小学习率' }, params: { rate: 0.01 } },
  ],
  run({ tf, rng, progress }, { batches, epochs, rate, seeds }) {
    const sizes = batches.map(Math.round);
    const measures: Record<string, number> = {};
    const series = sizes.map((batch, b) => {
      const rngs = Array.from({ length: seeds }, (_, s) => rng.fork(s));
      const { errors, updates } = train(tf, rngs, batch, epochs, rate);
      progress((b + 1) / sizes.length);
      measures[`mse:${batch}`] = mean(errors.map((run) => run.at(-1)!));
      measures[`updates:${batch}`] = updates;
      return { name: String(batch), x: errors[0]!.map((_, i) => i), ...meanBand(errors) };
    });
    const checks: DemoCheck[] = sizes.map((batch) => ({
      id: `updates:${batch}`,
      claim: { en: `B = ${batch}: updates in ${epochs} epochs`, zh: `B = ${batch}：${epochs} 遍的更新次数` },
      predicted: epochs * Math.ceil(N / batch),
      tolerance: 0,
    }));
    if (sizes.includes(32) && epochs === 5 && rate === 0.05) {
      checks.push({
        id: 'mse:32',
        claim: { en: 'B = 32 reaches the noise floor ½² = 0.25', zh: 'B = 32 到达噪声下限 ½² = 0.25' },
        predicted: 0.25,
        tolerance: 0.02,
      });
    }
    if ([1, 32, 512].every((size) => sizes.includes(size)) && epochs === 5 && rate === 0.05) {
      measures.order = measures['mse:32']! < measures['mse:1']! && measures['mse:1']! < measures['mse:512']! ? 1 : 0;
      checks.push({
        id: 'order',
        claim: { en: 'the errors are in the order 32 < 1 < 512 (1 = yes)', zh: '误差的顺序为 32 < 1 < 512（1 = 是）' },
        predicted: 1,
        tolerance: 0,
      });
    }
    return { series, measures, checks };
  },
  chart({ series, measures }, { epochs }, locale) {
    const facts = series.map(({ name }) => `B = ${name}: ${num(measures[`mse:${name}`]!)} (${measures[`updates:${name}`]})`);
    const sizes = series.map(({ name }) => Number(name)).sort((a, b) => measures[`mse:${a}`]! - measures[`mse:${b}`]!);
    const [best, largest] = [sizes[0]!, Math.max(...sizes)];
    return {
      type: 'lines',
      title: localize(
        {
          en: `B = ${best} ends lowest: ${measures[`updates:${best}`]} updates, against ${measures[`updates:${largest}`]} for B = ${largest}`,
          zh: `B = ${best} 误差最小：更新 ${measures[`updates:${best}`]} 次，而 B = ${largest} 只有 ${measures[`updates:${largest}`]} 次`,
        },
        locale,
      ),
      subtitle: localize(
        {
          en: `${epochs} epochs for each batch size; band = smallest to largest`,
          zh: `每种批量都训练 ${epochs} 遍；色带为最小到最大`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Mean squared error by epoch. At the end (updates): ${facts.join('; ')}.`,
          zh: `各遍之后的均方误差。结束时（更新次数）：${facts.join('；')}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'epoch', zh: '遍（epoch）' }, locale), min: 0, max: epochs },
      y: { label: localize({ en: 'mean squared error', zh: '均方误差' }, locale), scale: 'log' },
      lines: series.map((one) => ({ ...one, name: `B = ${one.name}` })),
      references: [{ axis: 'y', value: 0.25, label: localize({ en: 'noise ½²', zh: '噪声 ½²' }, locale), below: true }],
    };
  },
  reading({ series, measures }, { epochs }, locale) {
    const sizes = series.map(({ name }) => Number(name));
    const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
    const facts = series.map(({ name }) => `B = ${name}: ${num(measures[`mse:${name}`]!)} (${measures[`updates:${name}`]})`).join(', ');
    return localize(
      {
        en: `Error after ${epochs} epochs, and the number of updates: ${facts}.\nThe larger the batch, the more precise a step and the fewer of them: B = ${largest} made ${measures[`updates:${largest}`]}, B = ${smallest} made ${measures[`updates:${smallest}`]}. The noise in the data alone is about 0.25.`,
        zh: `${epochs} 遍之后的误差（更新次数）：${facts}。\n批量越大，每步越准，步数越少：B = ${largest} 走了 ${measures[`updates:${largest}`]} 步，B = ${smallest} 走了 ${measures[`updates:${smallest}`]} 步。数据本身的噪声约为 0.25。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Same learning rate, five epochs, 512 examples. Which batch size ends with the smallest error?',
      zh: '学习率相同，五遍，512 个样本。哪个批量最后误差最小？',
    },
    options: [
      { id: '1', text: { en: '1', zh: '1' } },
      { id: '32', text: { en: '32', zh: '32' } },
      { id: '512', text: { en: '512', zh: '512' } },
    ],
    outcome: ({ measures }, { batches }) =>
      String(batches.map(Math.round).sort((a, b) => measures[`mse:${a}`]! - measures[`mse:${b}`]!)[0]),
    why: {
      en: '1 is noisy, 512 makes only five updates; 32 makes 80 good ones.',
      zh: '1 噪声大，512 只更新五次，32 更新 80 次且足够准。',
    },
  },
});
