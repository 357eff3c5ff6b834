import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const N = 60;
const GRID = 40;

/**
 * Predictions on the grid of a full regression tree in one dimension, grown on a bootstrap sample: splits stand
 * midway between neighbouring points and every leaf holds one point, whatever the order of the splits.
 */
function bootstrapTree(rng: Rng, x: Float64Array, y: Float64Array): Float64Array {
  const chosen = [...new Set(Array.from({ length: N }, () => rng.integer(N)))].sort((a, b) => x[a]! - x[b]!);
  let leaf = 0;
  return Float64Array.from({ length: GRID }, (_, g) => {
    const at = (g + 0.5) / GRID;
    while (leaf + 1 < chosen.length && at > (x[chosen[leaf]!]! + x[chosen[leaf + 1]!]!) / 2) leaf++;
    return y[chosen[leaf]!]!;
  });
}

function variance(values: readonly number[]): number {
  const m = mean(values);
  return values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (values.length - 1);
}

/** Variance of the mean of the first B trees over the data sets, measured and by the formula. `predictions[data set][tree][grid point]` */
function variances(predictions: readonly Float64Array[][], trees: number) {
  const points = Array.from({ length: GRID }, (_, g) => g);
  // Means of the first B trees, so that the curve needs one pass.
  const running = predictions.map((bag) => {
    const sum = new Float64Array(GRID);
    return bag.map((tree, b) => {
      for (let g = 0; g < GRID; g++) sum[g]! += tree[g]!;
      return sum.map((value) => value / (b + 1));
    });
  });
  const measured = Array.from({ length: trees }, (_, b) => mean(points.map((g) => variance(running.map((means) => means[b]![g]!)))));
  // σ² and ρ come from pairs of trees, not from the averages that they are to predict.
  const pairs = Array.from({ length: Math.floor(trees / 2) }, (_, p) => p);
  const single = mean(points.map((g) => mean(pairs.map((p) => variance(predictions.map((bag) => bag[2 * p]![g]!))))));
  const shared = mean(
    points.map((g) =>
      mean(
        pairs.map((p) => {
          const [a, b] = [predictions.map((bag) => bag[2 * p]![g]!), predictions.map((bag) => bag[2 * p + 1]![g]!)];
          const [ma, mb] = [mean(a), mean(b)];
          return a.reduce((sum, value, i) => sum + (value - ma) * (b[i]! - mb), 0) / (a.length - 1);
        }),
      ),
    ),
  );
  const rho = shared / single;
  const predict = (b: number) => rho * single + ((1 - rho) * single) / b;
  const x = measured.map((_, b) => b + 1);
  const measures = {
    'variance:1': measured[0]!,
    correlation: rho,
    [`variance:${trees}`]: measured.at(-1)!,
    [`predicted:${trees}`]: predict(trees),
    'relative-error': measured.at(-1)! / predict(trees) - 1,
    floor: rho * single,
  };
  return {
    series: [
      { name: 'measured', x, y: measured },
      { name: 'predicted', x, y: x.map(predict) },
    ],
    measures,
  };
}

