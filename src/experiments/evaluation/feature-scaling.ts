import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';

const N = 500;
const MOST_STEPS = 4000;
const SMALL = 1e-3;
const MEANS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const COURSES = ['raw', 'standardised', 'shifted', 'centred'] as const;
const NAMES = {
  raw: { en: 'raw scale', zh: '原尺度' },
  standardised: { en: 'standardised', zh: '标准化' },
  shifted: { en: 'mean m', zh: '均值 m' },
  centred: { en: 'centred', zh: '中心化' },
};

type Matrix2 = readonly [a: number, b: number, d: number];

/** Mean of u·uᵀ over two columns. */
const gram = (u: readonly number[], v: readonly number[]): Matrix2 => [
  mean(u.map((x) => x * x)),
  mean(u.map((x, i) => x * v[i]!)),
  mean(v.map((x) => x * x)),
];

function eigenvalues([a, b, d]: Matrix2): [large: number, small: number] {
  const root = Math.sqrt(((a - d) / 2) ** 2 + b * b);
  const large = (a + d) / 2 + root;
  // The determinant keeps the digits that a difference would lose.
  return [large, (a * d - b * b) / large];
}

/** Error of gradient descent at its best rate, step by step, from a start with equal shares in both eigenvectors. */
function descend(h: Matrix2): { conditions: number; factor: number; errors: number[] } {
  const [large, small] = eigenvalues(h);
  const rate = 2 / (large + small);
  const [a, b, d] = h;
  // Eigenvectors (cos, sin) and (−sin, cos).
  const angle = 0.5 * Math.atan2(2 * b, a - d);
  let [x, y] = [Math.cos(angle) - Math.sin(angle), Math.sin(angle) + Math.cos(angle)];
  const start = Math.hypot(x, y);
  const errors = [1];
  while (errors.at(-1)! > SMALL && errors.length <= MOST_STEPS) {
    [x, y] = [x - rate * (a * x + b * y), y - rate * (b * x + d * y)];
    errors.push(Math.hypot(x, y) / start);
  }
  const at = Math.min(3, errors.length - 1);
  return { conditions: large / small, factor: errors[at]! ** (1 / at), errors };
}

const conditionAt = (m: number) => {
  const [large, small] = eigenvalues([1, m, 1 + m * m]);
  return large / small;
};

