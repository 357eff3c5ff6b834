import { localize } from '../../core/locale.ts';
import type { Series } from '../../core/result.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const MOST = 7;
/** Less than this is rounding. */
const NONE = 1e-12;
const HALVED = ['stride', 'pool', 'blur'] as const;

type Image = Float64Array[];

/** The image moved to the right; what leaves on one side enters on the other. */
function moved(image: Image, by: number): Image {
  return image.map((row) => row.map((_, x) => row[(((x - by) % row.length) + row.length) % row.length]!));
}

/** A 3×3 cross-correlation whose edges wrap round, or are filled with zeros. */
function convolve(image: Image, kernel: readonly number[], wrap: boolean): Image {
  const n = image.length;
  const at = (y: number, x: number) => (wrap ? image[(y + n) % n]![(x + n) % n]! : y < 0 || x < 0 || y >= n || x >= n ? 0 : image[y]![x]!);
  return image.map((row, y) =>
    row.map((_, x) => kernel.reduce((sum, w, k) => sum + w * at(y + Math.floor(k / 3) - 1, x + (k % 3) - 1), 0)),
  );
}

const everySecond = (image: Image): Image =>
  image.filter((_, y) => y % 2 === 0).map((row) => Float64Array.from({ length: row.length / 2 }, (_, x) => row[2 * x]!));

function maxPool(image: Image): Image {
  return everySecond(image).map((row, y) =>
    row.map((_, x) => Math.max(...[0, 1].flatMap((i) => [image[2 * y + i]![2 * x]!, image[2 * y + i]![2 * x + 1]!]))),
  );
}

const size = (image: Image) => Math.sqrt(image.reduce((sum, row) => sum + row.reduce((all, v) => all + v * v, 0), 0));
const apart = (a: Image, b: Image) => size(a.map((row, y) => row.map((v, x) => v - b[y]![x]!))) / size(b);

/** Relative distance of two outputs at the whole shift that brings them nearest. */
function afterRealigning(a: Image, b: Image): number {
  return Math.min(...Array.from({ length: a.length }, (_, k) => apart(a, moved(b, k))));
}

const BLUR = [1, 2, 1].flatMap((a) => [1, 2, 1].map((b) => (a * b) / 16));
const HALVES: Record<(typeof HALVED)[number], (image: Image, kernel: readonly number[]) => Image> = {
  stride: (image, kernel) => everySecond(convolve(image, kernel, true)),
  pool: (image, kernel) => maxPool(convolve(image, kernel, true)),
  blur: (image, kernel) => everySecond(convolve(convolve(image, kernel, true), BLUR, true)),
};

/** Sizes n, kernels k, paddings p and strides s for which counting windows gives another output size than the formula. */
function wrongSizes(): number {
  let wrong = 0;
  for (let n = 1; n <= 12; n++)
    for (let k = 1; k <= 5; k++)
      for (let p = 0; p <= 2; p++)
        for (let s = 1; s <= 3; s++) {
          let windows = 0;
          for (let left = -p; left + k <= n + p; left += s) windows++;
          if (k <= n + 2 * p && windows !== Math.floor((n + 2 * p - k) / s) + 1) wrong++;
        }
  return wrong;
}

function draw(rng: Rng, n: number): { image: Image; kernel: number[] } {
  const image = Array.from({ length: n }, () => Float64Array.from({ length: n }, () => rng.normal()));
  return { image, kernel: Array.from({ length: 9 }, () => rng.normal()) };
}

