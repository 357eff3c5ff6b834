import { localize } from '../../core/locale.ts';
import type { Series } from '../../core/result.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { listed, num } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const BINS = 80;
/** A mean that is off by less than this share is at its floor. */
const NEAR = 0.2;
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
  version: 3,
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
  names: {
    floor: { en: 'mean of x² over the second half, η', zh: '后半程 x² 的平均，η' },
    decay: { en: 'η = 1/t', zh: 'η = 1/t' },
  },
  deadline: 60_000,
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
    const series: Series[] = [];
    schedules.forEach(({ name, rate, predicted }, i) => {
      const runs: Float64Array[] = [];
      const curve = (): Series => {
        const y = Array.from({ length: BINS }, (_, b) => mean(runs.map((run) => mean([...run.subarray(b * size, (b + 1) * size)]))));
        return { name, x: y.map((_, b) => (b + 0.5) * size), y };
      };
      for (let s = 0; s < seeds; s++) {
        runs.push(iterate(rng.fork(i * 1000 + s), rate, steps));
        progress((i + (s + 1) / seeds) / schedules.length, () => ({ series: [...series, curve()], measures }));
      }
      measures[`floor:${name}`] = mean(runs.map((run) => mean([...run.subarray(Math.floor(steps / 2))])));
      if (predicted !== undefined && Number(name) * steps * seeds >= ENOUGH) {
        checks.push({
          id: `floor:${name}`,
          claim: { en: `η = ${name}: E[x²] = η/(2 − η)`, zh: `η = ${name}：E[x²] = η/(2 − η)` },
          predicted,
          tolerance: predicted * 0.1,
        });
      }
      if (name === 'decay' && steps >= 4000 && seeds >= 20) {
        checks.push({ id: 'floor:decay', claim: { en: 'η = 1/t converges (E[x²])', zh: 'η = 1/t 收敛（E[x²]）' }, ...within(0, 0.001) });
      }
      series.push(curve());
    });
    return { series, measures, checks };
  },
  chart({ series, measures }, { rates }, locale) {
    const facts = series.map(({ name }) => `${labelOf(name)}: ${num(measures[`floor:${name}`]!)}`);
    const hovering = rates.every((rate) => Math.abs(measures[`floor:${rate}`]! / (rate / (2 - rate)) - 1) < NEAR);
    const lowest = series.reduce((least, one) => (measures[`floor:${one.name}`]! < measures[`floor:${least.name}`]! ? one : least)).name;
    return {
      type: 'lines',
      title: localize(
        hovering && lowest === 'decay'
          ? { en: 'Constant rates hover at η/(2 − η); 1/t ends lowest', zh: '固定学习率停在 η/(2 − η)，1/t 最低' }
          : {
              en: `${labelOf(lowest)} ends lowest in this run: x² is ${num(measures[`floor:${lowest}`]!)} on average`,
              zh: `这次 ${labelOf(lowest)} 最低：x² 平均为 ${num(measures[`floor:${lowest}`]!)}`,
            },
        locale,
      ),
      subtitle: localize(
        {
          en: 'mean of x² over the runs, in bins; dashed: theory, η/(2 − η) and 1/t',
          zh: '各次运行 x² 的平均（分段）；虚线：理论，η/(2 − η) 与 1/t',
        },
        locale,
      ),
      alt: localize(
        {
          en: `Squared distance from the minimum over the steps. Mean over the second half: ${facts.join('; ')}.`,
          zh: `到极小值距离的平方随步数变化。后半程平均：${facts.join('；')}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'step', zh: '步' }, locale), time: true },
      y: { label: 'x²', scale: 'log' },
      lines: [
        ...series.map((one, i) => ({ ...one, name: labelOf(one.name), label: facts[i]! })),
        // Once it has settled, η/(2 − η); with η = 1/t the iterate is the mean of the noise, so 1/t.
        ...series.map(({ name, x }, i) => ({
          name: `${labelOf(name)}, ${localize({ en: 'theory', zh: '理论' }, locale)}`,
          label: '',
          x,
          y: x.map((t) => (name === 'decay' ? 1 / t : Number(name) / (2 - Number(name)))),
          color: i,
          dashed: true,
        })),
      ],
    };
  },
  reading({ series, measures }, { rates }, locale) {
    const facts = listed(
      rates.map((rate) => `η = ${rate}: ${num(measures[`floor:${rate}`]!)} (${num(rate / (2 - rate))})`),
      locale,
    );
    const bins = series.find(({ name }) => name === 'decay')!.y;
    const [third, fourth] = [mean(bins.slice(BINS / 2, (3 * BINS) / 4)), mean(bins.slice((3 * BINS) / 4))];
    const falling = fourth < third ? { en: ' and goes on falling', zh: '，而且继续下降' } : { en: '', zh: '' };
    return localize(
      {
        en: `Mean of x² over the second half, measured (theory once it has settled): ${facts}. In theory, for small rates, half the rate is half the floor.\nWith η = 1/t it is ${num(measures['floor:decay']!)}${falling.en}: with a decaying rate SGD converges.`,
        zh: `后半程 x² 的平均，实测（稳定之后的理论值）：${facts}。理论上，学习率较小时，学习率减半，下限也减半。\n用 η = 1/t 时为 ${num(measures['floor:decay']!)}${falling.zh}：学习率递减时 SGD 收敛。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ rates: [first, second] }) =>
      second === undefined
        ? {
            en: `SGD with a noisy gradient hovers around the minimum at the constant rate ${first}. Where does it end with η = 1/t instead?`,
            zh: `梯度带噪声时，SGD 用固定学习率 ${first} 在极小值附近抖动。改用 η = 1/t 会怎样？`,
          }
        : {
            en: `SGD with a noisy gradient hovers around the minimum. The constant rate goes from ${first} to ${second}. What happens to E[x²]?`,
            zh: `梯度带噪声时，SGD 在极小值附近抖动。固定学习率从 ${first} 改为 ${second}，E[x²] 会怎样？`,
          },
    options: [
      { id: 'same', text: { en: 'it stays within 10 %', zh: '变化不超过 10 %' } },
      { id: 'lower', text: { en: 'it falls', zh: '变小' } },
      { id: 'higher', text: { en: 'it rises', zh: '变大' } },
    ],
    outcome({ measures }, { rates: [first, second] }) {
      const ratio = measures[`floor:${second ?? 'decay'}`]! / measures[`floor:${first}`]!;
      if (Math.abs(ratio - 1) <= 0.1) return 'same';
      return ratio < 1 ? 'lower' : 'higher';
    },
    why: {
      en: 'At a constant rate the noise of each step is balanced against the pull to the minimum at η/(2 − η), nearly proportional to small η.',
      zh: '学习率固定时，每步的噪声与拉回极小值的力在 η/(2 − η) 处平衡；η 较小时几乎与它成正比。',
    },
  },
});

function labelOf(name: string): string {
  return name === 'decay' ? 'η = 1/t' : `η = ${name}`;
}
