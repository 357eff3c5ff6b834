import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { slopeOfLogs } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

/** Nets and channels from which on widths were measured to come out. */
const ENOUGH = { nets: 4, channels: 8 };

/** One layer of 3×3 kernels over channels: w[(o · channels + i) · 9 + k]. */
type Kernels = Float64Array;

/** Adds up, for every cell and output channel, the 3×3 window of all input channels; zeros beyond the edge. */
function conv(x: Float64Array, w: Kernels, side: number, channels: number, transposed: boolean): Float64Array {
  const out = new Float64Array(x.length);
  const cells = side * side;
  for (let o = 0; o < channels; o++)
    for (let i = 0; i < channels; i++)
      for (let k = 0; k < 9; k++) {
        const weight = transposed ? w[(i * channels + o) * 9 + 8 - k]! : w[(o * channels + i) * 9 + k]!;
        const [dy, dx] = [Math.floor(k / 3) - 1, (k % 3) - 1];
        for (let y = Math.max(0, -dy); y < Math.min(side, side - dy); y++) {
          const to = o * cells + y * side;
          const from = i * cells + (y + dy) * side + dx;
          for (let col = Math.max(0, -dx); col < Math.min(side, side - dx); col++) out[to + col]! += weight * x[from + col]!;
        }
      }
  return out;
}

/** Squared gradient of one centre output by each input cell, summed over channels, as shares of the whole. */
function gradientMap(rng: Rng, layers: number, channels: number): number[][] {
  const side = 2 * layers + 3;
  const cells = side * side;
  const kernels = Array.from({ length: layers }, () =>
    Float64Array.from({ length: channels * channels * 9 }, () => rng.normal() * Math.sqrt(2 / (9 * channels))),
  );
  let x = Float64Array.from({ length: channels * cells }, () => rng.normal());
  const passed: Float64Array[] = [];
  kernels.forEach((w, l) => {
    x = conv(x, w, side, channels, false) as Float64Array<ArrayBuffer>;
    // The top layer is linear.
    if (l < layers - 1) passed.push(x.map((v) => (v > 0 ? 1 : 0)));
    if (l < layers - 1) x = x.map((v) => Math.max(0, v));
  });
  let grad = new Float64Array(channels * cells);
  grad[Math.floor(cells / 2)] = 1;
  for (let l = layers - 1; l >= 0; l--) {
    grad = conv(grad, kernels[l]!, side, channels, true) as Float64Array<ArrayBuffer>;
    if (l > 0) grad = grad.map((v, i) => v * passed[l - 1]![i]!);
  }
  const squares = Array.from({ length: cells }, (_, c) =>
    Array.from({ length: channels }, (_, o) => grad[o * cells + c]! ** 2).reduce((a, b) => a + b),
  );
  const sum = squares.reduce((a, b) => a + b);
  return Array.from({ length: side }, (_, y) => squares.slice(y * side, (y + 1) * side).map((v) => (sum > 0 ? v / sum : 0)));
}

