import { localize } from '../../core/locale.ts';
import type { Series } from '../../core/result.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { createAdam } from '../../demos/lib/adam-vector.ts';
import { listed, num, percent } from '../../demos/lib/format.ts';
import { orthonormal } from '../../demos/lib/orthogonal.ts';
import type { Rng } from '../../demos/random.ts';

const [OUT, IN] = [48, 32];
const RATE = 0.02;

/** Gradients of ½‖BA − Δ‖² by B (OUT×r) and A (r×IN), one after the other in one vector, and the squared error. */
function gradient(w: Float64Array, delta: readonly Float64Array[], r: number): { g: Float64Array; error: number } {
  const g = new Float64Array(w.length);
  const a = OUT * r;
  let error = 0;
  const rest = new Float64Array(IN);
  for (let i = 0; i < OUT; i++) {
    for (let j = 0; j < IN; j++) rest[j] = -delta[i]![j]!;
    for (let k = 0; k < r; k++) {
      const b = w[i * r + k]!;
      for (let j = 0; j < IN; j++) rest[j]! += b * w[a + k * IN + j]!;
    }
    for (let j = 0; j < IN; j++) error += rest[j]! ** 2;
    for (let k = 0; k < r; k++) {
      const b = w[i * r + k]!;
      let sum = 0;
      for (let j = 0; j < IN; j++) {
        sum += rest[j]! * w[a + k * IN + j]!;
        g[a + k * IN + j]! += b * rest[j]!;
      }
      g[i * r + k] = sum;
    }
  }
  return { g, error };
}

/** Trains BA towards Δ with Adam whose rate falls to 0; the distance before each step. */
function train(rng: Rng, delta: readonly Float64Array[], r: number, steps: number): number[] {
  const w = new Float64Array(r * (OUT + IN));
  for (let i = OUT * r; i < w.length; i++) w[i] = rng.normal() / Math.sqrt(IN);
  const step = createAdam(w.length);
  return Array.from({ length: steps + 1 }, (_, t) => {
    const { g, error } = gradient(w, delta, r);
    step(w, g, RATE * (1 - t / steps));
    return Math.sqrt(error);
  });
}

