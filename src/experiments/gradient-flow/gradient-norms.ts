import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, type Outcome, within } from '../../demos/demo.ts';
import { drawNets, type GradientNorms, gradientNorms, groupsOf, spectralNorms } from '../../demos/lib/backprop.ts';
import { num } from '../../demos/lib/format.ts';
import { NAMES, predictedFactor, type Variant, variants } from '../../demos/lib/gradient-variants.ts';
import { briefly, deadNets, factors, hidden, titleOf, weightTitle } from '../../demos/lib/gradient-words.ts';
import { PARTS, shareOf } from '../../demos/lib/parts.ts';
import { geometricBand, geometricMean } from '../../demos/lib/stats.ts';

const ACTIVATIONS = ['sigmoid', 'tanh', 'relu', 'linear', 'relu-bn'] as const;
const BATCH = 128;

/** What a part measured of a variant; `bounds` is one number a net, for sigmoid only. */
interface Measured extends Variant {
  nets: GradientNorms[];
  bounds: number[];
}

export default defineDemo({
  name: 'gradient-norms',
  version: 4,
  topics: ['vanishing-gradients', 'exploding-gradients', 'weight-initialization', 'activation-functions', 'fixing-vanishing-gradients'],
  title: { en: 'Gradient norm by layer', zh: '逐层梯度范数' },
  summary: {
    en: 'Back-propagates once through a deep network at initialisation and measures ‖δ_l‖ = ‖∂L/∂z_l‖, the gradient at each layer’s pre-activation.',
    zh: '在初始化时对深层网络做一次反向传播，测量每层预激活处的梯度 ‖δ_l‖ = ‖∂L/∂z_l‖。',
  },
  params: {
    depth: {
      type: 'integer',
      min: 2,
      max: 50,
      default: 10,
      description: { en: 'hidden layers', zh: '隐藏层数' },
    },
    width: {
      type: 'integer',
      min: 8,
      max: 256,
      default: 64,
      description: { en: 'units per layer', zh: '每层单元数' },
    },
    activations: {
      type: 'choices',
      choices: ACTIVATIONS,
      default: ['sigmoid', 'tanh', 'relu'],
      description: { en: 'activation functions to compare', zh: '要比较的激活函数' },
    },
    init: {
      type: 'choice',
      choices: ['compare', 'lecun', 'he'],
      default: 'compare',
      description: {
        en: 'weight variance: lecun = 1/n, he = 2/n, compare = both where it matters',
        zh: '权重方差：lecun = 1/n，he = 2/n，compare = 两者对比',
      },
    },
    seeds: {
      type: 'integer',
      min: 1,
      max: 50,
      default: 20,
      description: { en: 'networks to average over', zh: '取平均的网络个数' },
    },
    show: {
      type: 'choice',
      choices: ['delta', 'weight'],
      default: 'delta',
      description: {
        en: 'which gradient the chart shows: delta = at the pre-activations, weight = of the weights',
        zh: '图中的梯度：delta = 预激活处，weight = 权重的梯度',
      },
    },
  },
  names: {
    ...NAMES,
    ratio: { en: '‖δ‖ at layer 1 over the top layer', zh: '第 1 层与顶层的 ‖δ‖ 之比' },
    factor: { en: '‖δ‖ per layer', zh: '‖δ‖ 的每层因子' },
    'weight-ratio': { en: '‖∂L/∂W‖ at layer 1 over the top layer', zh: '第 1 层与顶层的 ‖∂L/∂W‖ 之比' },
    'weight-factor': { en: '‖∂L/∂W‖ per layer', zh: '‖∂L/∂W‖ 的每层因子' },
    bound: { en: 'share of the bound ¼·‖W‖₂', zh: '占上界 ¼·‖W‖₂ 的比例' },
    dead: { en: 'nets without gradient', zh: '不传梯度的网络数' },
    delta: { en: '‖δ‖', zh: '‖δ‖' },
    weight: { en: '‖∂L/∂W‖', zh: '‖∂L/∂W‖' },
  },
  deadline: 30_000,
  cost: {
    seconds: ({ depth, width, activations, init, seeds }) =>
      Math.ceil(seeds / PARTS) * depth * (width / 64) ** 2 * (0.0006 * variants(activations, init).length + 0.0002),
    lower: ['seeds', 'width', 'depth'],
  },
  variations: [
    { label: { en: 'twice as deep', zh: '深度加倍' }, params: { depth: 20 } },
    {
      label: { en: 'with BatchNorm', zh: '加批归一化' },
      params: { activations: ['relu', 'relu-bn'], depth: 20 },
    },
    { label: { en: 'weight gradients', zh: '权重的梯度' }, params: { show: 'weight' } },
    { label: { en: 'narrow layers', zh: '更窄的层' }, params: { width: 16 } },
  ],
  run: {
    count: PARTS,
    part({ tf, rng, progress }, { depth, width, activations, init, seeds }, part): Measured[] {
      const own = shareOf([...Array(seeds).keys()], part);
      const measured = variants(activations, init).map((variant) => ({ ...variant, nets: [] as GradientNorms[], bounds: [] as number[] }));
      const groups = groupsOf(own.length, { depth, width });
      groups.forEach((group, g) => {
        // The same draws for every variant: they differ in nothing but what is compared.
        const draws = drawNets(
          group.map((i) => rng.fork(own[i]!)),
          { depth, width, batch: BATCH },
        );
        measured.forEach(({ activation, variance, nets, bounds }, v) => {
          nets.push(...gradientNorms(tf, draws, activation, variance));
          if (activation === 'sigmoid') bounds.push(...spectralNorms(draws, variance));
          progress((g + (v + 1) / measured.length) / groups.length, () => measured);
        });
      });
      return measured;
    },
    join(results, { depth, width, activations, init }) {
      const parts = results as Measured[][];
      const layers = Array.from({ length: depth }, (_, l) => l + 1);
      const series: Outcome['series'] = [];
      const measures: Record<string, number> = {};
      const checks: DemoCheck[] = [];
      variants(activations, init).forEach((variant, v) => {
        const { id, activation } = variant;
        const all = parts.flatMap((part) => part[v]!.nets);
        // A layer of ReLUs that are all off stops every gradient: such a net is counted, and has no factor.
        const nets = all.filter(({ delta, weight }) => [...delta, ...weight].every((norm) => norm > 0));
        const bounds = parts.flatMap((part) => part[v]!.bounds);
        if (nets.length < all.length) measures[`dead:${id}`] = all.length - nets.length;
        if (nets.length === 0) return;
        series.push({ name: `delta:${id}`, x: layers, ...geometricBand(nets.map((net) => net.delta)) });
        series.push({ name: `weight:${id}`, x: layers, ...geometricBand(nets.map((net) => net.weight)) });
        const ratio = (norms: readonly number[]) => norms[0]! / norms.at(-1)!;
        const perLayer = (whole: number) => whole ** (1 / (depth - 1));
        measures[`ratio:${id}`] = geometricMean(nets.map((net) => ratio(net.delta)));
        measures[`factor:${id}`] = perLayer(measures[`ratio:${id}`]!);
        measures[`weight-ratio:${id}`] = geometricMean(nets.map((net) => ratio(net.weight)));
        measures[`weight-factor:${id}`] = perLayer(measures[`weight-ratio:${id}`]!);
        if (activation === 'sigmoid') {
          // σ′ ≤ ¼, so no seed may exceed ¼ · (geometric mean of ‖W_l‖₂) per layer.
          const share = all.map((net, i) => perLayer(ratio(net.delta)) / (0.25 * bounds[i]!));
          measures[`bound:${id}`] = Math.max(...share);
        }
        checks.push(...checksFor(variant, { depth, width, seeds: nets.length }));
      });
      return { series, measures, checks };
    },
  },
  chart({ series, measures }, { depth, show }, locale) {
    const lines = series
      .filter(({ name }) => name.startsWith(`${show}:`))
      .map((one) => ({ ...one, name: localize(NAMES[one.name.slice(show.length + 1)]!, locale) }));
    const [title, of] =
      show === 'delta'
        ? [titleOf(factors(measures, 'factor:')), { en: 'at the pre-activations', zh: '预激活处' }]
        : [weightTitle(measures), { en: 'of the weights', zh: '权重的' }];
    const facts = lines.map((line) => `${line.name}: ${num(line.y.at(-1)!)} → ${num(line.y[0]!)}`);
    const dead = deadNets(measures);
    const left = { en: dead.map(({ en }) => ` ${en}`).join(''), zh: dead.map(({ zh }) => zh).join('') };
    return {
      type: 'lines',
      title: localize(title, locale),
      subtitle: localize(
        { en: 'geometric mean over seeds, band = smallest to largest', zh: '多个种子的几何平均，色带为最小到最大' },
        locale,
      ),
      alt: localize(
        {
          en: `Norm of the gradient ${of.en} from layer ${depth} down to layer 1. ${facts.join('; ')}.${left.en}`,
          zh: `${of.zh}梯度范数，从第 ${depth} 层到第 1 层：${facts.join('；')}。${left.zh}`,
        },
        locale,
      ),
      x: {
        label: localize({ en: 'layer (1 = next to the input)', zh: '层（1 = 最靠近输入）' }, locale),
        min: 1,
        max: depth,
      },
      y: {
        label: `${show === 'delta' ? '‖∂L/∂z‖' : '‖∂L/∂W‖'}${localize({ en: ' (log scale)', zh: '（对数刻度）' }, locale)}`,
        scale: 'log',
      },
      lines,
    };
  },
  reading({ measures }, { depth }, locale) {
    const parts = Object.entries(measures)
      .filter(([key]) => key.startsWith('factor:'))
      .map(([key, factor]) => `${localize(NAMES[key.slice(7)]!, locale)} ×${num(factor)}`);
    const flat = hidden(measures).map(({ id, factor }) => `${localize(NAMES[id]!, locale)} ×${num(factor)}`);
    const first = {
      en: `Per layer towards the input, δ changes by: ${parts.join('; ')} (${depth} layers).`,
      zh: `每向输入方向退一层，δ 的变化：${parts.join('；')}（共 ${depth} 层）。`,
    };
    const second = {
      en: `The weight gradients ∂L/∂W = hᵀδ stay nearly flat (${flat.join('; ')}): h grows where δ shrinks, so they hide what happens to δ.`,
      zh: `权重梯度 ∂L/∂W = hᵀδ 却几乎不变（${flat.join('；')}）：δ 变小的地方 h 变大，只看它会漏掉这个现象。`,
    };
    const said = [...(parts.length > 0 ? [first] : []), ...deadNets(measures), ...(flat.length > 0 ? [second] : [])];
    return said.map((text) => localize(text, locale)).join('\n');
  },
  predict: {
    question: ({ depth, activations, init }) =>
      activations.length > 1
        ? {
            en: `A network of ${depth} layers at initialisation. With which activation does the gradient that reaches layer 1 shrink the most?`,
            zh: `一个刚初始化的 ${depth} 层网络，用哪种激活函数时传到第 1 层的梯度缩小得最多？`,
          }
        : {
            en: `A network of ${depth} layers at initialisation (${NAMES[variants(activations, init)[0]!.id]!.en}). What happens to the gradient on its way to layer 1?`,
            zh: `一个刚初始化的 ${depth} 层网络（${NAMES[variants(activations, init)[0]!.id]!.zh}），梯度传到第 1 层时会怎样？`,
          },
    options: ({ activations }) =>
      activations.length > 1
        ? activations.map((id) => ({ id, text: { en: briefly(`${id}/he`).en, zh: briefly(`${id}/he`).zh } }))
        : [
            { id: 'shrinks', text: { en: 'it shrinks', zh: '缩小' } },
            { id: 'kept', text: { en: 'it stays within 5 % a layer', zh: '每层变化不超过 5 %' } },
            { id: 'grows', text: { en: 'it grows', zh: '增大' } },
          ],
    outcome({ measures }, { activations, init }) {
      const ratios = variants(activations, init).map(({ id, activation }) => ({ id, activation, ratio: measures[`ratio:${id}`] ?? 0 }));
      if (activations.length > 1) return ratios.reduce((least, one) => (one.ratio < least.ratio ? one : least)).activation;
      const factor = measures[`factor:${ratios[0]!.id}`] ?? 0;
      if (factor < 0.95) return 'shrinks';
      return factor > 1.05 ? 'grows' : 'kept';
    },
    why({ measures }) {
      const parts = factors(measures, 'factor:').map(({ id, factor }) => ({ name: NAMES[id]!, factor: num(factor) }));
      return {
        en: `Each layer multiplies δ by Wᵀ and φ′(z) (for sigmoid at most ¼). Per layer: ${parts.map(({ name, factor }) => `${name.en} ×${factor}`).join('; ') || 'nothing is left of it'}.`,
        zh: `每退一层，δ 都要乘 Wᵀ 和 φ′(z)（sigmoid 的 φ′ 最大只有 ¼）。每层：${parts.map(({ name, factor }) => `${name.zh} ×${factor}`).join('；') || '什么也不剩'}。`,
      };
    },
  },
});

