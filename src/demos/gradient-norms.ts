import { type Localized, localize } from '../core/locale.ts';
import { type DemoCheck, defineDemo, type Outcome } from './demo.ts';
import { drawNets, type GradientNorms, gradientNorms, groupsOf, spectralNorms } from './lib/backprop.ts';
import { capital, num, percent } from './lib/format.ts';
import { NAMES, PREDICTED, type Variant, variants } from './lib/gradient-variants.ts';
import { PARTS, shareOf } from './lib/parts.ts';
import { geometricBand, geometricMean } from './lib/stats.ts';

const ACTIVATIONS = ['sigmoid', 'tanh', 'relu', 'linear', 'relu-bn'] as const;
const BATCH = 128;

/** What a part measured of a variant; `bounds` is one number a net, for sigmoid only. */
interface Measured extends Variant {
  nets: GradientNorms[];
  bounds: number[];
}

export default defineDemo({
  name: 'gradient-norms',
  version: 3,
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
  deadline: 30_000,
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
          progress((g + (v + 1) / measured.length) / groups.length);
        });
      });
      return measured;
    },
    join(results, { depth, width, activations, init, seeds }) {
      const parts = results as Measured[][];
      const layers = Array.from({ length: depth }, (_, l) => l + 1);
      const series: Outcome['series'] = [];
      const measures: Record<string, number> = {};
      const checks: DemoCheck[] = [];
      variants(activations, init).forEach(({ id, activation }, v) => {
        const nets = parts.flatMap((part) => part[v]!.nets);
        const bounds = parts.flatMap((part) => part[v]!.bounds);
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
          const share = nets.map((net, i) => perLayer(ratio(net.delta)) / (0.25 * bounds[i]!));
          measures[`bound:${id}`] = Math.max(...share);
        }
        checks.push(...checksFor(id, { depth, width, seeds }));
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
    const facts = lines.map((line) => `${line.name}: ${num(line.y.at(-1)!)} → ${num(line.y[0]!)}`).join('; ');
    return {
      type: 'lines',
      title: localize(title, locale),
      subtitle: localize(
        { en: 'geometric mean over seeds, band = smallest to largest', zh: '多个种子的几何平均，色带为最小到最大' },
        locale,
      ),
      alt: localize(
        {
          en: `Norm of the gradient ${of.en} from layer ${depth} down to layer 1. ${facts}.`,
          zh: `${of.zh}梯度范数，从第 ${depth} 层到第 1 层：${facts}。`,
        },
        locale,
      ),
      x: {
        label: localize({ en: 'layer (1 = next to the input)', zh: '层（1 = 最靠近输入）' }, locale),
        min: 1,
        max: depth,
      },
      y: { label: show === 'delta' ? '‖∂L/∂z‖' : '‖∂L/∂W‖', scale: 'log' },
      lines,
    };
  },
  reading({ measures }, { depth }, locale) {
    const parts = Object.entries(measures)
      .filter(([key]) => key.startsWith('factor:'))
      .map(([key, factor]) => `${localize(NAMES[key.slice(7)]!, locale)} ×${num(factor)}`);
    const flat = hidden(measures).map(({ id, factor }) => `${localize(NAMES[id]!, locale)} ×${num(factor)}`);
    const first = localize(
      {
        en: `Per layer towards the input, δ changes by: ${parts.join('; ')} (${depth} layers).`,
        zh: `每向输入方向退一层，δ 的变化：${parts.join('；')}（共 ${depth} 层）。`,
      },
      locale,
    );
    if (flat.length === 0) return first;
    const second = {
      en: `The weight gradients ∂L/∂W = hᵀδ stay nearly flat (${flat.join('; ')}): h grows where δ shrinks, so they hide what happens to δ.`,
      zh: `权重梯度 ∂L/∂W = hᵀδ 却几乎不变（${flat.join('；')}）：δ 变小的地方 h 变大，只看它会漏掉这个现象。`,
    };
    return `${first}\n${localize(second, locale)}`;
  },
  predict: {
    question: {
      en: 'A 10-layer network at initialisation. In which one does the gradient reaching layer 1 shrink the most?',
      zh: '一个刚初始化的 10 层网络，用哪种激活函数时传到第 1 层的梯度缩小得最多？',
    },
    options: [
      { id: 'sigmoid', text: { en: 'sigmoid', zh: 'sigmoid' } },
      { id: 'tanh', text: { en: 'tanh', zh: 'tanh' } },
      { id: 'relu', text: { en: 'ReLU', zh: 'ReLU' } },
    ],
    outcome({ measures }) {
      const ratios = Object.entries(measures).filter(([key]) => key.startsWith('ratio:'));
      return ratios
        .sort(([, a], [, b]) => a - b)[0]![0]
        .slice(6)
        .split('/')[0]!;
    },
    why: {
      en: 'Each layer multiplies δ by Wᵀ and φ′(z). For sigmoid φ′ is at most ¼ and ‖W‖₂ is about 2 here, so every layer costs at least half.',
      zh: '每退一层，δ 都要乘 Wᵀ 和 φ′(z)。sigmoid 的 φ′ 最大只有 ¼，而这里 ‖W‖₂ 约为 2，所以每层至少损失一半。',
    },
  },
});

