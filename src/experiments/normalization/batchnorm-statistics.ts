import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, type Tf } from '../../demos/demo.ts';
import { normalise } from '../../demos/lib/batch-norm.ts';
import { num, finePercent as percent } from '../../demos/lib/format.ts';
import type { Rng } from '../../demos/random.ts';

type Tensor2D = ReturnType<Tf['tensor2d']>;

const STEPS = 300;
const MEAN = 5;
const SPREAD = 2;
const UNITS = 16;
const BATCH = 64;

/** Steps between two looks at the layer in evaluation mode. */
const EVERY = 10;
/** The layer's own ε. */
const LAYER_EPSILON = 1e-3;

interface Statistics {
  /** Running mean after each step, as a share of the batch mean. */
  shares: number[];
  /** Mean output for the same batch in evaluation mode, every EVERY steps; in training mode it is always β = 0. */
  evaluated: { x: number[]; y: number[] };
  /** The same by the formula of the running averages. */
  predicted: (step: number) => number;
}

/** Trains the layer on one batch again and again and watches its statistics. */
function runningStatistics(tf: Tf, rng: Rng, momentum: number): Statistics {
  const values = rng.normals(BATCH, SPREAD).map((value) => value + MEAN);
  const mean = values.reduce((sum, value) => sum + value, 0) / BATCH;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / BATCH;
  const predicted = (step: number) => {
    const left = momentum ** step;
    return (left * mean) / Math.sqrt(left + (1 - left) * variance + LAYER_EPSILON);
  };
  const watched = tf.tidy(() => {
    const layer = tf.layers.batchNormalization({ momentum, epsilon: LAYER_EPSILON });
    const batch = tf.tensor2d(values, [BATCH, 1]);
    const output = (training: boolean) => tf.tidy(() => tf.mean(layer.apply(batch, { training }) as Tensor2D).dataSync()[0]!);
    const shares = [0];
    const evaluated: Statistics['evaluated'] = { x: [], y: [] };
    for (let step = 1; step <= STEPS; step++) {
      output(true);
      // Weights in order: γ, β, running mean, running variance.
      shares.push(layer.getWeights()[2]!.dataSync()[0]! / mean);
      if (step % EVERY !== 0) continue;
      evaluated.x.push(step);
      evaluated.y.push(output(false));
    }
    layer.dispose();
    return { shares, evaluated };
  });
  return { ...watched, predicted };
}

/** Largest difference between β and the layer's output in training mode for batches of one. */
function batchOfOne(tf: Tf, rng: Rng, beta: number): number {
  return tf.tidy(() => {
    const layer = tf.layers.batchNormalization({
      betaInitializer: tf.initializers.constant({ value: beta }),
    });
    let worst = 0;
    for (let i = 0; i < 5; i++) {
      const output = layer.apply(tf.tensor2d(rng.normals(UNITS, 10), [1, UNITS]), {
        training: true,
      }) as Tensor2D;
      worst = Math.max(worst, tf.max(tf.abs(tf.sub(output, Math.fround(beta)))).dataSync()[0]!);
    }
    layer.dispose();
    return worst;
  });
}

/** Loss and ‖∇‖ for weights a·W before a normalised layer, by automatic differentiation. */
function scaled(tf: Tf, rng: Rng, scale: number): { loss: number; gradient: number } {
  const [x, w, target] = [rng.normals(BATCH * UNITS), rng.normals(UNITS * UNITS), rng.normals(BATCH * UNITS)];
  return tf.tidy(() => {
    const [tx, tt] = [tf.tensor2d(x, [BATCH, UNITS]), tf.tensor2d(target, [BATCH, UNITS])];
    const loss = (weights: ReturnType<Tf['tensor']>) => {
      const { y } = normalise(tf, tf.expandDims(tf.matMul(tx, weights as Tensor2D)));
      return tf.mean(tf.square(tf.sub(tf.tanh(y), tt)));
    };
    const { value, grad } = tf.valueAndGrad(loss as (x: ReturnType<Tf['tensor']>) => ReturnType<Tf['tensor']>)(
      tf.mul(tf.tensor2d(w, [UNITS, UNITS]), scale),
    );
    return { loss: value.dataSync()[0]!, gradient: tf.norm(grad).dataSync()[0]! };
  });
}

