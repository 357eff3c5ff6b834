import { localize } from '../../core/locale.ts';
import { defineDemo, within } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { dot } from '../../demos/lib/linear.ts';
import { mean } from '../../demos/lib/stats.ts';

/** Offsets whose products are followed over all positions, and positions of the heat map. */
const OFFSETS = 32;
const EXACT = 1e-9;
/** A product that varies by less than this share of its size depends on the offset alone. */
const ALONE = 1e-6;

/** Sine and cosine of position × frequency, pair by pair (Vaswani et al. 2017). */
function encoding(position: number, frequencies: readonly number[]): Float64Array {
  return Float64Array.from(frequencies.flatMap((w) => [Math.sin(position * w), Math.cos(position * w)]));
}

/** Each pair of components turned by position × frequency (Su et al. 2021). */
function rotated(v: Float64Array, position: number, frequencies: readonly number[]): Float64Array {
  return Float64Array.from(
    frequencies.flatMap((w, i) => {
      const [c, s] = [Math.cos(position * w), Math.sin(position * w)];
      return [c * v[2 * i]! - s * v[2 * i + 1]!, s * v[2 * i]! + c * v[2 * i + 1]!];
    }),
  );
}

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

export default defineDemo({
  name: 'positions',
  version: 1,
  topics: ['positional-encoding', 'transformer-architecture'],
  title: { en: 'Positions: what depends on the offset alone', zh: '位置编码：什么只取决于间隔' },
  summary: {
    en: 'Takes inner products of vectors at two positions – sinusoidal, rotary, random, and sinusoids added to contents – and asks whether the offset alone decides them.',
    zh: '计算两个位置上向量的内积：正弦、旋转、随机，以及加在内容上的正弦编码，看它是否只由间隔决定。',
  },
  params: {
    pairs: {
      type: 'integer',
      min: 4,
      max: 64,
      default: 32,
      description: { en: 'pairs of components, half the dimension', zh: '分量的对数，即维数的一半' },
    },
    base: {
      type: 'number',
      min: 100,
      max: 1_000_000,
      default: 10_000,
      scale: 'log',
      description: { en: 'base of the wavelengths', zh: '波长的底数' },
    },
    longest: { type: 'integer', min: 64, max: 2048, default: 256, description: { en: 'positions', zh: '位置个数' } },
  },
  names: {
    'sinusoid-spread': { en: 'sinusoidal: range over positions', zh: '正弦：随位置的变化范围' },
    'rotary-spread': { en: 'rotary: range over positions, relative', zh: '旋转：随位置的相对变化范围' },
    'formula-error': { en: 'largest deviation from Σ cos(ω·o)', zh: '与 Σ cos(ω·o) 的最大偏差' },
    'random-sd': { en: 'random vectors: standard deviation over positions', zh: '随机向量：随位置的标准差' },
    'added-sd': { en: 'sinusoid added to contents: standard deviation over positions', zh: '正弦加在内容上：随位置的标准差' },
    'norm-squared': { en: 'squared norm of an encoding', zh: '编码的模的平方' },
    'first-rise': { en: 'first offset at which the product rises', zh: '内积首次上升的间隔' },
    sinusoid: { en: 'sinusoidal', zh: '正弦' },
    random: { en: 'random vectors', zh: '随机向量' },
    map: { en: 'PE(p)·PE(p′), p', zh: 'PE(p)·PE(p′)，p' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'base 100', zh: '底数 100' }, params: { base: 100 } },
    { label: { en: '2048 positions', zh: '2048 个位置' }, params: { longest: 2048 } },
  ],
  run({ rng, progress }, { pairs, base, longest }) {
    const frequencies = Array.from({ length: pairs }, (_, i) => base ** (-i / pairs));
    const places = Array.from({ length: longest }, (_, p) => p);
    const codes = places.map((p) => encoding(p, frequencies));
    // Random vectors of the same length on average: components of variance ½.
    const vectors = (label: number) => {
      const draws = rng.fork(label);
      return places.map(() => Float64Array.from({ length: 2 * pairs }, () => draws.normal() * Math.SQRT1_2));
    };
    const random = vectors(1);
    const contents = vectors(2).map((v, p) => v.map((value, i) => value + codes[p]![i]!));
    const [query, key] = vectors(3) as [Float64Array, Float64Array];
    const queries = places.map((p) => rotated(query, p, frequencies));
    const keys = places.map((p) => rotated(key, p, frequencies));
    const scale = Math.sqrt(dot(query, query) * dot(key, key));
    const offsets = Array.from({ length: OFFSETS + 1 }, (_, o) => o);
    const along = (a: readonly Float64Array[], b: readonly Float64Array[], o: number) =>
      Array.from({ length: longest - o }, (_, p) => dot(a[p]!, b[p + o]!));
    const sinusoid = offsets.map((o) => along(codes, codes, o));
    progress(0.4);
    const exact = offsets.map((o) => frequencies.reduce((sum, w) => sum + Math.cos(w * o), 0));
    const others = offsets.slice(1).map((o) => along(random, random, o));
    const measures: Record<string, number> = {
      'norm-squared': mean(sinusoid[0]!),
      'sinusoid-spread': Math.max(...sinusoid.map(spread)),
      'formula-error': Math.max(...sinusoid.map((values, o) => Math.abs(mean(values) - exact[o]!))),
      'rotary-spread': Math.max(...offsets.map((o) => spread(along(queries, keys, o)))) / scale,
      'random-sd': mean(others.map(deviation)),
      'added-sd': mean(offsets.slice(1).map((o) => deviation(along(contents, contents, o)))),
    };
    const rise = exact.findIndex((value, o) => o > 0 && value > exact[o - 1]! + EXACT);
    if (rise > 0) measures['first-rise'] = rise;
    return {
      series: [
        { name: 'sinusoid', x: offsets, y: sinusoid.map(mean) },
        {
          name: 'random',
          x: offsets.slice(1),
          y: others.map(mean),
          low: others.map((v) => Math.min(...v)),
          high: others.map((v) => Math.max(...v)),
        },
        ...offsets.slice(0, -1).map((p) => ({
          name: `map:${p}`,
          x: offsets.slice(0, -1),
          y: offsets.slice(0, -1).map((other) => dot(codes[p]!, codes[other]!)),
        })),
      ],
      measures,
      checks: [
        {
          id: 'sinusoid-spread',
          claim: { en: 'PE(p)·PE(p+o) depends on o alone (range over p)', zh: 'PE(p)·PE(p+o) 只取决于 o（随 p 的变化）' },
          ...within(0, EXACT),
        },
        { id: 'formula-error', claim: { en: 'it is Σ cos(ω·o) (deviation)', zh: '它等于 Σ cos(ω·o)（偏差）' }, ...within(0, EXACT) },
        {
          id: 'norm-squared',
          claim: { en: 'every encoding has squared norm d/2', zh: '每个编码的模的平方为 d/2' },
          predicted: pairs,
          tolerance: EXACT,
        },
        {
          id: 'rotary-spread',
          claim: { en: 'rotary: q·k depends on the offset alone (relative range)', zh: '旋转编码：q·k 只取决于间隔（相对变化）' },
          ...within(0, EXACT),
        },
        {
          id: 'random-sd',
          claim: { en: 'random vectors: standard deviation √d/2', zh: '随机向量：标准差 √d/2' },
          predicted: Math.sqrt(pairs / 2),
          tolerance: 0.25 * Math.sqrt(pairs / 2),
        },
      ],
    };
  },
  chart({ series: [sinusoid, random, ...rows], measures }, { pairs }, locale) {
    const places = rows.map((_, p) => String(p));
    const [rotary, added, free] = ['rotary-spread', 'added-sd', 'random-sd'].map((key) => num(measures[key]!, 2));
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: 'Sinusoidal and rotary products depend on the offset alone; random ones do not',
          zh: '正弦与旋转编码的内积只取决于间隔，随机向量的则不然',
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: products of sinusoidal encodings of two positions, alike along every diagonal. Right: product over the offset, with the range of random vectors (standard deviation ${free}); rotary varies by ${rotary}, sinusoids on contents by ${added}.`,
          zh: `左：两个位置正弦编码的内积，每条对角线上都相同。右：内积随间隔的变化，以及随机向量的范围（标准差 ${free}）；旋转编码的变化为 ${rotary}，加在内容上的正弦为 ${added}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'heatmap',
          fine: true,
          square: true,
          title: localize({ en: 'PE(p)·PE(p′), sinusoidal', zh: 'PE(p)·PE(p′)，正弦' }, locale),
          alt: '',
          x: { label: localize({ en: 'position p′', zh: '位置 p′' }, locale), categories: places },
          y: { label: localize({ en: 'position p', zh: '位置 p' }, locale), categories: places },
          values: rows.map(({ y }) => y),
          scaleLabel: localize({ en: 'product', zh: '内积' }, locale),
        },
        {
          type: 'lines',
          title: localize({ en: `Product over the offset, d = ${2 * pairs}`, zh: `内积随间隔的变化，d = ${2 * pairs}` }, locale),
          alt: '',
          x: { label: localize({ en: 'offset', zh: '间隔' }, locale), max: OFFSETS },
          y: { label: localize({ en: 'product', zh: '内积' }, locale) },
          lines: [
            { name: localize({ en: 'sinusoidal', zh: '正弦' }, locale), x: sinusoid!.x, y: sinusoid!.y },
            { ...random!, name: localize({ en: 'random, min–max', zh: '随机，最小–最大' }, locale) },
          ],
        },
      ],
    };
  },
  reading({ measures }, { longest }, locale) {
    const rise = measures['first-rise'];
    const falls =
      rise === undefined
        ? { en: `It falls over all of the first ${OFFSETS} offsets.`, zh: `在前 ${OFFSETS} 个间隔内一直下降。` }
        : { en: `It does not fall all the way: at offset ${rise} it rises.`, zh: `它并非一直下降：间隔为 ${rise} 时上升。` };
    return localize(
      {
        en: `Over ${longest} positions the sinusoidal product varies by ${num(measures['sinusoid-spread']!, 2)} at a fixed offset, the rotary one by ${num(measures['rotary-spread']!, 2)} of its size. ${falls.en}\nWith random vectors it varies with standard deviation ${num(measures['random-sd']!)}, with sinusoids added to random contents ${num(measures['added-sd']!)}.`,
        zh: `间隔固定时，正弦编码的内积在 ${longest} 个位置上只变化 ${num(measures['sinusoid-spread']!, 2)}，旋转编码的相对变化为 ${num(measures['rotary-spread']!, 2)}。${falls.zh}\n随机向量的内积标准差为 ${num(measures['random-sd']!)}，正弦加在随机内容上为 ${num(measures['added-sd']!)}。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'A query and a key 3 apart are moved on together by 20 positions. What does rotary encoding make of their product?',
      zh: '查询与键相隔 3 个位置，一起后移 20 个位置。用旋转编码，它们的内积会怎样？',
    },
    options: [
      { id: 'same', text: { en: 'it stays the same', zh: '不变' } },
      { id: 'changes', text: { en: 'it changes', zh: '改变' } },
    ],
    outcome: ({ measures }) => (measures['rotary-spread']! < ALONE ? 'same' : 'changes'),
    why: {
      en: 'Both are turned by the same further angle in every pair of components, and a product of two vectors does not change when both turn.',
      zh: '每一对分量中两者都多转了同样的角度，两个向量一起旋转时内积不变。',
    },
  },
});
