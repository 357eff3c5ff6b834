import { localize } from '../core/locale.ts';
import { type DemoCheck, defineDemo } from './demo.ts';
import { drawNets, gradientNorms, groupsOf } from './lib/backprop.ts';
import { num } from './lib/format.ts';
import { geometricBand, geometricMean } from './lib/stats.ts';

export default defineDemo({
  name: 'linear-depth',
  version: 3,
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
  deadline: 30_000,
  variations: [
    { label: { en: '30 layers', zh: '30 层' }, params: { depth: 30 } },
    { label: { en: 'narrow layers', zh: '更窄的层' }, params: { width: 16 } },
  ],
  run({ tf, rng, progress }, { gains, depth, width, seeds }) {
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    const runs = gains.map((): number[][] => []);
    const groups = groupsOf(seeds, { depth, width });
    groups.forEach((group, g) => {
      const draws = drawNets(
        group.map((s) => rng.fork(s)),
        { depth, width, batch: 128 },
      );
      gains.forEach((gain, i) => {
        runs[i]!.push(...gradientNorms(tf, draws, 'linear', gain * gain).map(({ delta }) => delta));
        progress((g + (i + 1) / gains.length) / groups.length);
      });
    });
    const series = gains.map((gain, i) => {
      const factor = geometricMean(runs[i]!.map((delta) => delta[0]! / delta.at(-1)!)) ** (1 / (depth - 1));
      measures[`factor:${gain}`] = factor;
      // The mean of the logarithm lies below the logarithm of the mean by 1/(2n) per layer (Hanin 2018).
      const predicted = gain * Math.exp(-1 / (2 * width));
      if (seeds >= 10 && depth >= 5 && width >= 48) {
        checks.push({
          id: `factor:${gain}`,
          claim: {
            en: `gain ${gain}: factor per layer g·e^(−1/(2n))`,
            zh: `增益 ${gain}：每层因子 g·e^(−1/(2n))`,
          },
          predicted,
          tolerance: predicted * 0.02,
        });
      }
      return {
        name: String(gain),
        x: Array.from({ length: depth }, (_, l) => l + 1),
        ...geometricBand(runs[i]!),
      };
    });
    return { series, measures, checks };
  },
  chart({ series, measures }, { depth, gains }, locale) {
    const facts = gains.map((gain) => `g = ${gain}: ×${num(measures[`factor:${gain}`]!)}`).join('; ');
    const left = (gain: number) => num(measures[`factor:${gain}`]! ** (depth - 1), 2);
    const [low, high] = [Math.min(...gains), Math.max(...gains)];
    return {
      type: 'lines',
      title: localize(
        {
          en: `No activation: after ${depth} layers gain ${low} leaves ×${left(low)}, gain ${high} ×${left(high)}`,
          zh: `没有激活函数：${depth} 层后，增益 ${low} 剩 ×${left(low)}，增益 ${high} 为 ×${left(high)}`,
        },
        locale,
      ),
      subtitle: localize(
        {
          en: 'geometric mean over seeds, band = smallest to largest',
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
      y: { label: '‖∂L/∂z‖', scale: 'log' },
      lines: series.map((one) => ({ ...one, name: `g = ${one.name}` })),
    };
  },
  reading({ measures }, { gains, depth }, locale) {
    const list = gains.map((gain) => `g = ${gain}: ×${num(measures[`factor:${gain}`]!)}`).join(', ');
    const [first] = gains;
    const total = num(measures[`factor:${first}`]! ** (depth - 1));
    return localize(
      {
        en: `Per layer the back-propagated gradient is multiplied by about the gain: ${list}.\nOver ${depth} layers g = ${first} leaves ${total} of it, and there is no activation to blame.`,
        zh: `反传的梯度每层约乘以增益：${list}。\n${depth} 层之后 g = ${first} 剩下 ${total}，这里并没有激活函数可怪。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Ten layers without any activation, gain ½. What happens to the gradient on its way to the input?',
      zh: '十层、没有激活函数、增益 ½，梯度传到输入时会怎样？',
    },
    options: [
      { id: 'kept', text: { en: 'it stays about the same', zh: '基本不变' } },
      { id: 'vanishes', text: { en: 'it vanishes', zh: '消失' } },
      { id: 'explodes', text: { en: 'it explodes', zh: '爆炸' } },
    ],
    outcome({ measures }, { gains }) {
      const factor = measures[`factor:${gains[0]}`]!;
      if (factor < 0.95) return 'vanishes';
      return factor > 1.05 ? 'explodes' : 'kept';
    },
    why: {
      en: 'Each layer multiplies it by about ½; the weights alone do it.',
      zh: '每层约乘 ½，单靠权重就足够了。',
    },
  },
});
