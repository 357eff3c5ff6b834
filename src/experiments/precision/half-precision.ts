import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { finePercent, num, superscript } from '../../demos/lib/format.ts';
import { normalCdf } from '../../demos/lib/normal.ts';

const DRAWS = 20_000;
const SCALES = Array.from({ length: 13 }, (_, i) => 2 * i);
/** fp16: 11 significant bits, smallest normal 2⁻¹⁴, subnormal step 2⁻²⁴, largest 65504. */
const [SIGNIFICANT, SMALLEST, STEP, OVERFLOW] = [11, -14, 2 ** -24, 65_520];

/** A double rounded to half precision, ties to even; infinite from 65520 on. */
function half(x: number): number {
  const size = Math.abs(x);
  if (size >= OVERFLOW) return Math.sign(x) * Number.POSITIVE_INFINITY;
  if (size === 0) return 0;
  let exponent = Math.floor(Math.log2(size));
  // The logarithm of a power of two may be off in its last digit.
  if (2 ** exponent > size) exponent--;
  if (2 ** (exponent + 1) <= size) exponent++;
  const step = exponent < SMALLEST ? STEP : 2 ** (exponent - SIGNIFICANT + 1);
  const units = size / step;
  const floor = Math.floor(units);
  const rest = units - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  return Math.sign(x) * rounded * step;
}

/** How many of sorted values come before the first for which `holds` is false. */
function before(sorted: Float64Array, holds: (v: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export default defineDemo({
  name: 'half-precision',
  version: 1,
  topics: ['mixed-precision-and-memory'],
  title: { en: 'Gradients in half precision', zh: '半精度下的梯度' },
  summary: {
    en: 'Rounds log-normal gradients to fp16: how many become 0 or overflow, over the loss scale; and what happens to small updates of a weight.',
    zh: '把对数正态分布的梯度舍入为 fp16：多少变为 0、多少溢出，随损失缩放的变化；以及权重的小更新会怎样。',
  },
  params: {
    median: {
      type: 'number',
      min: 1e-9,
      max: 1e-3,
      default: 1e-7,
      scale: 'log',
      description: { en: 'median size of a gradient', zh: '梯度大小的中位数' },
    },
    spread: { type: 'number', min: 0.5, max: 4, default: 2.5, description: { en: 'standard deviation of ln|g|', zh: 'ln|g| 的标准差' } },
    exponent: { type: 'integer', min: 0, max: 24, default: 10, description: { en: 'loss scale 2^exponent', zh: '损失缩放 2^exponent' } },
  },
  names: {
    flushed: { en: 'share that becomes 0', zh: '变为 0 的比例' },
    plain: { en: 'no scale', zh: '不缩放' },
    scaled: { en: 'with the loss scale', zh: '使用损失缩放' },
    overflow: { en: 'share that overflows', zh: '溢出的比例' },
    subnormal: { en: 'share below the smallest normal number', zh: '小于最小规格化数的比例' },
    'relative-error': { en: 'largest relative error of normal numbers', zh: '规格化数的最大相对误差' },
    'after-200': { en: '1 after 200 products with 1 + 2⁻¹²', zh: '1 乘 200 次 1 + 2⁻¹² 之后' },
    histogram: { en: 'density of log₂|g|', zh: 'log₂|g| 的密度' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'scale 2²⁴', zh: '缩放 2²⁴' }, params: { exponent: 24 } },
    { label: { en: 'no scale', zh: '不缩放' }, params: { exponent: 0 } },
  ],
  run({ rng }, { median, spread, exponent }) {
    const g = Float64Array.from({ length: DRAWS }, () => median * Math.exp(spread * rng.normal()));
    const share = (holds: (v: number) => boolean) => g.reduce((sum, v) => sum + (holds(v) ? 1 : 0), 0) / DRAWS;
    // Rounding keeps the order, so in order a few of them tell how many become 0 and how many infinite.
    const sorted = g.toSorted();
    const flushed = SCALES.map((e) => before(sorted, (v) => half(v * 2 ** e) === 0) / DRAWS);
    const over = SCALES.map((e) => (DRAWS - before(sorted, (v) => half(v * 2 ** e) < Number.POSITIVE_INFINITY)) / DRAWS);
    let worst = 0;
    for (let i = 0; i < DRAWS; i++) {
      const v = 2 ** (-14 + 29 * rng.uniform());
      worst = Math.max(worst, Math.abs(half(v) - v) / v);
    }
    let weight = 1;
    for (let i = 0; i < 200; i++) weight = half(weight * (1 + 2 ** -12));
    const measures = {
      'flushed:plain': flushed[0]!,
      'flushed:scaled': share((v) => half(v * 2 ** exponent) === 0),
      'overflow:scaled': share((v) => half(v * 2 ** exponent) === Number.POSITIVE_INFINITY),
      subnormal: share((v) => half(v) > 0 && v < 2 ** SMALLEST),
      'relative-error': worst,
      'after-200': weight,
    };
    const edges = Array.from({ length: 41 }, (_, i) => Math.log2(median) + (i - 20) * 0.25 * spread);
    const logs = sorted.map((v) => Math.log2(v));
    const upTo = edges.map((edge) => before(logs, (v) => v < edge));
    const counts = upTo.slice(1).map((right, i) => (right - upTo[i]!) / DRAWS);
    return {
      series: [
        { name: 'flushed', x: SCALES, y: flushed },
        { name: 'overflow', x: SCALES, y: over },
        { name: 'histogram', x: edges.slice(0, -1), y: counts },
      ],
      measures,
      checks: checks(median, spread, exponent),
    };
  },
  chart({ series: [flushed, over, histogram], measures }, { spread, exponent }, locale) {
    const [plain, scaled] = [finePercent(measures['flushed:plain']!), finePercent(measures['flushed:scaled']!)];
    const width = 0.25 * spread;
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `Lost to 0: ${plain} of the gradients without a loss scale, ${scaled} at 2${superscript(exponent)}`,
          zh: `变为 0 的梯度：不缩放时 ${plain}，损失缩放 2${superscript(exponent)} 时 ${scaled}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: histogram of log₂|g| beside the limits of fp16 at −24 and −14. Right: shares that become 0 and that overflow over the loss scale; at 2${superscript(exponent)} ${scaled} and ${finePercent(measures['overflow:scaled']!)}.`,
          zh: `左：log₂|g| 的直方图与 fp16 的界限 −24、−14。右：变为 0 与溢出的比例随损失缩放的变化；2${superscript(exponent)} 时为 ${scaled} 与 ${finePercent(measures['overflow:scaled']!)}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Size of the gradients', zh: '梯度的大小' }, locale),
          alt: '',
          x: { label: 'log₂|g|' },
          y: { label: localize({ en: 'share', zh: '比例' }, locale), min: 0 },
          lines: [
            {
              name: localize({ en: 'gradients', zh: '梯度' }, locale),
              label: '',
              x: histogram!.x.map((left) => left + width / 2),
              y: histogram!.y,
            },
          ],
          references: [
            { axis: 'x', value: -25, label: localize({ en: '← 0', zh: '← 变为 0' }, locale) },
            { axis: 'x', value: SMALLEST, label: localize({ en: 'normal →', zh: '规格化 →' }, locale), below: true },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: 'Over the loss scale', zh: '随损失缩放的变化' }, locale),
          alt: '',
          x: { label: localize({ en: 'exponent of the scale', zh: '缩放的指数' }, locale), max: 24 },
          y: { label: localize({ en: 'share', zh: '比例' }, locale), min: 0 },
          lines: [
            { name: localize({ en: 'become 0', zh: '变为 0' }, locale), x: flushed!.x, y: flushed!.y },
            { name: localize({ en: 'overflow', zh: '溢出' }, locale), x: over!.x, y: over!.y },
          ],
        },
      ],
    };
  },
  reading({ measures }, { exponent }, locale) {
    const [plain, scaled, over] = ['flushed:plain', 'flushed:scaled', 'overflow:scaled'].map((key) => finePercent(measures[key]!));
    return localize(
      {
        en: `Without a scale ${plain} of the gradients become 0 in fp16; multiplied by 2${superscript(exponent)}, ${scaled}, while ${over} overflow.\nNormal numbers keep a relative error of at most ${num(measures['relative-error']!)} (2⁻¹¹ = 0.000488); so 1 multiplied 200 times by 1 + 2⁻¹² is ${num(measures['after-200']!)}: master weights in fp32 are what keeps small updates.`,
        zh: `不缩放时，fp16 中有 ${plain} 的梯度变为 0；乘以 2${superscript(exponent)} 之后为 ${scaled}，同时 ${over} 溢出。\n规格化数的相对误差不超过 ${num(measures['relative-error']!)}（2⁻¹¹ = 0.000488）；所以 1 乘 200 次 1 + 2⁻¹² 仍是 ${num(measures['after-200']!)}：保住小更新要靠 fp32 的主权重。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'A weight of 1 in fp16 is multiplied by 1 + 2⁻¹², two hundred times, rounded each time. What is it then?',
      zh: 'fp16 中值为 1 的权重乘以 1 + 2⁻¹²，重复两百次，每次都舍入。最后是多少？',
    },
    options: [
      { id: 'one', text: { en: 'still 1', zh: '仍是 1' } },
      { id: 'more', text: { en: 'about 1.05', zh: '约 1.05' } },
    ],
    outcome: ({ measures }) => (measures['after-200'] === 1 ? 'one' : 'more'),
    why: {
      en: 'Next to 1 the numbers of fp16 are 2⁻¹⁰ apart, so an update of 2⁻¹² is rounded away every time.',
      zh: '在 1 附近，fp16 的数相隔 2⁻¹⁰，所以 2⁻¹² 的更新每次都被舍掉。',
    },
  },
});

