import { localize } from '../../core/locale.ts';
import type { Series } from '../../core/result.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { listed, num } from '../../demos/lib/format.ts';
import { dot, linearData, solve } from '../../demos/lib/linear.ts';
import type { Rng } from '../../demos/random.ts';

const N = 200;
const D = 10;
/** Weights this near to those of the ridge formula are taken for the same. */
const CLOSE = 0.05;

type Data = ReturnType<typeof linearData>;

/** Weights of SGD with inverted dropout on the inputs, averaged over the second half of the steps. */
/** @param onStep called now and then with the share that is done and the weights as they are */
function dropoutWeights(rng: Rng, { x, y }: Data, p: number, steps: number, onStep: (done: number, w: Float64Array) => void): Float64Array {
  const w = new Float64Array(D);
  const sum = new Float64Array(D);
  const masked = new Float64Array(D);
  const gradient = new Float64Array(D);
  const rate = 0.1 * (1 - p);
  for (let step = 0; step < steps; step++) {
    gradient.fill(0);
    for (let i = 0; i < N; i++) {
      const row = x[i]!;
      for (let j = 0; j < D; j++) masked[j] = rng.uniform() < p ? 0 : row[j]! / (1 - p);
      const error = dot(masked, w) - y[i]!;
      for (let j = 0; j < D; j++) gradient[j]! += (error * masked[j]!) / N;
    }
    for (let j = 0; j < D; j++) {
      w[j]! -= rate * gradient[j]!;
      if (step >= steps / 2) sum[j]! += w[j]!;
    }
    if (step % 50 === 0) onStep(step / steps, w);
  }
  return sum.map((value) => value / Math.ceil(steps / 2));
}

/** Minimum of ‖y − Xw‖² + p/(1 − p) Σ_j w_j² (XᵀX)_jj. */
function ridgeWeights({ x, y }: Data, p: number): Float64Array {
  const gram = Array.from({ length: D }, (_, a) =>
    Float64Array.from({ length: D }, (_, b) => x.reduce((sum, row) => sum + row[a]! * row[b]!, 0)),
  );
  const target = Float64Array.from({ length: D }, (_, a) => x.reduce((sum, row, i) => sum + row[a]! * y[i]!, 0));
  gram.forEach((row, j) => {
    row[j]! *= 1 + p / (1 - p);
  });
  return solve(gram, target);
}

