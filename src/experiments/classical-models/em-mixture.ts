import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { solve } from '../../demos/lib/linear.ts';
import { normalDensity } from '../../demos/lib/normal.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const STEPS = 300;

interface Mixture {
  weight: number;
  means: [number, number];
  sds: [number, number];
}

interface Sum {
  n: number;
  x: number;
  xx: number;
}

function add(sum: Sum, share: number, value: number): void {
  sum.n += share;
  sum.x += share * value;
  sum.xx += share * value * value;
}

/** EM for two normals in one dimension, from the quartiles; the log-likelihood before each step. */
function fitMixture(x: Float64Array): { mixture: Mixture; likelihoods: number[] } {
  const sorted = [...x].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (x.length - 1))]!;
  const spread = Math.sqrt(mean(sorted.map((v) => v * v)) - mean(sorted) ** 2);
  let mixture: Mixture = { weight: 0.5, means: [at(0.25), at(0.75)], sds: [spread / 2, spread / 2] };
  const likelihoods: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const { weight, means, sds } = mixture;
    const sums = [0, 1].map(() => ({ n: 0, x: 0, xx: 0 }));
    let total = 0;
    const constants = [0, 1].map((k) => Math.log(k === 0 ? weight : 1 - weight) - Math.log(sds[k]!)) as [number, number];
    const [one, two] = sums as [Sum, Sum];
    for (const value of x) {
      const a = constants[0] - 0.5 * ((value - means[0]) / sds[0]) ** 2;
      const b = constants[1] - 0.5 * ((value - means[1]) / sds[1]) ** 2;
      // The larger of the two is taken out, so that neither power overflows.
      const less = Math.exp(-Math.abs(a - b));
      total += Math.max(a, b) + Math.log1p(less) - 0.5 * Math.log(2 * Math.PI);
      const share = (a > b ? 1 : less) / (1 + less);
      add(one, share, value);
      add(two, 1 - share, value);
    }
    likelihoods.push(total);
    const centres = sums.map(({ n, x: s }) => s / n);
    mixture = {
      weight: sums[0]!.n / x.length,
      means: centres as [number, number],
      sds: sums.map(({ n, xx }, k) => Math.sqrt(Math.max(1e-6, xx / n - centres[k]! ** 2))) as [number, number],
    };
    if (step > 0 && total - likelihoods[step - 1]! < 1e-10 * x.length) break;
  }
  return { mixture, likelihoods };
}

/** √n times the standard error of a mean, from the Fisher information of weight, means and deviations at distance d. */
function fisherError(d: number): number {
  const information = Array.from({ length: 5 }, () => new Float64Array(5));
  const h = 0.02;
  for (let x = -9; x <= d + 9; x += h) {
    const [f, g] = [normalDensity(x), normalDensity(x - d)];
    const p = (f + g) / 2;
    if (p < 1e-300) continue;
    const score = [f - g, (f / 2) * x, (g / 2) * (x - d), (f / 2) * (x * x - 1), (g / 2) * ((x - d) ** 2 - 1)].map((v) => v / p);
    for (let a = 0; a < 5; a++) for (let b = 0; b < 5; b++) information[a]![b]! += h * p * score[a]! * score[b]!;
  }
  return Math.sqrt(solve(information, Float64Array.from([0, 1, 0, 0, 0]))[1]!);
}

const draw = (rng: Rng, n: number, d: number) => Float64Array.from({ length: n }, () => rng.normal() + (rng.uniform() < 0.5 ? 0 : d));

/** What the fits have come to: how the first one climbed, and how the fitted means scatter. */
function look(
  fits: readonly ReturnType<typeof fitMixture>[],
  { distance, points, fisher }: { distance: number; points: number; fisher: number },
) {
  const first = fits[0]!;
  const [left, right] = [0, 1].map((k) => fits.map(({ mixture }) => mixture.means[k]!)) as [number[], number[]];
  const variance = (values: readonly number[], truth: number) => mean(values.map((value) => (value - truth) ** 2));
  const scatter = Math.sqrt((variance(left, 0) + variance(right, distance)) / 2);
  const falls = fits.flatMap(({ likelihoods }) => likelihoods.slice(1).map((value, i) => likelihoods[i]! - value));
  const end = first.likelihoods.at(-1)!;
  // Up to where rounding hides it.
  const missing = first.likelihoods.map((value) => (end - value) / points).filter((value) => value > 1e-13);
  const measures = {
    'mean:left': first.mixture.means[0],
    'mean:right': first.mixture.means[1],
    scatter,
    fisher,
    naive: Math.SQRT2 / Math.sqrt(points),
    'scatter-ratio': scatter / fisher,
    'largest-fall': Math.max(0, ...falls) / points,
    steps: first.likelihoods.length,
  };
  return {
    series: [{ name: 'left-to-climb', x: missing.map((_, i) => i), y: missing }],
    measures,
  };
}

