import { localize } from '../core/locale.ts';
import { type DemoCheck, defineDemo } from './demo.ts';
import { num } from './lib/format.ts';
import { mean } from './lib/stats.ts';
import type { Rng } from './random.ts';

const BINS = 80;
/**
 * η · steps · runs at which a tenth of E[x²] is three standard errors: half of the steps count, x² forgets itself
 * within 1/η steps, and its relative variance is 2.
 */
const ENOUGH = 3600;

/** x² over the steps of x ← x − η_t(x + ξ) from x = 1, ξ ~ N(0, 1). */
function iterate(rng: Rng, rate: (step: number) => number, steps: number): Float64Array {
  let x = 1;
  return Float64Array.from({ length: steps }, (_, step) => {
    x -= rate(step) * (x + rng.normal());
    return x * x;
  });
}

export default defineDemo({
  name: 'sgd-floor',
  version: 2,
  topics: ['batch-size', 'stochastic-gradient-descent', 'learning-rate'],
  title: { en: 'The noise floor of SGD', zh: 'SGD 的噪声下限' },
  summary: {
    en: 'Runs SGD on x²/2 with a noisy gradient at several constant learning rates and at 1/t, and measures where it settles.',
    zh: '在 x²/2 上用带噪声的梯度跑 SGD，比较几个固定学习率和 1/t，看它停在哪里。',
  },
  params: {
    rates: {
      type: 'numbers',
      min: 0.001,
      max: 1,
      maxItems: 4,
      default: [0.1, 0.05, 0.025],
      description: { en: 'constant learning rates', zh: '固定学习率' },
    },
    steps: {
      type: 'integer',
      min: 400,
      max: 20_000,
      default: 4000,
      description: { en: 'steps', zh: '步数' },
    },
    seeds: {
      type: 'integer',
      min: 1,
      max: 100,
      default: 60,
      description: { en: 'runs to average over', zh: '取平均的次数' },
    },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'large rates', zh: '大学习率' }, params: { rates: [0.8, 0.4, 0.2] } },
    { label: { en: 'longer', zh: '更久' }, params: { steps: 20_000 } },
  ],
  run({ rng, progress }, { rates, steps, seeds }) {
    const schedules = [
      ...rates.map((rate) => ({ name: String(rate), rate: () => rate, predicted: rate / (2 - rate) })),
      { name: 'decay', rate: (step: number) => 1 / (step + 1), predicted: undefined },
    ];
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    const size = Math.floor(steps / BINS);
    const series = schedules.map(({ name, rate, predicted }, i) => {
      const runs = Array.from({ length: seeds }, (_, s) => iterate(rng.fork(i * 1000 + s), rate, steps));
      progress((i + 1) / schedules.length);
      measures[`floor:${name}`] = mean(runs.map((run) => mean([...run.subarray(Math.floor(steps / 2))])));
      if (predicted !== undefined && Number(name) * steps * seeds >= ENOUGH) {
        checks.push({
          id: `floor:${name}`,
          claim: { en: `η = ${name}: E[x²] = η/(2 − η)`, zh: `η = ${name}：E[x²] = η/(2 − η)` },
          predicted,
          tolerance: predicted * 0.1,
        });
      }
      if (name === 'decay' && steps >= 4000) {
        checks.push({
          id: 'floor:decay',
          claim: { en: 'η = 1/t converges (E[x²] below 0.001)', zh: 'η = 1/t 收敛（E[x²] 低于 0.001）' },
          predicted: 0,
          tolerance: 0.001,
        });
      }
      const y = Array.from({ length: BINS }, (_, b) => mean(runs.map((run) => mean([...run.subarray(b * size, (b + 1) * size)]))));
      return { name, x: y.map((_, b) => (b + 0.5) * size), y };
    });
    return { series, measures, checks };
  },
  chart({ series, measures }, _params, locale) {
    const facts = series.map(({ name }) => `${labelOf(name)}: ${num(measures[`floor:${name}`]!)}`);
    return {
      type: 'lines',
      title: localize(
        {
          en: 'A constant rate hovers at η/(2 − η); a decaying one converges',
          zh: '固定学习率停在 η/(2 − η)，递减学习率才收敛',
        },
        locale,
      ),
      subtitle: localize({ en: 'mean of x² over the runs, in bins', zh: '各次运行 x² 的平均（分段）' }, locale),
      alt: localize(
        {
          en: `Squared distance from the minimum over the steps. Mean over the second half: ${facts.join('; ')}.`,
          zh: `到极小值距离的平方随步数变化。后半程平均：${facts.join('；')}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'step', zh: '步' }, locale) },
      y: { label: 'x²', scale: 'log' },
      lines: series.map((one, i) => ({ ...one, name: labelOf(one.name), label: facts[i]! })),
    };
  },
  reading({ measures }, { rates }, locale) {
    const facts = rates.map((rate) => `η = ${rate}: ${num(measures[`floor:${rate}`]!)} (${num(rate / (2 - rate))})`).join(', ');
    return localize(
      {
        en: `Mean of x² over the second half, measured (theory): ${facts}. For small rates, half the rate is about half the floor.\nWith η = 1/t it is ${num(measures['floor:decay']!)} and goes on falling: “SGD never converges” is wrong.`,
        zh: `后半程 x² 的平均，实测（理论）：${facts}。学习率较小时，学习率减半，下限约减半。\n用 η = 1/t 时为 ${num(measures['floor:decay']!)}，而且继续下降：“SGD 永远不会收敛”是错的。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'SGD hovers around the minimum. You halve the constant learning rate. What happens to E[x²]?',
      zh: 'SGD 在极小值附近抖动。把固定学习率减半，E[x²] 会怎样？',
    },
    options: [
      { id: 'same', text: { en: 'it stays', zh: '不变' } },
      { id: 'half', text: { en: 'it falls to about a half', zh: '约减半' } },
      { id: 'zero', text: { en: 'it goes to zero', zh: '变成零' } },
    ],
    outcome({ measures }, { rates }) {
      const [first, second] = rates;
      const ratio =
        second === undefined ? 0.5 : (measures[`floor:${second}`]! / measures[`floor:${first}`]!) ** (Math.LN2 / Math.log(first! / second));
      if (ratio > 0.8) return 'same';
      return ratio < 0.1 ? 'zero' : 'half';
    },
    why: {
      en: 'The noise of each step is balanced against the pull to the minimum at η/(2 − η), nearly proportional to η.',
      zh: '每步的噪声与拉回极小值的力在 η/(2 − η) 处平衡，几乎与 η 成正比。',
    },
  },
});

function labelOf(name: string): string {
  return name === 'decay' ? 'η = 1/t' : `η = ${name}`;
}
