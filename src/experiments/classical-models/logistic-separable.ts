import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import type { Rng } from '../../demos/random.ts';

const N = 20;
const SHOWN = 60;

/** Points with their labels folded in: two at the margin, one on either side of the best direction, the others far beyond. */
function points(rng: Rng, margin: number): { along: number; across: number }[] {
  const offset = 0.3 + 1.2 * rng.uniform();
  return Array.from({ length: N }, (_, i) =>
    i < 2
      ? { along: margin, across: i === 0 ? offset : -offset }
      : { along: margin * (3 + 3 * rng.uniform()), across: 4 * rng.uniform() - 2 },
  );
}

export default defineDemo({
  name: 'logistic-separable',
  version: 1,
  topics: ['logistic-regression', 'support-vector-machines'],
  title: { en: 'Logistic regression on separable data', zh: '可分数据上的逻辑回归' },
  summary: {
    en: 'Runs gradient descent without penalty on separable points: the weights grow for ever, as ln t, while their direction slowly turns to the largest margin.',
    zh: '在可分的点上不加惩罚地做梯度下降：权重按 ln t 一直增长，方向慢慢转向最大间隔。',
  },
  params: {
    margin: { type: 'number', min: 0.5, max: 1, default: 0.5, description: { en: 'largest margin γ', zh: '最大间隔 γ' } },
    steps: {
      type: 'integer',
      min: 2000,
      max: 60_000,
      default: 20_000,
      description: { en: 'steps at learning rate 1', zh: '步数（学习率 1）' },
    },
  },
  names: {
    norm: { en: '‖w‖', zh: '‖w‖' },
    loss: { en: 'loss', zh: '损失' },
    'slope-times-margin': { en: 'slope of ‖w‖ over ln t, times γ', zh: '‖w‖ 对 ln t 的斜率乘 γ' },
    'loss-times-time': { en: 'loss · t · γ²', zh: '损失 · t · γ²' },
    angle: { en: 'angle to the largest margin (degrees), at', zh: '与最大间隔方向的夹角（度），' },
    end: { en: 'the end', zh: '结束时' },
    tenth: { en: 'a tenth of the steps', zh: '十分之一步数时' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'a wide margin', zh: '间隔更大' }, params: { margin: 1 } },
    { label: { en: '60 000 steps', zh: '60 000 步' }, params: { steps: 60_000 } },
  ],
  run({ rng, progress }, { margin, steps }) {
    const data = points(rng, margin);
    // In the frame of the best direction; where that points makes no difference to gradient descent.
    let [along, across] = [0, 0];
    const x: number[] = [];
    const norms: number[] = [];
    const losses: number[] = [];
    const shown = new Set(Array.from({ length: SHOWN }, (_, i) => Math.round((steps / 10) * 10 ** (i / (SHOWN - 1)))));
    const early = new Set(Array.from({ length: SHOWN }, (_, i) => Math.round((steps / 10) ** (i / SHOWN))));
    const state = () => ({ norm: Math.hypot(along, across), angle: (Math.abs(Math.atan2(across, along)) * 180) / Math.PI });
    let tenth = state();
    for (let t = 1; t <= steps; t++) {
      let [a, b] = [0, 0];
      for (const point of data) {
        const p = 1 / (1 + Math.exp(along * point.along + across * point.across));
        a += p * point.along;
        b += p * point.across;
      }
      along += a / N;
      across += b / N;
      if (t === Math.floor(steps / 10)) tenth = state();
      if (!shown.has(t) && !early.has(t)) continue;
      x.push(t);
      norms.push(state().norm);
      losses.push(data.reduce((sum, point) => sum + Math.log1p(Math.exp(-(along * point.along + across * point.across))), 0) / N);
      progress(t / steps, () => ({
        series: [
          { name: 'norm', x: [...x], y: [...norms] },
          { name: 'loss', x: [...x], y: [...losses] },
        ],
      }));
    }
    const end = state();
    const measures = {
      'slope-times-margin': ((end.norm - tenth.norm) / Math.log(steps / Math.floor(steps / 10))) * margin,
      'loss-times-time': losses.at(-1)! * steps * margin ** 2,
      norm: end.norm,
      loss: losses.at(-1)!,
      'angle:end': end.angle,
      'angle:tenth': tenth.angle,
    };
    return {
      series: [
        { name: 'norm', x, y: norms },
        { name: 'loss', x, y: losses },
      ],
      measures,
      checks: checks(steps),
    };
  },
  chart({ series: [norm, loss], measures }, { margin }, locale) {
    const slope = measures['slope-times-margin']! / margin;
    // ‖w‖ goes on like ln t/γ; before that it is something else.
    const late = norm!.x.filter((t) => t >= 100);
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `Separable data: ‖w‖ keeps growing, by ${num(slope)} for every factor e of time`,
          zh: `数据可分：‖w‖ 一直增长，时间每乘 e 增加 ${num(slope)}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: norm of the weights over the steps (log scale), ${num(measures.norm!)} at the end. Right: the loss, ${num(measures.loss!)} at the end.`,
          zh: `左：权重的模随步数（对数刻度）的变化，结束时 ${num(measures.norm!)}。右：损失，结束时 ${num(measures.loss!)}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Norm of the weights', zh: '权重的模' }, locale),
          alt: '',
          x: { label: localize({ en: 'step (log scale)', zh: '步（对数刻度）' }, locale), scale: 'log', time: true },
          y: { label: '‖w‖', min: 0 },
          lines: [
            { name: '‖w‖', x: norm!.x, y: norm!.y },
            {
              name: localize({ en: 'slope 1/γ, theory', zh: '斜率 1/γ，理论' }, locale),
              label: '1/γ · ln t',
              x: late,
              y: late.map((t) => norm!.y.at(-1)! - Math.log(norm!.x.at(-1)! / t) / margin),
              color: 6,
              dashed: true,
            },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: 'Loss', zh: '损失' }, locale),
          alt: '',
          x: { label: localize({ en: 'step (log scale)', zh: '步（对数刻度）' }, locale), scale: 'log', time: true },
          y: { label: localize({ en: 'loss (log scale)', zh: '损失（对数刻度）' }, locale), scale: 'log' },
          lines: [
            { name: localize({ en: 'loss', zh: '损失' }, locale), x: loss!.x, y: loss!.y },
            {
              name: '1/(γ²t)',
              x: loss!.x.filter((t) => t >= 10),
              y: loss!.x.filter((t) => t >= 10).map((t) => 1 / (margin ** 2 * t)),
              dashed: true,
              color: 6,
            },
          ],
        },
      ],
    };
  },
  reading({ measures }, { steps, margin }, locale) {
    return localize(
      {
        en: `Over the last decade of ${steps} steps ‖w‖ grows by ${num(measures['slope-times-margin']! / margin)} per unit of ln t (theory 1/γ = ${num(1 / margin)}), and loss · t · γ² is ${num(measures['loss-times-time']!)} (theory 1).\nThe direction is still ${num(measures['angle:end']!, 2)}° from the largest margin, after ${num(measures['angle:tenth']!, 2)}° at a tenth of the steps: it turns only as fast as 1/ln t.`,
        zh: `在 ${steps} 步的最后十倍区间，ln t 每增加 1，‖w‖ 增加 ${num(measures['slope-times-margin']! / margin)}（理论值 1/γ = ${num(1 / margin)}），损失 · t · γ² 为 ${num(measures['loss-times-time']!)}（理论值 1）。\n方向离最大间隔还有 ${num(measures['angle:end']!, 2)}°，十分之一步数时为 ${num(measures['angle:tenth']!, 2)}°：它只按 1/ln t 的速度转动。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Separable data, logistic loss, no penalty, gradient descent for ever. What do the weights do?',
      zh: '数据可分，逻辑损失，没有惩罚，一直做梯度下降。权重会怎样？',
    },
    options: [
      { id: 'settle', text: { en: 'they settle at the largest margin', zh: '停在最大间隔处' } },
      { id: 'log', text: { en: 'they grow slowly without end', zh: '缓慢地无限增长' } },
      { id: 'diverge', text: { en: 'they blow up like t', zh: '按 t 增长' } },
    ],
    outcome({ measures }, { margin }) {
      const slope = (measures['slope-times-margin']! / margin) * Math.LN10;
      return slope < 0.01 * measures.norm! ? 'settle' : slope < 0.8 * measures.norm! ? 'log' : 'diverge';
    },
    why: {
      en: 'Every larger multiple of a separating w has a smaller loss, so there is no minimum; the gradient falls as e^(−γ‖w‖), which makes ‖w‖ grow as ln t/γ.',
      zh: '能分开数据的 w 乘得越大损失越小，所以没有极小值；梯度按 e^(−γ‖w‖) 减小，于是 ‖w‖ 按 ln t/γ 增长。',
    },
  },
});

function checks(steps: number): DemoCheck[] {
  if (steps < 20_000) return [];
  return [
    {
      id: 'slope-times-margin',
      claim: { en: 'slope of ‖w‖ over ln t is 1/γ (times γ)', zh: '‖w‖ 对 ln t 的斜率为 1/γ（乘 γ）' },
      predicted: 1,
      tolerance: 0.06,
    },
    { id: 'loss-times-time', claim: { en: 'loss · t · γ² tends to 1', zh: '损失 · t · γ² 趋于 1' }, predicted: 1, tolerance: 0.01 },
  ];
}
