import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { fromShares, PARTS, shareOf } from '../../demos/lib/parts.ts';
import { mean } from '../../demos/lib/stats.ts';
import { type Trained, trainOnRings } from '../../demos/lib/train.ts';

const TRAINED = 0.2;
const KINDS = ['plain', 'bn'] as const;
const TITLES = { plain: { en: 'without BatchNorm', zh: '不加批归一化' }, bn: { en: 'with BatchNorm', zh: '加批归一化' } };

export default defineDemo({
  name: 'batchnorm-grid',
  version: 4,
  topics: ['batch-normalization', 'learning-rate', 'weight-initialization'],
  title: { en: 'What batch normalization forgives', zh: '批归一化能容忍什么' },
  summary: {
    en: 'Trains a five-layer ReLU net by full-batch gradient descent for every combination of weight scale and learning rate, with and without batch normalization.',
    zh: '对每种权重尺度与学习率的组合用全批量梯度下降训练五层 ReLU 网络，加与不加批归一化。',
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
  names: {
    trained: { en: 'combinations that train', zh: '训练成功的组合数' },
    gains: { en: 'weight scales at which something trains', zh: '能训练成功的权重尺度数' },
    rates: { en: 'learning rates at which something trains', zh: '能训练成功的学习率数' },
    bn: { en: 'with BatchNorm', zh: '加批归一化' },
    plain: { en: 'without BatchNorm', zh: '不加批归一化' },
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
      const losses: number[][] = [];
      KINDS.forEach((kind, k) => {
        const onStep = (done: number, nets: readonly Trained[]) =>
          progress((k + done / steps) / KINDS.length, () => [...losses, nets.map((net) => net.losses.at(-1)!)]);
        const runs = trainOnRings(tf, own, { depth: 5, width: 32, activation: 'relu', batchNorm: kind === 'bn', steps, onStep });
        losses.push(runs.map((run) => run.losses.at(-1)!));
      });
      return losses;
    },
    join(results, params) {
      const { gains, rates, seeds } = params;
      const measures: Record<string, number> = {};
      const series = KINDS.flatMap((kind, k) => {
        const ofNet = fromShares((results as number[][][]).map((part) => part[k] ?? []));
        const cells = Array.from({ length: gains.length * rates.length }, (_, cell) =>
          Array.from({ length: seeds }, (_, s) => ofNet(cell * seeds + s)).filter((loss) => loss !== undefined),
        );
        if (cells.every((runs) => runs.length === 0)) return [];
        const losses = cells.map(mean);
        measures[`trained:${kind}`] = losses.filter((loss) => loss < TRAINED).length;
        const trained = gains.map((_, g) => rates.map((_rate, r) => losses[g * rates.length + r]! < TRAINED));
        measures[`gains:${kind}`] = trained.filter((row) => row.includes(true)).length;
        measures[`rates:${kind}`] = rates.filter((_, r) => trained.some((row) => row[r])).length;
        // A combination that diverged has no loss, and no point in the series; one that has not begun, no number yet.
        return gains.map((gain, g) => {
          const points = rates
            .map((rate, r) => ({ rate, loss: losses[g * rates.length + r]!, begun: cells[g * rates.length + r]!.length > 0 }))
            .filter(({ loss, begun }) => Number.isFinite(loss) || !begun);
          return { name: `${kind}:${gain}`, x: points.map(({ rate }) => rate), y: points.map(({ loss }) => loss) };
        });
      });
      return { series, measures, checks: checks(params) };
    },
  },
  chart({ series, measures }, { gains, rates }, locale) {
    const cells = gains.length * rates.length;
    const [bn, plain] = [measures['trained:bn']!, measures['trained:plain']!];
    // Both maps are coloured alike, so that a colour means one loss.
    const losses = series.flatMap(({ y }) => y).filter(Number.isFinite);
    const lost = series.some(({ x }) => x.length < rates.length);
    const panel = (kind: (typeof KINDS)[number]) => ({
      type: 'heatmap' as const,
      title: localize(TITLES[kind], locale),
      alt: '',
      x: {
        label: localize({ en: 'learning rate', zh: '学习率' }, locale),
        categories: rates.map((rate) => num(rate)),
      },
      y: {
        label: localize({ en: 'weight variance g', zh: '权重方差 g' }, locale),
        categories: gains.map((gain) => num(gain)),
      },
      values: gains.map((gain) => {
        const { x, y } = series.find(({ name }) => name === `${kind}:${gain}`)!;
        return rates.map((rate) => y[x.indexOf(rate)] ?? null);
      }),
      format: 'number' as const,
      scale: 'log' as const,
      ...(losses.length > 0 && { range: [Math.min(...losses), Math.max(...losses)] as [number, number] }),
      scaleLabel: localize({ en: 'loss', zh: '损失' }, locale),
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
      subtitle: localize(
        {
          en: `a cell counts as trained below a loss of ${TRAINED}${lost ? '; × = diverged' : ''}`,
          zh: `损失低于 ${TRAINED} 算训练成功${lost ? '；× = 发散' : ''}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Two heat maps of the final loss over weight variance and learning rate. Trained cells: ${bn} of ${cells} with batch normalization, ${plain} without.`,
          zh: `两张热图：不同权重方差与学习率下的最终损失。成功的格子：加批归一化 ${bn} 个，不加 ${plain} 个，共 ${cells} 个。`,
        },
        locale,
      ),
      panels: KINDS.filter((kind) => series.some(({ name }) => name.startsWith(`${kind}:`))).map(panel),
    };
  },
  reading({ measures }, { gains, rates }, locale) {
    const cells = gains.length * rates.length;
    const [bn, plain] = KINDS.map((kind) => ({ gains: measures[`gains:${kind}`]!, rates: measures[`rates:${kind}`]! })).reverse() as [
      { gains: number; rates: number },
      { gains: number; rates: number },
    ];
    return localize(
      {
        en: `Trained combinations: ${measures['trained:bn']} of ${cells} with batch normalization, ${measures['trained:plain']} without.\nWith it something trains at ${bn.gains} of ${gains.length} weight scales and ${bn.rates} of ${rates.length} learning rates; without it, at ${plain.gains} and ${plain.rates}.`,
        zh: `训练成功的组合：加批归一化 ${measures['trained:bn']}/${cells}，不加 ${measures['trained:plain']}/${cells}。\n加上它，${gains.length} 种权重尺度中有 ${bn.gains} 种、${rates.length} 种学习率中有 ${bn.rates} 种能训练成功；不加则为 ${plain.gains} 种和 ${plain.rates} 种。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ gains, rates }) => ({
      en: `Of ${gains.length * rates.length} combinations of weight scale and learning rate, how many more train with BatchNorm?`,
      zh: `${gains.length * rates.length} 种权重尺度与学习率的组合，加批归一化能多成功几种？`,
    }),
    options: [
      { id: 'few', text: { en: 'at most 3 more', zh: '最多多 3 种' } },
      { id: 'between', text: { en: '4 to 7 more', zh: '多 4 到 7 种' } },
      { id: 'many', text: { en: 'at least 8 more', zh: '至少多 8 种' } },
    ],
    outcome({ measures }) {
      const more = measures['trained:bn']! - measures['trained:plain']!;
      if (more <= 3) return 'few';
      return more >= 8 ? 'many' : 'between';
    },
    why: {
      en: 'The output of a normalised layer does not depend on the scale of its weights.',
      zh: '归一化层的输出与权重的尺度无关。',
    },
  },
});

/** What was measured for the standard set-up (shared with the notes). */
function checks({ gains, rates, steps, seeds }: { gains: number[]; rates: number[]; steps: number; seeds: number }): DemoCheck[] {
  if (gains.join() !== '0.2,2,20' || rates.join() !== '0.003,0.01,0.03,0.1,0.3,1,3' || steps !== 100 || seeds !== 3) return [];
  return [
    {
      id: 'trained:bn',
      claim: { en: 'with BatchNorm most of the 21 train', zh: '加批归一化，21 种中大多数成功' },
      ...within(15, 21),
    },
    {
      id: 'trained:plain',
      claim: { en: 'without it few of the 21', zh: '不加，21 种中只有少数成功' },
      ...within(0, 6),
    },
  ];
}
