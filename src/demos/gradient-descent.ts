import { localize } from '../core/locale.ts';
import { type DemoCheck, defineDemo } from './demo.ts';
import { num } from './lib/format.ts';

/** Steps over which the contraction is measured. */
const LAST = 10;

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

export default defineDemo({
  name: 'gradient-descent',
  version: 1,
  topics: ['gradient-descent', 'learning-rate', 'momentum'],
  title: { en: 'Learning rate and convergence', zh: '学习率与收敛' },
  summary: {
    en: 'Descends on ½(x² + κy²) with several learning rates and measures by which factor the error shrinks per step.',
    zh: '用几个学习率在 ½(x² + κy²) 上下降，测量误差每步缩小的倍数。',
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
      const path = descend(rate, curvature, steps, momentum);
      const size = norms(path);
      const lost = size.findIndex((value) => !Number.isFinite(value));
      const worse = size.findIndex((value) => value > size[0]!);
      if (lost >= 0 || size.at(-1)! > size[0]!) diverged.push({ name: `η = ${rate}`, step: lost >= 0 ? lost : worse });
      measures[`contraction:${rate}`] = (size[steps]! / size[steps - LAST]!) ** (1 / LAST);
      const [slow, fast] = [Math.abs(1 - rate), Math.abs(1 - rate * curvature)].sort((a, b) => b - a) as [number, number];
      // Theory is about the slowest direction alone, so the other must have died away.
      const alone = slow === fast || slow - fast < 1e-6 || (fast / slow) ** (2 * (steps - LAST)) < 1e-4;
      if (momentum === 0 && alone && lost < 0) {
        checks.push({
          id: `contraction:${rate}`,
          claim: { en: `η = ${rate}: factor per step max|1 − ηλ|`, zh: `η = ${rate}：每步因子 max|1 − ηλ|` },
          predicted: slow,
          tolerance: 1e-4,
        });
      }
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
            en: `The best rate here shrinks the error ×${num(measures['best-contraction']!, 4)} per step`,
            zh: `这里最好的学习率每步把误差乘 ${num(measures['best-contraction']!, 4)}`,
          };
    // Diverging paths leave the picture; it shows the bowl around start and minimum.
    const inside = (path: { x: number[]; y: number[] }) => {
      const out = path.x.findIndex((x, i) => Math.abs(x) > VIEW.x || Math.abs(path.y[i]!) > VIEW.y);
      const shown = out < 0 ? path.x.length : out;
      return { x: path.x.slice(0, shown), y: path.y.slice(0, shown) };
    };
    return {
      type: 'multiples',
      columns: 2,
      title: localize(title, locale),
      subtitle: `½(x² + ${num(curvature)}y²), (1, 1)`,
      alt: localize(
        {
          en: `Left: the paths from (1, 1) over the level lines. Right: distance from the minimum over the steps. Factor per step over the last ten: ${factors.join('; ')}.`,
          zh: `左：从 (1, 1) 出发的路径与等高线。右：到极小值的距离随步数的变化。最后十步每步的因子：${factors.join('；')}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'contour',
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
          x: { label: localize({ en: 'step', zh: '步' }, locale) },
          y: { label: '‖x‖', scale: 'log' },
          lines: rates.map((rate, i) => ({ name: `η = ${num(rate)}`, label: factors[i]!, ...pick(series, `norm:${rate}`) })),
        },
      ],
    };
  },
  reading({ measures }, { rates, curvature, momentum }, locale) {
    const list = rates.map((rate) => `η = ${num(rate)} ×${num(measures[`contraction:${rate}`]!, 4)}`).join(', ');
    const best = num((curvature - 1) / (curvature + 1), 4);
    const limit = num(stableBelow(curvature, momentum));
    return localize(
      {
        en: `Factor by which the error changes per step: ${list}.\n${momentum === 0 ? `No constant rate can do better than (κ − 1)/(κ + 1) = ${best}, at η = ${num(2 / (1 + curvature))}; above ${limit} it diverges.` : `Without momentum the best possible factor is ${best}; with it, rates up to 2(1 + β)/κ = ${limit} converge.`}`,
        zh: `误差每步乘的因子：${list}。\n${momentum === 0 ? `固定学习率最好也只能到 (κ − 1)/(κ + 1) = ${best}（η = ${num(2 / (1 + curvature))}）；超过 ${limit} 就发散。` : `不加动量时最好的因子是 ${best}；加动量后，学习率小于 2(1 + β)/κ = ${limit} 时收敛。`}`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Curvatures 1 and 25. The rate goes from 0.0769 to 0.0808. What happens?',
      zh: '曲率为 1 和 25，学习率从 0.0769 增到 0.0808，会怎样？',
    },
    options: [
      { id: 'faster', text: { en: 'it converges a little faster', zh: '收敛稍快' } },
      { id: 'slower', text: { en: 'it converges a little slower', zh: '收敛稍慢' } },
      { id: 'diverges', text: { en: 'it diverges', zh: '发散' } },
    ],
    outcome({ measures }, { rates }) {
      const last = measures[`contraction:${rates.at(-1)}`]!;
      if (!(last < 1)) return 'diverges';
      return last < measures[`contraction:${rates.at(-2) ?? rates[0]}`]! ? 'faster' : 'slower';
    },
    why: {
      en: 'Beyond 2/λ the steep direction is multiplied by more than one per step: |1 − 0.0808·25| = 1.02.',
      zh: '超过 2/λ，陡方向每步乘的数大于 1：|1 − 0.0808·25| = 1.02。',
    },
  },
});

/** Rates below this converge on a quadratic with largest curvature κ: 2(1 + β)/κ (Polyak 1964). */
function stableBelow(curvature: number, momentum: number): number {
  return (2 * (1 + momentum)) / curvature;
}

/** Half the width and height of the contour plot. */
const VIEW = { x: 1.3, y: 1.3 };

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