export default defineDemo({
  name: 'receptive-field',
  version: 1,
  topics: ['pooling-and-receptive-field', 'convolution', 'cnn-architectures'],
  title: { en: 'The receptive field, and how much of it counts', zh: '感受野，以及真正起作用的部分' },
  summary: {
    en: 'Draws random convolutional nets and measures how much each input cell moves one output cell: how far the field reaches, and how wide it effectively is.',
    zh: '随机生成卷积网络，测量每个输入格对一个输出格的影响：感受野有多大，实际起作用的又有多宽。',
  },
  params: {
    depths: {
      type: 'numbers',
      whole: true,
      min: 1,
      max: 12,
      maxItems: 4,
      default: [2, 4, 8, 12],
      description: { en: 'numbers of 3×3 layers', zh: '3×3 卷积的层数' },
    },
    channels: { type: 'integer', min: 4, max: 12, default: 8, description: { en: 'channels', zh: '通道数' } },
    seeds: { type: 'integer', min: 1, max: 12, default: 6, description: { en: 'nets to average over', zh: '取平均的网络数' } },
  },
  names: {
    width: { en: 'standard deviation of the gradient (cells), layers', zh: '梯度分布的标准差（格），层数' },
    reach: { en: 'cells that the gradient reaches, layers', zh: '梯度到达的格数，层数' },
    share: { en: '4 standard deviations over the reach, layers', zh: '4 倍标准差与感受野之比，层数' },
    slope: { en: 'slope of the width over the layers (log–log)', zh: '宽度随层数的斜率（双对数）' },
    map: { en: 'share of the gradient, row', zh: '梯度所占份额，行' },
  },
  deadline: 60_000,
  variations: [{ label: { en: 'one to four layers', zh: '一到四层' }, params: { depths: [1, 2, 3, 4] } }],
  run({ rng, progress }, { depths, channels, seeds }) {
    const measures: Record<string, number> = {};
    const ordered = [...depths].sort((a, b) => a - b);
    let last: number[][] = [];
    const series = () => {
      const x = ordered.filter((layers) => measures[`width:${layers}`] !== undefined);
      const of = (name: string) => ({ name, x, y: x.map((layers) => measures[`${name}:${layers}`]!) });
      return [of('width'), of('reach'), ...last.map((row, y) => ({ name: `map:${y}`, x: row.map((_, i) => i), y: row }))];
    };
    const look = (nets: readonly number[][][], layers: number) => {
      const map = nets[0]!.map((row, y) => row.map((_, x) => nets.reduce((sum, net) => sum + net[y]![x]!, 0)));
      const whole = map.flat().reduce((a, b) => a + b);
      const shares = map.map((row) => row.map((v) => v / whole));
      const middle = layers + 1;
      let [spread, reach] = [0, 0];
      shares.forEach((row, y) => {
        row.forEach((v, x) => {
          spread += (v * ((x - middle) ** 2 + (y - middle) ** 2)) / 2;
          if (v > 0) reach = Math.max(reach, 2 * Math.max(Math.abs(x - middle), Math.abs(y - middle)) + 1);
        });
      });
      measures[`width:${layers}`] = Math.sqrt(spread);
      measures[`reach:${layers}`] = reach;
      measures[`share:${layers}`] = (4 * Math.sqrt(spread)) / (2 * layers + 1);
      last = shares;
    };
    ordered.forEach((layers, d) => {
      const nets: number[][][] = [];
      for (let s = 0; s < seeds; s++) {
        nets.push(gradientMap(rng.fork(layers * 100 + s), layers, channels));
        progress((d + (s + 1) / seeds) / ordered.length, () => {
          look(nets, layers);
          return { series: series(), measures: { ...measures } };
        });
      }
      look(nets, layers);
    });
    const [widths] = series();
    if (ordered.length > 1) measures.slope = slopeOfLogs(ordered, widths!.y);
    return { series: series(), measures, checks: checks(ordered, channels, seeds) };
  },
  chart({ series, measures }, _params, locale) {
    const [width, reach, ...rows] = series;
    const deepest = width!.x.at(-1)!;
    const most = Math.max(...rows.flatMap(({ y }) => y));
    const places = rows.map((_, i) => num(i - deepest - 1));
    const [span, cells] = [num(4 * measures[`width:${deepest}`]!), measures[`reach:${deepest}`]!];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `${deepest} layers reach ${cells} cells; ±2 standard deviations of the gradient span ${span}`,
          zh: `${deepest} 层到达 ${cells} 格；梯度分布的 ±2 个标准差跨 ${span} 格`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: heat map of the squared gradient over the input cells. Right: reach and effective width over the number of layers, at ${deepest} layers ${cells} and ${span} cells.`,
          zh: `左：各输入格的梯度平方热图。右：感受野与有效宽度随层数的变化，${deepest} 层时为 ${cells} 格与 ${span} 格。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'heatmap',
          fine: true,
          square: true,
          title: localize({ en: `What moves the centre, ${deepest} layers`, zh: `影响中心输出的格子，${deepest} 层` }, locale),
          alt: '',
          x: { label: localize({ en: 'column', zh: '列' }, locale), categories: places },
          y: { label: localize({ en: 'row', zh: '行' }, locale), categories: places },
          values: rows.map(({ y }) => y.map((v) => v / most)),
          scaleLabel: localize({ en: 'gradient², largest = 1', zh: '梯度平方，最大为 1' }, locale),
        },
        {
          type: 'lines',
          title: localize({ en: 'Width over the number of layers', zh: '宽度随层数的变化' }, locale),
          alt: '',
          x: { label: localize({ en: 'layers', zh: '层数' }, locale) },
          y: { label: localize({ en: 'cells', zh: '格数' }, locale), min: 0 },
          lines: [
            { name: localize({ en: 'reach', zh: '感受野' }, locale), x: reach!.x, y: reach!.y },
            { name: localize({ en: '4 std', zh: '4 倍标准差' }, locale), x: width!.x, y: width!.y.map((v) => 4 * v) },
            { name: '4√(2L/3)', x: width!.x, y: width!.x.map((layers) => 4 * Math.sqrt((2 * layers) / 3)), dashed: true, color: 6 },
          ],
        },
      ],
    };
  },
  reading({ measures }, { depths }, locale) {
    const deepest = Math.max(...depths);
    const theory = num(Math.sqrt((2 * deepest) / 3));
    const slope =
      measures.slope === undefined
        ? { en: '', zh: '' }
        : {
            en: ` Over the layers the width grows with slope ${num(measures.slope)} (log–log).`,
            zh: `宽度随层数增长的斜率为 ${num(measures.slope)}（双对数）。`,
          };
    return localize(
      {
        en: `After ${deepest} layers of 3×3 the field has ${measures[`reach:${deepest}`]} cells a side; the gradient has a standard deviation of ${num(measures[`width:${deepest}`]!)} cells, in theory √(2L/3) = ${theory}.\nFour of them are ${percent(measures[`share:${deepest}`]!)} of the side 2L + 1.${slope.en}`,
        zh: `${deepest} 层 3×3 卷积之后，感受野边长 ${measures[`reach:${deepest}`]} 格；梯度分布的标准差为 ${num(measures[`width:${deepest}`]!)} 格，理论值 √(2L/3) = ${theory}。\n四个标准差占边长 2L + 1 的 ${percent(measures[`share:${deepest}`]!)}。${slope.zh}`,
      },
      locale,
    );
  },
  predict: {
    question: ({ depths }) => ({
      en: `After ${Math.max(...depths)} layers of 3×3 the field is ${2 * Math.max(...depths) + 1} cells wide. What share of that do ±2 standard deviations of the gradient span?`,
      zh: `${Math.max(...depths)} 层 3×3 卷积的感受野宽 ${2 * Math.max(...depths) + 1} 格。梯度分布的 ±2 个标准差占其中多少？`,
    }),
    options: [
      { id: 'half', text: { en: 'at most half', zh: '不超过一半' } },
      { id: 'most', text: { en: 'half to 80 %', zh: '一半到 80 %' } },
      { id: 'all', text: { en: 'more than 80 %', zh: '超过 80 %' } },
    ],
    outcome({ measures }, { depths }) {
      const share = measures[`share:${Math.max(...depths)}`]!;
      return share <= 0.5 ? 'half' : share <= 0.8 ? 'most' : 'all';
    },
    why: {
      en: 'Paths to the centre add up like steps of a random walk: the reach grows as L, the width of their distribution as √L.',
      zh: '通向中心的路径像随机游走一样叠加：感受野按 L 增长，分布的宽度按 √L 增长。',
    },
  },
});

function checks(depths: readonly number[], channels: number, seeds: number): DemoCheck[] {
  if (seeds < ENOUGH.nets || channels < ENOUGH.channels) return [];
  const loose = Math.sqrt(6 / Math.min(6, seeds));
  const found = depths.flatMap((layers): DemoCheck[] => [
    {
      id: `reach:${layers}`,
      claim: { en: `${layers} layers reach 2L + 1 cells`, zh: `${layers} 层到达 2L + 1 格` },
      predicted: 2 * layers + 1,
      tolerance: 0,
    },
    {
      id: `width:${layers}`,
      claim: { en: `${layers} layers: width √(2L/3)`, zh: `${layers} 层：宽度 √(2L/3)` },
      predicted: Math.sqrt((2 * layers) / 3),
      tolerance: 0.11 * loose * Math.sqrt((2 * layers) / 3),
    },
  ]);
  if (depths.length >= 3 && depths.at(-1)! >= 4 * depths[0]!)
    found.push({
      id: 'slope',
      claim: { en: 'the width grows as √L (slope)', zh: '宽度按 √L 增长（斜率）' },
      predicted: 0.5,
      tolerance: 0.07 * loose,
    });
  return found;
}