export default defineDemo({
  name: 'dropout-ridge',
  version: 2,
  topics: ['bagging-vs-dropout', 'dropout', 'regularization'],
  title: { en: 'Dropout as a ridge penalty', zh: 'Dropout 相当于岭惩罚' },
  summary: {
    en: 'Trains a linear regression with dropout on its inputs and compares the weights with those of a ridge penalty p/(1 − p)·diag(XᵀX).',
    zh: '训练输入带 Dropout 的线性回归，把权重与岭惩罚 p/(1 − p)·diag(XᵀX) 的结果比较。',
  },
  params: {
    rates: {
      type: 'numbers',
      min: 0.01,
      max: 0.9,
      maxItems: 4,
      default: [0.1, 0.3, 0.5],
      description: { en: 'dropout rates p', zh: '丢弃率 p' },
    },
    steps: {
      type: 'integer',
      min: 500,
      max: 8000,
      default: 4000,
      description: { en: 'training steps', zh: '训练步数' },
    },
  },
  names: {
    error: { en: 'relative distance from the ridge weights, p', zh: '与岭回归权重的相对距离，p' },
    norm: { en: 'norm of the weights, p', zh: '权重的模，p' },
  },
  deadline: 40_000,
  variations: [
    { label: { en: 'stronger dropout', zh: '更强的 Dropout' }, params: { rates: [0.5, 0.7, 0.8] } },
    { label: { en: 'fewer steps', zh: '更少步数' }, params: { steps: 500 } },
  ],
  run({ rng, progress }, { rates, steps }) {
    const data = linearData(rng.fork(0), N, D, 0.5);
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    measures['norm:0'] = Math.hypot(...ridgeWeights(data, 0));
    const series: Series[] = [];
    rates.forEach((p, i) => {
      const ridge = ridgeWeights(data, p);
      const points = (weights: Float64Array): Series => ({ name: String(p), x: [...ridge], y: [...weights] });
      const found = dropoutWeights(rng.fork(i + 1), data, p, steps, (done, weights) =>
        progress((i + done) / rates.length, () => ({ series: [...series, points(weights)], measures })),
      );
      const distance = Math.sqrt(found.reduce((sum, value, j) => sum + (value - ridge[j]!) ** 2, 0));
      measures[`error:${p}`] = distance / Math.hypot(...ridge);
      measures[`norm:${p}`] = Math.hypot(...found);
      if (steps >= 4000 && p <= 0.5) {
        checks.push({
          id: `error:${p}`,
          claim: {
            en: `p = ${p}: relative distance from the ridge weights`,
            zh: `p = ${p}：与岭回归权重的相对距离`,
          },
          predicted: 0,
          tolerance: 0.02,
        });
      }
      series.push(points(found));
    });
    return { series, measures, checks };
  },
  chart({ series, measures }, { rates }, locale) {
    const facts = listed(
      rates.map((p) => `p = ${p}: ${percent2(measures[`error:${p}`]!)}`),
      locale,
      'semicolons',
    );
    const largest = Math.max(...rates.map((p) => measures[`error:${p}`]!));
    const worst = percent2(largest);
    return {
      type: 'scatter',
      title: localize(
        largest < CLOSE
          ? { en: `Dropout finds the weights of a ridge penalty, within ${worst}`, zh: `Dropout 得到岭惩罚的权重，相差不超过 ${worst}` }
          : { en: `The dropout weights are up to ${worst} from the ridge weights here`, zh: `这里 Dropout 与岭回归权重最多相差 ${worst}` },
        locale,
      ),
      subtitle: localize({ en: `relative distance: ${facts}`, zh: `相对距离：${facts}` }, locale),
      alt: localize(
        {
          en: `Weights found with dropout against ridge weights, with the identity line. Relative distance: ${facts}.`,
          zh: `Dropout 权重与岭回归权重的散点图与恒等线。相对距离：${facts}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'ridge weight', zh: '岭回归权重' }, locale) },
      y: { label: localize({ en: 'dropout weight', zh: 'Dropout 权重' }, locale) },
      groups: series.map((one) => ({ name: `p = ${one.name}`, x: one.x, y: one.y })),
      identity: true,
      equal: true,
    };
  },
  reading({ measures }, { rates }, locale) {
    const facts = listed(
      rates.map((p) => `p = ${p}: ${percent2(measures[`error:${p}`]!)}`),
      locale,
    );
    const sorted = [...rates].sort((a, b) => a - b);
    const norms = [0, ...sorted].map((p) => measures[`norm:${p}`]!);
    const shrinks = norms.every((norm, i) => i === 0 || norm < norms[i - 1]!);
    const list = norms.map((norm) => num(norm)).join(' → ');
    return localize(
      {
        en: `Relative distance between dropout’s weights and the ridge formula: ${facts}.\n${shrinks ? `The more is dropped, the smaller the weights (norm ${list}, from no dropout on): shrinkage, not feature selection.` : `Norm of the weights, from no dropout to the largest rate: ${list}.`}`,
        zh: `Dropout 权重与岭公式的相对距离：${facts}。\n${shrinks ? `丢得越多，权重越小（从不丢弃起，模为 ${list}）：这是收缩，不是特征选择。` : `从不丢弃到最大的丢弃率，权重的模：${list}。`}`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Dropout on the inputs of a linear regression. What does it do to the weights?',
      zh: '对线性回归的输入做 Dropout，权重会怎样？',
    },
    options: [
      { id: 'zero', text: { en: 'sets the unimportant ones to zero', zh: '把不重要的置零' } },
      { id: 'shrink', text: { en: 'shrinks all of them, like ridge', zh: '像岭回归一样整体收缩' } },
      { id: 'nothing', text: { en: 'it makes them no smaller', zh: '不会变小' } },
    ],
    outcome({ series, measures }, { rates }) {
      const last = series.at(-1)!;
      const zeros = last.y.filter((value, i) => Math.abs(value) < 1e-6 && Math.abs(last.x[i]!) > 0.01).length;
      if (zeros > 0) return 'zero';
      return measures[`norm:${rates.at(-1)}`]! < measures['norm:0']! ? 'shrink' : 'nothing';
    },
    why: {
      en: 'In expectation the dropped inputs add the penalty p/(1 − p)·Σ w_j² Σ x_ij².',
      zh: '在期望意义下，丢弃输入等于加上惩罚 p/(1 − p)·Σ w_j² Σ x_ij²。',
    },
  },
});

function percent2(share: number): string {
  return `${num(share * 100, 2)} %`;
}
