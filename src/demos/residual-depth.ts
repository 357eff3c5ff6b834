import type * as TfTypes from '@tensorflow/tfjs';
import { localize } from '../core/locale.ts';
import { type DemoCheck, defineDemo, type Tf } from './demo.ts';
import { groupsOf } from './lib/backprop.ts';
import { joined, norms, product, type Tensor3D, timesTransposed } from './lib/batched.ts';
import { num } from './lib/format.ts';
import { geometricBand, geometricMean } from './lib/stats.ts';
import type { Rng } from './random.ts';

const BATCH = 32;
const KINDS = ['plain', 'residual', 'zero-init'] as const;
type Kind = (typeof KINDS)[number];

/**
 * ‖∂L/∂h_l‖ for l = 0 … depth, with a random ∂L/∂h_depth, for a net from each generator. Blocks: plain tanh(hW);
 * residual h + tanh(hW); zero-init h + tanh(hW)V with V = 0. Var W = 1/(3n).
 */
function backwardNorms(tf: Tf, rngs: readonly Rng[], kind: Kind, depth: number, width: number): number[][] {
  const nets = rngs.length;
  const draw = (rows: number, scale = 1) => {
    const drawn = rngs.map((rng) => rng.normals(rows * width, scale));
    return tf.tensor3d(joined(drawn), [nets, rows, width]);
  };
  const values = tf.tidy(() => {
    const zero = tf.zeros<TfTypes.Rank.R3>([nets, width, width]);
    let h = draw(BATCH);
    const layers = Array.from({ length: depth }, () => {
      const w = draw(width, Math.sqrt(1 / (3 * width)));
      const branch: Tensor3D = tf.tanh(product(tf, h, w));
      h = kind === 'plain' ? branch : tf.add(h, kind === 'residual' ? branch : product(tf, branch, zero));
      return { w, slope: tf.sub(1, tf.square(branch)) };
    });
    let delta = draw(BATCH);
    const sizes = [norms(tf, delta)];
    for (const { w, slope } of layers.reverse()) {
      const intoBranch = kind === 'zero-init' ? timesTransposed(tf, delta, zero) : delta;
      const through = timesTransposed(tf, tf.mul<Tensor3D>(intoBranch, slope), w);
      delta = kind === 'plain' ? through : tf.add(delta, through);
      sizes.push(norms(tf, delta));
    }
    return tf.stack(sizes.reverse()).dataSync();
  });
  return rngs.map((_, net) => Array.from({ length: depth + 1 }, (_layer, l) => values[l * nets + net]!));
}

const NAMES = {
  plain: { en: 'plain', zh: '普通' },
  residual: { en: 'residual', zh: '残差' },
  'zero-init': { en: 'residual, zero-initialised', zh: '残差，零初始化' },
} as const;

