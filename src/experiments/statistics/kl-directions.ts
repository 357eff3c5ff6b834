import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { normalDensity } from '../../demos/lib/normal.ts';
import { mean } from '../../demos/lib/stats.ts';

const DRAWS = 5000;
const GRID = [1, 1.5, 2, 2.5, 2.75, 3, 3.5, 4, 4.5, 5];
/** A centre nearer to the middle than this covers both modes. */
const CENTRED = 0.01;
/** Nodes z and weights of E f(Z): the trapezium rule, which is exact here to rounding. */
const NODES = Array.from({ length: 121 }, (_, i) => ({ z: (i - 60) * 0.15, w: 0.15 * normalDensity((i - 60) * 0.15) }));

interface Fit {
  mu: number;
  sigma: number;
  kl: number;
}

const logP = (x: number, m: number) => Math.log(0.5 * (normalDensity(x - m) + normalDensity(x + m)) + 1e-300);
/** d ln p/dx of ½N(−m, 1) + ½N(m, 1). */
const score = (x: number, m: number) => m * Math.tanh(m * x) - x;

/** KL(q‖p) of q = N(μ, σ²). */
function reverseKl(mu: number, sigma: number, m: number): number {
  return NODES.reduce((sum, { z, w }) => sum - w * logP(mu + sigma * z, m), -0.5 * Math.log(2 * Math.PI * Math.E * sigma * sigma));
}

/** Gradient descent on KL(q‖p) in μ and ln σ. */
function descend(start: number, m: number, steps: number): Fit {
  let [mu, log] = [start, 0];
  for (let step = 0; step < steps; step++) {
    const sigma = Math.exp(log);
    let [a, b] = [0, 0];
    for (const { z, w } of NODES) {
      const s = w * score(mu + sigma * z, m);
      a += s;
      b += s * z;
    }
    mu += 0.1 * a;
    log += 0.1 * (1 + sigma * b);
  }
  const sigma = Math.exp(log);
  return { mu, sigma, kl: reverseKl(mu, sigma, m) };
}

/** The better of what is reached from the middle and from a mode. */
function reverse(m: number, start: number, steps: number): { best: Fit; middle: Fit; side: Fit } {
  const [middle, side] = [descend(0, m, steps), descend(start, m, steps)];
  return { best: side.kl < middle.kl - 1e-9 ? side : middle, middle, side };
}

