import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { mean, slopeOfLogs } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const GRID = 3;
const POINTS = 600;
/** A run has found the optimum when it is no further above the best one. */
const FOUND = 1.001;

type Point = readonly [x: number, y: number];

const squared = (a: Point, b: Point) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;

/** Lloyd's iterations until no point changes its cluster; mean squared distance, and by how much it ever rose. */
function lloyd(points: readonly Point[], start: readonly Point[]): { inertia: number; rise: number } {
  let centres = [...start];
  let owners = new Int32Array(points.length).fill(-1);
  let [inertia, rise] = [Number.POSITIVE_INFINITY, 0];
  for (;;) {
    let [sum, changed] = [0, false];
    const next = new Int32Array(points.length);
    points.forEach((point, i) => {
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      for (let c = 0; c < centres.length; c++) {
        const d = squared(point, centres[c]!);
        if (d < least) [best, least] = [c, d];
      }
      next[i] = best;
      sum += least;
      changed ||= best !== owners[i];
    });
    rise = Math.max(rise, sum / points.length - inertia);
    inertia = sum / points.length;
    if (!changed) return { inertia, rise };
    owners = next;
    const totals = centres.map(() => [0, 0, 0]);
    points.forEach(([x, y], i) => {
      const total = totals[owners[i]!]!;
      total[0]! += x;
      total[1]! += y;
      total[2]! += 1;
    });
    centres = centres.map((centre, c) =>
      totals[c]![2]! > 0 ? [totals[c]![0]! / totals[c]![2]!, totals[c]![1]! / totals[c]![2]!] : centre,
    );
  }
}

/** k different points at random, or each with probability in proportion to its squared distance from those before. */
function starts(rng: Rng, points: readonly Point[], k: number, plusPlus: boolean): Point[] {
  if (!plusPlus)
    return rng
      .permutation(points.length)
      .slice(0, k)
      .map((i) => points[i]!);
  const chosen = [points[rng.integer(points.length)]!];
  const distance = points.map((point) => squared(point, chosen[0]!));
  while (chosen.length < k) {
    let left = rng.uniform() * distance.reduce((a, b) => a + b);
    const i = Math.max(
      0,
      distance.findIndex((d) => {
        left -= d;
        return left < 0;
      }),
    );
    chosen.push(points[i]!);
    points.forEach((point, j) => {
      distance[j] = Math.min(distance[j]!, squared(point, points[i]!));
    });
  }
  return chosen;
}

const nearest = (points: readonly Point[], centres: readonly Point[]) =>
  mean(points.map((point) => Math.min(...centres.map((centre) => squared(point, centre)))));

type Start = ReturnType<typeof lloyd> & { first: number };

