import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type Locale, localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { listed, num } from '../../demos/lib/format.ts';
import { dot } from '../../demos/lib/linear.ts';
import { normalMean } from '../../demos/lib/normal.ts';
import { orthonormal } from '../../demos/lib/orthogonal.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const N = 32;
/** Steps from which on, and to which, growth under one random matrix is compared with its spectral radius. */
const [LATE, END] = [200, 400];
/** How far the gates' inputs scatter. */
const GATE_NOISE = 0.5;
/** Below this nothing is drawn. */
const FAINT = 1e-12;
/** Mean factor per step of a tanh net at g = 1 over 100 steps, by input noise: measured over 100 seeds. */
const TANH: Record<string, { predicted: number; tolerance: number }> = {
  '0.1': { predicted: 0.937, tolerance: 0.02 },
  '0.5': { predicted: 0.757, tolerance: 0.03 },
};

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const logGate = (bias: number) => (z: number) => -Math.log1p(Math.exp(-(bias + GATE_NOISE * z)));

/** The gradient's norm after each step back through `step`, on a logarithmic scale so that nothing underflows. */
function backwards(start: Float64Array, steps: number, step: (v: Float64Array, t: number) => Float64Array): number[] {
  let v = start;
  let log = 0;
  return Array.from({ length: steps }, (_, t) => {
    v = step(v, t);
    const size = Math.sqrt(dot(v, v));
    log += Math.log(size);
    v = v.map((value) => value / size);
    return log;
  });
}

const times = (rows: readonly Float64Array[], v: Float64Array, g = 1) => Float64Array.from(rows, (row) => g * dot(row, v));

/** ln of the gradient's norm through a tanh net h ← tanh(Q h + input), with an orthogonal Q, from its last step back. */
function tanhNet(rng: Rng, q: readonly Float64Array[], steps: number, noise: number, start: Float64Array): number[] {
  let h = new Float64Array(N);
  const slopes = Array.from({ length: steps }, () => {
    h = Float64Array.from(times(q, h), (value) => Math.tanh(value + noise * rng.normal()));
    return h.map((value) => 1 - value * value);
  });
  const columns = q.map((_, j) => Float64Array.from(q, (row) => row[j]!));
  return backwards(start, steps, (v, t) =>
    times(
      columns,
      v.map((value, i) => value * slopes[steps - 1 - t]![i]!),
    ),
  );
}

