import { type Locale, localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { drawNets, gradientNorms, groupsOf } from '../../demos/lib/backprop.ts';
import { listed, num } from '../../demos/lib/format.ts';
import { geometricBand, geometricMean } from '../../demos/lib/stats.ts';

export default defineDemo({
  name: 'linear-depth',
  version: 4,
  topics: ['fixing-vanishing-gradients', 'exploding-gradients', 'weight-initialization'],
  title: { en: 'A deep network without activation', zh: '没有激活函数的深层网络' },
  summary: {
    en: 'Back-propagates through deep linear networks of several gains: without any activation the gradient still scales as gain to the power of the depth.',
    zh: '对几种增益的深层线性网络做反向传播：没有激活函数，梯度仍按“增益的深度次方”缩放。',
  },
  params: {
    gains: {
      type: 'numbers',
      min: 0.1,
      max: 3,
      maxItems: 5,
      default: [0.5, 0.9, 1, 1.1, 1.5],
      description: { en: 'gains g, with Var W = g²/n', zh: '增益 g，Var W = g²/n' },
    },
    depth: { type: 'integer', min: 2, max: 40, default: 10, description: { en: 'layers', zh: '层数' } },
    width: {
      type: 'integer',
      min: 16,
      max: 256,
      default: 64,
      description: { en: 'units per layer', zh: '每层单元数' },
    },
    seeds: {
      type: 'integer',
      min: 1,
      max: 50,
      default: 20,
      description: { en: 'networks to average over', zh: '取平均的网络个数' },
    },
  },
  names: {
    factor: { en: '‖δ‖ per layer, gain', zh: '‖δ‖ 的每层因子，增益' },
  },
  deadline: 30_000,
  cost: {
    seconds: ({ gains, depth, width, seeds }) => seeds * depth * (width / 64) ** 2 * (0.0003 * gains.length + 0.0002),
    lower: ['seeds', 'width', 'depth'],
  },
  variations: [
    { label: { en: '30 layers', zh: '30 层' }, params: { depth: 30 } },
    { label: { en: 'narrow layers', zh: '更窄的层' }, params: { width: 16 } },
  ],
  run({ tf, rng, progress }, { gains, depth, width, seeds }) {
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    const runs = gains.map((): number[][] => []);
    const curve = (i: number) => ({
      name: String(gains[i]),
      x: Array.from({ length: depth }, (_, l) => l + 1),
      ...geometricBand(runs[i]!),
    });
    const groups = groupsOf(seeds, { depth, width });
    groups.forEach((group, g) => {
      const draws = drawNets(
        group.map((s) => rng.fork(s)),
        { depth, width, batch: 128 },
      );
      gains.forEach((gain, i) => {
        runs[i]!.push(...gradientNorms(tf, draws, 'linear', gain * gain).map(({ delta }) => delta));
        progress((g + (i + 1) / gains.length) / groups.length, () => ({
          series: gains.flatMap((_, j) => (runs[j]!.length > 0 ? [curve(j)] : [])),
        }));
      });
    });
    const series = gains.map((gain, i) => {
      const factor = geometricMean(runs[i]!.map((delta) => delta[0]! / delta.at(-1)!)) ** (1 / (depth - 1));
      measures[`factor:${gain}`] = factor;
      // The mean of the logarithm lies below the logarithm of the mean by 1/(2n) per layer (Hanin 2018).
      const predicted = gain * Math.exp(-1 / (2 * width));
      // Nearly three standard errors: log ‖δ‖ scatters by 0.7/√n per layer.
      const relative = 0.02 * Math.sqrt((64 * 9 * 20) / (width * (depth - 1) * seeds));
      if (relative <= 0.05 && width >= 48) {
        checks.push({
          id: `factor:${gain}`,
          claim: {
            en: `gain ${gain}: factor per layer g·e^(−1/(2n))`,
            zh: `增益 ${gain}：每层因子 g·e^(−1/(2n))`,
          },
          predicted,
          tolerance: predicted * relative,
        });
      }
      return curve(i);
    });
    return { series, measures, checks };
  },
  chart({ series, measures }, { depth, gains, width }, locale) {
    const facts = factsOf(measures, gains, locale);
    const left = (gain: number) => num(measures[`factor:${gain}`]! ** (depth - 1), 2);
    const [low, high] = [Math.min(...gains), Math.max(...gains)];
    return {
      type: 'lines',
      title: localize(
        low === high
          ? {
              en: `No activation: over ${depth} layers gain ${low} multiplies the gradient by ${left(low)}`,
              zh: `没有激活函数：经过 ${depth} 层，增益 ${low} 把梯度乘 ${left(low)}`,
            }
          : {
              en: `No activation: over ${depth} layers the gradient becomes ×${left(low)} (gain ${low}) or ×${left(high)} (gain ${high})`,
              zh: `没有激活函数：经过 ${depth} 层，增益 ${low} 把梯度乘 ${left(low)}，增益 ${high} 乘 ${left(high)}`,
            },
        locale,
      ),
      subtitle: localize(
        {
          en: 'geometric mean over seeds, band = smallest to largest; dashed: theory',
          zh: '多个种子的几何平均，色带为最小到最大',
        },
        locale,
      ),
      alt: localize(
        {
          en: `Gradient norm by layer in linear nets of ${depth} layers. Factor per layer: ${facts}.`,
          zh: `${depth} 层线性网络的逐层梯度范数。每层因子：${facts}。`,
        },
        locale,
      ),
      x: {
        label: localize({ en: 'layer (1 = next to the input)', zh: '层（1 = 最靠近输入）' }, locale),
        min: 1,
        max: depth,
      },
      y: { label: localize({ en: '‖∂L/∂z‖ (log scale)', zh: '‖∂L/∂z‖（对数刻度）' }, locale), scale: 'log' },
      lines: [
        ...series.map((one) => ({ ...one, name: `g = ${one.name}` })),
        // From the top down, g·e^(−1/(2n)) a layer.
        ...series.map(({ name, x, y }, i) => ({
          name: `g = ${name}, ${localize({ en: 'theory', zh: '理论' }, locale)}`,
          label: '',
          x,
          y: x.map((layer) => y.at(-1)! * (Number(name) * Math.exp(-1 / (2 * width))) ** (depth - layer)),
          color: i,
          dashed: true,
        })),
      ],
    };
  },
  reading({ measures }, { gains, depth, width }, locale) {
    const facts = factsOf(measures, gains, locale);
    const [first] = gains as [number];
    const total = num(measures[`factor:${first}`]! ** (depth - 1));
    const theory = num(Math.exp(-1 / (2 * width)), 4);
    return localize(
      {
        en: `Per layer the back-propagated gradient is multiplied by ${facts}; theory says the gain times e^(−1/(2n)) = ${theory}.\nOver ${depth} layers g = ${first} multiplies it by ${total}, and there is no activation to blame.`,
        zh: `反传的梯度每层所乘的数：${facts}；理论值为增益乘 e^(−1/(2n)) = ${theory}。\n经过 ${depth} 层，g = ${first} 把它乘 ${total}，这里并没有激活函数可怪。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ depth, gains }) => ({
      en: `${depth} layers without any activation, gain ${gains[0]}. What happens to the gradient on its way to the input?`,
      zh: `${depth} 层、没有激活函数、增益 ${gains[0]}，梯度传到输入时会怎样？`,
    }),
    options: [
      { id: 'kept', text: { en: 'it stays within a factor of 2', zh: '变化不超过 2 倍' } },
      { id: 'vanishes', text: { en: 'it shrinks by more', zh: '缩小得更多' } },
      { id: 'explodes', text: { en: 'it grows by more', zh: '增大得更多' } },
    ],
    outcome({ measures }, { gains, depth }) {
      const total = measures[`factor:${gains[0]}`]! ** (depth - 1);
      if (total < 0.5) return 'vanishes';
      return total > 2 ? 'explodes' : 'kept';
    },
    why({ measures }, { gains, depth }) {
      const factor = measures[`factor:${gains[0]}`]!;
      return {
        en: `Each layer multiplies it by ${num(factor)}, all of them by ${num(factor ** (depth - 1))}; the weights alone do it.`,
        zh: `每层乘 ${num(factor)}，合起来乘 ${num(factor ** (depth - 1))}，单靠权重就足够了。`,
      };
    },
  },
});

/** `g = 0.5: ×0.496, g = …` */
function factsOf(measures: Readonly<Record<string, number>>, gains: readonly number[], locale: Locale): string {
  const facts = gains.map((gain) => `g = ${gain}: ×${num(measures[`factor:${gain}`]!)}`);
  return listed(facts, locale);
}