export default defineDemo({
  name: 'batchnorm-statistics',
  version: 3,
  topics: ['batch-normalization', 'layer-normalization'],
  title: { en: 'The statistics of batch normalization', zh: '批归一化的统计量' },
  summary: {
    en: 'Feeds TensorFlow.js’s own layer a constant batch and watches its running mean; scales the weights before it; gives it a batch of one.',
    zh: '给 TensorFlow.js 自带的层喂同一个批次，观察滑动均值；缩放它之前的权重；再给它批量为 1 的输入。',
  },
  params: {
    momentum: {
      type: 'number',
      min: 0,
      max: 0.9999,
      default: 0.99,
      description: {
        en: 'momentum: the share of the running mean that a step keeps (in PyTorch, 1 − momentum)',
        zh: '动量：每步保留的滑动均值比例（PyTorch 中为 1 − 动量）',
      },
    },
    scales: {
      type: 'numbers',
      min: 0.05,
      max: 100,
      maxItems: 5,
      default: [0.1, 0.5, 2, 10],
      description: { en: 'factors for the weights before the layer', zh: '该层之前权重的缩放倍数' },
    },
  },
  names: {
    'running-mean': { en: 'running mean over batch mean, step', zh: '滑动均值与批均值之比，步' },
    'evaluated-mean': { en: 'mean output in evaluation mode, step', zh: '评估模式下的平均输出，步' },
    'batch-of-one': { en: 'batch of one: largest difference from β', zh: '批量为 1：与 β 的最大差值' },
    'loss-change': { en: 'change of the loss, weights ×', zh: '损失的变化，权重 ×' },
    'gradient-scaling': { en: 'gradient × scale over the gradient before, weights ×', zh: '梯度 × 倍数与原梯度之比，权重 ×' },
    'running mean': { en: 'running mean over batch mean', zh: '滑动均值与批均值之比' },
    evaluated: { en: 'mean output in evaluation mode', zh: '评估模式下的平均输出' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'momentum 0.9', zh: '动量 0.9' }, params: { momentum: 0.9 } },
    { label: { en: 'momentum 0.999', zh: '动量 0.999' }, params: { momentum: 0.999 } },
  ],
  run({ tf, rng, progress }, { momentum, scales }) {
    const { shares, evaluated, predicted } = runningStatistics(tf, rng.fork(3), momentum);
    progress(0.7);
    const plain = scaled(tf, rng.fork(1), 1);
    const measures: Record<string, number> = {
      'running-mean:100': shares[100]!,
      'evaluated-mean:100': evaluated.y[100 / EVERY - 1]!,
      'batch-of-one': batchOfOne(tf, rng.fork(2), 0.7),
    };
    const checks: DemoCheck[] = [
      {
        id: 'running-mean:100',
        claim: {
          en: 'running mean after 100 steps: 1 − momentum^100',
          zh: '100 步后的滑动均值：1 − 动量^100',
        },
        predicted: 1 - momentum ** 100,
        tolerance: 1e-3,
      },
      {
        id: 'evaluated-mean:100',
        claim: {
          en: 'mean output in evaluation mode after 100 steps, by the running averages',
          zh: '100 步后评估模式的平均输出（按滑动平均计算）',
        },
        predicted: predicted(100),
        tolerance: 1e-3,
      },
      {
        id: 'batch-of-one',
        claim: {
          en: 'a batch of one gives exactly β (largest difference)',
          zh: '批量为 1 时输出恰为 β（最大差值）',
        },
        predicted: 0,
        tolerance: 0,
      },
    ];
    for (const scale of scales) {
      const run = scaled(tf, rng.fork(1), scale);
      measures[`loss-change:${scale}`] = run.loss - plain.loss;
      measures[`gradient-scaling:${scale}`] = (run.gradient * scale) / plain.gradient;
      checks.push(
        {
          id: `loss-change:${scale}`,
          claim: { en: `weights × ${scale}: the loss does not change`, zh: `权重 × ${scale}：损失不变` },
          predicted: 0,
          tolerance: 1e-4,
        },
        {
          id: `gradient-scaling:${scale}`,
          claim: {
            en: `weights × ${scale}: the gradient is divided by it`,
            zh: `权重 × ${scale}：梯度除以同样的倍数`,
          },
          predicted: 1,
          tolerance: 1e-3,
        },
      );
    }
    return {
      series: [
        { name: 'running mean', x: shares.map((_, i) => i), y: shares },
        { name: 'evaluated', ...evaluated },
      ],
      measures,
      checks,
    };
  },
  chart({ series, measures }, { momentum }, locale) {
    const reached = percent(measures['running-mean:100']!);
    const off = num(measures['evaluated-mean:100']!);
    const step = localize({ en: 'training step', zh: '训练步' }, locale);
    const [first] = series;
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `After 100 steps the running mean has covered ${reached}`,
          zh: `100 步之后，滑动均值走完了 ${reached}`,
        },
        locale,
      ),
      subtitle: localize({ en: `one batch again and again, momentum ${momentum}`, zh: `反复输入同一批次，动量 ${momentum}` }, locale),
      alt: localize(
        {
          en: `Left: running mean of the layer as a share of the batch mean over ${STEPS} steps at momentum ${momentum}: ${reached} after 100, ${percent(series[0]!.y.at(-1)!)} at the end. Right: mean output for the same batch: 0 in training mode, ${off} in evaluation mode after 100 steps, ${num(series[1]!.y.at(-1)!)} at the end.`,
          zh: `左：动量 ${momentum} 时滑动均值占批均值的比例，共 ${STEPS} 步：100 步时 ${reached}，最后 ${percent(series[0]!.y.at(-1)!)}。右：同一批次的平均输出：训练模式为 0，100 步后的评估模式为 ${off}，最后 ${num(series[1]!.y.at(-1)!)}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Running mean / batch mean', zh: '滑动均值 / 批均值' }, locale),
          alt: '',
          x: { label: step, min: 0, max: STEPS, time: true },
          y: { label: localize({ en: 'share', zh: '比例' }, locale), min: 0, max: 1.2 },
          lines: [
            { ...first!, name: localize({ en: 'running mean', zh: '滑动均值' }, locale) },
            { name: `1 − ${momentum}ᵗ`, label: '', x: first!.x, y: first!.x.map((t) => 1 - momentum ** t), color: 6, dashed: true },
          ],
          references: [
            { axis: 'x', value: 100, label: reached, measured: true, below: true },
            { axis: 'y', value: 1, label: localize({ en: 'batch mean', zh: '批均值' }, locale) },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: 'Mean output for that batch', zh: '该批次的平均输出' }, locale),
          alt: '',
          x: { label: step, min: 0, max: STEPS, time: true },
          y: { label: localize({ en: 'output', zh: '输出' }, locale) },
          lines: [
            { ...series[1]!, name: localize({ en: 'evaluation', zh: '评估' }, locale) },
            { name: localize({ en: 'training', zh: '训练' }, locale), x: [0, STEPS], y: [0, 0] },
          ],
        },
      ],
    };
  },
  reading({ measures }, { momentum, scales }, locale) {
    const worst = Math.max(...scales.map((scale) => Math.abs(measures[`gradient-scaling:${scale}`]! - 1)));
    return localize(
      {
        en: `With momentum ${momentum} the running mean has covered ${percent(measures['running-mean:100']!)} after 100 steps: in evaluation mode the batch comes out with mean ${num(measures['evaluated-mean:100']!)}, in training mode with 0.\nScaling the weights before the layer leaves the loss alone and divides the gradient (within ${num(worst, 2)}); a batch of one gives exactly β.`,
        zh: `动量 ${momentum} 时，100 步后滑动均值走完 ${percent(measures['running-mean:100']!)}，评估模式下该批次的平均输出是 ${num(measures['evaluated-mean:100']!)}，训练模式下是 0。\n缩放该层之前的权重，损失不变，梯度除以同样的倍数（误差 ${num(worst, 2)} 以内）；批量为 1 时输出恰为 β。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ momentum }) => ({
      en: `Each step keeps ${momentum} of the running mean. The same batch 100 times: how much of the way has the running mean covered?`,
      zh: `每步保留滑动均值的 ${momentum}。同一批次重复 100 次，滑动均值走完多少？`,
    }),
    options: [
      { id: 'nearly', text: { en: 'more than 95 %', zh: '95 % 以上' } },
      { id: 'part', text: { en: 'between 10 % and 95 %', zh: '10 % 到 95 %' } },
      { id: 'little', text: { en: 'less than 10 %', zh: '不到 10 %' } },
    ],
    outcome({ measures }) {
      const share = measures['running-mean:100']!;
      if (share > 0.95) return 'nearly';
      return share < 0.1 ? 'little' : 'part';
    },
    why({ measures }, { momentum }) {
      const line = `1 − ${momentum}^100 = ${num(1 - momentum ** 100, 4)}`;
      return {
        en: `${line}; measured ${num(measures['running-mean:100']!, 4)}.`,
        zh: `${line}；实测 ${num(measures['running-mean:100']!, 4)}。`,
      };
    },
  },
});