/** The checks whose conditions these parameters meet; the tolerances are for the mean over 20 seeds. */
function checksFor(id: string, { depth, width, seeds }: { depth: number; width: number; seeds: number }): DemoCheck[] {
  // With few seeds, few layers or narrow layers the mean scatters more than theory's tolerance (Hanin 2018).
  if (seeds < 10 || depth < 5 || width < 48) return [];
  if (id.startsWith('relu-bn')) {
    if (depth < 15) return [];
    const claim = {
      en: 'with BatchNorm the weight gradient grows by √(π/(π−1)) per layer',
      zh: '加批归一化后，权重梯度每层增大 √(π/(π−1)) 倍',
    };
    return [{ id: `weight-factor:${id}`, claim, predicted: Math.sqrt(Math.PI / (Math.PI - 1)), tolerance: 0.02 }];
  }
  const known = PREDICTED[id];
  if (!known) return [];
  const checks: DemoCheck[] = [{ id: `factor:${id}`, claim: known.why, predicted: known.factor, tolerance: known.tolerance }];
  if (id.startsWith('sigmoid')) {
    const claim = {
      en: 'no seed exceeds the bound ¼·‖W‖₂ (share of it used)',
      zh: '没有任何种子超过上界 ¼·‖W‖₂（占上界的比例）',
    };
    checks.push({ id: `bound:${id}`, claim, predicted: 0.5, tolerance: 0.5 });
  }
  return checks;
}

/** The measured factors of one kind, by variant, the one furthest from 1 first. */
function factors(measures: Readonly<Record<string, number>>, prefix: string): { id: string; factor: number }[] {
  return Object.entries(measures)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, factor]) => ({ id: key.slice(prefix.length), factor }))
    .sort((a, b) => Math.abs(Math.log(b.factor)) - Math.abs(Math.log(a.factor)));
}

/** Variants whose δ shrinks towards the input while the weight gradient hides it: h grows the other way. Sigmoid's h stays near ½. */
function hidden(measures: Readonly<Record<string, number>>): { id: string; factor: number }[] {
  return factors(measures, 'weight-factor:').filter(
    ({ id, factor }) => measures[`factor:${id}`]! < 0.95 && Math.abs(Math.log(factor)) < 0.1,
  );
}

/** A variant's activation alone, as a title begins. */
function briefly(id: string): { en: string; zh: string } {
  const { en, zh } = NAMES[id]!;
  return { en: capital(en.split(',')[0]!), zh: zh!.split('，')[0]! };
}

function weightTitle(measures: Readonly<Record<string, number>>): Localized {
  const flattest = hidden(measures).at(-1);
  if (!flattest) return titleOf(factors(measures, 'weight-factor:'));
  const { en, zh } = briefly(flattest.id);
  const [weight, delta] = [num(flattest.factor), num(measures[`factor:${flattest.id}`]!)];
  return {
    en: `${en}: weight gradients ×${weight} per layer, δ ×${delta}`,
    zh: `${zh}：权重梯度每层 ×${weight}，δ ×${delta}`,
  };
}

function titleOf([worst]: ReturnType<typeof factors>): Localized {
  const { id, factor } = worst!;
  const { en, zh } = briefly(id);
  if (factor < 1)
    return {
      en: `${en} loses ${percent(1 - factor)} of the gradient per layer`,
      zh: `${zh} 每层损失 ${percent(1 - factor)} 的梯度`,
    };
  return { en: `${en}: the gradient grows by ${percent(factor - 1)} per layer`, zh: `${zh}：梯度每层增大 ${percent(factor - 1)}` };
}
