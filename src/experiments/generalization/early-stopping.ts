import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { dot } from '../../demos/lib/linear.ts';
import { orthonormal } from '../../demos/lib/orthogonal.ts';

const [N, P] = [60, 20];
/** Singular values of X/√n, from 1 down to .05. */
const S = Array.from({ length: P }, (_, i) => 0.05 ** (i / (P - 1)));
const RATE = 0.1;
/** Standard deviation of the true weights. */
const SIGNAL = 0.6;
const SHOWN = 60;

const gdFilter = (s: number, t: number) => 1 - (1 - RATE * s * s) ** t;
const ridgeFilter = (s: number, t: number) => (s * s) / (s * s + 1 / (RATE * t));

/** Expected squared distance of the weights from the true ones, by their coordinates. */
function risk(filter: (s: number) => number, truth: ArrayLike<number>, noise: number): number {
  return S.reduce((sum, s, i) => sum + ((1 - filter(s)) * truth[i]!) ** 2 + (filter(s) * noise) ** 2 / (N * s * s), 0);
}

export default defineDemo({
  name: 'early-stopping',
  version: 1,
  topics: ['early-stopping', 'regularization'],
  title: { en: 'Stopping early is like a ridge penalty', zh: '早停与岭惩罚' },
  summary: {
    en: 'Runs gradient descent on least squares and compares what it has fitted after t steps, direction by direction, with ridge regression of penalty 1/(ηt); and the expected error of both.',
    zh: '在最小二乘上做梯度下降，逐方向比较 t 步之后拟合的部分与惩罚为 1/(ηt) 的岭回归，并比较两者的期望误差。',
  },
  params: {
    noise: { type: 'number', min: 0.2, max: 3, default: 1, description: { en: 'standard deviation of the noise', zh: '噪声的标准差' } },
    steps: { type: 'integer', min: 500, max: 6000, default: 3000, description: { en: 'steps', zh: '步数' } },
  },
  names: {
    'filter-error': { en: 'weights of the run less the filter formula', zh: '实际权重与滤波公式之差' },
    'filter-gap': { en: 'largest difference of the two filters', zh: '两种滤波的最大差' },
    'risk-ratio': { en: 'largest risk over that of ridge', zh: '与岭回归期望误差之比的最大值' },
    best: { en: 'least expected error', zh: '最小期望误差' },
    'best-step': { en: 'best step', zh: '最好的步数' },
    'best-ridge': { en: 'least expected error of ridge', zh: '岭回归的最小期望误差' },
    'final-ratio': { en: 'error at the end over the least', zh: '最终误差与最小误差之比' },
    gd: { en: 'gradient descent', zh: '梯度下降' },
    ridge: { en: 'ridge', zh: '岭回归' },
    filter: { en: 'filter, steps', zh: '滤波，步数' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'little noise', zh: '噪声小' }, params: { noise: 0.2 } },
    { label: { en: 'much noise', zh: '噪声大' }, params: { noise: 3 } },
  ],
  run({ rng, progress }, { noise, steps }) {
    // X/√n = U diag(S) Vᵀ; y = Xβ + ε, in units in which ½·mean squares has the Hessian V diag(S²) Vᵀ.
    const [u, v] = [orthonormal(rng.fork(1), P, N), orthonormal(rng.fork(2), P, P)];
    const draws = rng.fork(3);
    const truth = Float64Array.from({ length: P }, () => SIGNAL * draws.normal());
    const beta = Float64Array.from({ length: P }, (_, j) => v.reduce((sum, axis, i) => sum + truth[i]! * axis[j]!, 0));
    const rows = Array.from({ length: N }, (_, r) =>
      Float64Array.from({ length: P }, (_, j) => S.reduce((sum, s, i) => sum + s * u[i]![r]! * v[i]![j]!, 0)),
    );
    const y = Float64Array.from(rows, (row) => dot(row, beta) + (noise * draws.normal()) / Math.sqrt(N));
    let w = new Float64Array(P);
    for (let t = 0; t < steps; t++) {
      const slope = new Float64Array(P);
      rows.forEach((row, r) => {
        const rest = dot(row, w) - y[r]!;
        for (let j = 0; j < P; j++) slope[j]! += rest * row[j]!;
      });
      w = w.map((value, j) => value - RATE * slope[j]!);
      if (t % 500 === 0) progress((0.8 * t) / steps);
    }
    // By the formula: each direction has fitted its share of the least-squares coefficient.
    const formula = S.map((s, i) => (gdFilter(s, steps) * dot(u[i]!, y)) / s);
    const reached = v.map((axis) => dot(axis, w));
    const size = Math.sqrt(dot(formula, formula));
    const times = [...new Set(Array.from({ length: SHOWN }, (_, i) => Math.round(steps ** (i / (SHOWN - 1)))))];
    const [gd, ridge] = [gdFilter, ridgeFilter].map((filter) => times.map((t) => risk((s) => filter(s, t), truth, noise))) as [
      number[],
      number[],
    ];
    const best = Math.min(...gd);
    const shownTimes = [10, 100, 1000].filter((t) => t <= steps);
    let gap = 0;
    for (const t of times) for (const s of S) gap = Math.max(gap, gdFilter(s, t) - ridgeFilter(s, t));
    const measures = {
      'filter-error': Math.max(...reached.map((value, i) => Math.abs(value - formula[i]!))) / size,
      'filter-gap': gap,
      'risk-ratio': Math.max(...gd.map((value, i) => value / ridge[i]!)),
      best,
      'best-step': times[gd.indexOf(best)]!,
      'best-ridge': Math.min(...ridge),
      'final-ratio': gd.at(-1)! / best,
    };
    const filters = shownTimes.flatMap((t) => [
      { name: `filter:gd:${t}`, x: [...S], y: S.map((s) => gdFilter(s, t)) },
      { name: `filter:ridge:${t}`, x: [...S], y: S.map((s) => ridgeFilter(s, t)) },
    ]);
    return {
      series: [{ name: 'gd', x: times, y: gd }, { name: 'ridge', x: times, y: ridge }, ...filters],
      measures,
      checks: checks(noise, steps),
    };
  },
  chart({ series, measures }, { steps }, locale) {
    const [gd, ridge, ...filters] = series;
    const names = { gd: { en: 'GD', zh: '梯度下降' }, ridge: { en: 'ridge', zh: '岭回归' } };
    const worse = measures['final-ratio']! > 1.05;
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        worse
          ? {
              en: `The error is least at step ${measures['best-step']}; at step ${steps} it is ${num(measures['final-ratio']!)} times as large`,
              zh: `误差在第 ${measures['best-step']} 步最小；第 ${steps} 步时是它的 ${num(measures['final-ratio']!)} 倍`,
            }
          : {
              en: `With so little noise the error falls nearly to the end: stopping early gains nothing`,
              zh: `噪声这样小时，误差几乎一直下降：早停没有好处`,
            },
        locale,
      ),
      alt: localize(
        {
          en: `Left: share of the fit by singular value after some numbers of steps, and of ridge with penalty 1/(ηt). Right: expected error over the steps, least ${num(measures.best!)} for gradient descent and ${num(measures['best-ridge']!)} for ridge.`,
          zh: `左：若干步数之后各奇异值方向的拟合比例，以及惩罚为 1/(ηt) 的岭回归。右：期望误差随步数的变化，梯度下降最小 ${num(measures.best!)}，岭回归最小 ${num(measures['best-ridge']!)}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Share fitted; dashed: ridge', zh: '拟合比例；虚线：岭回归' }, locale),
          alt: '',
          x: { label: localize({ en: 'singular value (log scale)', zh: '奇异值（对数刻度）' }, locale), scale: 'log', min: 0.05, max: 1 },
          y: { label: localize({ en: 'share', zh: '比例' }, locale), min: 0, max: 1 },
          lines: filters.map(({ name, x, y }, i) => {
            const [, kind, t] = name.split(':');
            return {
              name: kind === 'gd' ? `t = ${t}` : `λ = ${num(1 / (RATE * Number(t)))}`,
              x: [...x].reverse(),
              y: [...y].reverse(),
              color: Math.floor(i / 2),
              ...(kind === 'ridge' && { dashed: true }),
            };
          }),
        },
        {
          type: 'lines',
          title: localize({ en: 'Expected squared error', zh: '期望平方误差' }, locale),
          alt: '',
          x: { label: localize({ en: 'step, 1/(ηλ) (log scale)', zh: '步数，1/(ηλ)（对数刻度）' }, locale), scale: 'log' },
          y: { label: localize({ en: 'error (log scale)', zh: '误差（对数刻度）' }, locale), scale: 'log' },
          lines: [gd!, ridge!].map(({ name, x, y }) => ({
            name: localize(names[name as keyof typeof names], locale),
            x,
            y,
            ...(name === 'ridge' && { dashed: true }),
          })),
        },
      ],
    };
  },
  reading({ measures }, { steps }, locale) {
    return localize(
      {
        en: `After t steps gradient descent has fitted the share 1 − (1 − ηs²)^t of each direction, ridge with λ = 1/(ηt) the share s²/(s² + λ); they differ by at most ${num(measures['filter-gap']!)}, and the expected error is at most ${num(measures['risk-ratio']!)} times that of ridge.\nThe least error is ${num(measures.best!)} at step ${measures['best-step']} (ridge: ${num(measures['best-ridge']!)}); at step ${steps} it is ${num(measures['final-ratio']!)} times that.`,
        zh: `t 步之后，梯度下降在各方向拟合的比例为 1 − (1 − ηs²)^t，λ = 1/(ηt) 的岭回归为 s²/(s² + λ)；两者最多相差 ${num(measures['filter-gap']!)}，期望误差最多为岭回归的 ${num(measures['risk-ratio']!)} 倍。\n最小误差为第 ${measures['best-step']} 步的 ${num(measures.best!)}（岭回归 ${num(measures['best-ridge']!)}）；第 ${steps} 步时是它的 ${num(measures['final-ratio']!)} 倍。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ noise, steps }) => ({
      en: `Least squares with noise ${noise}, gradient descent for ${steps} steps. How does the expected error at the end compare with its least?`,
      zh: `噪声为 ${noise} 的最小二乘，梯度下降 ${steps} 步。最终的期望误差与过程中的最小值相比如何？`,
    }),
    options: [
      { id: 'same', text: { en: 'at most 5 % above', zh: '高出不超过 5 %' } },
      { id: 'more', text: { en: 'up to three times', zh: '不超过三倍' } },
      { id: 'far', text: { en: 'more than three times', zh: '超过三倍' } },
    ],
    outcome({ measures }) {
      const ratio = measures['final-ratio']!;
      return ratio <= 1.05 ? 'same' : ratio <= 3 ? 'more' : 'far';
    },
    why: {
      en: 'Directions with large singular values are fitted first; the others come later and bring more noise than signal, which a ridge penalty would have held back too.',
      zh: '奇异值大的方向先被拟合；其余方向后来才到，带来的噪声多于信号，岭惩罚同样会压住它们。',
    },
  },
});

function checks(noise: number, steps: number): DemoCheck[] {
  const found: DemoCheck[] = [
    {
      id: 'filter-error',
      claim: { en: 'the run follows 1 − (1 − ηs²)^t (relative error)', zh: '实际运行符合 1 − (1 − ηs²)^t（相对误差）' },
      ...within(0, 1e-9),
    },
    { id: 'filter-gap', claim: { en: 'largest difference from ridge', zh: '与岭回归的最大差' }, ...within(0.19, 0.2236) },
    {
      id: 'risk-ratio',
      claim: { en: 'never more than 1.686 times the risk of ridge', zh: '期望误差不超过岭回归的 1.686 倍' },
      ...within(0, 1.686),
    },
  ];
  if (noise >= 1 && steps >= 3000)
    found.push({
      id: 'final-ratio',
      claim: { en: 'going on costs (error at the end over the least)', zh: '继续训练有代价（最终与最小误差之比）' },
      ...within(1.2, 100),
    });
  return found;
}
