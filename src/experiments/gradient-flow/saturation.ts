import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, type Tf } from '../../demos/demo.ts';
import { finePercent, listed, num } from '../../demos/lib/format.ts';
import { SATURATION_LOSSES as NAMES, passed, STEPS, titleOf } from '../../demos/lib/saturation-words.ts';
import type { Rng } from '../../demos/random.ts';

const POINTS = [0, 2, 4];
const SLOPES_AT = Array.from({ length: 81 }, (_, i) => i / 5 - 8);
const DRAWS = 100_000;
/** Steps at rate 0.15 by weight and bias, which plain arithmetic decides. */
const NIELSEN: Record<string, Record<keyof typeof NAMES, number> | undefined> = {
  '2,2': { mse: 232, 'cross-entropy': 17 },
  '0.6,0.9': { mse: 36, 'cross-entropy': 8 },
};
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Outputs of one sigmoid neuron (input 1, target 0) over the steps; Nielsen 2015, chapter 3. */
function learn(loss: 'mse' | 'cross-entropy', weight: number, bias: number, rate: number, steps: number): number[] {
  let [w, b] = [weight, bias];
  const outputs = [];
  for (let step = 0; step <= steps; step++) {
    const a = sigmoid(w + b);
    outputs.push(a);
    const gradient = loss === 'mse' ? a * a * (1 - a) : a;
    w -= rate * gradient;
    b -= rate * gradient;
  }
  return outputs;
}

/** σ′ by automatic differentiation at the given points. */
function slopes(tf: Tf, points: number[]): number[] {
  return tf.tidy(() => [
    ...tf
      .grad((z) => tf.sum(tf.sigmoid(z)))(tf.tensor1d(points))
      .dataSync(),
  ]);
}

/** Edges of the histogram; what lies beyond is counted in the outermost bins. */
const EDGES = Array.from({ length: 33 }, (_, i) => i - 16);

/** Draws pre-activations from N(0, spread²): the share where σ′ < threshold, and the share in each bin. */
function saturated(rng: Rng, spread: number, threshold: number): { share: number; bins: number[] } {
  let count = 0;
  const bins = Array<number>(EDGES.length - 1).fill(0);
  for (let i = 0; i < DRAWS; i++) {
    const z = spread * rng.normal();
    const a = sigmoid(z);
    if (a * (1 - a) < threshold) count++;
    bins[Math.min(bins.length - 1, Math.max(0, Math.floor(z - EDGES[0]!)))]! += 1 / DRAWS;
  }
  return { share: count / DRAWS, bins };
}

/** Where σ′ falls to the threshold: σ(1 − σ) = τ. */
const edge = (threshold: number) => {
  const a = (1 + Math.sqrt(1 - 4 * threshold)) / 2;
  return Math.log(a / (1 - a));
};

/** Complementary error function; relative error < 1.2e-7 (Numerical Recipes, section 6.2). */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
  ];
  const value = t * Math.exp(-x * x + terms.reduceRight((sum, term) => sum * t + term, 0));
  return x >= 0 ? value : 2 - value;
}

