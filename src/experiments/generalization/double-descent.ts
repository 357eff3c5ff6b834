import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { dot } from '../../demos/lib/linear.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const N = 50;
const FEATURES = [10, 25, 40, 46, 50, 54, 60, 75, 100, 150, 250];
/** What the mean risk at these scatters by over 200 (p ≤ n) and 60 data sets, four times. */
const TOLERANCE: Record<number, number> = { 10: 0.15, 25: 0.11, 40: 0.16, 75: 0.13, 100: 0.08, 150: 0.04, 250: 0.025 };

/** Solves A x = b for a symmetric positive definite A, given by its lower half, in place (Cholesky). */
function solveInPlace(a: Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    const row = a[i]!;
    for (let j = 0; j <= i; j++) {
      const other = a[j]!;
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!;
      row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / other[j]!;
    }
    for (let k = 0; k < i; k++) b[i]! -= row[k]! * b[k]!;
    b[i]! /= row[i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    b[i]! /= a[i]![i]!;
    for (let k = 0; k < i; k++) b[k]! -= a[i]![k]! * b[i]!;
  }
  return b;
}

/** Inner products of the vectors with each other, lower half. */
function gram(vectors: readonly Float64Array[]): Float64Array[] {
  return vectors.map((a, i) => {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      const b = vectors[j]!;
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
      row[j] = sum;
    }
    return row;
  });
}

/** Squared distance of the minimum-norm least-squares weights from the true ones, which lie along the first feature. */
function risk(rng: Rng, p: number, signal: number, noise: number): number {
  const columns: Float64Array[] = [];
  for (let j = 0; j < p; j++) {
    const column = new Float64Array(N);
    for (let i = 0; i < N; i++) column[i] = rng.normal();
    columns.push(column);
  }
  const y = columns[0]!.map((x) => signal * x + noise * rng.normal());
  const times = (v: Float64Array) => Float64Array.from(columns.map((column) => dot(column, v)));
  let w: Float64Array;
  if (p <= N) w = solveInPlace(gram(columns), times(y));
  else {
    const rows = Array.from({ length: N }, (_, i) => Float64Array.from(columns.map((column) => column[i]!)));
    w = times(solveInPlace(gram(rows), y));
  }
  w[0]! -= signal;
  return dot(w, w);
}

/** The mean over Gaussian data, exact at this n; none within one of the peak. */
function theory(p: number, signal: number, noise: number): number | undefined {
  if (Math.abs(p - N) <= 1) return undefined;
  if (p < N) return (noise ** 2 * p) / (N - p - 1);
  return (noise ** 2 * N) / (p - N - 1) + signal ** 2 * (1 - N / p);
}

