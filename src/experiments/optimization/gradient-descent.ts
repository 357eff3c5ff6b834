import { type Locale, localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { listed, num } from '../../demos/lib/format.ts';
import { roots } from '../../demos/lib/heavy-ball.ts';
import { slope, worseFrom } from '../../demos/lib/stats.ts';

/** Steps over which the contraction is measured without momentum, where each step multiplies by the same. */
const LAST = 10;

/** Distances beyond these are not followed. */
const [SMALLEST, LARGEST] = [1e-150, 1e150];

/** Roots whose sizes differ by less than this share are one to any measurement here. */
const SAME = 1e-6;

interface Path {
  x: number[];
  y: number[];
}

/** Heavy-ball descent on ½(x² + κy²) from (1, 1); momentum 0 is plain gradient descent. */
function descend(rate: number, curvature: number, steps: number, momentum: number): Path {
  const path: Path = { x: [1], y: [1] };
  let [vx, vy] = [0, 0];
  for (let step = 0; step < steps; step++) {
    vx = momentum * vx - rate * path.x[step]!;
    vy = momentum * vy - rate * curvature * path.y[step]!;
    path.x.push(path.x[step]! + vx);
    path.y.push(path.y[step]! + vy);
  }
  return path;
}

const norms = ({ x, y }: Path) => x.map((value, i) => Math.hypot(value, y[i]!));

/**
 * By which factor a step changes the distances. Without momentum the last steps say it exactly; with it the distance
 * oscillates, and its logarithm over the second half of the steps is fitted by a straight line.
 */
function contraction(sizes: readonly number[], momentum: number): number {
  const steps = sizes.length - 1;
  // One step led to the minimum.
  if (steps === 0) return 0;
  if (momentum === 0) return (sizes[steps]! / sizes[Math.max(0, steps - LAST)]!) ** (1 / Math.min(LAST, steps));
  return Math.exp(slope(sizes.slice(Math.floor(steps / 2)).map(Math.log)));
}

/** What theory says of a run, and how close to it such a run comes; nothing where too few steps leave that open. */
function theory(rate: number, curvature: number, momentum: number, steps: number): { factor: number; tolerance: number } | undefined {
  const all = [...roots(rate, 1, momentum), ...roots(rate, curvature, momentum)].sort((a, b) => b - a);
  const [factor] = all as [number];
  if (factor === 0) return { factor, tolerance: 1e-4 };
  // What is as large as the first belongs to it; the next one must have died away where the measuring begins.
  const next = all.find((root) => root < factor * (1 - SAME)) ?? 0;
  const alone = all[1]! < factor * (1 - SAME);
  if (momentum === 0) return (next / factor) ** (2 * (steps - LAST)) < 1e-4 ? { factor, tolerance: 1e-4 } : undefined;
  if ((next / factor) ** (steps / 2) >= 1e-2) return undefined;
  if (alone) return { factor, tolerance: 1e-4 };
  // Two roots of one size turn, or grow with the step: the line is bent by at most 6/steps (seen over 200,000 settings).
  return steps >= 120 ? { factor, tolerance: (6 * factor) / steps } : undefined;
}

/** A path as far as it can be followed: until it diverges, or is at the minimum for good. */
function followed(path: Path): Path {
  const sizes = norms(path);
  const tiny = (at: number) => (sizes[at] ?? 0) < SMALLEST;
  const end = sizes.findIndex((size, at) => !(size < LARGEST) || (tiny(at) && tiny(at + 1)));
  return end < 0 ? path : { x: path.x.slice(0, end), y: path.y.slice(0, end) };
}

export default defineDemo({
  name: 'gradient-descent',
  version: 2,
  topics: ['gradient-descent', 'learning-rate', 'momentum'],
  title: { en: 'Learning rate and convergence', zh: '学习率与收敛' },
  summary: {
    en: 'Descends on ½(x² + κy²) with several learning rates and measures by which factor a step changes the error.',
    zh: '用几个学习率在 ½(x² + κy²) 上下降，测量每步把误差乘上多少。',
  },
  params: {
    rates: {
      type: 'numbers',
      min: 0.0001,
      max: 3,
      maxItems: 5,
      default: [0.072, 0.0769231, 0.0808],
      description: { en: 'learning rates', zh: '学习率' },
    },
    curvature: {
      type: 'number',
      min: 1,
      max: 1000,
      default: 25,
      scale: 'log',
      description: { en: 'κ, the larger curvature (the other is 1)', zh: 'κ，较大的曲率（另一个为 1）' },
    },
    steps: { type: 'integer', min: 12, max: 1000, default: 60, description: { en: 'steps', zh: '步数' } },
    momentum: {
      type: 'number',
      min: 0,
      max: 0.99,
      default: 0,
      description: { en: 'heavy-ball momentum β', zh: '动量 β' },
    },
  },
  names: {
    contraction: { en: 'factor per step, η', zh: '每步因子，η' },
    'best-contraction': { en: 'smallest factor per step', zh: '最小的每步因子' },
    norm: { en: 'distance from the minimum, η', zh: '到极小值的距离，η' },
    path: { en: 'path (x, y), η', zh: '路径 (x, y)，η' },
  },
  deadline: 10_000,
  variations: [
    { label: { en: 'rounder bowl', zh: '更圆的碗' }, params: { curvature: 4, rates: [0.1, 0.4, 0.51] } },
    { label: { en: 'with momentum', zh: '加动量' }, params: { momentum: 0.444, rates: [0.0769231, 0.111] } },
  ],
  run(_ctx, { rates, curvature, steps, momentum }) {
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    const diverged: { name: string; step: number }[] = [];
    const series = rates.flatMap((rate) => {
      const path = followed(descend(rate, curvature, steps, momentum));
      const size = norms(path);
      measures[`contraction:${rate}`] = contraction(size, momentum);
      if (measures[`contraction:${rate}`]! > 1 && size.at(-1)! > size[0]!) diverged.push({ name: `η = ${rate}`, step: worseFrom(size)! });
      const known = theory(rate, curvature, momentum, size.length - 1);
      if (known)
        checks.push({
          id: `contraction:${rate}`,
          claim:
            momentum === 0
              ? { en: `η = ${rate}: factor per step max|1 − ηλ|`, zh: `η = ${rate}：每步因子 max|1 − ηλ|` }
              : {
                  en: `η = ${rate}: factor per step, the largest |z| with z² − (1 + β − ηλ)z + β = 0`,
                  zh: `η = ${rate}：每步因子，即满足 z² − (1 + β − ηλ)z + β = 0 的最大 |z|`,
                },
          predicted: known.factor,
          tolerance: known.tolerance,
        });
      const x = size.map((_, step) => step);
      return [
        { name: `norm:${rate}`, x, y: size },
        { name: `path:${rate}`, x: path.x, y: path.y },
      ];
    });
    measures['best-contraction'] = Math.min(...rates.map((rate) => measures[`contraction:${rate}`]!));
    return { series, measures, checks, ...(diverged.length > 0 && { diverged }) };
  },
  chart({ series, measures, diverged = [] }, { rates, curvature, momentum }, locale) {
    const limit = num(stableBelow(curvature, momentum));
    const factors = rates.map((rate) => `η = ${num(rate)}: ×${num(measures[`contraction:${rate}`]!, 4)}`);
    const formula = momentum === 0 ? '2/κ' : '2(1 + β)/κ';
    const title =
      diverged.length > 0
        ? {
            en: `${diverged[0]!.name} diverges; the limit is ${formula} = ${limit}`,
            zh: `${diverged[0]!.name} 发散，界限是 ${formula} = ${limit}`,
          }
        : {
            en: `The best of these rates multiplies the error by ${num(measures['best-contraction']!, 4)} per step`,
            zh: `这些学习率中最好的每步把误差乘 ${num(measures['best-contraction']!, 4)}`,
          };
    // Diverging paths leave the picture; it shows the bowl around start and minimum.
    const inside = (path: { x: number[]; y: number[] }) => {
      const out = path.x.findIndex((x, i) => Math.abs(x) > VIEW.x || Math.abs(path.y[i]!) > VIEW.y);
      // The step that leaves it is drawn to the edge.
      const shown = out < 0 ? path.x.length : out + 1;
      return { x: path.x.slice(0, shown), y: path.y.slice(0, shown) };
    };
    return {
      type: 'multiples',
      columns: 2,
      title: localize(title, locale),
      subtitle: `½(x² + ${num(curvature)}y²), (1, 1)${momentum > 0 ? `, β = ${num(momentum)}` : ''}`,
      alt: localize(
        {
          en: `Left: the paths from (1, 1) over the level lines. Right: distance from the minimum over the steps. Factor per step: ${factors.join('; ')}.`,
          zh: `左：从 (1, 1) 出发的路径与等高线。右：到极小值的距离随步数的变化。每步的因子：${factors.join('；')}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'contour',
          equal: true,
          steps: true,
          title: localize({ en: 'Paths from (1, 1)', zh: '从 (1, 1) 出发的路径' }, locale),
          alt: '',
          x: { label: 'x', min: -VIEW.x, max: VIEW.x },
          y: { label: 'y', min: -VIEW.y, max: VIEW.y },
          grid: bowl(curvature),
          levels: [0.002, 0.01, 0.05, 0.15, 0.35, 0.6, 1].map((share) => share * (0.5 + curvature / 2)),
          paths: rates.map((rate) => ({ name: `η = ${num(rate)}`, ...inside(pick(series, `path:${rate}`)) })),
        },
        {
          type: 'lines',
          title: localize({ en: 'Distance from the minimum', zh: '到极小值的距离' }, locale),
          alt: '',
          x: { label: localize({ en: 'step', zh: '步' }, locale), time: true },
          y: { label: localize({ en: '‖x‖ (log scale)', zh: '‖x‖（对数刻度）' }, locale), scale: 'log' },
          lines: rates.map((rate, i) => ({ name: `η = ${num(rate)}`, label: factors[i]!, ...pick(series, `norm:${rate}`) })),
        },
      ],
    };
  },
  reading({ measures }, { rates, curvature, momentum }, locale) {
    const list = factorsOf(measures, rates, locale);
    const best = num((curvature - 1) / (curvature + 1), 4);
    const limit = num(stableBelow(curvature, momentum));
    const plain = {
      en: `No constant rate can do better than (κ − 1)/(κ + 1) = ${best}, at η = ${num(2 / (1 + curvature))}; above ${limit} it diverges.`,
      zh: `固定学习率最好也只能到 (κ − 1)/(κ + 1) = ${best}（η = ${num(2 / (1 + curvature))}）；超过 ${limit} 就发散。`,
    };
    const heavy = {
      en: `Without momentum the best possible factor is ${best}; with it, rates below 2(1 + β)/κ = ${limit} converge, and where every direction oscillates the factor is √β = ${num(Math.sqrt(momentum), 4)}.`,
      zh: `不加动量时最好的因子是 ${best}；加动量后，学习率小于 2(1 + β)/κ = ${limit} 时收敛，而各方向都振荡时因子为 √β = ${num(Math.sqrt(momentum), 4)}。`,
    };
    const second = momentum === 0 ? plain : heavy;
    return localize(
      {
        en: `Factor by which the error changes per step: ${list}.\n${second.en}`,
        zh: `误差每步乘的因子：${list}。\n${second.zh}`,
      },
      locale,
    );
  },
  predict: {
    question({ rates, curvature, momentum }) {
      const [before, last] = [rates.at(-2), num(rates.at(-1)!)];
      const setting = {
        en: `Curvatures 1 and ${num(curvature)}${momentum > 0 ? `, momentum ${num(momentum)}` : ''}.`,
        zh: `曲率为 1 和 ${num(curvature)}${momentum > 0 ? `，动量 ${num(momentum)}` : ''}。`,
      };
      return before === undefined
        ? { en: `${setting.en} The rate is ${last}. What happens?`, zh: `${setting.zh}学习率为 ${last}，会怎样？` }
        : {
            en: `${setting.en} The rate goes from ${num(before)} to ${last}. What happens?`,
            zh: `${setting.zh}学习率从 ${num(before)} 改为 ${last}，会怎样？`,
          };
    },
    options: ({ rates }) =>
      rates.length === 1
        ? [
            { id: 'converges', text: { en: 'it converges', zh: '收敛' } },
            { id: 'diverges', text: { en: 'it diverges', zh: '发散' } },
          ]
        : [
            { id: 'faster', text: { en: 'it converges, and faster', zh: '收敛得更快' } },
            { id: 'slower', text: { en: 'it converges, but no faster', zh: '收敛，但没有更快' } },
            { id: 'diverges', text: { en: 'it diverges', zh: '发散' } },
          ],
    outcome({ measures }, { rates }) {
      const [before, last] = [rates.at(-2), measures[`contraction:${rates.at(-1)}`]!];
      if (last >= 1) return 'diverges';
      if (before === undefined) return 'converges';
      return last < measures[`contraction:${before}`]! ? 'faster' : 'slower';
    },
    why({ measures }, { rates, curvature, momentum }) {
      const limit = num(stableBelow(curvature, momentum));
      const formula = momentum === 0 ? '2/κ' : '2(1 + β)/κ';
      return {
        en: `A step multiplies the error by: ${factorsOf(measures, rates, 'en')}. Beyond ${formula} = ${limit} that is more than one in the steep direction.`,
        zh: `每步把误差乘上：${factorsOf(measures, rates, 'zh')}。超过 ${formula} = ${limit}，陡方向乘的数就大于 1。`,
      };
    },
  },
});

/** `η = 0.072 ×0.928, η = …` */
function factorsOf(measures: Readonly<Record<string, number>>, rates: readonly number[], locale: Locale): string {
  const facts = rates.map((rate) => `η = ${num(rate)} ×${num(measures[`contraction:${rate}`]!, 4)}`);
  return listed(facts, locale);
}

/** Rates below this converge on a quadratic with largest curvature κ: 2(1 + β)/κ (Polyak 1964). */
function stableBelow(curvature: number, momentum: number): number {
  return (2 * (1 + momentum)) / curvature;
}

/** Half the width and height of the contour plot. */
const VIEW = { x: 1.9, y: 1.3 };

/** ½(x² + κy²) over the view. */
function bowl(curvature: number): { xs: number[]; ys: number[]; values: number[][] } {
  const axis = (half: number) => Array.from({ length: 121 }, (_, i) => half * (i / 60 - 1));
  const [xs, ys] = [axis(VIEW.x), axis(VIEW.y)];
  return { xs, ys, values: ys.map((y) => xs.map((x) => (x * x + curvature * y * y) / 2)) };
}

function pick<S extends { name: string }>(series: readonly S[], name: string): Omit<S, 'name'> {
  const { name: _, ...rest } = series.find((one) => one.name === name)!;
  return rest;
}
