import { type Locale, type Localized, localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, type Outcome, within } from '../../demos/demo.ts';
import { capital, count, num, percent } from '../../demos/lib/format.ts';
import { deltaFactor } from '../../demos/lib/mean-field.ts';
import { PARTS, shareOf } from '../../demos/lib/parts.ts';
import { names } from '../../demos/lib/plateau-words.ts';
import { geometricMean, mean, worseFrom } from '../../demos/lib/stats.ts';
import { courseOf, type NetOptions, type Trained, trainOnRings } from '../../demos/lib/train.ts';

const REMEDIES = ['sigmoid', 'relu-he', 'sigmoid-bn', 'linear', 'relu-residual'] as const;
type Remedy = (typeof REMEDIES)[number];

const NETS: Record<Remedy, Pick<NetOptions, 'activation' | 'batchNorm' | 'residual'> & { variance: number }> = {
  sigmoid: { activation: 'sigmoid', variance: 1 },
  'relu-he': { activation: 'relu', variance: 2 },
  'sigmoid-bn': { activation: 'sigmoid', variance: 1, batchNorm: true },
  linear: { activation: 'linear', variance: 1 },
  // Small branches, as in practice: ten of them at full size would double the signal at each block.
  'relu-residual': { activation: 'relu', variance: 0.2, residual: true },
};

const NAMES = {
  sigmoid: { en: 'sigmoid', zh: 'sigmoid' },
  'relu-he': { en: 'ReLU with He’s initialisation', zh: 'ReLU 配 He 初始化' },
  'sigmoid-bn': { en: 'sigmoid + BatchNorm', zh: 'sigmoid + 批归一化' },
  linear: { en: 'no activation', zh: '没有激活函数' },
  'relu-residual': { en: 'ReLU with residual connections', zh: 'ReLU 加残差连接' },
} as const;