export default defineDemo({
  name: 'lora-rank',
  version: 1,
  topics: ['parameter-efficient-tuning'],
  title: { en: 'How much a low-rank update can change', zh: '低秩更新能改变多少' },
  summary: {
    en: 'Trains a product BA of rank r towards a given change of a weight matrix and compares its error with the best that any matrix of this rank can do.',
    zh: '训练秩为 r 的乘积 BA 去逼近给定的权重改变量，与该秩的任何矩阵所能达到的最小误差比较。',
  },
  params: {
    ranks: {
      type: 'numbers',
      whole: true,
      min: 1,
      max: 16,
      maxItems: 5,
      default: [1, 2, 4, 8],
      description: { en: 'ranks r', zh: '秩 r' },
    },
    decay: {
      type: 'number',
      min: 0.3,
      max: 1.5,
      default: 0.7,
      description: { en: 'how fast the singular values i^(−decay) fall', zh: '奇异值 i^(−decay) 下降的快慢' },
    },
    steps: { type: 'integer', min: 200, max: 1000, default: 600, description: { en: 'steps of Adam', zh: 'Adam 的步数' } },
  },
  names: {
    trained: { en: 'error of the trained BA, rank', zh: '训练所得 BA 的误差，秩' },
    floor: { en: 'least possible error, rank', zh: '可能的最小误差，秩' },
    ratio: { en: 'trained over least, rank', zh: '训练所得与最小误差之比，秩' },
    parameters: { en: 'share of the matrix’s parameters, rank', zh: '占矩阵参数的比例，秩' },
    share: { en: 'share of ‖ΔW‖ that is left, rank', zh: '‖ΔW‖ 剩余的比例，秩' },
    'zero-gradient': { en: 'gradient where both factors are 0', zh: '两个因子都为 0 时的梯度' },
    course: { en: 'error over the steps, rank', zh: '误差随步数的变化，秩' },
  },
  deadline: 60_000,
  variations: [
    { label: { en: 'a flat spectrum', zh: '平坦的谱' }, params: { decay: 0.3 } },
    { label: { en: 'a steep spectrum', zh: '陡峭的谱' }, params: { decay: 1.5 } },
  ],
  run({ rng, progress }, { ranks, decay, steps }) {
    const sigma = Array.from({ length: IN }, (_, i) => (i + 1) ** -decay);
    const [u, v] = [orthonormal(rng.fork(1), IN, OUT), orthonormal(rng.fork(2), IN, IN)];
    const delta = Array.from({ length: OUT }, (_, i) =>
      Float64Array.from({ length: IN }, (_, j) => sigma.reduce((sum, s, k) => sum + s * u[k]![i]! * v[k]![j]!, 0)),
    );
    const whole = Math.sqrt(sigma.reduce((sum, s) => sum + s * s, 0));
    const ordered = [...ranks].sort((a, b) => a - b);
    const measures: Record<string, number> = { 'zero-gradient': Math.hypot(...gradient(new Float64Array(OUT + IN), delta, 1).g) };
    const courses: Series[] = [];
    const series = () => {
      const x = ordered.slice(0, courses.length);
      const of = (name: string) => ({ name, x, y: x.map((r) => measures[`${name}:${r}`]!) });
      return [of('trained'), of('floor'), ...courses];
    };
    ordered.forEach((r, i) => {
      const errors = train(rng.fork(10 + r), delta, r, steps);
      const floor = Math.sqrt(sigma.slice(r).reduce((sum, s) => sum + s * s, 0));
      measures[`trained:${r}`] = errors.at(-1)!;
      measures[`floor:${r}`] = floor;
      measures[`ratio:${r}`] = errors.at(-1)! / floor;
      measures[`share:${r}`] = errors.at(-1)! / whole;
      measures[`parameters:${r}`] = (r * (OUT + IN)) / (OUT * IN);
      courses.push({ name: `course:${r}`, x: errors.map((_, t) => t), y: errors });
      progress((i + 1) / ordered.length, () => ({ series: series(), measures }));
    });
    return { series: series(), measures, checks: checks(ordered, decay, steps) };
  },
  chart({ series: [trained, floor, ...courses], measures }, { ranks }, locale) {
    const most = Math.max(...ranks);
    const [left, size] = [percent(measures[`share:${most}`]!), percent(measures[`parameters:${most}`]!)];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `Rank ${most}, ${size} of the parameters, leaves ${left} of the change undone`,
          zh: `秩 ${most}（参数的 ${size}）还剩 ${left} 的改变没有实现`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: error over the rank, trained and least possible; at rank ${most} ${num(trained!.y.at(-1)!)} and ${num(floor!.y.at(-1)!)}. Right: error over the steps of training.`,
          zh: `左：误差随秩的变化，训练所得与可能的最小值；秩 ${most} 时为 ${num(trained!.y.at(-1)!)} 与 ${num(floor!.y.at(-1)!)}。右：误差随训练步数的变化。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Error over the rank', zh: '误差随秩的变化' }, locale),
          alt: '',
          x: { label: localize({ en: 'rank', zh: '秩' }, locale) },
          y: { label: '‖BA − ΔW‖', min: 0 },
          lines: [
            { name: localize({ en: 'trained', zh: '训练所得' }, locale), x: trained!.x, y: trained!.y, points: true },
            { name: localize({ en: 'least', zh: '最小值' }, locale), x: floor!.x, y: floor!.y, dashed: true, color: 6 },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: 'Training', zh: '训练过程' }, locale),
          alt: '',
          x: { label: localize({ en: 'step', zh: '步' }, locale), time: true },
          y: { label: '‖BA − ΔW‖', min: 0 },
          lines: courses.map(({ name, x, y }) => ({ name: `r = ${name.slice(7)}`, x, y })),
        },
      ],
    };
  },
  reading({ series: [trained], measures }, _params, locale) {
    const facts = trained!.x.map((r, i) => `r = ${r}: ${num(trained!.y[i]!)} (${num(measures[`floor:${r}`]!)})`);
    return localize(
      {
        en: `Error of the trained BA (least possible, √Σσ² beyond r): ${listed(facts, 'en')}.\nBoth factors at 0 have gradient ${num(measures['zero-gradient']!)} and would never move; with B = 0 and A random the update starts at 0 and trains.`,
        zh: `训练所得 BA 的误差（可能的最小值，即 r 之后的 √Σσ²）：${listed(facts, 'zh')}。\n两个因子都为 0 时梯度为 ${num(measures['zero-gradient']!)}，永远不动；B = 0、A 随机时，更新从 0 开始而可以训练。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'The trained product BA of rank r, from B = 0: how does its error compare with that of the best matrix of rank r (from the SVD)?',
      zh: '从 B = 0 开始训练的秩 r 乘积 BA，与秩 r 的最优矩阵（由 SVD 得到）相比误差如何？',
    },
    options: [
      { id: 'same', text: { en: 'the same within 2 %', zh: '相同，相差不超过 2 %' } },
      { id: 'worse', text: { en: 'clearly larger', zh: '明显更大' } },
    ],
    outcome: ({ measures }, { ranks }) => (ranks.every((r) => measures[`ratio:${r}`]! <= 1.02) ? 'same' : 'worse'),
    why: {
      en: 'The squared error of BA has saddles but no bad local minima, so training can reach the truncated SVD; what it can change is limited by the rank alone.',
      zh: 'BA 的平方误差有鞍点，却没有坏的局部极小，所以训练能达到截断 SVD；能改变多少只受秩的限制。',
    },
  },
});

function checks(ranks: readonly number[], decay: number, steps: number): DemoCheck[] {
  const zero: DemoCheck = {
    id: 'zero-gradient',
    claim: { en: 'A = B = 0 does not move (gradient)', zh: 'A = B = 0 时不动（梯度）' },
    predicted: 0,
    tolerance: 0,
  };
  return [
    zero,
    ...ranks.map(
      (r): DemoCheck => ({
        id: `ratio:${r}`,
        claim: { en: `rank ${r}: trained over least error`, zh: `秩 ${r}：训练所得与最小误差之比` },
        ...within(1 - 1e-9, decay === 0.7 && steps >= 600 && r <= 8 ? 1.005 : 10),
      }),
    ),
  ];
}
