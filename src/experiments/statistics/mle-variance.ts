import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';

const BINS = 40;
const DIVISORS = ['n', 'n−1', 'n+1'] as const;

/** E s/σ of the square root of the unbiased variance: √(2/(n−1))·Γ(n/2)/Γ((n−1)/2), by the recursion of Γ in steps of one half. */
function c4(n: number): number {
  // Γ(n/2)/Γ((n−1)/2) from Γ(1)/Γ(½) = 1/√π, since the product of two neighbours is (n−1)/2.
  let ratio = 1 / Math.sqrt(Math.PI);
  for (let k = 3; k <= n; k++) ratio = (k - 2) / 2 / ratio;
  return ratio * Math.sqrt(2 / (n - 1));
}

/** What the divisors make of the samples so far. `sums`: the squared distances from the mean of each sample, added up. */
function look(sums: Float64Array, n: number) {
  const draws = sums.length;
  const measures: Record<string, number> = {};
  const divide = { n, 'n−1': n - 1, 'n+1': n + 1 };
  for (const name of DIVISORS) {
    const d = divide[name];
    let [total, error] = [0, 0];
    for (const sum of sums) {
      total += sum / d;
      error += (sum / d - 1) ** 2;
    }
    measures[`mean:${name}`] = total / draws;
    measures[`mse:${name}`] = error / draws;
  }
  measures['mean-deviation'] = sums.reduce((all, sum) => all + Math.sqrt(sum / (n - 1)), 0) / draws;
  const counts = new Float64Array(BINS);
  const width = 3 / BINS;
  for (const sum of sums) if (sum / n < 3) counts[Math.floor(sum / n / width)]! += 1 / (draws * width);
  return {
    series: [{ name: 'histogram', x: Array.from({ length: BINS }, (_, i) => i * width), y: [...counts] }],
    measures,
  };
}

export default defineDemo({
  name: 'mle-variance',
  version: 1,
  topics: ['maximum-likelihood', 'bias-variance'],
  title: { en: 'Dividing by n, n − 1 or n + 1', zh: '除以 n、n − 1 还是 n + 1' },
  summary: {
    en: 'Estimates the variance of a standard normal from many small samples, with the sum of squares divided by n (maximum likelihood), n − 1 and n + 1: bias and mean squared error.',
    zh: '用许多小样本估计标准正态分布的方差，平方和除以 n（最大似然）、n − 1、n + 1，比较偏差与均方误差。',
  },
  params: {
    size: { type: 'integer', min: 2, max: 30, default: 5, description: { en: 'sample size n', zh: '样本大小 n' } },
    draws: { type: 'integer', min: 10_000, max: 200_000, default: 100_000, description: { en: 'samples', zh: '样本组数' } },
  },
  names: {
    mean: { en: 'mean of the estimate, divisor', zh: '估计的平均，除数' },
    mse: { en: 'mean squared error, divisor', zh: '均方误差，除数' },
    'mean-deviation': { en: 'mean of the square root (divisor n − 1)', zh: '平方根的平均（除数 n − 1）' },
    histogram: { en: 'density of the estimate (divisor n)', zh: '估计值的密度（除数 n）' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'n = 2', zh: 'n = 2' }, params: { size: 2 } },
    { label: { en: 'n = 30', zh: 'n = 30' }, params: { size: 30 } },
  ],
  run({ rng, progress }, { size: n, draws }) {
    const sums = new Float64Array(draws);
    for (let i = 0; i < draws; i++) {
      if (i > 0 && i % 5000 === 0) progress(i / draws, () => look(sums.subarray(0, i), n));
      let [s, ss] = [0, 0];
      for (let j = 0; j < n; j++) {
        const v = rng.normal();
        s += v;
        ss += v * v;
      }
      sums[i] = Math.max(0, ss - (s * s) / n);
    }
    return { ...look(sums, n), checks: checks(n, draws) };
  },
  chart({ series: [histogram], measures }, { size: n }, locale) {
    const least = best(measures);
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `n = ${n}: divided by n the variance comes out at ${num(measures['mean:n']!)} on average`,
          zh: `n = ${n}：除以 n 时方差的估计平均为 ${num(measures['mean:n']!)}`,
        },
        locale,
      ),
      subtitle: localize(
        { en: `true variance 1; the least squared error has the divisor ${least}`, zh: `真实方差为 1；均方误差最小的除数为 ${least}` },
        locale,
      ),
      alt: localize(
        {
          en: `Left: histogram of the estimate with divisor n, mean ${num(measures['mean:n']!)}. Right: mean and mean squared error of the three divisors; the least error is ${num(measures[`mse:${least}`]!)}, with ${least}.`,
          zh: `左：除数为 n 时估计的直方图，平均 ${num(measures['mean:n']!)}。右：三种除数的平均与均方误差；最小的误差为 ${num(measures[`mse:${least}`]!)}，除数为 ${least}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'histogram',
          title: localize({ en: 'Estimate with divisor n', zh: '除数为 n 的估计' }, locale),
          alt: '',
          x: { label: localize({ en: 'estimated variance', zh: '方差的估计值' }, locale), min: 0, max: 3 },
          y: { label: localize({ en: 'density', zh: '密度' }, locale) },
          groups: [{ name: '', edges: [...histogram!.x, 3], counts: histogram!.y }],
        },
        {
          type: 'bars',
          title: localize({ en: 'Mean and squared error', zh: '平均与均方误差' }, locale),
          alt: '',
          x: { label: localize({ en: 'divisor', zh: '除数' }, locale), categories: [...DIVISORS] },
          y: { label: localize({ en: 'variance 1', zh: '真实方差 1' }, locale), min: 0 },
          groups: [
            { name: localize({ en: 'mean', zh: '平均' }, locale), values: DIVISORS.map((d) => measures[`mean:${d}`]!) },
            { name: localize({ en: 'mean squared error', zh: '均方误差' }, locale), values: DIVISORS.map((d) => measures[`mse:${d}`]!) },
          ],
        },
      ],
    };
  },
  reading({ measures }, { size: n }, locale) {
    const means = DIVISORS.map((d) => num(measures[`mean:${d}`]!));
    const errors = DIVISORS.map((d) => num(measures[`mse:${d}`]!));
    return localize(
      {
        en: `Mean of the estimate with divisors n, n − 1, n + 1: ${means.join(', ')} (theory for n: (n − 1)/n = ${num((n - 1) / n)}); mean squared error: ${errors.join(', ')}.\nThe unbiased variance has no unbiased root: its square root is ${num(measures['mean-deviation']!)} on average, not 1.`,
        zh: `除数为 n、n − 1、n + 1 时估计的平均：${means.join('，')}（除以 n 的理论值 (n − 1)/n = ${num((n - 1) / n)}）；均方误差：${errors.join('，')}。\n方差无偏，平方根却有偏：平均为 ${num(measures['mean-deviation']!)}，而不是 1。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ size }) => ({
      en: `Samples of ${size}. Which divisor of the sum of squares gives the least mean squared error of the variance?`,
      zh: `样本大小为 ${size}。平方和除以多少，方差估计的均方误差最小？`,
    }),
    options: [
      { id: 'n', text: { en: 'n (maximum likelihood)', zh: 'n（最大似然）' } },
      { id: 'n−1', text: { en: 'n − 1 (unbiased)', zh: 'n − 1（无偏）' } },
      { id: 'n+1', text: { en: 'n + 1', zh: 'n + 1' } },
    ],
    outcome: ({ measures }) => best(measures),
    why: {
      en: 'A larger divisor adds bias but takes away variance; for normal data the balance of the two is best at n + 1, and the unbiased divisor is the worst of the three.',
      zh: '除数更大，偏差增大而方差减小；对正态数据两者在 n + 1 处最优，无偏的除数是三者中最差的。',
    },
  },
});