/** The checks whose conditions these parameters meet. */
function checksFor(variant: Variant, shape: { depth: number; width: number; seeds: number }): DemoCheck[] {
  const { id, activation } = variant;
  const name = NAMES[id]!;
  if (activation === 'relu-bn') {
    // The rate of deep, wide nets (Yang et al. 2019).
    if (shape.depth < 15 || shape.width < 48 || shape.seeds < 10) return [];
    const claim = {
      en: 'with BatchNorm the weight gradient grows by √(π/(π−1)) per layer',
      zh: '加批归一化后，权重梯度每层增大 √(π/(π−1)) 倍',
    };
    return [{ id: `weight-factor:${id}`, claim, predicted: Math.sqrt(Math.PI / (Math.PI - 1)), tolerance: 0.02 }];
  }
  const known = predictedFactor(variant, shape);
  const checks: DemoCheck[] = [];
  if (known)
    checks.push({
      id: `factor:${id}`,
      claim: {
        en: `${name.en}: factor of ‖δ‖ per layer at this depth, √(n Var W · E[φ′(z)²])`,
        zh: `${name.zh}：此深度下 ‖δ‖ 的每层因子 √(n Var W · E[φ′(z)²])`,
      },
      predicted: known.factor,
      tolerance: known.tolerance,
    });
  if (activation === 'sigmoid') {
    const claim = {
      en: `${name.en}: no seed exceeds the bound ¼·‖W‖₂ (share of it used)`,
      zh: `${name.zh}：没有任何种子超过上界 ¼·‖W‖₂（占上界的比例）`,
    };
    checks.push({ id: `bound:${id}`, claim, ...within(0, 1) });
  }
  return checks;
}