export default defineDemo({
  name: 'conv-shift',
  version: 1,
  topics: ['convolution', 'pooling-and-receptive-field'],
  title: { en: 'When the image moves', zh: '图像平移之后' },
  summary: {
    en: 'Moves noise images and compares the output of a 3×3 convolution with the moved output: with edges that wrap, with zero padding, and after halving by stride, pooling or blur.',
    zh: '平移噪声图像，比较 3×3 卷积的输出与平移后的输出：循环边界、补零，以及用步长、池化或模糊减半之后。',
  },
  params: {
    shift: { type: 'integer', min: 1, max: MOST, default: 1, description: { en: 'pixels that the image moves', zh: '图像平移的像素数' } },
    size: {
      type: 'choice',
      choices: ['16', '24', '32'],
      default: '32',
      description: { en: 'width and height of the image', zh: '图像的边长' },
    },
    images: {
      type: 'integer',
      min: 1,
      max: 20,
      default: 10,
      description: { en: 'images and kernels to average over', zh: '取平均的图像与卷积核数' },
    },
  },
  names: {
    error: { en: 'relative change', zh: '相对变化' },
    columns: { en: 'wrong columns, zero padding', zh: '补零时出错的列数' },
    'wrong-sizes': { en: 'settings where the size formula fails', zh: '输出尺寸公式不成立的设置数' },
    circular: { en: 'no stride, edges wrap', zh: '步长 1，循环边界' },
    stride: { en: 'stride 2', zh: '步长 2' },
    pool: { en: '2×2 max pooling', zh: '2×2 最大池化' },
    blur: { en: 'blur, then stride 2', zh: '先模糊再步长 2' },
    average: { en: 'global average', zh: '全局平均' },
    padded: { en: 'mean change by column, zero padding', zh: '各列的平均变化（补零）' },
  },
  deadline: 30_000,
  variations: [
    { label: { en: 'two pixels', zh: '平移 2 像素' }, params: { shift: 2 } },
    { label: { en: 'five pixels', zh: '平移 5 像素' }, params: { shift: 5 } },
  ],
  run({ rng, progress }, { shift, size: side, images }) {
    const n = Number(side);
    const drawn = Array.from({ length: images }, (_, i) => draw(rng.fork(i), n));
    const shifts = Array.from({ length: MOST + 1 }, (_, s) => s);
    const measures: Record<string, number> = { 'wrong-sizes': wrongSizes() };
    const plain = drawn.map(({ image, kernel }) => convolve(image, kernel, true));
    const shifted = drawn.map(({ image }) => moved(image, shift));
    measures['error:circular'] = Math.max(
      ...drawn.map(({ kernel }, i) => apart(convolve(shifted[i]!, kernel, true), moved(plain[i]!, shift))),
    );
    const total = (image: Image) => mean(image.map((row) => mean([...row])));
    measures['error:average'] = Math.max(
      ...drawn.map(({ kernel }, i) => Math.abs(total(convolve(shifted[i]!, kernel, true)) - total(plain[i]!))),
    );
    const gaps = drawn.map(({ image, kernel }, i) => {
      const [a, b] = [convolve(shifted[i]!, kernel, false), moved(convolve(image, kernel, false), shift)];
      return Array.from({ length: n }, (_, x) => mean(a.map((row, y) => Math.abs(row[x]! - b[y]![x]!))));
    });
    const columns = Array.from({ length: n }, (_, x) => mean(gaps.map((gap) => gap[x]!)));
    measures.columns = columns.filter((gap) => gap > NONE).length;
    const series: Series[] = [{ name: 'padded', x: columns.map((_, x) => x), y: columns }];
    HALVED.forEach((name, h) => {
      const outputs = drawn.map(({ image, kernel }) => HALVES[name](image, kernel));
      const y: number[] = [];
      series.push({ name, x: shifts, y });
      for (const s of shifts) {
        y.push(mean(drawn.map(({ image, kernel }, i) => afterRealigning(HALVES[name](moved(image, s), kernel), outputs[i]!))));
        progress((h + s / MOST) / HALVED.length, () => ({
          series: series.map((one) => ({ ...one, x: one.x.slice(0, one.y.length) })),
          measures,
        }));
      }
      measures[`error:${name}`] = y[shift]!;
    });
    return { series, measures, checks: checks(shift) };
  },
  chart({ series: [padded, ...halved], measures }, { shift }, locale) {
    const name = {
      stride: { en: 'stride 2', zh: '步长 2' },
      pool: { en: 'max pooling', zh: '最大池化' },
      blur: { en: 'blur, stride 2', zh: '模糊 + 步长 2' },
    };
    const stride = measures['error:stride']!;
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        stride < NONE
          ? {
              en: `The image moves by ${shift}: stride 2 only moves its output too`,
              zh: `图像平移 ${shift} 像素：步长 2 的输出只是跟着平移`,
            }
          : {
              en: `The image moves by ${shift}: with stride 2 the output changes by ${percent(stride)}`,
              zh: `图像平移 ${shift} 像素：步长为 2 时输出改变 ${percent(stride)}`,
            },
        locale,
      ),
      alt: localize(
        {
          en: `Left: relative change of the halved outputs over the shift, after the best realignment. Right: mean change by column with zero padding, in ${measures.columns} columns.`,
          zh: `左：减半后的输出在最佳对齐之后的相对变化随平移的变化。右：补零时各列的平均变化，共 ${measures.columns} 列有变化。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Halved outputs, realigned', zh: '减半后的输出，重新对齐' }, locale),
          alt: '',
          x: { label: localize({ en: 'shift (pixels)', zh: '平移（像素）' }, locale), max: MOST },
          y: { label: localize({ en: 'relative change', zh: '相对变化' }, locale), min: 0 },
          lines: halved.map(({ name: key, x, y }) => ({ name: localize(name[key as keyof typeof name], locale), x, y })),
        },
        {
          type: 'bars',
          title: localize({ en: 'Zero padding, no stride: the edges', zh: '补零、步长 1：边缘' }, locale),
          alt: '',
          x: {
            label: localize({ en: 'columns that change', zh: '有变化的列' }, locale),
            categories: padded!.x.filter((_, i) => padded!.y[i]! > NONE).map(String),
          },
          y: { label: localize({ en: 'mean change', zh: '平均变化' }, locale) },
          groups: [{ name: '', values: padded!.y.filter((value) => value > NONE) }],
        },
      ],
    };
  },
  reading({ measures }, { shift, size: side }, locale) {
    const [stride, pool, blur] = HALVED.map((name) => percent(measures[`error:${name}`]!));
    return localize(
      {
        en: `Moved by ${shift}: with edges that wrap the output just moves (off by ${num(measures['error:circular']!, 2)}); with zero padding ${measures.columns} of ${side} columns differ.\nAfter halving, at the best realignment, the output differs by ${stride} (stride 2), ${pool} (max pooling), ${blur} (blur, then stride 2); its global average stays.`,
        zh: `平移 ${shift} 像素：循环边界时输出只是跟着平移（偏差 ${num(measures['error:circular']!, 2)}）；补零时 ${side} 列中有 ${measures.columns} 列不同。\n减半之后取最佳对齐，输出相差 ${stride}（步长 2）、${pool}（最大池化）、${blur}（先模糊再步长 2）；全局平均不变。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ shift }) => ({
      en: `An image moves by ${shift} pixel(s). Does the output of a convolution with stride 2 just move along?`,
      zh: `图像平移 ${shift} 像素，步长为 2 的卷积的输出只是跟着平移吗？`,
    }),
    options: [
      { id: 'moves', text: { en: 'yes, it just moves', zh: '是，只是平移' } },
      { id: 'changes', text: { en: 'no, its values change', zh: '不是，数值会变' } },
    ],
    outcome: ({ measures }) => (measures['error:stride']! < NONE ? 'moves' : 'changes'),
    why: {
      en: 'Convolution is equivariant to shifts away from the edges; a stride of 2 keeps this for even shifts only, since an odd one lands on the pixels that were skipped.',
      zh: '在边缘以外，卷积对平移是等变的；步长 2 只对偶数平移保持这一点，奇数平移会落到被跳过的像素上。',
    },
  },
});

