import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';

const STEP = 1e-4;
const PER_DEGREE = 10;

/** f(x, y) = x² + 3y². */
const f = (x: number, y: number) => x * x + 3 * y * y;

/** Half the sides of the contour plot, and the length of its arrow. */
const VIEW = { x: 2.1, y: 1.5 };
const ARROW = 0.9;
/** A gradient no longer than this is none: walking cannot tell its direction. */
const LEVEL = 1e-3;

/** Level lines through the point and evenly in √f around it, as far as the plot goes. */
function levels(here: number, highest: number): number[] {
  const gap = here > 0.05 ? Math.sqrt(here) / 2 : 0.4;
  return Array.from({ length: Math.floor(Math.sqrt(highest) / gap) }, (_, i) => ((i + 1) * gap) ** 2).slice(0, 14);
}

export default defineDemo({
  name: 'gradient-direction',
  version: 2,
  topics: ['gradient'],
  title: { en: 'The steepest direction', zh: '最陡的方向' },
  summary: {
    en: 'Walks a tiny step from a point of f = x² + 3y² in every direction, measures the slope, and compares the steepest one with the gradient.',
    zh: '从 f = x² + 3y² 的一点向每个方向走一小步，测量斜率，再把最陡的方向与梯度比较。',
  },
  params: {
    x: {
      type: 'number',
      min: -3,
      max: 3,
      default: 1,
      description: { en: 'where to stand, first coordinate', zh: '所在点的横坐标' },
    },
    y: {
      type: 'number',
      min: -3,
      max: 3,
      default: 0.5,
      description: { en: 'where to stand, second coordinate', zh: '所在点的纵坐标' },
    },
  },
  names: {
    norm: { en: '‖∇f‖', zh: '‖∇f‖' },
    'peak-angle': { en: 'steepest direction (degrees)', zh: '最陡的方向（度）' },
    'peak-height': { en: 'largest slope', zh: '最大斜率' },
    'gradient-x': { en: '∂f/∂x', zh: '∂f/∂x' },
    'gradient-y': { en: '∂f/∂y', zh: '∂f/∂y' },
    slope: { en: 'slope', zh: '斜率' },
  },
  deadline: 10_000,
  variations: [
    { label: { en: 'on the x-axis', zh: '在 x 轴上' }, params: { x: 1, y: 0 } },
    { label: { en: 'at the minimum', zh: '在极小值处' }, params: { x: 0, y: 0 } },
  ],
  run({ tf, progress }, { x, y }) {
    const angles = Array.from({ length: 360 * PER_DEGREE }, (_, i) => i / PER_DEGREE);
    // Measured by walking, without the gradient.
    const slopes = angles.map((angle) => {
      const [dx, dy] = [Math.cos((angle * Math.PI) / 180) * STEP, Math.sin((angle * Math.PI) / 180) * STEP];
      return (f(x + dx, y + dy) - f(x - dx, y - dy)) / (2 * STEP);
    });
    progress(0.5);
    // By automatic differentiation, without walking.
    const [gx, gy] = tf.tidy(() => {
      const gradient = tf.grad((point) => tf.sum(tf.mul(tf.square(point), tf.tensor1d([1, 3]))))(tf.tensor1d([x, y]));
      return [...gradient.dataSync()] as [number, number];
    });
    const height = Math.max(...slopes);
    const peak = angles[slopes.indexOf(height)]!;
    const norm = Math.hypot(gx, gy);
    const direction = ((Math.atan2(gy, gx) * 180) / Math.PI + 360) % 360;
    const thinned = angles.map((angle, i) => ({ angle, slope: slopes[i]! })).filter(({ angle }) => Number.isInteger(angle / 2));
    const checks: DemoCheck[] = [
      ...(
        [
          ['gradient-x', 2 * x, '2x'],
          ['gradient-y', 6 * y, '6y'],
        ] as const
      ).map(([id, predicted, formula]) => ({
        id,
        claim: { en: `${id.at(-1)} component of the gradient: ${formula}`, zh: `梯度的 ${id.at(-1)} 分量：${formula}` },
        predicted,
        tolerance: 1e-5,
      })),
      {
        id: 'peak-height',
        claim: { en: 'the largest slope is the gradient’s norm', zh: '最大斜率等于梯度的模' },
        predicted: norm,
        tolerance: 1e-3,
      },
    ];
    // Where the gradient is zero there is no steepest direction.
    if (norm > LEVEL)
      checks.push({
        id: 'peak-angle',
        claim: {
          en: 'the slope is largest in the direction of the gradient (degrees)',
          zh: '斜率在梯度方向最大（度）',
        },
        // The same angle, counted so that it is next to the measured one.
        predicted: direction + 360 * Math.round((peak - direction) / 360),
        tolerance: 1,
      });
    return {
      series: [{ name: 'slope', x: thinned.map(({ angle }) => angle), y: thinned.map(({ slope }) => slope) }],
      measures: { norm, 'peak-angle': peak, 'peak-height': height, 'gradient-x': gx, 'gradient-y': gy },
      checks,
    };
  },
  chart({ series, measures }, { x, y }, locale) {
    const norm = num(measures.norm!);
    const angle = num(measures['peak-angle']!);
    const [gx, gy] = [measures['gradient-x']!, measures['gradient-y']!];
    // The arrow has a length that fits the picture; the norm is written at it.
    const arrow = measures.norm! > LEVEL ? ARROW / measures.norm! : 0;
    const axis = (centre: number, half: number) => Array.from({ length: 61 }, (_, i) => centre + half * (i / 30 - 1));
    const [xs, ys] = [axis(x, VIEW.x), axis(y, VIEW.y)];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        arrow > 0
          ? {
              en: `Steepest at ${angle}°, with slope ${num(measures['peak-height']!)}`,
              zh: `${angle}° 方向最陡，斜率 ${num(measures['peak-height']!)}`,
            }
          : { en: 'The gradient is zero: level in every direction', zh: '梯度为零：各个方向都是平的' },
        locale,
      ),
      subtitle: `f = x² + 3y², (${num(x)}, ${num(y)}), ∇f = (${num(gx)}, ${num(gy)})`,
      alt: localize(
        arrow === 0
          ? {
              en: `Left: level lines of f around (${num(x)}, ${num(y)}), where the gradient is zero. Right: the slope there is zero in every direction.`,
              zh: `左：f 在 (${num(x)}, ${num(y)}) 附近的等高线，该处梯度为零。右：该处各个方向的斜率都为零。`,
            }
          : {
              en: `Left: level lines of f with the gradient at (${num(x)}, ${num(y)}), at right angles to the level line. Right: slope of f in every direction from there: a cosine with its peak ${num(measures['peak-height']!)} at ${angle} degrees; the gradient's norm is ${norm}.`,
              zh: `左：f 的等高线与 (${num(x)}, ${num(y)}) 处的梯度，梯度垂直于等高线。右：从该点出发各方向的斜率：余弦曲线，在 ${angle} 度达到峰值 ${num(measures['peak-height']!)}；梯度的模为 ${norm}。`,
            },
        locale,
      ),
      panels: [
        {
          type: 'contour',
          title: localize({ en: 'Level lines and the gradient', zh: '等高线与梯度' }, locale),
          alt: '',
          equal: true,
          x: { label: 'x', min: xs[0]!, max: xs.at(-1)! },
          y: { label: 'y', min: ys[0]!, max: ys.at(-1)! },
          grid: { xs, ys, values: ys.map((b) => xs.map((a) => f(a, b))) },
          levels: levels(f(x, y), Math.max(...ys.flatMap((b) => xs.map((a) => f(a, b))))),
          paths: [{ name: '', x: [x], y: [y], color: 0 }],
          arrows: arrow > 0 ? [{ x, y, dx: gx * arrow, dy: gy * arrow, label: '∇f', color: 1 }] : [],
        },
        {
          type: 'lines',
          title: localize({ en: 'Slope in every direction', zh: '各方向的斜率' }, locale),
          alt: '',
          x: { label: localize({ en: 'direction in degrees', zh: '方向（度）' }, locale), min: 0, max: 360, step: 90 },
          y: { label: localize({ en: 'slope', zh: '斜率' }, locale) },
          lines: [{ ...series[0]!, name: localize({ en: 'slope', zh: '斜率' }, locale) }],
          references:
            arrow === 0
              ? []
              : [
                  {
                    axis: 'x',
                    value: measures['peak-angle']!,
                    label: localize({ en: 'gradient', zh: '梯度方向' }, locale),
                    below: true,
                  },
                  { axis: 'y', value: measures.norm!, label: `‖∇f‖ = ${norm}`, measured: true },
                ],
        },
      ],
    };
  },
  reading({ measures }, _params, locale) {
    const [angle, height] = [num(measures['peak-angle']!), num(measures['peak-height']!)];
    if (measures.norm! <= LEVEL)
      return localize(
        {
          en: 'Here the gradient is zero, so to first order nothing changes in any direction.\nSuch a point is stationary: a minimum here, elsewhere perhaps a saddle.',
          zh: '这里梯度为零，一阶近似下往任何方向走都不变。\n这样的点是驻点：在这里是极小值，在别处也可能是鞍点。',
        },
        locale,
      );
    return localize(
      {
        en: `Of all directions, ${angle}° climbs fastest, at ${height} per unit of length.\nThe gradient (${num(measures['gradient-x']!)}, ${num(measures['gradient-y']!)}) points there, and its norm is ${num(measures.norm!)}.`,
        zh: `所有方向中 ${angle}° 上升最快，每单位长度 ${height}。\n梯度 (${num(measures['gradient-x']!)}, ${num(measures['gradient-y']!)}) 正指向那里，它的模是 ${num(measures.norm!)}。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ x, y }) => ({
      en: `You stand at (${num(x)}, ${num(y)}) on f = x² + 3y². Where is it steepest?`,
      zh: `你站在 f = x² + 3y² 的 (${num(x)}, ${num(y)}) 处，哪个方向最陡？`,
    }),
    options: [
      { id: 'x', text: { en: 'along the x-axis (within 5°)', zh: '沿 x 轴（相差 5° 以内）' } },
      { id: 'between', text: { en: 'between the axes', zh: '两轴之间' } },
      { id: 'y', text: { en: 'along the y-axis (within 5°)', zh: '沿 y 轴（相差 5° 以内）' } },
      { id: 'nowhere', text: { en: 'nowhere, it is level', zh: '哪里都不陡，是平的' } },
    ],
    outcome({ measures }) {
      if (measures.norm! <= LEVEL) return 'nowhere';
      const angle = measures['peak-angle']! % 180;
      if (angle < 5 || angle > 175) return 'x';
      return Math.abs(angle - 90) < 5 ? 'y' : 'between';
    },
    why: (_outcome, { x, y }) => ({
      en: `The partial derivatives are 2x and 6y, so the gradient there is (${num(2 * x)}, ${num(6 * y)}).`,
      zh: `偏导数为 2x 与 6y，所以那里的梯度是 (${num(2 * x)}, ${num(6 * y)})。`,
    }),
  },
});