export default defineDemo({
  name: 'feature-scaling',
  version: 1,
  topics: ['feature-scaling', 'gradient-descent', 'linear-regression'],
  title: { en: 'What scaling and centring of features buy', zh: '特征缩放与中心化的好处' },
  summary: {
    en: 'Runs gradient descent at its best rate on least squares with two correlated features before and after standardising, and with one feature and a bias before and after centring.',
    zh: '在最小二乘上以最优学习率做梯度下降：两个相关特征标准化前后，以及一个特征加偏置中心化前后。',
  },
  params: {
    ratio: {
      type: 'number',
      min: 2,
      max: 100,
      default: 10,
      description: { en: 'how many times larger one feature is', zh: '一个特征比另一个大的倍数' },
    },
    correlation: {
      type: 'number',
      min: 0,
      max: 0.95,
      default: 0.5,
      description: { en: 'correlation ρ of the two features', zh: '两个特征的相关系数 ρ' },
    },
    mean: {
      type: 'number',
      min: 0,
      max: 10,
      default: 5,
      description: { en: 'mean m of the feature beside the bias', zh: '与偏置并列的特征的均值 m' },
    },
  },
  names: {
    ...NAMES,
    condition: { en: 'condition number', zh: '条件数' },
    steps: { en: `steps to ${SMALL}`, zh: `误差降到 ${SMALL} 的步数` },
    factor: { en: 'factor per step', zh: '每步因子' },
    correlation: { en: 'correlation in the sample', zh: '样本相关系数' },
    'by-mean': { en: 'condition number over the mean', zh: '条件数随均值的变化' },
  },
  deadline: 10_000,
  variations: [
    { label: { en: 'no correlation', zh: '不相关' }, params: { correlation: 0 } },
    { label: { en: 'strong correlation', zh: '强相关' }, params: { correlation: 0.95 } },
  ],
  run({ rng }, { ratio, correlation, mean: m }) {
    const z = Array.from({ length: N }, () => [rng.normal(), rng.normal()] as const);
    const u = z.map(([a]) => a);
    const v = z.map(([a, b]) => ratio * (correlation * a + Math.sqrt(1 - correlation ** 2) * b));
    const centre = (column: readonly number[]) => {
      const middle = mean(column);
      return column.map((x) => x - middle);
    };
    const unit = (column: readonly number[]) => {
      const c = centre(column);
      const sd = Math.sqrt(mean(c.map((x) => x * x)));
      return c.map((x) => x / sd);
    };
    const bias = u.map(() => 1);
    const shifted = u.map((x) => x + m);
    const runs = {
      raw: descend(gram(centre(u), centre(v))),
      standardised: descend(gram(unit(u), unit(v))),
      shifted: descend(gram(bias, shifted)),
      centred: descend(gram(bias, centre(shifted))),
    };
    const measures: Record<string, number> = { correlation: gram(unit(u), unit(v))[1] };
    for (const name of COURSES) {
      measures[`condition:${name}`] = runs[name].conditions;
      measures[`factor:${name}`] = runs[name].factor;
      if (runs[name].errors.at(-1)! <= SMALL) measures[`steps:${name}`] = runs[name].errors.length - 1;
    }
    const byMean = MEANS.map(
      (at) =>
        descend(
          gram(
            bias,
            u.map((x) => x + at),
          ),
        ).conditions,
    );
    return {
      series: [
        ...COURSES.map((name) => ({ name, x: runs[name].errors.map((_, i) => i), y: runs[name].errors })),
        { name: 'by-mean', x: MEANS, y: byMean },
      ],
      measures,
      checks: checks(measures, m),
    };
  },
  chart({ series, measures }, { mean: m }, locale) {
    const byMean = series.at(-1)!;
    const [raw, scaled] = [num(measures['condition:raw']!), num(measures['condition:standardised']!)];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `Standardising: condition number ${raw} → ${scaled}; correlation is what is left`,
          zh: `标准化把条件数从 ${raw} 降到 ${scaled}，剩下的来自相关`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: error over the steps of gradient descent; condition numbers ${raw} raw, ${scaled} standardised. Right: condition number over the mean of a feature beside a bias, ${num(measures['condition:shifted']!)} at m = ${m}.`,
          zh: `左：误差随梯度下降步数的变化；条件数原尺度 ${raw}，标准化 ${scaled}。右：与偏置并列的特征的均值与条件数，m = ${m} 时为 ${num(measures['condition:shifted']!)}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Error, best learning rate', zh: '误差（最优学习率）' }, locale),
          alt: '',
          x: { label: localize({ en: 'step', zh: '步' }, locale), time: true, max: 200 },
          y: { label: localize({ en: 'error (log scale)', zh: '误差（对数刻度）' }, locale), scale: 'log', min: 1e-4, max: 1 },
          lines: series.slice(0, -1).map(({ name, x, y }) => ({
            name: localize(NAMES[name as keyof typeof NAMES], locale),
            x: x.slice(0, 201),
            y: y.slice(0, 201).map((value) => Math.max(value, 1e-5)),
          })),
        },
        {
          type: 'lines',
          title: localize({ en: 'A feature with mean m, and a bias', zh: '均值为 m 的特征与偏置' }, locale),
          alt: '',
          x: { label: 'm' },
          y: { label: localize({ en: 'condition number (log scale)', zh: '条件数（对数刻度）' }, locale), scale: 'log' },
          lines: [
            { name: localize({ en: 'measured', zh: '实测' }, locale), x: byMean.x, y: byMean.y, points: true },
            { name: localize({ en: 'theory', zh: '理论' }, locale), x: MEANS, y: MEANS.map(conditionAt), dashed: true, color: 6 },
          ],
        },
      ],
    };
  },
  reading({ measures }, { mean: m }, locale) {
    const steps = (name: string) => {
      const count = measures[`steps:${name}`];
      return count === undefined ? { en: `more than ${MOST_STEPS}`, zh: `超过 ${MOST_STEPS}` } : { en: String(count), zh: String(count) };
    };
    const [raw, scaled, shifted, centred] = COURSES.map(steps) as [
      ReturnType<typeof steps>,
      ReturnType<typeof steps>,
      ReturnType<typeof steps>,
      ReturnType<typeof steps>,
    ];
    return localize(
      {
        en: `Steps until the error is ${SMALL}: ${raw.en} on the raw scale, ${scaled.en} standardised; what is left is the correlation, ${num(Math.abs(measures.correlation!))} in this sample, which is the factor per step.\nA feature of mean ${m} beside a bias needs ${shifted.en} steps (condition number ${num(measures['condition:shifted']!)}), centred ${centred.en}.`,
        zh: `误差降到 ${SMALL} 的步数：原尺度 ${raw.zh}，标准化后 ${scaled.zh}；剩下的来自相关系数，这个样本中为 ${num(Math.abs(measures.correlation!))}，它就是每步的因子。\n均值为 ${m} 的特征与偏置一起需要 ${shifted.zh} 步（条件数 ${num(measures['condition:shifted']!)}），中心化后 ${centred.zh} 步。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ correlation }) => ({
      en: `Two features with correlation ${correlation} are standardised. How many steps does gradient descent at its best rate need to ${SMALL} of the error?`,
      zh: `两个相关系数为 ${correlation} 的特征已标准化。以最优学习率做梯度下降，误差降到 ${SMALL} 要几步？`,
    }),
    options: [
      { id: 'few', text: { en: 'at most 3', zh: '最多 3 步' } },
      { id: 'some', text: { en: '4 to 20', zh: '4 到 20 步' } },
      { id: 'many', text: { en: 'more than 20', zh: '超过 20 步' } },
    ],
    outcome({ measures }) {
      const steps = measures['steps:standardised'] ?? MOST_STEPS;
      return steps <= 3 ? 'few' : steps <= 20 ? 'some' : 'many';
    },
    why: {
      en: 'Standardising removes the difference of scale, not the correlation: the condition number is (1 + |ρ|)/(1 − |ρ|), and each step multiplies the error by |ρ|.',
      zh: '标准化消除尺度的差别，但不消除相关：条件数为 (1 + |ρ|)/(1 − |ρ|)，每步误差乘 |ρ|。',
    },
  },
});

function checks(measures: Readonly<Record<string, number>>, m: number): DemoCheck[] {
  const rho = Math.abs(measures.correlation!);
  const kappa = measures['condition:raw']!;
  const found: DemoCheck[] = [
    {
      id: 'factor:raw',
      claim: { en: 'factor per step (κ − 1)/(κ + 1)', zh: '每步因子 (κ − 1)/(κ + 1)' },
      predicted: (kappa - 1) / (kappa + 1),
      tolerance: 1e-9,
    },
    {
      id: 'condition:standardised',
      claim: { en: 'standardised: κ = (1 + |ρ|)/(1 − |ρ|)', zh: '标准化后：κ = (1 + |ρ|)/(1 − |ρ|)' },
      predicted: (1 + rho) / (1 - rho),
      tolerance: (1e-9 * (1 + rho)) / (1 - rho),
    },
    { id: 'factor:standardised', claim: { en: 'and the factor per step is |ρ|', zh: '每步因子为 |ρ|' }, predicted: rho, tolerance: 1e-7 },
    {
      id: 'condition:shifted',
      claim: { en: 'mean m: κ of [[1, m], [m, 1 + m²]]', zh: '均值 m：[[1, m], [m, 1 + m²]] 的 κ' },
      predicted: conditionAt(m),
      tolerance: 0.3 * conditionAt(m),
    },
  ];
  return found;
}