function checks(shift: number): DemoCheck[] {
  const exact = (id: string, en: string, zh: string): DemoCheck => ({ id, claim: { en, zh }, ...within(0, NONE) });
  const halved: DemoCheck[] =
    shift % 2 === 0
      ? HALVED.map((name) =>
          exact(
            `error:${name}`,
            `an even shift passes through: ${name}`,
            `偶数平移保持等变：${{ stride: '步长 2', pool: '最大池化', blur: '模糊' }[name]}`,
          ),
        )
      : [
          {
            id: 'error:stride',
            claim: { en: 'an odd shift changes the output (stride 2)', zh: '奇数平移改变输出（步长 2）' },
            ...within(0.65, 2),
          },
          {
            id: 'error:pool',
            claim: { en: 'an odd shift changes the output (max pooling)', zh: '奇数平移改变输出（最大池化）' },
            ...within(0.3, 0.9),
          },
        ];
  return [
    exact('error:circular', 'with edges that wrap, convolution is equivariant', '循环边界下，卷积是平移等变的'),
    exact('error:average', 'the global average does not change', '全局平均不变'),
    {
      id: 'columns',
      claim: { en: 'zero padding: columns that differ', zh: '补零：不同的列数' },
      predicted: shift === 1 ? 3 : 4,
      tolerance: 0,
    },
    {
      id: 'wrong-sizes',
      claim: { en: 'output size is ⌊(n + 2p − k)/s⌋ + 1 (exceptions)', zh: '输出尺寸为 ⌊(n + 2p − k)/s⌋ + 1（例外数）' },
      predicted: 0,
      tolerance: 0,
    },
    ...halved,
  ];
}