export default defineDemo({
  name: 'saturation',
  version: 3,
  topics: ['gradient-saturation', 'loss-functions', 'activation-functions'],
  title: { en: 'Saturation: a neuron that learns too slowly', zh: '饱和：学得太慢的神经元' },
  summary: {
    en: 'Trains one badly wrong sigmoid neuron with squared error and with cross-entropy, and counts how many units of a layer are saturated.',
    zh: '用平方误差和交叉熵分别训练一个错得离谱的 sigmoid 神经元，并统计一层里有多少单元饱和。',
  },
  params: {
    weight: {
      type: 'number',
      min: -5,
      max: 10,
      default: 2,
      description: { en: 'initial weight', zh: '初始权重' },
    },
    bias: {
      type: 'number',
      min: -5,
      max: 10,
      default: 2,
      description: { en: 'initial bias', zh: '初始偏置' },
    },
    rate: {
      type: 'number',
      min: 0.01,
      max: 5,
      default: 0.15,
      description: { en: 'learning rate', zh: '学习率' },
    },
    spreads: {
      type: 'numbers',
      min: 0.1,
      max: 50,
      maxItems: 5,
      default: [2, 4, 8],
      description: { en: 'standard deviations of the pre-activations', zh: '预激活的标准差' },
    },
    threshold: {
      type: 'number',
      min: 0.001,
      max: 0.2,
      default: 0.05,
      description: { en: 'a slope below this counts as saturated', zh: '斜率低于此值算作饱和' },
    },
  },
  names: {
    start: { en: 'output at the start', zh: '开始时的输出' },
    step: { en: 'first step below ½', zh: '首次低于 ½ 的步' },
    mse: { en: 'squared error', zh: '平方误差' },
    'cross-entropy': { en: 'cross-entropy', zh: '交叉熵' },
    slope: { en: 'slope σ′ at z', zh: '斜率 σ′，z' },
    saturated: { en: 'share of saturated units, spread', zh: '饱和单元的比例，标准差' },
    drawn: { en: 'pre-activations, spread', zh: '预激活值，标准差' },
  },
  deadline: 30_000,
  variations: [
    { label: { en: 'milder start', zh: '较温和的起点' }, params: { weight: 0.6, bias: 0.9 } },
    { label: { en: 'still worse start', zh: '更糟的起点' }, params: { weight: 3, bias: 3 } },
  ],
  run({ tf, rng }, { weight, bias, rate, spreads, threshold }) {
    const curves = (['mse', 'cross-entropy'] as const).map((loss) => ({
      loss,
      outputs: learn(loss, weight, bias, rate, STEPS),
    }));
    const measures: Record<string, number> = {};
    for (const { loss, outputs } of curves) {
      const first = outputs.findIndex((a) => a < 0.5);
      // Not within these steps: not measured.
      if (first >= 0) measures[`step:${loss}`] = first;
    }
    slopes(tf, POINTS).forEach((slope, i) => {
      measures[`slope:${POINTS[i]}`] = slope;
    });
    const drawn = spreads.map((spread, i) => ({ spread, ...saturated(rng.fork(i), spread, threshold) }));
    for (const { spread, share } of drawn) measures[`saturated:${spread}`] = share;
    measures.start = sigmoid(weight + bias);
    const shown = Math.min(STEPS, Math.max(40, 50 * Math.ceil(((measures['step:mse'] ?? STEPS) * 1.3) / 50)));
    const checks: DemoCheck[] = [
      ...POINTS.map((z) => ({
        id: `slope:${z}`,
        claim: { en: `slope of the sigmoid at z = ${z}`, zh: `sigmoid 在 z = ${z} 处的斜率` },
        predicted: sigmoid(z) * (1 - sigmoid(z)),
        tolerance: 1e-4,
      })),
      ...spreads.map((spread) => ({
        id: `saturated:${spread}`,
        claim: {
          en: `share of saturated units for spread ${spread}: 2(1 − Φ(z*/s))`,
          zh: `标准差 ${spread} 时饱和单元的比例 2(1 − Φ(z*/s))`,
        },
        predicted: erfc(edge(threshold) / spread / Math.SQRT2),
        tolerance: 0.01,
      })),
    ];
    const known = rate === 0.15 ? NIELSEN[`${weight},${bias}`] : undefined;
    if (known)
      for (const { loss } of curves)
        checks.push({
          id: `step:${loss}`,
          claim: { en: `${NAMES[loss].en}: first step with an output below ½`, zh: `${NAMES[loss].zh}：输出首次低于 ½ 的步` },
          predicted: known[loss],
          tolerance: 0,
        });
    return {
      series: [
        ...curves.map(({ loss, outputs }) => ({
          name: loss,
          x: outputs.slice(0, shown + 1).map((_, i) => i),
          y: outputs.slice(0, shown + 1),
        })),
        ...drawn.map(({ spread, bins }) => ({ name: `drawn:${spread}`, x: EDGES.slice(0, -1), y: bins })),
        { name: 'slope', x: SLOPES_AT, y: slopes(tf, SLOPES_AT) },
      ],
      measures,
      checks,
    };
  },
  chart({ series, measures }, { spreads, threshold }, locale) {
    const shares = spreads.map((spread) => measures[`saturated:${spread}`]!);
    const slope = series.at(-1)!;
    const outputs = series.slice(0, 2);
    const limit = edge(threshold);
    return {
      type: 'multiples',
      columns: 2,
      title: localize(titleOf(measures), locale),
      alt: localize(
        {
          en: `The slope of the sigmoid is 0.25 at 0 and below ${num(threshold)} beyond ±${num(limit)}. Output of a neuron that should be 0, over the steps. ${passed(measures).en} Saturated units: ${spreads.map((s, i) => `spread ${s}: ${finePercent(shares[i]!)}`).join(', ')}.`,
          zh: `sigmoid 的斜率在 0 处为 0.25，在 ±${num(limit)} 之外低于 ${num(threshold)}。目标为 0 的神经元输出随步数变化。${passed(measures).zh}饱和单元：${spreads.map((s, i) => `标准差 ${s}：${finePercent(shares[i]!)}`).join('，')}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Slope of the sigmoid', zh: 'sigmoid 的斜率' }, locale),
          alt: '',
          x: { label: 'z', min: -8, max: 8 },
          y: { label: 'σ′(z)', min: 0, max: 0.26 },
          lines: [{ ...slope, name: 'σ′' }],
          references: [
            { axis: 'y', value: threshold, label: num(threshold) },
            { axis: 'x', value: -limit, label: '' },
            { axis: 'x', value: limit, label: `±${num(limit)}` },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: 'Output of the neuron (target 0)', zh: '神经元输出（目标 0）' }, locale),
          alt: '',
          x: { label: localize({ en: 'step', zh: '步' }, locale), time: true, min: 0, max: outputs[0]!.x.at(-1)! },
          y: { label: localize({ en: 'output', zh: '输出' }, locale), min: 0, max: 1 },
          lines: outputs.map((one) => ({
            ...one,
            name: localize(NAMES[one.name as keyof typeof NAMES], locale),
          })),
          references: [{ axis: 'y', value: 0.5, label: '½' }],
        },
        {
          type: 'histogram',
          title: localize({ en: 'Pre-activations of a layer', zh: '一层的预激活值' }, locale),
          alt: '',
          x: { label: localize({ en: 'z (outermost: and beyond)', zh: 'z（两端含更远的）' }, locale), min: EDGES[0]!, max: EDGES.at(-1)! },
          y: { label: localize({ en: 'share per unit of z', zh: '单位 z 区间内的比例' }, locale) },
          groups: spreads.map((spread) => ({
            name: `s = ${spread}`,
            edges: EDGES,
            counts: series.find(({ name }) => name === `drawn:${spread}`)!.y,
          })),
        },
        {
          type: 'bars',
          title: localize({ en: `Units with slope below ${num(threshold)}`, zh: `斜率低于 ${num(threshold)} 的单元` }, locale),
          alt: '',
          x: {
            label: localize({ en: 'spread of the pre-activations', zh: '预激活的标准差' }, locale),
            categories: spreads.map(String),
          },
          y: { label: localize({ en: 'share', zh: '比例' }, locale), min: 0, max: 1 },
          groups: [{ name: '', values: shares }],
          format: 'percent',
        },
      ],
    };
  },
  reading({ measures }, { spreads }, locale) {
    const share = listed(
      spreads.map((spread) => `s = ${spread}: ${finePercent(measures[`saturated:${spread}`]!)}`),
      locale,
    );
    const { en, zh } = passed(measures);
    return localize(
      {
        en: `${en} With cross-entropy the factor σ′ cancels.\nSaturated units by spread of the pre-activations: ${share}.`,
        zh: `${zh}交叉熵的梯度里 σ′ 被约掉了。\n不同标准差下的饱和单元比例：${share}。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ weight, bias }) => ({
      en: `A sigmoid neuron says ${num(sigmoid(weight + bias), 2)} and should say 0. With which loss is it below ½ first?`,
      zh: `一个 sigmoid 神经元输出 ${num(sigmoid(weight + bias), 2)}，目标是 0。用哪种损失先降到 ½ 以下？`,
    }),
    options: [
      { id: 'mse', text: { en: 'squared error', zh: '平方误差' } },
      { id: 'cross-entropy', text: { en: 'cross-entropy', zh: '交叉熵' } },
      { id: 'same', text: { en: 'no difference', zh: '没有差别' } },
    ],
    outcome({ measures }) {
      const [mse, entropy] = [measures['step:mse'] ?? Number.POSITIVE_INFINITY, measures['step:cross-entropy'] ?? Number.POSITIVE_INFINITY];
      if (mse === entropy) return 'same';
      return entropy < mse ? 'cross-entropy' : 'mse';
    },
    why: {
      en: 'The gradient of squared error carries the factor σ′, which is tiny where the neuron is saturated; with cross-entropy it cancels.',
      zh: '平方误差的梯度带有因子 σ′，在饱和处非常小；交叉熵的梯度里它被约掉了。',
    },
  },
});