function checks(median: number, spread: number, exponent: number): DemoCheck[] {
  const below = (e: number) => normalCdf((Math.log(2 ** -25 / 2 ** e) - Math.log(median)) / spread);
  const above = 1 - normalCdf((Math.log(OVERFLOW / 2 ** exponent) - Math.log(median)) / spread);
  const loose = (p: number) => 4.5 * Math.sqrt((p * (1 - p)) / DRAWS) + 6 / DRAWS;
  return [
    {
      id: 'flushed:plain',
      claim: { en: 'no scale: share below 2⁻²⁵', zh: '不缩放：小于 2⁻²⁵ 的比例' },
      predicted: below(0),
      tolerance: loose(below(0)),
    },
    {
      id: 'flushed:scaled',
      claim: { en: `at 2${superscript(exponent)}: share below`, zh: `2${superscript(exponent)}：小于的比例` },
      predicted: below(exponent),
      tolerance: loose(below(exponent)),
    },
    {
      id: 'overflow:scaled',
      claim: { en: `at 2${superscript(exponent)}: share above 65520`, zh: `2${superscript(exponent)}：大于 65520 的比例` },
      predicted: above,
      tolerance: loose(above),
    },
    { id: 'relative-error', claim: { en: 'relative error at most 2⁻¹¹', zh: '相对误差不超过 2⁻¹¹' }, ...within(0, 2 ** -11) },
    { id: 'after-200', claim: { en: '1 stays 1', zh: '1 仍是 1' }, predicted: 1, tolerance: 0 },
  ];
}