export default defineDemo({
  name: 'em-mixture',
  version: 1,
  topics: ['gaussian-mixtures', 'maximum-likelihood'],
  title: { en: 'EM climbs; and how sure its means are', zh: 'EM 的似然上升，以及均值有多可靠' },
  summary: {
    en: 'Fits two normals to data sets drawn from two: the log-likelihood step by step, and the scatter of the fitted means beside the naive and the Fisher standard error.',
    zh: '用两个正态分布拟合来自两个正态分布的数据：对数似然逐步的变化，以及拟合均值的离散程度与朴素标准误、Fisher 标准误的对比。',
  },
  params: {
    distance: { type: 'number', min: 2.5, max: 5, default: 4, description: { en: 'distance of the modes', zh: '两个峰的距离' } },
    points: { type: 'integer', min: 500, max: 4000, default: 2000, description: { en: 'points in a data set', zh: '每组数据的点数' } },
    datasets: { type: 'integer', min: 5, max: 40, default: 20, description: { en: 'data sets', zh: '数据组数' } },
  },
  names: {
    mean: { en: 'fitted mean, first data set', zh: '拟合的均值（第一组数据）' },
    left: { en: 'left mode', zh: '左峰' },
    right: { en: 'right mode', zh: '右峰' },
    scatter: { en: 'standard deviation of the means over data sets', zh: '各组数据所得均值的标准差' },
    fisher: { en: 'Fisher standard error', zh: 'Fisher 标准误' },
    naive: { en: 'naive standard error', zh: '朴素标准误' },
    'scatter-ratio': { en: 'scatter over the Fisher standard error', zh: '离散程度与 Fisher 标准误之比' },
    'largest-fall': { en: 'largest fall of the log-likelihood per point', zh: '每点对数似然的最大下降' },
    steps: { en: 'steps, first data set', zh: '步数（第一组数据）' },
    'left-to-climb': { en: 'log-likelihood per point below its end', zh: '每点对数似然与终值之差' },
  },
  deadline: 60_000,
  variations: [{ label: { en: 'modes closer together', zh: '两峰更近' }, params: { distance: 3 } }],
  run({ rng, progress }, { distance, points, datasets }) {
    const fisher = fisherError(distance) / Math.sqrt(points);
    const fits: ReturnType<typeof fitMixture>[] = [];
    for (let s = 0; s < datasets; s++) {
      fits.push(fitMixture(draw(rng.fork(s), points, distance)));
      progress((s + 1) / datasets, () => look(fits, { distance, points, fisher }));
    }
    return { ...look(fits, { distance, points, fisher }), checks: checks(distance, points, datasets, fisher) };
  },
  chart({ series: [likelihood], measures }, { distance }, locale) {
    const [scatter, fisher, naive] = ['scatter', 'fisher', 'naive'].map((key) => num(measures[key]!));
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `Modes ${distance} apart: the means scatter by ${scatter}, a naive standard error says ${naive}`,
          zh: `两峰相距 ${distance}：均值的离散程度为 ${scatter}，朴素标准误为 ${naive}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: how far the log-likelihood per point is below its end over ${measures.steps} steps of EM. Right: scatter of the means ${scatter}, Fisher standard error ${fisher}, naive one ${naive}.`,
          zh: `左：EM ${measures.steps} 步中每点的对数似然与终值之差。右：均值的离散程度 ${scatter}，Fisher 标准误 ${fisher}，朴素标准误 ${naive}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Log-likelihood: what is left to climb', zh: '对数似然：离终值还差多少' }, locale),
          alt: '',
          x: { label: localize({ en: 'step', zh: '步' }, locale), time: true },
          y: { label: localize({ en: 'nats per point (log scale)', zh: '每点，奈特（对数刻度）' }, locale), scale: 'log' },
          lines: [{ name: 'EM', x: likelihood!.x, y: likelihood!.y }],
        },
        {
          type: 'bars',
          title: localize({ en: 'How sure is a fitted mean?', zh: '拟合的均值有多可靠？' }, locale),
          alt: '',
          x: {
            label: '',
            categories: [localize({ en: 'scatter', zh: '离散程度' }, locale), 'Fisher', localize({ en: 'naive', zh: '朴素' }, locale)],
          },
          y: { label: localize({ en: 'standard deviation', zh: '标准差' }, locale), min: 0 },
          groups: [{ name: '', values: [measures.scatter!, measures.fisher!, measures.naive!] }],
        },
      ],
    };
  },
  reading({ measures }, { distance, datasets }, locale) {
    const fall =
      measures['largest-fall'] === 0
        ? { en: 'never fell', zh: '从未下降' }
        : { en: `fell by at most ${num(measures['largest-fall']!, 2)} per point`, zh: `每点最多下降 ${num(measures['largest-fall']!, 2)}` };
    return localize(
      {
        en: `The log-likelihood ${fall.en}; the first fit took ${measures.steps} steps and put the means at ${num(measures['mean:left']!)} and ${num(measures['mean:right']!)} (true: 0 and ${distance}).\nOver ${datasets} data sets the means scatter by ${num(measures.scatter!)}; the Fisher information says ${num(measures.fisher!)}, σ/√(n/2) says ${num(measures.naive!)}: it forgets that the memberships are guessed too.`,
        zh: `对数似然${fall.zh}；第一次拟合用了 ${measures.steps} 步，均值为 ${num(measures['mean:left']!)} 与 ${num(measures['mean:right']!)}（真值 0 与 ${distance}）。\n${datasets} 组数据所得均值的离散程度为 ${num(measures.scatter!)}；Fisher 信息给出 ${num(measures.fisher!)}，σ/√(n/2) 给出 ${num(measures.naive!)}：它忘了归属也是猜的。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ distance, points }) => ({
      en: `Two normals ${distance} standard deviations apart, ${points} points in all. How far do the fitted means scatter, compared with σ/√(n/2)?`,
      zh: `两个正态分布相距 ${distance} 个标准差，共 ${points} 个点。拟合的均值的离散程度与 σ/√(n/2) 相比如何？`,
    }),
    options: [
      { id: 'same', text: { en: 'within 10 %', zh: '相差不超过 10 %' } },
      { id: 'more', text: { en: 'more', zh: '更大' } },
      { id: 'less', text: { en: 'less', zh: '更小' } },
    ],
    // The vote is about the estimator, not about the chance of a few data sets.
    outcome({ measures }) {
      const ratio = measures.fisher! / measures.naive!;
      return ratio > 1.1 ? 'more' : ratio < 0.9 ? 'less' : 'same';
    },
    why: {
      en: 'Where the modes overlap, a point’s membership is uncertain, and that uncertainty adds to the standard error.',
      zh: '两峰重叠处，点的归属不确定，这部分不确定性会加到标准误里。',
    },
  },
});

function checks(distance: number, points: number, datasets: number, fisher: number): DemoCheck[] {
  const found: DemoCheck[] = [
    {
      id: 'largest-fall',
      claim: { en: 'EM never lowers the likelihood (largest fall per point)', zh: 'EM 不使似然下降（每点的最大下降）' },
      ...within(0, 1e-9),
    },
  ];
  // Modes that are nearer need more points before the estimates are normal.
  if (distance < 3 || points < 1000) return found;
  found.push(
    {
      id: 'mean:left',
      claim: { en: 'left mean within 4.1 Fisher standard errors', zh: '左均值在 4.1 个 Fisher 标准误之内' },
      predicted: 0,
      tolerance: 4.1 * fisher,
    },
    { id: 'mean:right', claim: { en: 'right mean, too', zh: '右均值同样' }, predicted: distance, tolerance: 4.1 * fisher },
  );
  if (datasets >= 20)
    found.push({
      id: 'scatter-ratio',
      claim: { en: 'the scatter is the Fisher standard error (ratio)', zh: '离散程度等于 Fisher 标准误（比值）' },
      predicted: 1,
      tolerance: 0.5,
    });
  return found;
}
