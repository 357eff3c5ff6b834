import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const DIMENSIONS = [1, 2, 10, 100, 1000];
const SPREAD = Math.sqrt(7 / 120);

function distance(rng: Rng, d: number, from?: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < d; j++) sum += ((from ? from[j]! : rng.uniform()) - rng.uniform()) ** 2;
  return Math.sqrt(sum);
}

export default defineDemo({
  name: 'knn-distances',
  version: 1,
  topics: ['nearest-neighbors'],
  title: { en: 'Distances in many dimensions', zh: '高维空间中的距离' },
  summary: {
    en: 'Draws pairs of points uniformly in a cube: the mean and the spread of their distance over the dimension, and how much farther the farthest neighbour of a query is than the nearest.',
    zh: '在立方体中均匀取点对：距离的均值与标准差随维数的变化，以及查询点最远的邻居比最近的远多少。',
  },
  params: {
    pairs: { type: 'integer', min: 500, max: 5000, default: 3000, description: { en: 'pairs of points', zh: '点对数' } },
    points: { type: 'integer', min: 100, max: 1000, default: 500, description: { en: 'points around a query', zh: '查询点周围的点数' } },
  },
  names: {
    mean: { en: 'mean distance, d', zh: '平均距离，d' },
    spread: { en: 'standard deviation of the distance, d', zh: '距离的标准差，d' },
    ratio: { en: 'mean distance over √(d/6), d', zh: '平均距离与 √(d/6) 之比，d' },
    contrast: { en: '(farthest − nearest)/nearest, d', zh: '(最远 − 最近)/最近，d' },
  },
  deadline: 30_000,
  variations: [{ label: { en: '1000 points around a query', zh: '查询点周围 1000 个点' }, params: { points: 1000 } }],
  run({ rng, progress }, { pairs, points }) {
    const measures: Record<string, number> = {};
    const queries = 15;
    const series = (x: number[]) => ['mean', 'spread', 'contrast'].map((name) => ({ name, x, y: x.map((d) => measures[`${name}:${d}`]!) }));
    DIMENSIONS.forEach((d, i) => {
      const draws = rng.fork(d);
      const distances = Array.from({ length: pairs }, () => distance(draws, d));
      const middle = mean(distances);
      measures[`mean:${d}`] = middle;
      measures[`ratio:${d}`] = middle / Math.sqrt(d / 6);
      measures[`spread:${d}`] = Math.sqrt(mean(distances.map((v) => (v - middle) ** 2)));
      measures[`contrast:${d}`] = mean(
        Array.from({ length: queries }, () => {
          const query = Float64Array.from({ length: d }, () => draws.uniform());
          const around = Array.from({ length: points }, () => distance(draws, d, query));
          const nearest = Math.min(...around);
          return (Math.max(...around) - nearest) / nearest;
        }),
      );
      progress((i + 1) / DIMENSIONS.length, () => ({ series: series(DIMENSIONS.slice(0, i + 1)), measures }));
    });
    return { series: series(DIMENSIONS), measures, checks: checks(pairs, points) };
  },
  chart({ series: [middle, spread, contrast], measures }, { points }, locale) {
    const [near, far] = [num(measures['contrast:2']!), num(measures['contrast:1000']!)];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `1000 dimensions: the farthest of ${points} points is only ${num(1 + measures['contrast:1000']!)} times as far as the nearest`,
          zh: `1000 维中，${points} 个点里最远的只是最近的 ${num(1 + measures['contrast:1000']!)} 倍远`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: mean and standard deviation of the distance over the dimension; the mean is ${num(measures['mean:1000']!)} at 1000, the deviation ${num(measures['spread:1000']!)}. Right: contrast, from ${near} in 2 to ${far} in 1000 dimensions.`,
          zh: `左：距离的均值与标准差随维数的变化；1000 维时均值 ${num(measures['mean:1000']!)}，标准差 ${num(measures['spread:1000']!)}。右：对比度，从 2 维的 ${near} 到 1000 维的 ${far}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Distance of two points', zh: '两点的距离' }, locale),
          alt: '',
          x: { label: localize({ en: 'dimension (log scale)', zh: '维数（对数刻度）' }, locale), scale: 'log' },
          y: { label: localize({ en: 'distance (log scale)', zh: '距离（对数刻度）' }, locale), scale: 'log' },
          lines: [
            { name: localize({ en: 'mean', zh: '均值' }, locale), x: middle!.x, y: middle!.y },
            { name: localize({ en: 'deviation', zh: '标准差' }, locale), x: spread!.x, y: spread!.y },
            { name: '√(d/6)', x: DIMENSIONS, y: DIMENSIONS.map((d) => Math.sqrt(d / 6)), dashed: true, color: 6 },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: '(farthest − nearest)/nearest', zh: '(最远 − 最近)/最近' }, locale),
          alt: '',
          x: { label: localize({ en: 'dimension (log scale)', zh: '维数（对数刻度）' }, locale), scale: 'log' },
          y: { label: localize({ en: 'contrast (log scale)', zh: '对比度（对数刻度）' }, locale), scale: 'log' },
          lines: [{ name: localize({ en: 'contrast', zh: '对比度' }, locale), x: contrast!.x, y: contrast!.y }],
        },
      ],
    };
  },
  reading({ measures }, _params, locale) {
    const [m, s] = ['mean:1000', 'spread:1000'].map((key) => num(measures[key]!));
    return localize(
      {
        en: `From 10 to 1000 dimensions the mean distance goes from ${num(measures['mean:10']!)} to ${m} (√(d/6) = 12.9 at 1000), its standard deviation from ${num(measures['spread:10']!)} to ${s} (limit √(7/120) = 0.242).\nSo all neighbours come to lie almost equally far: (farthest − nearest)/nearest is ${num(measures['contrast:10']!)} at 10, ${num(measures['contrast:100']!)} at 100 and ${num(measures['contrast:1000']!)} at 1000 dimensions.`,
        zh: `从 10 维到 1000 维，平均距离从 ${num(measures['mean:10']!)} 变为 ${m}（1000 维时 √(d/6) = 12.9），标准差从 ${num(measures['spread:10']!)} 变为 ${s}（极限 √(7/120) = 0.242）。\n于是所有邻居几乎一样远：(最远 − 最近)/最近在 10 维为 ${num(measures['contrast:10']!)}，100 维为 ${num(measures['contrast:100']!)}，1000 维为 ${num(measures['contrast:1000']!)}。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Points uniform in a cube. The mean distance of two grows as √d. What does the standard deviation of that distance do?',
      zh: '立方体中均匀取点。两点平均距离按 √d 增长。距离的标准差呢？',
    },
    options: [
      { id: 'grows', text: { en: 'it grows too', zh: '也增长' } },
      { id: 'flat', text: { en: 'it stays nearly the same', zh: '几乎不变' } },
      { id: 'falls', text: { en: 'it falls to 0', zh: '降到 0' } },
    ],
    outcome({ measures }) {
      const ratio = measures['spread:1000']! / measures['spread:10']!;
      return ratio > 1.3 ? 'grows' : ratio < 0.7 ? 'falls' : 'flat';
    },
    why: {
      en: 'The squared distance is a sum of d terms, with mean d/6 and a deviation that grows as √d; its square root has a deviation that does not grow at all.',
      zh: '距离的平方是 d 项之和，均值 d/6，标准差按 √d 增长；开方之后标准差就不再增长。',
    },
  },
});

function checks(pairs: number, points: number): DemoCheck[] {
  const loose = Math.sqrt(4000 / Math.min(4000, pairs));
  const found: DemoCheck[] = [
    {
      id: 'ratio:100',
      claim: { en: 'd = 100: mean over √(d/6)', zh: 'd = 100：均值与 √(d/6) 之比' },
      predicted: 1 - 7 / 4000,
      tolerance: 0.005 * loose,
    },
    {
      id: 'ratio:1000',
      claim: { en: 'd = 1000: mean over √(d/6)', zh: 'd = 1000：均值与 √(d/6) 之比' },
      predicted: 1 - 7 / 40_000,
      tolerance: 0.0015 * loose,
    },
    ...[100, 1000].map((d) => ({
      id: `spread:${d}`,
      claim: { en: `d = ${d}: deviation √(7/120)`, zh: `d = ${d}：标准差 √(7/120)` },
      predicted: SPREAD,
      tolerance: 0.012 * loose,
    })),
  ];
  if (points === 500)
    found.push(
      {
        id: 'contrast:100',
        claim: { en: 'd = 100: contrast (normal extremes)', zh: 'd = 100：对比度（正态极值）' },
        predicted: 0.399,
        tolerance: 0.035,
      },
      { id: 'contrast:1000', claim: { en: 'd = 1000: contrast', zh: 'd = 1000：对比度' }, predicted: 0.111, tolerance: 0.01 },
    );
  return found;
}