function best(measures: Readonly<Record<string, number>>): string {
  return DIVISORS.reduce((least, d) => (measures[`mse:${d}`]! < measures[`mse:${least}`]! ? d : least));
}

function checks(n: number, draws: number): DemoCheck[] {
  // The sum of squares is χ² with n − 1 degrees of freedom; four and a half standard errors.
  const f = n - 1;
  const loose = 4.5 / Math.sqrt(draws);
  // Var (χ²/d − 1)² from the central moments 2f, 8f, 12f² + 48f.
  const scatter = (d: number) => {
    const shift = f / d - 1;
    const [m2, m3, m4] = [(2 * f) / d ** 2, (8 * f) / d ** 3, (12 * f * f + 48 * f) / d ** 4];
    return Math.sqrt(Math.max(0, m4 - m2 * m2 + 4 * shift * m3 + 4 * shift * shift * m2));
  };
  const mse = (d: number) => (2 * f) / d ** 2 + (f / d - 1) ** 2;
  return [
    {
      id: 'mean:n',
      claim: { en: 'divisor n: mean (n − 1)/n', zh: '除数 n：平均为 (n − 1)/n' },
      predicted: f / n,
      tolerance: (loose * Math.sqrt(2 * f)) / n,
    },
    {
      id: 'mean:n−1',
      claim: { en: 'divisor n − 1: unbiased', zh: '除数 n − 1：无偏' },
      predicted: 1,
      tolerance: (loose * Math.sqrt(2 * f)) / f,
    },
    {
      id: 'mse:n',
      claim: { en: 'divisor n: squared error (2n − 1)/n²', zh: '除数 n：均方误差 (2n − 1)/n²' },
      predicted: mse(n),
      tolerance: loose * scatter(n),
    },
    {
      id: 'mse:n−1',
      claim: { en: 'divisor n − 1: 2/(n − 1)', zh: '除数 n − 1：2/(n − 1)' },
      predicted: mse(f),
      tolerance: 1.5 * loose * scatter(f),
    },
    {
      id: 'mse:n+1',
      claim: { en: 'divisor n + 1: 2/(n + 1)', zh: '除数 n + 1：2/(n + 1)' },
      predicted: mse(n + 1),
      tolerance: loose * scatter(n + 1),
    },
    {
      id: 'mean-deviation',
      claim: { en: 'square root of the unbiased variance: c₄', zh: '无偏方差的平方根：c₄' },
      predicted: c4(n),
      tolerance: loose * Math.sqrt(1 - c4(n) ** 2),
    },
  ];
}