export default defineDemo({
  name: 'rnn-memory',
  version: 1,
  topics: ['recurrent-networks', 'lstm-and-gru', 'vanishing-gradients'],
  title: { en: 'How far back a recurrent net remembers', zh: '循环网络能记多远' },
  summary: {
    en: 'Sends a gradient back through time: through an orthogonal matrix times g, one random matrix, a tanh net, and the cell of an LSTM with several forget-gate biases.',
    zh: '让梯度沿时间反传：经过乘以 g 的正交矩阵、同一个随机矩阵、tanh 网络，以及遗忘门偏置不同的 LSTM 细胞。',
  },
  params: {
    gains: {
      type: 'numbers',
      min: 0.5,
      max: 1.5,
      maxItems: 3,
      default: [0.95, 1.05],
      description: { en: 'factors g of the orthogonal matrix', zh: '正交矩阵的倍数 g' },
    },
    biases: {
      type: 'numbers',
      min: -2,
      max: 8,
      maxItems: 3,
      default: [0, 1, 4.6],
      description: { en: 'forget-gate biases b', zh: '遗忘门偏置 b' },
    },
    steps: { type: 'integer', min: 20, max: 400, default: 100, description: { en: 'steps back in time', zh: '往回的步数' } },
    noise: {
      type: 'number',
      min: 0.05,
      max: 1,
      default: 0.1,
      description: { en: 'size of the inputs of the tanh net', zh: 'tanh 网络输入的大小' },
    },
  },
  names: {
    orthogonal: { en: 'orthogonal × g, g', zh: '正交矩阵 × g，g' },
    random: { en: 'one random matrix', zh: '同一个随机矩阵' },
    tanh: { en: 'tanh net', zh: 'tanh 网络' },
    gate: { en: 'LSTM cell, forget bias', zh: 'LSTM 细胞，遗忘门偏置' },
    factor: { en: 'factor per step', zh: '每步因子' },
    radius: { en: 'spectral radius of the random matrix', zh: '随机矩阵的谱半径' },
    'random-ratio': { en: 'late growth over the spectral radius', zh: '后期增长与谱半径之比' },
    'half-life': { en: 'steps to half, forget bias', zh: '减半的步数，遗忘门偏置' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'gates nearly open', zh: '遗忘门几乎全开' }, params: { biases: [3, 4.6, 6] } },
    { label: { en: 'larger inputs', zh: '更大的输入' }, params: { noise: 0.5 } },
  ],
  run({ rng, progress }, { gains, biases, steps, noise }) {
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    const q = orthonormal(rng.fork(1), N, N);
    const start = orthonormal(rng.fork(2), 1, N)[0]!;
    const x = Array.from({ length: steps }, (_, t) => t + 1);
    const lines: { name: string; logs: number[] }[] = gains.map((g) => {
      const logs = backwards(start, steps, (v) => times(q, v, g));
      measures[`factor:orthogonal:${g}`] = Math.exp(logs.at(-1)! / steps);
      checks.push({
        id: `factor:orthogonal:${g}`,
        claim: { en: `orthogonal × ${g}: exactly g a step`, zh: `正交 × ${g}：每步恰为 g` },
        predicted: g,
        tolerance: 1e-9,
      });
      return { name: `orthogonal:${g}`, logs };
    });
    progress(0.3);
    const draws = rng.fork(3);
    const w = Array.from({ length: N }, () => Float64Array.from({ length: N }, () => draws.normal() / Math.sqrt(N)));
    const far = backwards(start, END, (v) => times(w, v));
    const values = new EigenvalueDecomposition(new Matrix(w));
    const [re, im] = [values.realEigenvalues, values.imaginaryEigenvalues];
    measures.radius = Math.max(...re.map((a, i) => Math.hypot(a, im[i]!)));
    measures['random-ratio'] = Math.exp((far[END - 1]! - far[LATE - 1]!) / (END - LATE)) / measures.radius;
    checks.push({
      id: 'random-ratio',
      claim: { en: 'one reused matrix: late growth is its spectral radius (ratio)', zh: '同一矩阵反复相乘：后期增长等于谱半径（比值）' },
      predicted: 1,
      tolerance: 0.005,
    });
    lines.push({ name: 'random', logs: far.slice(0, steps) });
    const tanh = tanhNet(rng.fork(4), q, steps, noise, start);
    measures['factor:tanh'] = Math.exp(tanh.at(-1)! / steps);
    const known = TANH[String(noise)];
    if (known && steps === 100)
      checks.push({ id: 'factor:tanh', claim: { en: 'tanh shrinks it although Q keeps length', zh: 'Q 保长，tanh 仍使它变小' }, ...known });
    lines.push({ name: 'tanh', logs: tanh });
    progress(0.6);
    for (const [i, bias] of biases.entries()) {
      const gates = rng.fork(10 + i);
      const means = x.map(() => mean(Array.from({ length: N }, () => logGate(bias)(gates.normal()))));
      let sum = 0;
      lines.push({ name: `gate:${bias}`, logs: means.map((value) => (sum += value)) });
      const rate = sum / steps;
      measures[`factor:gate:${bias}`] = Math.exp(rate);
      measures[`half-life:${bias}`] = -Math.LN2 / rate;
      const expected = normalMean(logGate(bias));
      const sd = Math.sqrt(normalMean((z) => (logGate(bias)(z) - expected) ** 2) / (steps * N));
      checks.push({
        id: `factor:gate:${bias}`,
        claim: { en: `forget bias ${num(bias)}: exp E ln σ(b + ½ξ) a step`, zh: `遗忘门偏置 ${num(bias)}：每步 exp E ln σ(b + ½ξ)` },
        predicted: Math.exp(expected),
        tolerance: Math.exp(expected) * (4.5 * sd + 1e-6),
      });
    }
    return {
      series: lines.map(({ name, logs }) => {
        const shown = logs
          .map((log) => Math.exp(log))
          .map((value, i) => ({ x: x[i]!, y: value }))
          .filter(({ y }) => y >= FAINT);
        return { name, x: shown.map((point) => point.x), y: shown.map((point) => point.y) };
      }),
      measures,
      checks,
    };
  },
  chart({ series, measures }, { steps, biases }, locale) {
    const longest = Math.max(...biases);
    const half = num(measures[`half-life:${longest}`]!);
    return {
      type: 'lines',
      title: localize(
        {
          en: `With forget bias ${num(longest)} the LSTM’s cell keeps half of the gradient for ${half} steps`,
          zh: `遗忘门偏置 ${num(longest)} 时，LSTM 细胞的梯度 ${half} 步后减半`,
        },
        locale,
      ),
      subtitle: localize({ en: 'norm of the gradient, 1 at the start', zh: '梯度的模，起点为 1' }, locale),
      alt: localize(
        {
          en: `Norm of the gradient over ${steps} steps back; factor per step: ${factors(measures, locale)}.`,
          zh: `往回 ${steps} 步梯度的模；每步因子：${factors(measures, locale)}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'steps back', zh: '往回的步数' }, locale), min: 0 },
      y: { label: localize({ en: 'norm of the gradient (log scale)', zh: '梯度的模（对数刻度）' }, locale), scale: 'log' },
      lines: series.map(({ name, x, y }) => ({ name: labelOf(name, locale), x, y, ...(name.startsWith('gate:') && { dashed: true }) })),
    };
  },
  reading({ measures }, { steps, biases }, locale) {
    const halves = biases.map((bias) => `b = ${num(bias)}: ${num(measures[`half-life:${bias}`]!)}`);
    return localize(
      {
        en: `Factor per step over ${steps} steps: ${factors(measures, locale)}.\nThe cell of an LSTM multiplies by its forget gate alone; steps until half is left: ${listed(halves, locale)}.`,
        zh: `${steps} 步中每步的因子：${factors(measures, locale)}。\nLSTM 的细胞只乘遗忘门；减半所需的步数：${listed(halves, locale)}。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ biases }) => ({
      en: `An LSTM starts with forget-gate bias ${num(biases[0]!)}. After how many steps is half of its cell’s gradient left?`,
      zh: `LSTM 的遗忘门偏置初始为 ${num(biases[0]!)}。它的细胞梯度几步后减半？`,
    }),
    options: [
      { id: 'few', text: { en: 'fewer than 3', zh: '不到 3 步' } },
      { id: 'some', text: { en: '3 to 30', zh: '3 到 30 步' } },
      { id: 'many', text: { en: 'more than 30', zh: '超过 30 步' } },
    ],
    outcome({ measures }, { biases }) {
      const half = measures[`half-life:${biases[0]}`]!;
      return half < 3 ? 'few' : half <= 30 ? 'some' : 'many';
    },
    why: ({ measures }, { biases }) => ({
      en: `The cell’s gradient is multiplied by the forget gate, here about σ(${num(biases[0]!)}) = ${num(sigmoid(biases[0]!))} a step: half is left after ${num(measures[`half-life:${biases[0]}`]!)} steps.`,
      zh: `细胞的梯度每步乘遗忘门，这里约为 σ(${num(biases[0]!)}) = ${num(sigmoid(biases[0]!))}：${num(measures[`half-life:${biases[0]}`]!)} 步后减半。`,
    }),
  },
});

function labelOf(name: string, locale: Locale): string {
  const [kind, value] = name.split(':');
  if (kind === 'orthogonal') return localize({ en: `orthogonal × ${value}`, zh: `正交 × ${value}` }, locale);
  if (kind === 'gate') return localize({ en: `LSTM, b = ${num(Number(value))}`, zh: `LSTM，b = ${num(Number(value))}` }, locale);
  return localize(kind === 'tanh' ? { en: 'tanh net', zh: 'tanh 网络' } : { en: 'random matrix', zh: '随机矩阵' }, locale);
}

function factors(measures: Readonly<Record<string, number>>, locale: Locale): string {
  const own = Object.entries(measures).filter(([key]) => key.startsWith('factor:'));
  return listed(
    [
      ...own.map(([key, value]) => `${labelOf(key.slice(7), locale)} ×${num(value)}`),
      `${labelOf('random', locale)} ρ = ${num(measures.radius!)}`,
    ],
    locale,
    'semicolons',
  );
}