export default defineDemo({
  name: 'training-plateau',
  version: 5,
  topics: ['fixing-vanishing-gradients', 'vanishing-gradients', 'batch-normalization'],
  title: { en: 'Deep nets that learn, or do not', zh: '学得动与学不动的深层网络' },
  summary: {
    en: 'Trains deep nets on two noisy rings by full-batch gradient descent, from the same data, with and without the remedies for vanishing gradients.',
    zh: '用全批量梯度下降在同样的数据（两个带噪声的圆环）上训练深层网络，比较用与不用各种对策。',
  },
  params: {
    remedies: {
      type: 'choices',
      choices: REMEDIES,
      default: ['sigmoid', 'relu-he', 'sigmoid-bn'],
      description: { en: 'networks to compare', zh: '要比较的网络' },
    },
    depth: {
      type: 'integer',
      min: 1,
      max: 20,
      default: 10,
      description: { en: 'hidden layers', zh: '隐藏层数' },
    },
    width: {
      type: 'integer',
      min: 4,
      max: 64,
      default: 32,
      description: { en: 'units per layer', zh: '每层单元数' },
    },
    steps: {
      type: 'integer',
      min: 20,
      max: 400,
      default: 200,
      description: { en: 'training steps', zh: '训练步数' },
    },
    rate: {
      type: 'number',
      min: 0.001,
      max: 3,
      default: 0.1,
      scale: 'log',
      description: { en: 'learning rate', zh: '学习率' },
    },
    seeds: {
      type: 'integer',
      min: 1,
      max: 5,
      default: 5,
      description: { en: 'runs of each', zh: '每种运行次数' },
    },
  },
  names,
  deadline: 180_000,
  cost: {
    seconds: ({ remedies, depth, width, steps, seeds }) =>
      0.001 * remedies.length * depth * steps * Math.ceil(seeds / PARTS) * (0.25 + 0.75 * (width / 64)),
    lower: ['seeds', 'steps', 'width'],
  },
  variations: [
    { label: { en: 'two layers only', zh: '只有两层' }, params: { depth: 2 } },
    { label: { en: 'rate 1', zh: '学习率 1' }, params: { rate: 1 } },
    {
      label: { en: 'residual and linear', zh: '残差与线性' },
      params: { remedies: ['relu-residual', 'linear', 'sigmoid'] },
    },
  ],
  run: {
    count: PARTS,
    part({ tf, rng, progress }, { remedies, depth, width, steps, rate, seeds }, part) {
      const trained: Trained[][] = [];
      remedies.forEach((remedy, r) => {
        const { variance, ...net } = NETS[remedy];
        const nets = Array.from({ length: seeds }, (_, s) => ({ rng: rng.fork(s), variance, rate }));
        const onStep = (done: number, now: readonly Trained[]) => progress((r + done / steps) / remedies.length, () => [...trained, now]);
        trained.push(trainOnRings(tf, shareOf(nets, part), { ...net, depth, width, steps, onStep }));
      });
      return trained;
    },
    join(results, { remedies, depth, width, steps, rate, seeds }) {
      const measures: Record<string, number> = {};
      const diverged: NonNullable<Outcome['diverged']> = [];
      const series = remedies.flatMap((remedy, r) => {
        const runs = (results as Trained[][][]).flatMap((part) => part[r] ?? []);
        if (runs.length === 0) return [];
        const lost = runs.filter((run) => run.diverged !== undefined);
        const worse = runs.flatMap(({ losses }) => worseFrom(losses) ?? []);
        if (lost.length > 0) measures[`lost:${remedy}`] = lost.length;
        if (lost.length > 0 || worse.length === runs.length) diverged.push({ name: NAMES[remedy], step: Math.min(...worse) });
        // A mean over nets of which one has no loss is none.
        if (lost.length === 0) {
          const last = runs.map(({ losses }) => losses.at(-1)!);
          measures[`loss:${remedy}`] = geometricMean(last);
          measures[`worst-loss:${remedy}`] = Math.max(...last);
          measures[`gap:${remedy}`] = Math.max(...last.map((loss) => Math.abs(loss - Math.LN2)));
          measures[`accuracy:${remedy}`] = mean(runs.map(({ accuracy }) => accuracy));
        }
        const finite = Math.min(...runs.map((run) => run.diverged ?? steps + 1));
        const band = courseOf(runs.map(({ losses }) => losses.slice(0, finite)));
        return [{ name: remedy, x: band.y.map((_, i) => i), ...band }];
      });
      return {
        series,
        measures,
        checks: checks(remedies, { depth, width, steps, rate, seeds }),
        ...(diverged.length > 0 && { diverged }),
      };
    },
  },
  chart({ series, measures }, { remedies, depth, seeds }, locale) {
    const facts = remedies.map((remedy) => factOf(measures, remedy, seeds, locale)).join(localize({ en: '; ', zh: '；' }, locale));
    const [worst] = [...remedies].sort((a, b) => lossOf(measures, b) - lossOf(measures, a)) as [Remedy];
    const { en, zh } = NAMES[worst];
    const state = stateOf(measures, worst);
    const ends = state === 'lost' ? '' : num(lossOf(measures, worst));
    const title = {
      lost: {
        en: `${en}: ${measures[`lost:${worst}`]} of ${seeds} nets diverge`,
        zh: `${zh}：${seeds} 个网络中有 ${measures[`lost:${worst}`]} 个发散`,
      },
      stuck: { en: `${en} stays at a coin toss`, zh: `${zh}：停在抛硬币的水平` },
      worse: {
        en: `${en} ends worse than a coin toss, at ${ends}`,
        zh: `${zh} 最后比抛硬币还差，损失为 ${ends}`,
      },
      learnt: {
        en: `${en} ends ${remedies.length > 1 ? 'highest, ' : ''}at ${ends}`,
        zh: `${zh} 最后${remedies.length > 1 ? '最高，' : '损失'}为 ${ends}`,
      },
    }[state];
    return {
      type: 'lines',
      title: capital(localize(title, locale)),
      subtitle: localize(
        {
          en: `${count(depth, 'layer')}, geometric mean over seeds, band = smallest to largest`,
          zh: `${depth} 层，多个种子的几何平均，色带为最小到最大`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Training loss over the steps. At the end (accuracy): ${facts}.`,
          zh: `训练损失随步数的变化。结束时（准确率）：${facts}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'step', zh: '步' }, locale), time: true },
      y: { label: localize({ en: 'cross-entropy', zh: '交叉熵' }, locale), scale: 'log' },
      lines: series.map((one) => ({ ...one, name: localize(NAMES[one.name as Remedy], locale) })),
      references: [{ axis: 'y', value: Math.LN2, label: 'ln 2' }],
    };
  },
  reading({ measures }, { remedies, depth, steps, seeds }, locale) {
    const facts = remedies.map((remedy) => factOf(measures, remedy, seeds, locale)).join(localize({ en: '; ', zh: '；' }, locale));
    const why = remedies.filter((remedy) => stateOf(measures, remedy) === 'stuck').map((remedy) => whyStuck(remedy, depth));
    return localize(
      {
        en: `Loss and accuracy after ${steps} steps: ${facts}.\n${['0.693 = ln 2 is what guessing gets.', ...why.map(({ en }) => en)].join(' ')}`,
        zh: `${steps} 步之后的损失与准确率：${facts}。\n${['0.693 = ln 2 就是瞎猜的水平。', ...why.map(({ zh }) => zh)].join('')}`,
      },
      locale,
    );
  },
  predict: {
    question: ({ remedies, depth, steps }) => ({
      en: `${count(depth, 'hidden layer')} (${NAMES[remedies[0]!].en}), ${steps} steps on two rings. Where does the loss end?`,
      zh: `${depth} 个隐藏层（${NAMES[remedies[0]!].zh}），在两个圆环上训练 ${steps} 步，损失最后在哪里？`,
    }),
    options: [
      { id: 'low', text: { en: 'below 0.1', zh: '低于 0.1' } },
      { id: 'middle', text: { en: 'between 0.1 and 0.65', zh: '在 0.1 与 0.65 之间' } },
      { id: 'stuck', text: { en: 'where guessing is, at 0.69', zh: '停在瞎猜的水平 0.69' } },
      { id: 'worse', text: { en: 'higher still', zh: '还要更高' } },
    ],
    outcome({ measures }, { remedies }) {
      const state = stateOf(measures, remedies[0]!);
      if (state === 'learnt') return lossOf(measures, remedies[0]!) < 0.1 ? 'low' : 'middle';
      return state === 'stuck' ? 'stuck' : 'worse';
    },
    why({ measures }, { remedies, depth, seeds }) {
      const [first] = remedies as [Remedy];
      const stuck = stateOf(measures, first) === 'stuck' ? whyStuck(first, depth) : { en: '', zh: '' };
      return {
        en: `${capital(factOf(measures, first, seeds, 'en'))}; guessing gets ln 2 = 0.693. ${stuck.en}`.trim(),
        zh: `${factOf(measures, first, seeds, 'zh')}；瞎猜的水平是 ln 2 = 0.693。${stuck.zh}`,
      };
    },
  },
});