export default defineDemo({
  name: 'bagging-variance',
  version: 2,
  topics: ['bagging-vs-dropout', 'bias-variance'],
  title: { en: 'How far bagging lowers the variance', zh: 'Bagging 能把方差降到多少' },
  summary: {
    en: 'Bags full regression trees on many data sets and compares the variance of the average with ρσ² + (1 − ρ)σ²/B.',
    zh: '在许多数据集上做 Bagging（不剪枝的回归树），把平均后的方差与 ρσ² + (1 − ρ)σ²/B 比较。',
  },
  params: {
    trees: {
      type: 'integer',
      min: 4,
      max: 200,
      default: 50,
      description: { en: 'trees in the bag', zh: '树的数量' },
    },
    datasets: {
      type: 'integer',
      min: 50,
      max: 500,
      default: 200,
      description: { en: 'data sets', zh: '数据集个数' },
    },
    noise: {
      type: 'number',
      min: 0.05,
      max: 2,
      default: 0.3,
      description: { en: 'noise of y = sin 2πx + noise·ε', zh: 'y = sin 2πx + 噪声·ε 中的噪声' },
    },
  },
  names: {
    variance: { en: 'variance, trees', zh: '方差，树的数量' },
    predicted: { en: 'variance by the formula, trees', zh: '公式给出的方差，树的数量' },
    correlation: { en: 'correlation ρ', zh: '相关系数 ρ' },
    'relative-error': { en: 'measured over formula, minus 1', zh: '实测与公式之比减 1' },
    floor: { en: 'ρσ²', zh: 'ρσ²' },
    measured: { en: 'measured variance', zh: '实测方差' },
  },
  deadline: 60_000,
  variations: [
    { label: { en: '200 trees', zh: '200 棵树' }, params: { trees: 200 } },
    { label: { en: 'more noise', zh: '更大噪声' }, params: { noise: 1 } },
  ],
  run({ rng, progress }, { trees, datasets, noise }) {
    // predictions[data set][tree][grid point]
    const predictions: Float64Array[][] = [];
    for (let d = 0; d < datasets; d++) {
      const own = rng.fork(d);
      const x = Float64Array.from({ length: N }, () => own.uniform());
      const y = x.map((at) => Math.sin(2 * Math.PI * at) + noise * own.normal());
      predictions.push(Array.from({ length: trees }, () => bootstrapTree(own, x, y)));
      if (d % 20 === 19) progress((d + 1) / datasets, () => variances(predictions, trees));
    }
    const { series, measures } = variances(predictions, trees);
    const checks: DemoCheck[] = [];
    // With fewer data sets or trees ρ and σ² are too uncertain.
    if (datasets >= 200 && trees >= 20)
      checks.push({
        id: 'relative-error',
        claim: {
          en: `variance of ${trees} trees follows ρσ² + (1 − ρ)σ²/B (relative error)`,
          zh: `${trees} 棵树的方差符合 ρσ² + (1 − ρ)σ²/B（相对误差）`,
        },
        predicted: 0,
        tolerance: 0.05,
      });
    return { series, measures, checks };
  },
  chart({ series, measures }, { trees }, locale) {
    const [first, last, floor] = [num(measures['variance:1']!), num(measures[`variance:${trees}`]!), num(measures.floor!)];
    return {
      type: 'lines',
      title: localize(
        {
          en: `Correlation ρ = ${num(measures.correlation!)} sets a floor under bagging`,
          zh: `相关系数 ρ = ${num(measures.correlation!)} 决定了 Bagging 的下限`,
        },
        locale,
      ),
      subtitle: localize({ en: 'variance of the averaged prediction', zh: '平均预测的方差' }, locale),
      alt: localize(
        {
          en: `Variance over the number of trees: ${first} for one tree, ${last} for ${trees}; the formula tends to ρσ² = ${floor}.`,
          zh: `方差随树的数量变化：一棵 ${first}，${trees} 棵 ${last}；公式趋于 ρσ² = ${floor}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'trees B', zh: '树的数量 B' }, locale), min: 1, max: trees },
      y: { label: localize({ en: 'variance', zh: '方差' }, locale), min: 0 },
      lines: [
        {
          name: localize({ en: 'measured', zh: '实测' }, locale),
          x: series[0]!.x,
          y: series[0]!.y,
          points: true,
        },
        { name: 'ρσ² + (1 − ρ)σ²/B', x: series[1]!.x, y: series[1]!.y, dashed: true },
      ],
      references: [{ axis: 'y', value: measures.floor!, label: 'ρσ²', below: true }],
    };
  },
  reading({ measures }, { trees }, locale) {
    const [first, last] = [num(measures['variance:1']!), num(measures[`variance:${trees}`]!)];
    return localize(
      {
        en: `One tree has variance ${first}; ${trees} of them ${last}, where the formula says ${num(measures[`predicted:${trees}`]!)}.\nThe trees are trained separately, but their predictions correlate (ρ = ${num(measures.correlation!)}), so more and more trees lead to ρσ² = ${num(measures.floor!)}, not to zero.`,
        zh: `一棵树的方差为 ${first}，${trees} 棵为 ${last}，公式给出 ${num(measures[`predicted:${trees}`]!)}。\n各树分别训练，但预测相关（ρ = ${num(measures.correlation!)}），树再多也只趋于 ρσ² = ${num(measures.floor!)}，而不是零。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ trees }) => ({
      en: `You average ${trees} bagged trees instead of one. What happens to the variance?`,
      zh: `把 ${trees} 棵 Bagging 树平均，方差会怎样？`,
    }),
    options: ({ trees }) => [
      { id: 'all', text: { en: `it falls to about 1/${trees}`, zh: `约降到 1/${trees}` } },
      { id: 'part', text: { en: 'it falls, but to clearly more than that', zh: '下降，但明显高于它' } },
      { id: 'same', text: { en: 'it stays', zh: '不变' } },
    ],
    outcome({ measures }, { trees }) {
      const ratio = measures[`variance:${trees}`]! / measures['variance:1']!;
      if (ratio < 1.2 / trees) return 'all';
      return ratio > 0.95 ? 'same' : 'part';
    },
    why: {
      en: 'The trees are correlated, and averaging cannot remove what they share.',
      zh: '各树是相关的，平均去不掉它们共有的部分。',
    },
  },
});
