import type { Line } from '../../charts/spec.ts';
import { type Locale, localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { linearData } from '../../demos/lib/linear.ts';
import { mean, slopeOfLogs } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const N = 1024;
const D = 8;
/** Relative variance of ‖g_B − g‖² over the draws. */
const SPREAD = 0.65;

/** Per-example gradients of ½(x·w − y)² at w = 0, one row each, and their mean. */
function gradients(rng: Rng): { rows: Float64Array[]; mean: Float64Array } {
  const { x, y } = linearData(rng, N, D, 0.5);
  const rows = x.map((row, i) => row.map((value) => -y[i]! * value));
  const mean = new Float64Array(D);
  for (const row of rows) for (let j = 0; j < D; j++) mean[j]! += row[j]! / N;
  return { rows, mean };
}

/** Mean of ‖g_B − g‖² over `draws` batches. */
function noise({ rows, mean }: ReturnType<typeof gradients>, rng: Rng, batch: number, draws: number, replace: boolean): number {
  const order = Int32Array.from({ length: N }, (_, i) => i);
  let total = 0;
  for (let draw = 0; draw < draws; draw++) {
    const sum = new Float64Array(D);
    for (let k = 0; k < batch; k++) {
      let index = rng.integer(N);
      if (!replace) {
        // The first steps of a Fisher–Yates shuffle draw without replacement.
        const swap = k + rng.integer(N - k);
        [order[k], order[swap]] = [order[swap]!, order[k]!];
        index = order[k]!;
      }
      const row = rows[index]!;
      for (let j = 0; j < D; j++) sum[j]! += row[j]!;
    }
    for (let j = 0; j < D; j++) total += (sum[j]! / batch - mean[j]!) ** 2;
  }
  return total / draws;
}

export default defineDemo({
  name: 'batch-noise',
  version: 2,
  topics: ['batch-size', 'stochastic-gradient-descent'],
  title: { en: 'Batch size and gradient noise', zh: '批量大小与梯度噪声' },
  summary: {
    en: 'Draws mini-batches of many sizes from a linear regression and measures how far their gradient is from the full one.',
    zh: '从线性回归数据中抽取各种大小的小批量，测量其梯度与全批量梯度相差多少。',
  },
  params: {
    batches: {
      type: 'numbers',
      whole: true,
      min: 1,
      max: N,
      maxItems: 12,
      default: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      description: { en: 'batch sizes', zh: '批量大小' },
    },
    draws: {
      type: 'integer',
      min: 50,
      max: 2000,
      default: 500,
      description: { en: 'batches of each size', zh: '每种大小抽多少批' },
    },
  },
  names: {
    slope: { en: 'slope over B (log–log)', zh: '随 B 的斜率（双对数）' },
    noise: { en: 'variance of the gradient, B', zh: '梯度方差，B' },
    'finite-correction': { en: 'variance without over with replacement, B', zh: '不放回与放回的方差之比，B' },
    with: { en: 'with replacement', zh: '放回抽样' },
    without: { en: 'without replacement', zh: '不放回抽样' },
  },
  deadline: 60_000,
  variations: [
    {
      label: { en: 'up to the full batch', zh: '直到全批量' },
      params: { batches: [64, 128, 256, 512, 768, 1024] },
    },
    { label: { en: 'more draws', zh: '更多次抽样' }, params: { draws: 2000 } },
  ],
  run({ rng, progress }, { batches, draws }) {
    // One size alone is held against single examples, or those against the full batch.
    const sizes = (batches.length > 1 ? [...batches] : [batches[0]!, batches[0] === 1 ? N : 1]).sort((a, b) => a - b);
    const data = gradients(rng.fork(0));
    const rows: { with: number; without: number }[] = [];
    const series = () =>
      (['with', 'without'] as const).map((name) => ({ name, x: sizes.slice(0, rows.length), y: rows.map((row) => row[name]) }));
    sizes.forEach((batch, i) => {
      rows.push({
        with: noise(data, rng.fork(2 * i + 1), batch, draws, true),
        without: noise(data, rng.fork(2 * i + 2), batch, draws, false),
      });
      progress((i + 1) / sizes.length, () => ({ series: series() }));
    });
    const withReplacement = rows.map((row) => row.with);
    const measures: Record<string, number> = { slope: slopeOfLogs(sizes, withReplacement) };
    sizes.forEach((batch, i) => {
      measures[`noise:${batch}`] = withReplacement[i]!;
      measures[`finite-correction:${batch}`] = rows[i]!.without / withReplacement[i]!;
    });
    const checks: DemoCheck[] = [];
    // Standard error of the slope: each variance scatters by √(SPREAD/draws).
    const logs = sizes.map(Math.log);
    const width = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean(logs)) ** 2, 0));
    if ((3.5 * Math.sqrt(SPREAD / draws)) / width < 0.05)
      checks.push({
        id: 'slope',
        claim: {
          en: 'the variance falls as 1/B (slope in the log–log plot)',
          zh: '方差按 1/B 下降（双对数图的斜率）',
        },
        predicted: -1,
        tolerance: 0.05,
      });
    const corrected = (size: number) => (N - size) / (N - 1);
    for (const batch of sizes.filter((size) => size >= N / 2 && 3.5 * corrected(size) * Math.sqrt((2 * SPREAD) / draws) < 0.1)) {
      const claim = {
        en: `without replacement, B = ${batch}: × (N − B)/(N − 1)`,
        zh: `不放回抽样，B = ${batch}：× (N − B)/(N − 1)`,
      };
      checks.push({
        id: `finite-correction:${batch}`,
        claim,
        predicted: corrected(batch),
        tolerance: 0.1,
      });
    }
    return { series: series(), measures, checks };
  },
  chart({ series, measures }, _params, locale) {
    const [sizes, values] = [series[0]!.x, series[0]!.y];
    return {
      type: 'lines',
      title: localize(
        Math.abs(measures.slope! + 1) < 0.1
          ? { en: `The variance falls as 1/B (slope ${num(measures.slope!)})`, zh: `方差按 1/B 下降（斜率 ${num(measures.slope!)}）` }
          : {
              en: `In these draws the slope of the variance is ${num(measures.slope!)} (theory −1)`,
              zh: `这次抽样中方差的斜率为 ${num(measures.slope!)}（理论值 −1）`,
            },
        locale,
      ),
      subtitle: localize(
        {
          en: 'linear regression, 1024 examples; dashed: theory through the first point',
          zh: '线性回归，1024 个样本；虚线：理论（过第一点）',
        },
        locale,
      ),
      alt: localize(
        {
          en: `Mean squared distance of the batch gradient from the full gradient: ${sizes.map((size, i) => `B = ${size}: ${num(values[i]!)}`).join('; ')}.`,
          zh: `小批量梯度与全批量梯度的均方距离：${sizes.map((size, i) => `B = ${size}：${num(values[i]!)}`).join('；')}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'batch size B (log scale)', zh: '批量大小 B（对数刻度）' }, locale), scale: 'log' },
      y: { label: localize({ en: 'E‖g(B) − g‖² (log scale)', zh: 'E‖g(B) − g‖²（对数刻度）' }, locale), scale: 'log' },
      lines: [
        { name: localize({ en: 'with replacement', zh: '放回抽样' }, locale), x: sizes, y: values },
        {
          name: localize({ en: 'without replacement', zh: '不放回抽样' }, locale),
          x: sizes,
          y: series[1]!.y,
        },
        ...theory(sizes, values[0]!, locale),
      ],
    };
  },
  reading({ series, measures }, _params, locale) {
    const [first, last] = [series[0]!.y[0]!, series[0]!.y.at(-1)!];
    const [small, large] = [series[0]!.x[0]!, series[0]!.x.at(-1)!];
    return localize(
      {
        en: `From B = ${small} to B = ${large} the variance goes from ${num(first)} to ${num(last)}; the slope is ${num(measures.slope!)}.\nDrawn without replacement it falls faster near the full batch, where the sampling noise is exactly zero.`,
        zh: `从 B = ${small} 到 B = ${large}，方差从 ${num(first)} 变为 ${num(last)}，斜率 ${num(measures.slope!)}。\n不放回抽样在接近全批量时降得更快，全批量的采样噪声恰为零。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'You make the batch 100 times as large. By which factor does the gradient’s variance fall?',
      zh: '批量变为 100 倍，梯度方差降到多少分之一？',
    },
    options: [
      { id: 'root', text: { en: '10', zh: '10' } },
      { id: 'linear', text: { en: '100', zh: '100' } },
      { id: 'square', text: { en: '10,000', zh: '10000' } },
    ],
    outcome({ measures }) {
      const slope = measures.slope!;
      if (slope > -0.75) return 'root';
      return slope < -1.5 ? 'square' : 'linear';
    },
    why: {
      en: 'The variance of a mean of B independent terms is 1/B of one term’s.',
      zh: 'B 个独立量的平均，方差是单个的 1/B。',
    },
  },
});

/** 1/B through the first point, and what the correction for drawing without replacement makes of it. */
function theory(sizes: readonly number[], first: number, locale: Locale): Line[] {
  const x = [...sizes];
  const falling = x.map((size) => (first * x[0]!) / size);
  return [
    { name: localize({ en: '∝ 1/B, theory', zh: '∝ 1/B，理论' }, locale), label: '', x, y: falling, color: 6, dashed: true },
    {
      name: localize({ en: '× (N − B)/(N − 1), theory', zh: '× (N − B)/(N − 1)，理论' }, locale),
      label: '',
      x,
      y: falling.map((value, i) => (value * (N - x[i]!)) / (N - 1)),
      color: 6,
      dashed: true,
    },
  ];
}