export default defineDemo({
  name: 'k-means',
  version: 1,
  topics: ['k-means'],
  title: { en: 'k-means: an elbow that is none, and where to start', zh: 'k-means：不存在的拐点，以及初始化' },
  summary: {
    en: 'Runs k-means for every k on evenly spread points, which have no clusters, and from many random and k-means++ starts on nine clusters in a square.',
    zh: '在均匀分布、没有簇的点上对每个 k 运行 k-means；再在九个簇上比较随机初始化与 k-means++。',
  },
  params: {
    most: { type: 'integer', min: 3, max: 10, default: 8, description: { en: 'largest k', zh: '最大的 k' } },
    points: { type: 'integer', min: 200, max: 4000, default: 2000, description: { en: 'evenly spread points', zh: '均匀分布的点数' } },
    starts: { type: 'integer', min: 5, max: 60, default: 30, description: { en: 'starts of either kind', zh: '每种初始化的次数' } },
    spread: {
      type: 'number',
      min: 0.02,
      max: 0.12,
      default: 0.05,
      description: { en: 'standard deviation of a cluster (their distance is 1)', zh: '簇的标准差（簇间距为 1）' },
    },
  },
  names: {
    inertia: { en: 'inertia over n, k', zh: '惯量 / n，k' },
    slope: { en: 'slope of the inertia over k (log–log)', zh: '惯量随 k 的斜率（双对数）' },
    rise: { en: 'largest rise in any iteration', zh: '任一次迭代的最大上升' },
    found: { en: 'share of runs that find the optimum', zh: '找到最优解的比例' },
    random: { en: 'random start', zh: '随机初始化' },
    plus: { en: 'k-means++', zh: 'k-means++' },
    gain: { en: 'share found: k-means++ less random', zh: '找到的比例：k-means++ 减随机' },
    'start-ratio': { en: 'k-means++ start over the optimum', zh: 'k-means++ 的初值与最优值之比' },
  },
  deadline: 30_000,
  variations: [{ label: { en: 'wider clusters', zh: '更分散的簇' }, params: { spread: 0.12 } }],
  run({ rng, progress }, { most, points: n, starts: tries, spread }) {
    const measures: Record<string, number> = {};
    // One point in each of n equal pieces: what is left of chance is too little to see.
    const line = Array.from({ length: n }, (_, i): Point => [(i + rng.uniform()) / n, 0]);
    let rise = 0;
    const ks = Array.from({ length: most }, (_, i) => i + 1);
    const random: Start[] = [];
    const plus: Start[] = [];
    let perfect = Number.POSITIVE_INFINITY;
    const sofar = () => {
      const optimum = Math.min(perfect, ...[...random, ...plus].map(({ inertia }) => inertia));
      const tried = Object.entries({ random, plus }).map(([name, runs]) => ({
        name,
        runs,
        found: runs.filter(({ inertia }) => inertia <= FOUND * optimum).length / runs.length,
      }));
      const x = ks.filter((k) => measures[`inertia:${k}`] !== undefined);
      return {
        optimum,
        measures: {
          ...measures,
          ...Object.fromEntries(tried.flatMap(({ name, runs, found }) => (runs.length > 0 ? [[`found:${name}`, found]] : []))),
        },
        series: [
          { name: 'inertia', x, y: x.map((k) => measures[`inertia:${k}`]!) },
          ...tried.map(({ name, runs }) => ({ name, x: runs.map((_, i) => i), y: runs.map(({ inertia }) => inertia / optimum) })),
        ],
      };
    };
    for (const k of ks) {
      const runs = Array.from({ length: 3 }, () => lloyd(line, starts(rng, line, k, true)));
      measures[`inertia:${k}`] = Math.min(...runs.map(({ inertia }) => inertia));
      rise = Math.max(rise, ...runs.map((run) => run.rise));
      progress((0.6 * k) / most, sofar);
    }
    const middles = Array.from({ length: GRID * GRID }, (_, i): Point => [i % GRID, Math.floor(i / GRID)]);
    const square = Array.from({ length: POINTS }, (_, i): Point => {
      const [x, y] = middles[i % middles.length]!;
      return [x + spread * rng.normal(), y + spread * rng.normal()];
    });
    perfect = lloyd(square, middles).inertia;
    for (const runs of [random, plus])
      for (let i = 0; i < tries; i++) {
        const start = starts(rng, square, middles.length, runs === plus);
        runs.push({ first: nearest(square, start), ...lloyd(square, start) });
        progress(0.6 + (0.2 * (i + 1)) / tries + (runs === plus ? 0.2 : 0), sofar);
      }
    rise = Math.max(rise, ...[...random, ...plus].map((run) => run.rise));
    const { optimum, series, measures: found } = sofar();
    Object.assign(measures, {
      slope: slopeOfLogs(
        ks,
        ks.map((k) => measures[`inertia:${k}`]!),
      ),
      rise,
      'found:random': found['found:random'],
      'found:plus': found['found:plus'],
      gain: found['found:plus']! - found['found:random']!,
      'start-ratio': mean(plus.map(({ first }) => first)) / optimum,
    });
    return { series, measures, checks: checks(ks, n, tries, spread) };
  },
  chart({ series: [inertia], measures }, { most }, locale) {
    const [random, plus] = [percent(measures['found:random']!), percent(measures['found:plus']!)];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `Best clusters found: by ${plus} of k-means++ starts, by ${random} of random ones`,
          zh: `找到最优的簇：k-means++ 有 ${plus}，随机初始化有 ${random}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: inertia over k on evenly spread points, from ${num(measures['inertia:1']!)} at k = 1 to ${num(measures[`inertia:${most}`]!)} at k = ${most}. Right: share of runs that find the optimum, ${random} from random starts and ${plus} from k-means++.`,
          zh: `左：均匀分布的点上惯量随 k 的变化，k = 1 时 ${num(measures['inertia:1']!)}，k = ${most} 时 ${num(measures[`inertia:${most}`]!)}。右：找到最优解的比例，随机 ${random}，k-means++ ${plus}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'No clusters: a straight line', zh: '没有簇：一条直线' }, locale),
          alt: '',
          x: { label: localize({ en: 'k (log scale)', zh: 'k（对数刻度）' }, locale), scale: 'log', min: 1, max: 10 },
          y: { label: localize({ en: 'inertia over n', zh: '惯量 / n' }, locale), scale: 'log' },
          lines: [
            { name: localize({ en: 'measured', zh: '实测' }, locale), x: inertia!.x, y: inertia!.y, points: true },
            { name: '1/(12k²)', x: inertia!.x, y: inertia!.x.map((k) => 1 / (12 * k * k)), dashed: true, color: 6 },
          ],
        },
        {
          type: 'bars',
          title: localize({ en: 'Nine clusters: optimum found', zh: '九个簇：找到最优解' }, locale),
          alt: '',
          x: {
            label: localize({ en: 'start', zh: '初始化' }, locale),
            categories: [localize({ en: 'random', zh: '随机' }, locale), 'k-means++'],
          },
          y: { label: localize({ en: 'share of runs', zh: '次数比例' }, locale), min: 0, max: 1 },
          format: 'percent',
          groups: [{ name: '', values: [measures['found:random']!, measures['found:plus']!] }],
        },
      ],
    };
  },
  reading({ measures }, { starts: tries }, locale) {
    return localize(
      {
        en: `On points without clusters the inertia falls with slope ${num(measures.slope!)} over k (theory −2): plotted without logarithms, any such curve seems to have an elbow.\nOn nine clusters ${percent(measures['found:random']!)} of ${tries} random starts and ${percent(measures['found:plus']!)} of k-means++ starts find the optimum; a k-means++ start is ${num(measures['start-ratio']!)} times the optimum on average.`,
        zh: `点没有簇时，惯量随 k 下降的斜率为 ${num(measures.slope!)}（理论值 −2）：不取对数画出来，这样的曲线看上去都有拐点。\n九个簇时，${tries} 次随机初始化中 ${percent(measures['found:random']!)}、k-means++ 中 ${percent(measures['found:plus']!)} 找到最优解；k-means++ 的初值平均是最优值的 ${num(measures['start-ratio']!)} 倍。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Nine clear clusters, k = 9. How many random starts (nine random points) lead Lloyd’s iterations to the best solution?',
      zh: '九个分明的簇，k = 9。随机选九个点开始，Lloyd 迭代有多少次能到最优解？',
    },
    options: [
      { id: 'few', text: { en: 'at most a quarter', zh: '不超过四分之一' } },
      { id: 'some', text: { en: 'a quarter to three quarters', zh: '四分之一到四分之三' } },
      { id: 'most', text: { en: 'more than three quarters', zh: '超过四分之三' } },
    ],
    outcome: ({ measures }) => (measures['found:random']! <= 0.25 ? 'few' : measures['found:random']! <= 0.75 ? 'some' : 'most'),
    why: {
      en: 'Nine random points rarely fall into nine different clusters, and a centre between two clusters is seldom drawn away from them again.',
      zh: '随机的九个点很少正好落在九个不同的簇里，而夹在两个簇之间的中心很难再被拉开。',
    },
  },
});