export default defineDemo({
  name: 'residual-depth',
  version: 3,
  topics: ['fixing-vanishing-gradients', 'residual-connections', 'gradient-and-residual'],
  title: { en: 'Residual connections and depth', zh: '残差连接与深度' },
  summary: {
    en: 'Back-propagates through tanh stacks with and without residual connections and compares the gradient at the input with that at the top.',
    zh: '对带与不带残差连接的 tanh 网络做反向传播，比较输入处与顶层的梯度。',
  },
  params: {
    depths: {
      type: 'numbers',
      min: 1,
      max: 100,
      maxItems: 5,
      default: [10, 20, 50],
      description: { en: 'numbers of blocks', zh: '块数' },
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
  deadline: 30_000,
  variations: [
    { label: { en: '100 blocks', zh: '100 个块' }, params: { depths: [10, 50, 100] } },
    { label: { en: 'shallow', zh: '浅一些' }, params: { depths: [2, 5, 10] } },
  ],
  run({ tf, rng, progress }, { depths, width, seeds }) {
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    const whole = depths.map(Math.round);
    const deepest = Math.max(...whole);
    const series: { name: string; x: number[]; y: number[]; low: number[]; high: number[] }[] = [];
    let done = 0;
    for (const kind of KINDS) {
      for (const depth of whole) {
        const runs = groupsOf(seeds, { depth, width }).flatMap((group) => {
          const rngs = group.map((s) => rng.fork(s * 1000 + depth));
          return backwardNorms(tf, rngs, kind, depth, width).map((sizes) => sizes.map((size) => size / sizes.at(-1)!));
        });
        progress(++done / (KINDS.length * whole.length));
        measures[`${kind}:${depth}`] = geometricMean(runs.map((sizes) => sizes[0]!));
        if (depth === deepest) series.push({ name: kind, x: runs[0]!.map((_, l) => l), ...geometricBand(runs) });
        checks.push(...checksFor(kind, depth, { width, seeds }));
      }
    }
    return { series, measures, checks };
  },
  chart({ series, measures }, { depths }, locale) {
    const deepest = Math.round(Math.max(...depths));
    const at = (kind: Kind) => num(measures[`${kind}:${deepest}`]!, 2);
    return {
      type: 'lines',
      title: localize(
        {
          en: `After ${deepest} blocks: plain ${at('plain')}, residual ${at('residual')}`,
          zh: `${deepest} 块之后：普通 ${at('plain')}，残差 ${at('residual')}`,
        },
        locale,
      ),
      subtitle: localize(
        {
          en: 'gradient relative to the top; geometric mean, band = smallest to largest',
          zh: '相对顶层的梯度；几何平均，色带为最小到最大',
        },
        locale,
      ),
      alt: localize(
        {
          en: `Gradient by block relative to the top block, ${deepest} blocks. At the input: plain ${at('plain')}, residual ${at('residual')}, zero-initialised ${at('zero-init')}.`,
          zh: `${deepest} 块网络中各块相对顶层的梯度。输入处：普通 ${at('plain')}，残差 ${at('residual')}，零初始化 ${at('zero-init')}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'block (0 = input)', zh: '块（0 = 输入）' }, locale), min: 0, max: deepest },
      y: { label: '‖∂L/∂h‖', scale: 'log' },
      lines: series.map((one) => ({ ...one, name: localize(NAMES[one.name as Kind], locale) })),
    };
  },
  reading({ measures }, { depths }, locale) {
    const rows = depths
      .map(
        (depth) =>
          `${Math.round(depth)}: ${num(measures[`plain:${Math.round(depth)}`]!, 2)} / ${num(measures[`residual:${Math.round(depth)}`]!, 2)}`,
      )
      .join(', ');
    return localize(
      {
        en: `Gradient at the input relative to the top, plain / residual, by number of blocks: ${rows}.\nWith zero-initialised branches it is passed on unchanged, whatever the depth.`,
        zh: `输入处相对顶层的梯度（普通 / 残差），按块数：${rows}。\n分支零初始化时，无论多深都原样传递。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Fifty tanh blocks. What does a residual connection around each do to the gradient at the input?',
      zh: '五十个 tanh 块，每块加残差连接，输入处的梯度会怎样？',
    },
    options: [
      { id: 'little', text: { en: 'little: it still vanishes', zh: '影响不大，仍然消失' } },
      { id: 'kept', text: { en: 'it stays within a factor of 20', zh: '变化不超过 20 倍' } },
      { id: 'explodes', text: { en: 'it explodes by many powers of ten', zh: '爆炸好几个数量级' } },
    ],
    outcome({ measures }, { depths }) {
      const ratio = measures[`residual:${Math.round(Math.max(...depths))}`]!;
      if (ratio < 0.05) return 'little';
      return ratio <= 20 ? 'kept' : 'explodes';
    },
    why: {
      en: 'The identity path copies the gradient; the branches add to it.',
      zh: '恒等通路原样复制梯度，分支只是在上面相加。',
    },
  },
});

/** The checks whose conditions these parameters meet. */
function checksFor(kind: Kind, depth: number, { width, seeds }: { width: number; seeds: number }): DemoCheck[] {
  const standard = width === 64 && seeds >= 10;
  switch (kind) {
    case 'zero-init':
      return [
        {
          id: `zero-init:${depth}`,
          claim: { en: `zero-initialised, ${depth} blocks: passed on exactly`, zh: `零初始化，${depth} 块：原样传递` },
          predicted: 1,
          tolerance: 1e-5,
        },
      ];
    case 'residual':
      if (!standard || depth < 5 || depth > 50) return [];
      return [
        {
          id: `residual:${depth}`,
          claim: { en: `residual, ${depth} blocks: between 1 and 20`, zh: `残差，${depth} 块：在 1 与 20 之间` },
          predicted: 10.5,
          tolerance: 9.5,
        },
      ];
    case 'plain':
      if (!standard || depth !== 50) return [];
      return [
        {
          id: `plain:${depth}`,
          claim: { en: 'plain, 50 blocks: below 10⁻¹¹', zh: '普通，50 块：低于 10⁻¹¹' },
          predicted: 0,
          tolerance: 1e-11,
        },
      ];
    default:
      return kind satisfies never;
  }
}
