import { localize } from '../core/locale.ts';
import { type DemoCheck, defineDemo } from './demo.ts';
import { num } from './lib/format.ts';
import { PARTS, shareOf, together } from './lib/parts.ts';
import { mean } from './lib/stats.ts';
import { trainOnRings } from './lib/train.ts';

const TRAINED = 0.2;
const KINDS = ['plain', 'bn'] as const;

export default defineDemo({
  name: 'batchnorm-grid',
  version: 3,
  topics: ['batch-normalization', 'learning-rate', 'weight-initialization'],
  title: { en: 'What batch normalization forgives', zh: '批归一化能容忍什么' },
  summary: {
    en: 'Trains a five-layer ReLU net for every combination of weight scale and learning rate, with and without batch normalization.',
    zh: '对每种权重尺度与学习率的组合训练五层 ReLU 网络，加与不加批归一化。',
  },
  params: {
    gains: {
      type: 'numbers',
      min: 0.01,
      max: 100,
      maxItems: 5,
      default: [0.2, 2, 20],
      description: { en: 'weight variances g, Var W = g/n', zh: '权重方差 g，Var W = g/n' },
    },
    rates: {
      type: 'numbers',
      min: 0.0001,
      max: 10,
      maxItems: 7,
      default: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
      description: { en: 'learning rates', zh: '学习率' },
    },
    steps: {
      type: 'integer',
      min: 20,
      max: 200,
      default: 100,
      description: { en: 'training steps', zh: '训练步数' },
    },
    seeds: {
      type: 'integer',
      min: 1,
      max: 3,
      default: 3,
      description: { en: 'runs of each cell', zh: '每格运行次数' },
    },
  },
  deadline: 180_000,
  variations: [
    { label: { en: 'one seed (quicker)', zh: '一个种子（更快）' }, params: { seeds: 1 } },
    { label: { en: 'twice as long', zh: '训练加倍' }, params: { steps: 200, seeds: 1 } },
  ],
  run: {
    count: PARTS,
    part({ tf, rng, progress }, { gains, rates, steps, seeds }, part) {
      // The nets of every combination and seed are trained side by side; the combinations of a seed share its draws.
      const nets = gains.flatMap((variance) =>
        rates.flatMap((rate) => Array.from({ length: seeds }, (_, s) => ({ variance, rate, rng: rng.fork(s) }))),
      );
      const own = shareOf(nets, part);
      return KINDS.map((kind, k) => {
        const onStep = (done: number) => progress((k + done / steps) / KINDS.length);
        const runs = trainOnRings(tf, own, { depth: 5, width: 32, activation: 'relu', batchNorm: kind === 'bn', steps, onStep });
        return runs.map(({ losses }) => losses.at(-1)!);
      });
    },
    join(results, params) {
      const { gains, rates, seeds } = params;
      const measures: Record<string, number> = {};
      const series = KINDS.flatMap((kind, k) => {
        const ofNets = together((results as number[][][]).map((part) => part[k]!));
        const losses = Array.from({ length: gains.length * rates.length }, (_, cell) =>
          mean(ofNets.slice(cell * seeds, (cell + 1) * seeds)),
        );
        measures[`trained:${kind}`] = losses.filter((loss) => loss < TRAINED).length;
        return gains.map((gain, g) => ({ name: `${kind}:${gain}`, x: rates, y: losses.slice(g * rates.length, (g + 1) * rates.length) }));
      });
      return { series, measures, checks: checks(params) };
    },
  },
  chart({ series, measures }, { gains, rates }, locale) {
    const cells = gains.length * rates.length;
    const [bn, plain] = [measures['trained:bn']!, measures['trained:plain']!];
    const panel = (kind: (typeof KINDS)[number], title: { en: string; zh: string }) => ({
      type: 'heatmap' as const,
      title: localize(title, locale),
      alt: '',
      x: {
        label: localize({ en: 'learning rate', zh: '学习率' }, locale),
        categories: rates.map((rate) => num(rate)),
      },
      y: {
        label: localize({ en: 'weight variance g', zh: '权重方差 g' }, locale),
        categories: gains.map((gain) => num(gain)),
      },
      values: gains.map((gain) =>
        series.find(({ name }) => name === `${kind}:${gain}`)!.y.map((loss) => (Number.isFinite(loss) ? loss : null)),
      ),
      format: 'number' as const,
      scale: 'log' as const,
      scaleLabel: localize({ en: 'final loss', zh: '最终损失' }, locale),
    });
    return {
      type: 'multiples',
      columns: 1,
      title: localize(
        {
          en: `With BatchNorm ${bn} of ${cells} combinations train, without it ${plain}`,
          zh: `${cells} 种组合中，加批归一化成功 ${bn} 种，不加成功 ${plain} 种`,
        },
        locale,
      ),
      subtitle: localize({ en: `a cell counts as trained below a loss of ${TRAINED}`, zh: `损失低于 ${TRAINED} 算训练成功` }, locale),
      alt: localize(
        {
          en: `Two heat maps of the final loss over weight variance and learning rate. Trained cells: ${bn} of ${cells} with batch normalization, ${plain} without.`,
          zh: `两张热图：不同权重方差与学习率下的最终损失。成功的格子：加批归一化 ${bn} 个，不加 ${plain} 个，共 ${cells} 个。`,
        },
        locale,
      ),
      panels: [panel('plain', { en: 'without BatchNorm', zh: '不加批归一化' }), panel('bn', { en: 'with BatchNorm', zh: '加批归一化' })],
    };
  },
  reading({ measures }, { gains, rates }, locale) {
    const cells = gains.length * rates.length;
    const wider = measures['trained:bn']! > measures['trained:plain']!;
    return localize(
      {
        en: `Trained combinations: ${measures['trained:bn']} of ${cells} with batch normalization, ${measures['trained:plain']} without.${wider ? '\nNormalised, the scale of the weights matters far less, and a wider range of learning rates works.' : ''}`,
        zh: `训练成功的组合：加批归一化 ${measures['trained:bn']}/${cells}，不加 ${measures['trained:plain']}/${cells}。${wider ? '\n归一化之后，权重尺度的影响小得多，可用的学习率范围也更宽。' : ''}`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Of 21 combinations of weight scale and learning rate, how many more train with BatchNorm?',
      zh: '21 种权重尺度与学习率的组合，加批归一化能多成功几种？',
    },
    options: [
      { id: 'few', text: { en: 'up to 3 more', zh: '最多多 3 种' } },
      { id: 'many', text: { en: 'at least 8 more', zh: '至少多 8 种' } },
      { id: 'between', text: { en: '4 to 7 more', zh: '多 4 到 7 种' } },
    ],
    outcome({ measures }) {
      const more = measures['trained:bn']! - measures['trained:plain']!;
      if (more <= 3) return 'few';
      return more >= 8 ? 'many' : 'between';
    },
    why: {
      en: 'The output of a normalised layer does not depend on the scale of its weights, so neither bad scales nor large rates hurt as much.',
      zh: '归一化层的输出与权重尺度无关，糟糕的尺度和较大的学习率都没那么要紧。',
    },
  },
});

/** What was measured for the standard set-up (shared with the notes). */
function checks({ gains, rates, steps, seeds }: { gains: number[]; rates: number[]; steps: number; seeds: number }): DemoCheck[] {
  if (gains.join() !== '0.2,2,20' || rates.join() !== '0.003,0.01,0.03,0.1,0.3,1,3' || steps !== 100 || seeds !== 3) return [];
  return [
    {
      id: 'trained:bn',
      claim: { en: 'with BatchNorm at least 15 of 21 train', zh: '加批归一化，21 种中至少 15 种成功' },
      predicted: 18,
      tolerance: 3,
    },
    {
      id: 'trained:plain',
      claim: { en: 'without it at most 6 of 21', zh: '不加，最多 6 种成功' },
      predicted: 3,
      tolerance: 3,
    },
  ];
}