function checks(ks: readonly number[], n: number, tries: number, spread: number): DemoCheck[] {
  const found: DemoCheck[] = ks.map((k) => ({
    id: `inertia:${k}`,
    claim: { en: `k = ${k}: inertia 1/(12k²)`, zh: `k = ${k}：惯量 1/(12k²)` },
    predicted: 1 / (12 * k * k),
    // Measured at n = 2000 and k up to 8; fewer points a piece are coarser.
    tolerance: (0.003 * Math.max(1, (250 * k) / n) ** 1.5) / (12 * k * k),
  }));
  found.push({ id: 'rise', claim: { en: 'no iteration raises the inertia', zh: '没有一次迭代使惯量上升' }, ...within(0, 1e-12) });
  found.push({
    id: 'start-ratio',
    claim: { en: 'k-means++ starts below 8(ln k + 2) times the optimum (mean)', zh: 'k-means++ 的初值平均低于最优值的 8(ln k + 2) 倍' },
    ...within(1, 8 * (Math.log(GRID * GRID) + 2)),
  });
  if (tries >= 30 && spread === 0.05)
    found.push({
      id: 'gain',
      claim: { en: 'k-means++ finds the optimum more often by', zh: 'k-means++ 找到最优解的比例高出' },
      ...within(0.4, 1),
    });
  return found;
}
