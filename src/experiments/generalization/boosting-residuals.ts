import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { listed, num } from '../../demos/lib/format.ts';
import { mean, worseFrom } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const N = 200;
const HUBER = 0.5;

interface Stump {
  at: number;
  left: number;
  right: number;
}

/** The split and the two leaf means that fit `target` best in squares; `x` must be sorted. */
function fitStump(x: Float64Array, target: Float64Array): Stump {
  const total = target.reduce((sum, value) => sum + value, 0);
  let best = { gain: Number.NEGATIVE_INFINITY, at: x[0]!, left: 0, right: 0 };
  let sum = 0;
  for (let i = 0; i + 1 < N; i++) {
    sum += target[i]!;
    const [nl, nr] = [i + 1, N - i - 1];
    const gain = (sum * sum) / nl + ((total - sum) * (total - sum)) / nr;
    if (gain > best.gain && x[i]! < x[i + 1]!) best = { gain, at: (x[i]! + x[i + 1]!) / 2, left: sum / nl, right: (total - sum) / nr };
  }
  return best;
}

const predict = ({ at, left, right }: Stump, x: number) => (x <= at ? left : right);
const meanSquare = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0) / values.length;

function data(rng: Rng): { x: Float64Array; y: Float64Array } {
  const x = Float64Array.from({ length: N }, () => rng.uniform() * 4 - 2).sort();
  return { x, y: x.map((at) => Math.sin(3 * at) + 0.2 * rng.normal()) };
}

interface Boosted {
  train: number[];
  test: number[];
  /** Largest |MSE_{m+1} − MSE_m + ν(2 − ν)·mean(h²)|. */
  identityError: number;
}

function boost(train: ReturnType<typeof data>, test: ReturnType<typeof data>, rate: number, rounds: number): Boosted {
  const residual = train.y.slice();
  const testResidual = test.y.slice();
  const result: Boosted = {
    train: [meanSquare(residual)],
    test: [meanSquare(testResidual)],
    identityError: 0,
  };
  for (let round = 0; round < rounds; round++) {
    const stump = fitStump(train.x, residual);
    const output = train.x.map((x) => predict(stump, x));
    for (let i = 0; i < N; i++) {
      residual[i]! -= rate * output[i]!;
      testResidual[i]! -= rate * predict(stump, test.x[i]!);
    }
    const before = result.train.at(-1)!;
    const after = meanSquare(residual);
    const scale = Math.max(1, before);
    result.identityError = Math.max(result.identityError, Math.abs(after - before + rate * (2 - rate) * meanSquare(output)) / scale);
    result.train.push(after);
    result.test.push(meanSquare(testResidual));
  }
  return result;
}

const NEGATIVE_GRADIENTS = {
  squared: (r: number) => r,
  absolute: (r: number) => Math.sign(r),
  huber: (r: number) => Math.max(-HUBER, Math.min(HUBER, r)),
} as const;
const LOSSES = {
  squared: { en: 'squared', zh: '平方' },
  absolute: { en: 'absolute', zh: '绝对值' },
  huber: { en: 'Huber', zh: 'Huber' },
} as const;
type Loss = keyof typeof LOSSES;