export default defineDemo({
  name: 'double-descent',
  version: 1,
  topics: ['bias-variance', 'linear-regression'],
  title: { en: 'Double descent of least squares', zh: '最小二乘的双下降' },
  summary: {
    en: 'Fits minimum-norm least squares with 10 to 250 features to 50 points: the error on new data peaks where there are as many features as points and falls again beyond.',
    zh: '用 10 到 250 个特征的最小范数最小二乘拟合 50 个点：新数据上的误差在特征数等于点数处达到峰值，之后再次下降。',
  },
  params: {
    noise: { type: 'number', min: 0.3, max: 2, default: 1, description: { en: 'standard deviation of the noise', zh: '噪声的标准差' } },
    signal: { type: 'number', min: 0, max: 4, default: 2, description: { en: 'norm of the true weights', zh: '真实权重的模' } },
    datasets: {
      type: 'integer',
      min: 10,
      max: 60,
      default: 40,
      description: { en: 'data sets with p > n (three times as many below)', zh: 'p > n 时的数据组数（p ≤ n 时为三倍）' },
    },
  },
  names: {
    risk: { en: 'excess error on new data, features', zh: '新数据上的超额误差，特征数' },
    ratio: { en: 'measured over theory, features', zh: '实测与理论之比，特征数' },
    'peak-ratio': { en: 'error at p = n over that at p = 2n', zh: 'p = n 与 p = 2n 处的误差之比' },
    theory: { en: 'theory', zh: '理论' },
  },
  deadline: 90_000,
  variations: [
    { label: { en: 'little noise', zh: '噪声小' }, params: { noise: 0.3 } },
    { label: { en: 'no signal', zh: '没有信号' }, params: { signal: 0 } },
  ],
  run({ rng, progress }, { noise, signal, datasets }) {
    const measures: Record<string, number> = {};
    const shown = Array.from({ length: 250 - 9 }, (_, i) => i + 10).filter((p) => Math.abs(p - N) > 1);
    const exactly = { name: 'theory', x: shown, y: shown.map((p) => theory(p, signal, noise)!) };
    FEATURES.forEach((p, i) => {
      const runs = p <= N ? 3 * datasets : datasets;
      measures[`risk:${p}`] = mean(Array.from({ length: runs }, (_, s) => risk(rng.fork(p * 1000 + s), p, signal, noise)));
      const exact = theory(p, signal, noise);
      if (exact !== undefined) measures[`ratio:${p}`] = measures[`risk:${p}`]! / exact;
      const x = FEATURES.slice(0, i + 1);
      progress((i + 1) / FEATURES.length, () => ({
        series: [{ name: 'risk', x, y: x.map((one) => measures[`risk:${one}`]!) }, exactly],
        measures,
      }));
    });
    measures['peak-ratio'] = measures[`risk:${N}`]! / measures[`risk:${2 * N}`]!;
    return {
      series: [{ name: 'risk', x: FEATURES, y: FEATURES.map((p) => measures[`risk:${p}`]!) }, exactly],
      measures,
      checks: checks(noise, signal, datasets),
    };
  },
  chart({ series: [measured, exact], measures }, _params, locale) {
    const [peak, far] = [num(measures[`risk:${N}`]!), num(measures['risk:250']!)];
    const below = (keep: (p: number) => boolean) => ({ x: exact!.x.filter(keep), y: exact!.y.filter((_, i) => keep(exact!.x[i]!)) });
    return {
      type: 'lines',
      title: localize(
        {
          en: `${N} points: error ${peak} with ${N} features, ${far} with 250`,
          zh: `${N} 个点：${N} 个特征时误差为 ${peak}，250 个时为 ${far}`,
        },
        locale,
      ),
      subtitle: localize(
        { en: 'excess squared error on new data, mean over data sets', zh: '新数据上的超额平方误差，多组数据平均' },
        locale,
      ),
      alt: localize(
        {
          en: `Error over the number of features: ${num(measures['risk:10']!)} at 10, ${peak} at ${N}, ${far} at 250.`,
          zh: `误差随特征数的变化：10 个时 ${num(measures['risk:10']!)}，${N} 个时 ${peak}，250 个时 ${far}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'features p', zh: '特征数 p' }, locale), min: 0, max: 250 },
      y: { label: localize({ en: 'error (log scale)', zh: '误差（对数刻度）' }, locale), scale: 'log' },
      lines: [
        { name: localize({ en: 'measured', zh: '实测' }, locale), x: measured!.x, y: measured!.y, points: true },
        { name: localize({ en: 'theory', zh: '理论' }, locale), ...below((p) => p > N), dashed: true, color: 6 },
        { name: '', label: '', ...below((p) => p < N), dashed: true, color: 6 },
      ],
      references: [{ axis: 'x', value: N, label: 'p = n' }],
    };
  },
  reading({ measures }, { noise, signal }, locale) {
    const facts = [25, 75, 100, 250].map((p) => `p = ${p}: ${num(measures[`risk:${p}`]!)} (${num(theory(p, signal, noise)!)})`);
    return localize(
      {
        en: `Excess error, measured (theory): ${facts.join(', ')}.\nAt p = n = ${N} it is ${num(measures['peak-ratio']!)} times that at p = 2n: a fit that only just passes through all points needs enormous weights, and more features let it pass with smaller ones.`,
        zh: `超额误差，实测（理论）：${facts.join('，')}。\n在 p = n = ${N} 处是 p = 2n 处的 ${num(measures['peak-ratio']!)} 倍：刚好能穿过所有点的拟合需要巨大的权重，特征更多时用较小的权重就能穿过。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: '50 points. Least squares with 50 features, or with 100 (the solution of least norm): which has the larger error on new data?',
      zh: '50 个点。50 个特征的最小二乘与 100 个特征的（取范数最小的解），哪个在新数据上误差更大？',
    },
    options: [
      { id: 'n', text: { en: '50 features', zh: '50 个特征' } },
      { id: '2n', text: { en: '100 features', zh: '100 个特征' } },
      { id: 'same', text: { en: 'about the same (within a factor 2)', zh: '差不多（两倍以内）' } },
    ],
    outcome: ({ measures }) => (measures['peak-ratio']! > 2 ? 'n' : measures['peak-ratio']! < 0.5 ? '2n' : 'same'),
    why: {
      en: 'With as many features as points X is nearly singular, and noise is divided by its smallest singular value; with more features the smallest one grows again.',
      zh: '特征数等于点数时 X 接近奇异，噪声被最小的奇异值除；特征更多时最小的奇异值又变大。',
    },
  },
});

function checks(noise: number, signal: number, datasets: number): DemoCheck[] {
  if (datasets < 20) return [];
  const loose = Math.sqrt(60 / datasets);
  const found: DemoCheck[] = Object.entries(TOLERANCE).map(([p, share]) => ({
    id: `ratio:${p}`,
    claim: { en: `p = ${p}: measured over theory`, zh: `p = ${p}：实测与理论之比` },
    predicted: 1,
    // Far beyond the peak the signal that is left out steadies the mean; with less of it the noise counts for more.
    tolerance: share * loose * (Number(p) > N ? Math.max(1, (2 * noise) / Math.max(signal, 0.5)) : 1),
  }));
  if (noise >= 1 && signal <= 2)
    found.push({
      id: 'peak-ratio',
      claim: { en: 'the peak is at p = n (over p = 2n)', zh: '峰在 p = n（与 p = 2n 之比）' },
      ...within(10, 1e12),
    });
  return found;
}
