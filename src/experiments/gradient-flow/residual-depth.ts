import type * as TfTypes from '@tensorflow/tfjs';
import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, type Tf, within } from '../../demos/demo.ts';
import { groupsOf } from '../../demos/lib/backprop.ts';
import { joined, product, type Tensor3D, timesTransposed, unit } from '../../demos/lib/batched.ts';
import { count, num } from '../../demos/lib/format.ts';
import { geometricBand, geometricMean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const BATCH = 32;
const KINDS = ['plain', 'residual', 'zero-init'] as const;
type Kind = (typeof KINDS)[number];

/** Var W · n by what a person chooses; 1/3 is the variance of U(±1/√n), a library's default. */
const VARIANCE = { '1/3n': 1 / 3, '1/n': 1 } as const;

/**
 * ‖∂L/∂h_l‖ for l = 0 … depth relative to that at the top, for a net from each generator. Blocks: plain tanh(hW);
 * residual h + tanh(hW); zero-init h + tanh(hW)V with V = 0.
 */
function backwardNorms(
  tf: Tf,
  rngs: readonly Rng[],
  kind: Kind,
  { depth, width, variance }: { depth: number; width: number; variance: number },
): number[][] {
  const nets = rngs.length;
  const draw = (rows: number, scale = 1) => {
    const drawn = rngs.map((rng) => rng.normals(rows * width, scale));
    return tf.tensor3d(joined(drawn), [nets, rows, width]);
  };
  const values = tf.tidy(() => {
    const zero = tf.zeros<TfTypes.Rank.R3>([nets, width, width]);
    let h = draw(BATCH);
    const layers = Array.from({ length: depth }, () => {
      const w = draw(width, Math.sqrt(variance / width));
      const branch: Tensor3D = tf.tanh(product(tf, h, w));
      h = kind === 'plain' ? branch : tf.add(h, kind === 'residual' ? branch : product(tf, branch, zero));
      return { w, slope: tf.sub(1, tf.square(branch)) };
    });
    // At length 1 after every block: a hundred of them would leave the range of 32-bit numbers.
    let delta = unit(tf, draw(BATCH)).unit;
    const factors: TfTypes.Tensor1D[] = [];
    for (const { w, slope } of layers.reverse()) {
      const intoBranch = kind === 'zero-init' ? timesTransposed(tf, delta, zero) : delta;
      const through = timesTransposed(tf, tf.mul<Tensor3D>(intoBranch, slope), w);
      const next = unit(tf, kind === 'plain' ? through : tf.add(delta, through));
      delta = next.unit;
      factors.push(next.size);
    }
    return tf.stack(factors).dataSync();
  });
  return rngs.map((_, net) => {
    const sizes = [1];
    for (let block = 0; block < depth; block++) sizes.unshift(sizes[0]! * values[block * nets + net]!);
    return sizes;
  });
}

/** As formulas write it. */
const VARIANCES = { '1/3n': '1/(3n)', '1/n': '1/n' } as const;

const NAMES = {
  plain: { en: 'plain', zh: '普通' },
  residual: { en: 'residual', zh: '残差' },
  'zero-init': { en: 'residual, zero-initialised', zh: '残差，零初始化' },
} as const;

export default defineDemo({
  name: 'residual-depth',
  version: 4,
  topics: ['fixing-vanishing-gradients', 'residual-connections', 'gradient-and-residual'],
  title: { en: 'Residual connections and depth', zh: '残差连接与深度' },
  summary: {
    en: 'Back-propagates through tanh stacks with and without residual connections and compares the gradient at the input with that at the top.',
    zh: '对带与不带残差连接的 tanh 网络做反向传播，比较输入处与顶层的梯度。',
  },
  params: {
    depths: {
      type: 'numbers',
      whole: true,
      min: 1,
      max: 100,
      maxItems: 5,
      default: [10, 20, 50],
      description: { en: 'numbers of blocks', zh: '块数' },
    },
    variance: {
      type: 'choice',
      choices: ['1/3n', '1/n'],
      default: '1/3n',
      description: { en: 'variance of the weights, 1/(3n) or 1/n', zh: '权重的方差：1/(3n) 或 1/n' },
    },
    width: {
      type: 'integer',
      min: 8,
      max: 128,
      default: 64,
      description: { en: 'units per layer', zh: '每层单元数' },
    },
    seeds: {
      type: 'integer',
      min: 1,
      max: 30,
      default: 10,
      description: { en: 'networks to average over', zh: '取平均的网络个数' },
    },
  },
  names: {
    plain: { en: 'plain', zh: '普通' },
    residual: { en: 'residual', zh: '残差' },
    'zero-init': { en: 'residual, zero-initialised', zh: '残差，零初始化' },
  },
  deadline: 30_000,
  cost: {
    seconds: ({ depths, width, seeds }) => 3 * depths.reduce((sum, depth) => sum + depth, 0) * seeds * 0.0013 * (0.1 + (width / 128) ** 2),
    lower: ['seeds', 'width', 'depths'],
  },
  variations: [
    { label: { en: '100 blocks', zh: '100 个块' }, params: { depths: [10, 50, 100] } },
    { label: { en: 'shallow', zh: '浅一些' }, params: { depths: [2, 5, 10] } },
    { label: { en: 'variance 1/n', zh: '方差 1/n' }, params: { variance: '1/n' } },
  ],
  run({ tf, rng, progress }, { depths, variance, width, seeds }) {
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    const deepest = Math.max(...depths);
    const series: { name: string; x: number[]; y: number[]; low: number[]; high: number[] }[] = [];
    let done = 0;
    for (const kind of KINDS) {
      for (const depth of depths) {
        const runs = groupsOf(seeds, { depth, width }).flatMap((group) => {
          const rngs = group.map((s) => rng.fork(s * 1000 + depth));
          return backwardNorms(tf, rngs, kind, { depth, width, variance: VARIANCE[variance] });
        });
        measures[`${kind}:${depth}`] = geometricMean(runs.map((sizes) => sizes[0]!));
        if (depth === deepest) series.push({ name: kind, x: runs[0]!.map((_, l) => l), ...geometricBand(runs) });
        const sofar = () => ({ series: [...series], measures });
        progress(++done / (KINDS.length * depths.length), series.length > 0 ? sofar : undefined);
        checks.push(...checksFor(kind, depth, { variance, width, seeds }));
      }
    }
    return { series, measures, checks };
  },
  chart({ series, measures }, { depths, variance }, locale) {
    const deepest = Math.max(...depths);
    const at = (kind: Kind) => num(measures[`${kind}:${deepest}`]!, 2);
    return {
      type: 'lines',
      title: localize(
        {
          en: `After ${count(deepest, 'block')}: plain ${at('plain')}, residual ${at('residual')}`,
          zh: `${deepest} 块之后：普通 ${at('plain')}，残差 ${at('residual')}`,
        },
        locale,
      ),
      subtitle: localize(
        {
          en: `Var W = ${VARIANCES[variance]}; gradient relative to the top; geometric mean, band = smallest to largest`,
          zh: `Var W = ${VARIANCES[variance]}；相对顶层的梯度；几何平均，色带为最小到最大`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Gradient by block relative to the top block, ${count(deepest, 'block')}. At the input: plain ${at('plain')}, residual ${at('residual')}, zero-initialised ${at('zero-init')}.`,
          zh: `${deepest} 块网络中各块相对顶层的梯度。输入处：普通 ${at('plain')}，残差 ${at('residual')}，零初始化 ${at('zero-init')}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'block (0 = input)', zh: '块（0 = 输入）' }, locale), min: 0, max: deepest },
      y: { label: localize({ en: '‖∂L/∂h‖ (log scale)', zh: '‖∂L/∂h‖（对数刻度）' }, locale), scale: 'log' },
      lines: series.map((one) => ({ ...one, name: localize(NAMES[one.name as Kind], locale) })),
    };
  },
  reading({ measures }, { depths, variance }, locale) {
    const rows = depths.map((depth) => `${depth}: ${num(measures[`plain:${depth}`]!, 2)} / ${num(measures[`residual:${depth}`]!, 2)}`);
    return localize(
      {
        en: `Gradient at the input relative to the top with tanh and Var W = ${VARIANCES[variance]}, plain / residual, by number of blocks: ${rows.join(', ')}.\nWith zero-initialised branches it is passed on unchanged, whatever the depth.`,
        zh: `tanh、Var W = ${VARIANCES[variance]} 时输入处相对顶层的梯度（普通 / 残差），按块数：${rows.join('，')}。\n分支零初始化时，无论多深都原样传递。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ depths, variance }) => ({
      en: `${count(Math.max(...depths), 'tanh block')}, Var W = ${VARIANCES[variance]}, each with a residual connection around it. What becomes of the gradient on its way to the input?`,
      zh: `${Math.max(...depths)} 个 tanh 块，Var W = ${VARIANCES[variance]}，每块加残差连接，梯度传到输入处会怎样？`,
    }),
    options: [
      { id: 'vanishes', text: { en: 'it shrinks to less than a twentieth', zh: '缩小到不足二十分之一' } },
      { id: 'kept', text: { en: 'it stays within a factor of 20', zh: '变化不超过 20 倍' } },
      { id: 'explodes', text: { en: 'it grows by more than that', zh: '增大得更多' } },
    ],
    outcome({ measures }, { depths }) {
      const ratio = measures[`residual:${Math.max(...depths)}`]!;
      if (ratio < 0.05) return 'vanishes';
      return ratio <= 20 ? 'kept' : 'explodes';
    },
    why({ measures }, { depths }) {
      const deepest = Math.max(...depths);
      const [plain, residual] = [num(measures[`plain:${deepest}`]!, 2), num(measures[`residual:${deepest}`]!, 2)];
      return {
        en: `The identity path copies the gradient and the branches add to it: ×${residual} in all, where the plain stack makes ×${plain} of it.`,
        zh: `恒等通路原样复制梯度，分支在上面相加：总共 ×${residual}，而普通网络为 ×${plain}。`,
      };
    },
  },
});

/** The checks whose conditions these parameters meet. */
function checksFor(
  kind: Kind,
  depth: number,
  { variance, width, seeds }: { variance: keyof typeof VARIANCE; width: number; seeds: number },
): DemoCheck[] {
  const standard = variance === '1/3n' && width === 64 && seeds >= 10;
  switch (kind) {
    case 'zero-init':
      return [
        {
          id: `zero-init:${depth}`,
          claim: { en: `zero-initialised, ${count(depth, 'block')}: passed on exactly`, zh: `零初始化，${depth} 块：原样传递` },
          predicted: 1,
          tolerance: 1e-5,
        },
      ];
    case 'residual':
      if (!standard || depth < 5 || depth > 50) return [];
      return [
        {
          id: `residual:${depth}`,
          claim: { en: `residual, ${depth} blocks, Var W = 1/(3n)`, zh: `残差，${depth} 块，Var W = 1/(3n)` },
          ...within(1, 20),
        },
      ];
    case 'plain':
      if (!standard || depth !== 50) return [];
      return [
        {
          id: `plain:${depth}`,
          claim: { en: 'plain, 50 blocks, Var W = 1/(3n)', zh: '普通，50 块，Var W = 1/(3n)' },
          ...within(0, 1e-11),
        },
      ];
    default:
      return kind satisfies never;
  }
}