export default defineDemo({
  name: 'boosting-residuals',
  version: 2,
  topics: ['gradient-and-residual', 'gradient-boosting', 'learning-rate'],
  title: { en: 'Boosting, residuals and gradients', zh: '提升、残差与梯度' },
  summary: {
    en: 'Boosts stumps on a noisy sine at several learning rates, checks the exact change of the error, and compares residuals with negative gradients.',
    zh: '用树桩对带噪声的正弦做提升，比较几个学习率，验证误差的精确变化量，并把残差与负梯度对照。',
  },
  params: {
    rates: {
      type: 'numbers',
      min: 0.01,
      max: 2.5,
      maxItems: 4,
      default: [0.1, 0.3, 1],
      description: { en: 'learning rates ν', zh: '学习率 ν' },
    },
    rounds: { type: 'integer', min: 5, max: 500, default: 100, description: { en: 'rounds', zh: '轮数' } },
  },
  names: {
    'train-mse': { en: 'training MSE, ν', zh: '训练均方误差，ν' },
    'test-mse': { en: 'test MSE, ν', zh: '测试均方误差，ν' },
    train: { en: 'training MSE, ν', zh: '训练均方误差，ν' },
    test: { en: 'test MSE, ν', zh: '测试均方误差，ν' },
    monotone: { en: 'training MSE never rises (1 = yes), ν', zh: '训练均方误差从不上升（1 = 是），ν' },
    'identity-error': { en: 'largest deviation from −ν(2 − ν)·mean(h²)', zh: '与 −ν(2 − ν)·mean(h²) 的最大偏差' },
    'gradient-gap': { en: 'mean distance of negative gradient and residual', zh: '负梯度与残差的平均距离' },
    gradient: { en: 'negative gradient', zh: '负梯度' },
    squared: { en: 'squared', zh: '平方' },
    absolute: { en: 'absolute', zh: '绝对值' },
    huber: { en: 'Huber', zh: 'Huber' },
  },
  deadline: 20_000,
  variations: [
    {
      label: { en: 'past the limit (ν = 2.1)', zh: '超过界限（ν = 2.1）' },
      params: { rates: [1, 1.9, 2.1] },
    },
    { label: { en: '500 rounds', zh: '500 轮' }, params: { rounds: 500 } },
  ],
  run({ rng, progress }, { rates, rounds }) {
    const [train, test] = [data(rng.fork(1)), data(rng.fork(2))];
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    const diverged: { name: string; step: number }[] = [];
    const runs = rates.map((rate, i) => {
      const run = boost(train, test, rate, rounds);
      const worse = worseFrom(run.train);
      if (worse !== undefined) diverged.push({ name: `ν = ${rate}`, step: worse });
      progress((i + 1) / rates.length);
      measures[`train-mse:${rate}`] = run.train.at(-1)!;
      measures[`test-mse:${rate}`] = run.test.at(-1)!;
      measures[`monotone:${rate}`] = run.train.every((value, m) => m === 0 || value <= run.train[m - 1]! + 1e-12) ? 1 : 0;
      const claim =
        rate < 2
          ? {
              en: `ν = ${rate}: the training error never rises (1 = yes)`,
              zh: `ν = ${rate}：训练误差从不上升（1 = 是）`,
            }
          : {
              en: `ν = ${rate}: the training error rises (0 = it does)`,
              zh: `ν = ${rate}：训练误差会上升（0 = 会）`,
            };
      if (rate !== 2) checks.push({ id: `monotone:${rate}`, claim, predicted: rate < 2 ? 1 : 0, tolerance: 0 });
      return { rate, run };
    });
    measures['identity-error'] = Math.max(...runs.map(({ run }) => run.identityError));
    checks.unshift({
      id: 'identity-error',
      claim: {
        en: 'squared error, leaf means h: each round changes the error by exactly −ν(2 − ν)·mean(h²) (largest deviation)',
        zh: '平方误差、叶子取均值 h：每轮误差恰好变化 −ν(2 − ν)·mean(h²)（最大偏差）',
      },
      predicted: 0,
      tolerance: 1e-12,
    });
    const centre = mean([...train.y]);
    const residuals = [...train.y].map((y) => y - centre);
    const gradients = (Object.keys(LOSSES) as Loss[]).map((loss) => {
      const values = residuals.map((r) => NEGATIVE_GRADIENTS[loss](r));
      measures[`gradient-gap:${loss}`] = mean(values.map((value, i) => Math.abs(value - residuals[i]!)));
      return { name: `gradient:${loss}`, x: residuals, y: values };
    });
    checks.push({
      id: 'gradient-gap:squared',
      claim: {
        en: 'squared error: negative gradient = residual (mean distance)',
        zh: '平方误差：负梯度 = 残差（平均距离）',
      },
      predicted: 0,
      tolerance: 1e-12,
    });
    const x = Array.from({ length: rounds + 1 }, (_, m) => m);
    return {
      series: [
        ...runs.flatMap(({ rate, run }) => [
          { name: `train:${rate}`, x, y: run.train },
          { name: `test:${rate}`, x, y: run.test },
        ]),
        ...gradients,
      ],
      measures,
      checks,
      ...(diverged.length > 0 && { diverged }),
    };
  },
  chart({ series, measures }, { rates }, locale) {
    const facts = listed(
      rates.map((rate) => `ν = ${rate}: ${num(measures[`train-mse:${rate}`]!)} / ${num(measures[`test-mse:${rate}`]!)}`),
      locale,
      'semicolons',
    );
    const of = (name: string) => series.find((one) => one.name === name)!;
    const [train, test] = [localize({ en: 'train', zh: '训练' }, locale), localize({ en: 'test', zh: '测试' }, locale)];
    return {
      type: 'multiples',
      columns: 2,
      title: localize({ en: 'Only squared error makes the gradient the residual', zh: '只有平方误差的负梯度才是残差' }, locale),
      alt: localize(
        {
          en: `Left: error by boosting round, train / test at the end: ${facts}. Right: negative gradient over residual; squared error lies on the identity line, absolute error is a step, Huber is clipped at ${HUBER}.`,
          zh: `左：各轮误差，结束时训练 / 测试：${facts}。右：负梯度对残差；平方误差在恒等线上，绝对值误差是阶跃，Huber 在 ${HUBER} 处截断。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Mean squared error by round', zh: '各轮的均方误差' }, locale),
          alt: '',
          x: { label: localize({ en: 'round', zh: '轮' }, locale), time: true },
          y: { label: 'MSE', scale: 'log' },
          lines: rates.flatMap((rate, i) => [
            { ...of(`train:${rate}`), name: `ν = ${rate}, ${train}`, color: i },
            { ...of(`test:${rate}`), name: `ν = ${rate}, ${test}`, color: i, dashed: true },
          ]),
        },
        {
          type: 'scatter',
          title: localize({ en: 'Residual and negative gradient', zh: '残差与负梯度' }, locale),
          alt: '',
          x: { label: localize({ en: 'residual y − F', zh: '残差 y − F' }, locale) },
          y: { label: '−∂L/∂F' },
          groups: (Object.keys(LOSSES) as Loss[]).map((loss) => ({
            name: localize(LOSSES[loss], locale),
            x: of(`gradient:${loss}`).x,
            y: of(`gradient:${loss}`).y,
          })),
          identity: true,
          equal: true,
        },
      ],
    };
  },
  reading({ measures }, { rates, rounds }, locale) {
    const facts = listed(
      rates.map((rate) => `ν = ${rate}: ${num(measures[`train-mse:${rate}`]!)} / ${num(measures[`test-mse:${rate}`]!)}`),
      locale,
    );
    return localize(
      {
        en: `Training / test error after ${rounds} rounds: ${facts}. With squared error and leaf means h, each round changes the training error by −ν(2 − ν)·mean(h²) (off by at most ${num(measures['identity-error']!, 2)}).\nFor squared error the negative gradient is the residual; for absolute error it is ${num(measures['gradient-gap:absolute']!)} away on average, and after a tree is fitted to it the leaf values are fitted again, to the loss.`,
        zh: `${rounds} 轮之后的训练 / 测试误差：${facts}。平方误差、叶子取均值 h 时，每轮训练误差变化 −ν(2 − ν)·mean(h²)（偏差不超过 ${num(measures['identity-error']!, 2)}）。\n平方误差的负梯度就是残差；绝对值误差的平均相差 ${num(measures['gradient-gap:absolute']!)}，树拟合负梯度之后，叶子的取值还要按损失重新拟合。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ rates }) => ({
      en: `Boosting on squared error with the step ν = ${Math.max(...rates)}. Does the training error rise in any round?`,
      zh: `平方误差的提升法，步长 ν = ${Math.max(...rates)}。会有某一轮训练误差上升吗？`,
    }),
    options: [
      { id: 'yes', text: { en: 'yes, in some round', zh: '会' } },
      { id: 'no', text: { en: 'no, in none', zh: '不会，没有一轮上升' } },
    ],
    outcome: ({ measures }, { rates }) => (measures[`monotone:${Math.max(...rates)}`] === 1 ? 'no' : 'yes'),
    why: {
      en: 'Each round lowers it by ν(2 − ν)·mean(h²): positive for every 0 < ν < 2, largest at ν = 1, negative beyond 2.',
      zh: '每轮下降 ν(2 − ν)·mean(h²)：0 < ν < 2 时都为正，ν = 1 时最大，超过 2 为负。',
    },
  },
});
