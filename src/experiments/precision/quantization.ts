import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { normalCdf } from '../../demos/lib/normal.ts';
import { mean, slope } from '../../demos/lib/stats.ts';

const BITS = [2, 3, 4, 5, 6, 7, 8];
const SIDE = 64;
const DRAWS = 20_000;
const decibel = (ratio: number) => 10 * Math.log10(ratio);

/** Absolute-maximum quantization to `levels` steps a side, 0 included: what comes back. */
function absMax(values: readonly number[], levels: number): number[] {
  const step = Math.max(...values.map(Math.abs)) / levels;
  return values.map((v) => Math.round(v / step) * step);
}

const power = (values: readonly number[]) => mean(values.map((v) => v * v));
const sqnr = (values: readonly number[], back: readonly number[]) => decibel(power(values) / power(values.map((v, i) => v - back[i]!)));

export default defineDemo({
  name: 'quantization',
  version: 1,
  topics: ['quantization', 'mixed-precision-and-memory', 'parameter-efficient-tuning'],
  title: { en: 'Quantization, and what one outlier does', zh: '量化，以及一个离群值的影响' },
  summary: {
    en: 'Rounds uniform numbers to 2 to 8 bits, and a matrix of normal weights with one outlier to integers, with one scale for the matrix or one a row.',
    zh: '把均匀分布的数舍入到 2 到 8 位；再把带一个离群值的正态权重矩阵量化为整数，全矩阵共用一个尺度或每行一个。',
  },
  params: {
    outlier: {
      type: 'number',
      min: 5,
      max: 200,
      default: 100,
      description: { en: 'size of the one large weight', zh: '那个大权重的数值' },
    },
    bits: { type: 'integer', min: 4, max: 8, default: 8, description: { en: 'bits of the matrix’s integers', zh: '矩阵整数的位数' } },
  },
  names: {
    sqnr: { en: 'signal to noise (dB), bits', zh: '信噪比（dB），位数' },
    slope: { en: 'dB a bit', zh: '每位的 dB' },
    'noise-ratio': { en: 'squared error over Δ²/12', zh: '平方误差与 Δ²/12 之比' },
    matrix: { en: 'signal to noise of the other rows (dB)', zh: '其余各行的信噪比（dB）' },
    tensor: { en: 'one scale', zh: '全矩阵一个尺度' },
    row: { en: 'a scale per row', zh: '每行一个尺度' },
    clean: { en: 'one scale, no outlier', zh: '一个尺度，无离群值' },
    zeros: { en: 'share of weights that become 0', zh: '变为 0 的权重比例' },
    gain: { en: 'per row less per matrix (dB)', zh: '每行减全矩阵（dB）' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'four bits', zh: '4 位' }, params: { bits: 4 } },
    { label: { en: 'a small outlier', zh: '小一些的离群值' }, params: { outlier: 10 } },
  ],
  run({ rng }, { outlier, bits }) {
    const measures: Record<string, number> = {};
    const uniform = Array.from({ length: DRAWS }, () => 2 * rng.uniform() - 1);
    const ratios: number[] = [];
    for (const b of BITS) {
      // Mid-rise: the middles of 2^b equal steps over −1 … 1.
      const step = 2 / 2 ** b;
      const error = power(uniform.map((v) => v - (Math.floor(v / step) + 0.5) * step));
      measures[`sqnr:${b}`] = decibel(power(uniform) / error);
      ratios.push(error / (step ** 2 / 12));
    }
    measures.slope = slope(BITS.map((b) => measures[`sqnr:${b}`]!));
    measures['noise-ratio'] = mean(ratios);
    const rows = Array.from({ length: SIDE }, () => Array.from({ length: SIDE }, () => rng.normal()));
    rows[0]![0] = outlier;
    const levels = 2 ** (bits - 1) - 1;
    const whole = absMax(rows.flat(), levels);
    // The outlier's own row is left out of every comparison.
    const others = rows.slice(1).flat();
    measures['matrix:tensor'] = sqnr(others, whole.slice(SIDE));
    measures['matrix:row'] = sqnr(
      others,
      rows.slice(1).flatMap((row) => absMax(row, levels)),
    );
    measures['matrix:clean'] = sqnr(others, absMax(others, levels));
    measures.zeros = whole.slice(SIDE).filter((v) => v === 0).length / others.length;
    measures.gain = measures['matrix:row']! - measures['matrix:tensor']!;
    return {
      series: [{ name: 'sqnr', x: BITS, y: BITS.map((b) => measures[`sqnr:${b}`]!) }],
      measures,
      checks: checks(outlier, bits, Math.max(...rows.flat().map(Math.abs))),
    };
  },
  chart({ series: [curve], measures }, { outlier, bits }, locale) {
    const [tensor, row, zeros] = [num(measures['matrix:tensor']!), num(measures['matrix:row']!), percent(measures.zeros!)];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `One weight of ${outlier} at ${bits} bits turns ${zeros} of the others into 0`,
          zh: `${bits} 位时，一个 ${outlier} 的权重使其余 ${zeros} 的权重变为 0`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: signal to noise over the bits, ${num(measures.slope!)} dB a bit. Right: signal to noise of the other rows, ${tensor} dB with one scale and ${row} dB with one a row.`,
          zh: `左：信噪比随位数的变化，每位 ${num(measures.slope!)} dB。右：其余各行的信噪比，一个尺度 ${tensor} dB，每行一个尺度 ${row} dB。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Uniform numbers', zh: '均匀分布的数' }, locale),
          alt: '',
          x: { label: localize({ en: 'bits', zh: '位数' }, locale), min: 2, max: 8 },
          y: { label: localize({ en: 'signal to noise (dB)', zh: '信噪比（dB）' }, locale), min: 0 },
          lines: [
            { name: localize({ en: 'measured', zh: '实测' }, locale), x: curve!.x, y: curve!.y, points: true },
            { name: '6.02·b', x: BITS, y: BITS.map((b) => 20 * Math.log10(2) * b), dashed: true, color: 6 },
          ],
        },
        {
          type: 'bars',
          title: localize({ en: 'Matrix with one outlier, other rows', zh: '带一个离群值的矩阵，其余各行' }, locale),
          alt: '',
          x: {
            label: '',
            categories: [
              localize({ en: 'one scale', zh: '一个尺度' }, locale),
              localize({ en: 'scale per row', zh: '每行一个' }, locale),
              localize({ en: 'no outlier', zh: '无离群值' }, locale),
            ],
          },
          y: { label: localize({ en: 'signal to noise (dB)', zh: '信噪比（dB）' }, locale) },
          groups: [{ name: '', values: [measures['matrix:tensor']!, measures['matrix:row']!, measures['matrix:clean']!] }],
        },
      ],
    };
  },
  reading({ measures }, { outlier, bits }, locale) {
    const [tensor, row, clean] = ['tensor', 'row', 'clean'].map((key) => num(measures[`matrix:${key}`]!));
    return localize(
      {
        en: `Each bit is worth ${num(measures.slope!)} dB (theory 6.02), with an error of Δ²/12 a number.\nWith one weight of ${outlier} a single scale at ${bits} bits leaves the other rows ${tensor} dB (${clean} without the outlier), and ${percent(measures.zeros!)} of them become 0; one scale per row leaves ${row} dB.`,
        zh: `每一位值 ${num(measures.slope!)} dB（理论值 6.02），每个数的误差为 Δ²/12。\n有一个 ${outlier} 的权重时，${bits} 位单一尺度使其余各行只有 ${tensor} dB（无离群值时 ${clean}），其中 ${percent(measures.zeros!)} 变为 0；每行一个尺度则有 ${row} dB。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ outlier, bits }) => ({
      en: `A matrix of standard normal weights, one of them ${outlier}, is quantized to ${bits} bits with one scale. How many of the other weights become 0?`,
      zh: `标准正态的权重矩阵，其中一个为 ${outlier}，用单一尺度量化到 ${bits} 位。其余权重有多少变为 0？`,
    }),
    options: [
      { id: 'few', text: { en: 'at most 5 %', zh: '不超过 5 %' } },
      { id: 'some', text: { en: '5 to 50 %', zh: '5 % 到 50 %' } },
      { id: 'most', text: { en: 'more than half', zh: '超过一半' } },
    ],
    outcome: ({ measures }) => (measures.zeros! <= 0.05 ? 'few' : measures.zeros! <= 0.5 ? 'some' : 'most'),
    why: {
      en: 'The step is the largest weight divided by the number of levels: one outlier makes it coarse for all that share its scale.',
      zh: '步长等于最大权重除以级数：一个离群值会让所有共用尺度的权重都变粗。',
    },
  },
});

function checks(outlier: number, bits: number, largest: number): DemoCheck[] {
  const step = largest / (2 ** (bits - 1) - 1);
  const zeros = 2 * normalCdf(step / 2) - 1;
  const found: DemoCheck[] = [
    { id: 'noise-ratio', claim: { en: 'error Δ²/12 (ratio)', zh: '误差 Δ²/12（比值）' }, predicted: 1, tolerance: 0.03 },
    { id: 'slope', claim: { en: '6.02 dB a bit', zh: '每位 6.02 dB' }, predicted: 20 * Math.log10(2), tolerance: 0.03 },
    {
      id: 'zeros',
      claim: { en: 'weights that become 0: 2Φ(Δ/2) − 1', zh: '变为 0 的权重：2Φ(Δ/2) − 1' },
      predicted: zeros,
      tolerance: 0.001 + 4.3 * Math.sqrt((zeros * (1 - zeros)) / (SIDE * (SIDE - 1))),
    },
  ];
  if (outlier === 100 && bits === 8)
    found.push(
      {
        id: 'matrix:tensor',
        claim: { en: 'one scale with the outlier (dB)', zh: '一个尺度，有离群值（dB）' },
        predicted: 12.87,
        tolerance: 0.5,
      },
      { id: 'gain', claim: { en: 'a scale per row gains (dB)', zh: '每行一个尺度提高（dB）' }, ...within(28, 40) },
    );
  return found;
}