export default defineDemo({
  name: 'kl-directions',
  version: 1,
  topics: ['entropy-and-divergence', 'maximum-likelihood'],
  title: { en: 'Two directions of the KL divergence', zh: 'KL 散度的两个方向' },
  summary: {
    en: 'Fits one normal q to two modes p, once by KL(p‖q) and once by KL(q‖p), and follows over the distance of the modes when the second picks one of them.',
    zh: '用一个正态分布 q 拟合双峰的 p：一次最小化 KL(p‖q)，一次最小化 KL(q‖p)，并看两峰多远时后者只取一个峰。',
  },
  params: {
    distance: { type: 'number', min: 1, max: 5, default: 4, description: { en: 'm: the modes are at −m and m', zh: 'm：两峰在 −m 与 m' } },
    steps: { type: 'integer', min: 500, max: 3000, default: 1000, description: { en: 'steps of gradient descent', zh: '梯度下降的步数' } },
  },
  names: {
    forward: { en: 'KL(p‖q)', zh: 'KL(p‖q)' },
    reverse: { en: 'KL(q‖p)', zh: 'KL(q‖p)' },
    mean: { en: 'mean', zh: '均值' },
    variance: { en: 'variance', zh: '方差' },
    sd: { en: 'standard deviation', zh: '标准差' },
    kl: { en: 'least divergence', zh: '最小散度' },
    gain: { en: 'middle less mode: KL(q‖p)', zh: '居中减单峰：KL(q‖p)' },
    centre: { en: '|mean| of the best q over m', zh: '最优 q 的 |均值| 随 m 的变化' },
    p: { en: 'p', zh: 'p' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'modes close together', zh: '两峰靠近' }, params: { distance: 2 } },
    { label: { en: 'm = 3', zh: 'm = 3' }, params: { distance: 3 } },
  ],
  run({ rng, progress }, { distance: m, steps }) {
    const draws = Array.from({ length: DRAWS }, () => rng.normal() + (rng.uniform() < 0.5 ? -m : m));
    const middle = mean(draws);
    const variance = mean(draws.map((v) => (v - middle) ** 2));
    const found = reverse(m, m * (0.8 + 0.4 * rng.uniform()), steps);
    progress(0.3);
    const x = Array.from({ length: 161 }, (_, i) => (i - 80) * 0.1);
    const normal = (mu: number, sd: number) => x.map((v) => normalDensity((v - mu) / sd) / sd);
    const measures = {
      'forward:mean': middle,
      'forward:variance': variance,
      'reverse:mean': Math.abs(found.best.mu),
      'reverse:sd': found.best.sigma,
      'reverse:kl': found.best.kl,
      gain: found.middle.kl - found.side.kl,
    };
    return {
      series: [
        { name: 'p', x, y: x.map((v) => Math.exp(logP(v, m))) },
        { name: 'forward', x, y: normal(middle, Math.sqrt(variance)) },
        { name: 'reverse', x, y: normal(found.best.mu, found.best.sigma) },
        { name: 'centre', x: GRID, y: GRID.map((at) => Math.abs(reverse(at, at, 600).best.mu)) },
      ],
      measures,
      checks: checks(m, steps),
    };
  },
  chart({ series, measures }, { distance }, locale) {
    const [p, forward, back, centre] = series;
    const covers = measures['reverse:mean']! < CENTRED;
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        covers
          ? { en: `Modes at ±${distance}: both directions of KL cover the two modes`, zh: `两峰在 ±${distance}：KL 的两个方向都覆盖两个峰` }
          : {
              en: `Modes at ±${distance}: KL(p‖q) covers both, KL(q‖p) picks one`,
              zh: `两峰在 ±${distance}：KL(p‖q) 覆盖两峰，KL(q‖p) 只取一个`,
            },
        locale,
      ),
      alt: localize(
        {
          en: `Left: p and the two fitted normals; KL(p‖q) gives variance ${num(measures['forward:variance']!)}, KL(q‖p) mean ±${num(covers ? 0 : measures['reverse:mean']!)}. Right: centre of the best q by KL(q‖p) over m.`,
          zh: `左：p 与两个拟合的正态分布；KL(p‖q) 的方差为 ${num(measures['forward:variance']!)}，KL(q‖p) 的均值为 ±${num(covers ? 0 : measures['reverse:mean']!)}。右：KL(q‖p) 最优 q 的中心随 m 的变化。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'p and two fits', zh: 'p 与两个拟合' }, locale),
          alt: '',
          x: { label: 'x', min: -8, max: 8 },
          y: { label: localize({ en: 'density', zh: '密度' }, locale), min: 0 },
          lines: [
            { name: 'p', x: p!.x, y: p!.y, color: 6 },
            { name: 'KL(p‖q)', x: forward!.x, y: forward!.y, color: 0 },
            { name: 'KL(q‖p)', x: back!.x, y: back!.y, color: 1 },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: 'KL(q‖p): centre of the best q', zh: 'KL(q‖p)：最优 q 的中心' }, locale),
          alt: '',
          x: { label: 'm', min: 1, max: 5 },
          y: { label: localize({ en: '|mean of q|', zh: '|q 的均值|' }, locale), min: 0 },
          lines: [
            { name: localize({ en: 'best q', zh: '最优 q' }, locale), x: centre!.x, y: centre!.y, color: 1 },
            { name: localize({ en: 'a mode', zh: '单个峰' }, locale), x: centre!.x, y: centre!.x, dashed: true, color: 6 },
          ],
        },
      ],
    };
  },
  reading({ measures }, { distance: m }, locale) {
    const [mu, sd, kl] = [measures['reverse:mean']!, num(measures['reverse:sd']!), num(measures['reverse:kl']!)];
    const second =
      mu < CENTRED
        ? {
            en: `KL(q‖p) is least for a q in the middle, with standard deviation ${sd} (divergence ${kl}): close modes are covered.`,
            zh: `KL(q‖p) 在 q 居中时最小，标准差 ${sd}（散度 ${kl}）：靠近的两峰被一起覆盖。`,
          }
        : {
            en: `KL(q‖p) is least for a q at one mode: mean ±${num(mu)}, standard deviation ${sd}, divergence ${kl} (ln 2 = 0.693 when the modes are far apart).`,
            zh: `KL(q‖p) 在 q 只取一个峰时最小：均值 ±${num(mu)}，标准差 ${sd}，散度 ${kl}（两峰很远时为 ln 2 = 0.693）。`,
          };
    return localize(
      {
        en: `KL(p‖q) is least where q has the mean and variance of p: from ${DRAWS} draws, variance ${num(measures['forward:variance']!)} (theory 1 + m² = ${num(1 + m * m)}).\n${second.en}`,
        zh: `KL(p‖q) 在 q 的均值和方差与 p 相同时最小：由 ${DRAWS} 个样本得方差 ${num(measures['forward:variance']!)}（理论值 1 + m² = ${num(1 + m * m)}）。\n${second.zh}`,
      },
      locale,
    );
  },
  predict: {
    question: ({ distance }) => ({
      en: `p has modes at −${distance} and ${distance}, each of standard deviation 1. Where does the normal q with the least KL(q‖p) lie?`,
      zh: `p 的两峰在 −${distance} 与 ${distance}，标准差都为 1。使 KL(q‖p) 最小的正态分布 q 在哪里？`,
    }),
    options: [
      { id: 'middle', text: { en: 'in the middle, over both', zh: '居中，覆盖两峰' } },
      { id: 'one', text: { en: 'at one of the modes', zh: '在其中一个峰上' } },
    ],
    outcome: ({ measures }) => (measures['reverse:mean']! < CENTRED ? 'middle' : 'one'),
    why: {
      en: 'KL(q‖p) punishes q where p is small, so it avoids the valley between modes – but only once there is a valley deep enough: below m = 2.8 covering both costs less.',
      zh: 'KL(q‖p) 惩罚 q 落在 p 小的地方，所以避开两峰之间的低谷——但前提是谷足够深：m 小于 2.8 时覆盖两峰代价更小。',
    },
  },
});

function checks(m: number, steps: number): DemoCheck[] {
  const found: DemoCheck[] = [
    {
      id: 'forward:mean',
      claim: { en: 'KL(p‖q): mean of p', zh: 'KL(p‖q)：p 的均值' },
      predicted: 0,
      tolerance: 4.2 * Math.sqrt((1 + m * m) / DRAWS),
    },
    {
      id: 'forward:variance',
      claim: { en: 'KL(p‖q): variance 1 + m²', zh: 'KL(p‖q)：方差 1 + m²' },
      predicted: 1 + m * m,
      tolerance: 4.5 * Math.sqrt((4 * m * m + 2) / DRAWS),
    },
  ];
  if (steps < 1000) return found;
  if (m <= 2.7)
    found.push({
      id: 'reverse:mean',
      claim: { en: 'close modes: KL(q‖p) covers both (mean)', zh: '两峰靠近：KL(q‖p) 覆盖两峰（均值）' },
      ...within(0, CENTRED),
    });
  if (m >= 2.9)
    found.push({
      id: 'gain',
      claim: { en: 'modes apart: one mode beats the middle', zh: '两峰远离：取一个峰优于居中' },
      ...within(1e-4, 10),
    });
  if (m === 3)
    found.push(
      {
        id: 'reverse:mean',
        claim: { en: 'm = 3: mean of the best q (quadrature)', zh: 'm = 3：最优 q 的均值（数值积分）' },
        predicted: 2.9843,
        tolerance: 2e-4,
      },
      { id: 'reverse:kl', claim: { en: 'm = 3: least divergence', zh: 'm = 3：最小散度' }, predicted: 0.6888, tolerance: 1e-4 },
    );
  if (m >= 4)
    found.push({ id: 'reverse:kl', claim: { en: 'far apart: ln 2', zh: '两峰很远：ln 2' }, predicted: Math.LN2, tolerance: 1e-3 });
  return found;
}