/** A loss this near to ln 2 is that of guessing. */
const NEAR = 0.04;

/** The mean loss at the end; infinite where a net has none. */
function lossOf(measures: Readonly<Record<string, number>>, remedy: Remedy): number {
  return measures[`loss:${remedy}`] ?? Number.POSITIVE_INFINITY;
}

function stateOf(measures: Readonly<Record<string, number>>, remedy: Remedy): 'lost' | 'stuck' | 'worse' | 'learnt' {
  const loss = lossOf(measures, remedy);
  if (loss === Number.POSITIVE_INFINITY) return 'lost';
  if (loss > Math.LN2 + NEAR) return 'worse';
  return loss > Math.LN2 - NEAR ? 'stuck' : 'learnt';
}

/** `sigmoid 0.693 (50 %)`, or how many of its nets diverged. */
function factOf(measures: Readonly<Record<string, number>>, remedy: Remedy, seeds: number, locale: Locale): string {
  const name = localize(NAMES[remedy], locale);
  if (stateOf(measures, remedy) !== 'lost')
    return `${name} ${num(measures[`loss:${remedy}`]!)} (${percent(measures[`accuracy:${remedy}`]!)})`;
  const lost = measures[`lost:${remedy}`]!;
  return localize({ en: `${name} diverged (${lost} of ${seeds})`, zh: `${name} 发散（${seeds} 个中 ${lost} 个）` }, locale);
}

/** Why a net can stay where guessing is. */
function whyStuck(remedy: Remedy, depth: number): Localized {
  const share = deltaFactor('sigmoid', NETS.sigmoid.variance, depth) ** (depth - 1);
  if (remedy === 'sigmoid' && depth > 1 && share < 0.01)
    return {
      en: `The sigmoid net is still there: at the start about ${num(share, 2)} of the gradient at its top layer reaches the first.`,
      zh: `sigmoid 网络还停在那里：开始时顶层的梯度只有约 ${num(share, 2)} 传到第一层。`,
    };
  if (remedy === 'linear')
    return {
      en: 'Without activation the whole net is one linear map, and no line separates rings.',
      zh: '没有激活函数，整个网络只是一个线性映射，而直线分不开圆环。',
    };
  const { en, zh } = NAMES[remedy];
  return {
    en: `${capital(en)} has not learnt with these settings.`,
    zh: `${zh} 用这些设置没有学会。`,
  };
}

/** What was measured for the standard set-up (shared with the notes); other settings have no prediction. */
function checks(
  remedies: readonly Remedy[],
  { depth, width, steps, rate, seeds }: { depth: number; width: number; steps: number; rate: number; seeds: number },
): DemoCheck[] {
  if (depth !== 10 || width !== 32 || steps !== 200 || (rate !== 0.1 && rate !== 1)) return [];
  const known: Partial<Record<Remedy, DemoCheck>> = {
    sigmoid: {
      id: 'gap:sigmoid',
      claim: { en: 'deep sigmoid net stays at ln 2 (distance of the worst seed)', zh: '深层 sigmoid 停在 ln 2（最差种子的差距）' },
      ...within(0, 0.002),
    },
    linear: {
      id: 'loss:linear',
      claim: { en: 'without activation no depth separates rings', zh: '没有激活函数，再深也分不开圆环' },
      predicted: 0.685,
      tolerance: 0.01,
    },
    // One net in a hundred or so is in the middle of a spike at step 200, so these are means over five.
    ...(seeds === 5 && {
      'relu-he': {
        id: 'loss:relu-he',
        claim: { en: 'ReLU with He’s initialisation learns (geometric mean)', zh: 'ReLU 配 He 初始化学得会（几何平均）' },
        ...within(0, 0.01),
      },
      'sigmoid-bn': {
        id: 'loss:sigmoid-bn',
        claim: { en: 'BatchNorm rescues the sigmoid net (geometric mean)', zh: '批归一化救活 sigmoid 网络（几何平均）' },
        ...within(0, 0.15),
      },
    }),
  };
  // At rate 1 only the plateau is predicted.
  return remedies.flatMap((remedy) => (rate === 0.1 || remedy === 'sigmoid' ? (known[remedy] ?? []) : []));
}
