import type { ContourChart } from '../../charts/spec.ts';
import { type Locale, localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { dot } from '../../demos/lib/linear.ts';
import { gaussian, linear, type Machine, trainSvm } from '../../demos/lib/smo.ts';
import type { Rng } from '../../demos/random.ts';

const EXACT = { c: 1e6, tolerance: 1e-10, steps: 400_000 };
const ROUGH = { c: 1e3, tolerance: 1e-4, steps: 40_000 };
const RINGS = { train: 60, test: 600, noise: 0.08, inner: 0.4 };
/** A multiplier above this share of the largest makes a support vector. */
const SUPPORT = 1e-7;
const GRID = 41;

interface Points {
  x: Float64Array[];
  y: number[];
}

/** Points in a square, as many on either side of a random line, none nearer to it than `gap`. */
function separable(rng: Rng, n: number, gap: number): Points {
  const angle = 2 * Math.PI * rng.uniform();
  const [a, b, offset] = [Math.cos(angle), Math.sin(angle), rng.uniform() - 0.5];
  const y = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const x = y.map((side) => {
    for (;;) {
      const point = Float64Array.from([4 * rng.uniform() - 2, 4 * rng.uniform() - 2]);
      if (side * (a * point[0]! + b * point[1]! + offset) >= gap) return point;
    }
  });
  return { x, y };
}

function rings(rng: Rng, n: number): Points {
  const y = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const x = y.map((side) => {
    const angle = 2 * Math.PI * rng.uniform();
    const radius = side > 0 ? 1 : RINGS.inner;
    return Float64Array.from([
      radius * Math.cos(angle) + RINGS.noise * rng.normal(),
      radius * Math.sin(angle) + RINGS.noise * rng.normal(),
    ]);
  });
  return { x, y };
}

const weights = ({ alpha }: Machine, { x, y }: Points) =>
  [0, 1].map((j) => x.reduce((sum, point, i) => sum + alpha[i]! * y[i]! * point[j]!, 0));
const supports = ({ alpha }: Machine) => [...alpha.keys()].filter((i) => alpha[i]! > SUPPORT * Math.max(...alpha));
const errorOf = (machine: Machine, { x, y }: Points) => x.filter((point, i) => machine.f(point) * y[i]! <= 0).length / x.length;
const without = ({ x, y }: Points, i: number): Points => ({ x: x.filter((_, j) => j !== i), y: y.filter((_, j) => j !== i) });

export default defineDemo({
  name: 'svm-margin',
  version: 1,
  topics: ['support-vector-machines', 'kernels'],
  title: { en: 'The margin and the points that hold it', zh: '间隔与支持向量' },
  summary: {
    en: 'Trains a hard-margin SVM on separable points, removes a point that does and one that does not touch the margin, and compares a linear and an RBF kernel on two rings.',
    zh: '在可分的点上训练硬间隔 SVM，分别去掉一个在间隔边上和不在边上的点，并在两个圆环上比较线性核与 RBF 核。',
  },
  params: {
    points: { type: 'integer', min: 10, max: 100, default: 40, description: { en: 'points', zh: '点数' } },
    gap: {
      type: 'number',
      min: 0.1,
      max: 1,
      default: 0.3,
      description: { en: 'least distance from the dividing line', zh: '到分界线的最小距离' },
    },
    width: { type: 'number', min: 0.3, max: 1, default: 0.5, description: { en: 'width of the RBF kernel', zh: 'RBF 核的宽度' } },
  },
  names: {
    margin: { en: 'width of the margin 2/‖w‖', zh: '间隔宽度 2/‖w‖' },
    'support-vectors': { en: 'support vectors', zh: '支持向量数' },
    'functional-margin': { en: 'smallest y·f(x)', zh: 'y·f(x) 的最小值' },
    'dual-ratio': { en: 'Σα over ‖w‖²', zh: 'Σα 与 ‖w‖² 之比' },
    change: { en: 'relative change of w without', zh: '去掉后 w 的相对变化：' },
    other: { en: 'a point that is no support vector', zh: '一个非支持向量' },
    support: { en: 'a support vector', zh: '一个支持向量' },
    train: { en: 'training error on rings', zh: '圆环上的训练误差' },
    test: { en: 'test error on rings', zh: '圆环上的测试误差' },
    linear: { en: 'linear kernel', zh: '线性核' },
    rbf: { en: 'RBF kernel', zh: 'RBF 核' },
    positive: { en: 'class +1', zh: '类别 +1' },
    outer: { en: 'outer ring', zh: '外环' },
    inner: { en: 'inner ring', zh: '内环' },
    'ring-support': { en: 'support vectors on the rings', zh: '圆环上的支持向量' },
    field: { en: 'f(x), row', zh: 'f(x)，行' },
    'ring-field': { en: 'f(x) on the rings, row', zh: '圆环上的 f(x)，行' },
    negative: { en: 'class −1', zh: '类别 −1' },
  },
  deadline: 30_000,
  variations: [
    { label: { en: 'a wide gap', zh: '更大的距离' }, params: { gap: 1 } },
    { label: { en: '100 points', zh: '100 个点' }, params: { points: 100 } },
  ],
  run({ rng, progress }, { points, gap, width }) {
    const data = separable(rng.fork(1), points, gap);
    const train = (set: Points) => trainSvm(set.x, set.y, { kernel: linear, ...EXACT });
    const machine = train(data);
    const w = weights(machine, data);
    const norm = Math.sqrt(dot(w, w));
    const held = supports(machine);
    const change = (i: number) => {
      const set = without(data, i);
      const again = weights(train(set), set);
      return Math.hypot(again[0]! - w[0]!, again[1]! - w[1]!) / norm;
    };
    progress(0.3);
    const measures: Record<string, number> = {
      margin: 2 / norm,
      'support-vectors': held.length,
      'functional-margin': Math.min(...data.x.map((point, i) => machine.f(point) * data.y[i]!)),
      'dual-ratio': machine.alpha.reduce((sum, a) => sum + a, 0) / norm ** 2,
      'change:support': change(held[0]!),
    };
    const other = data.x.findIndex((_, i) => !held.includes(i));
    if (other >= 0) measures['change:other'] = change(other);
    progress(0.6);
    const [ring, fresh] = [rings(rng.fork(2), RINGS.train), rings(rng.fork(3), RINGS.test)];
    const rbf = trainSvm(ring.x, ring.y, { kernel: gaussian(width), ...ROUGH });
    const straight = trainSvm(ring.x, ring.y, { kernel: linear, ...ROUGH });
    for (const [name, one] of Object.entries({ rbf, linear: straight })) {
      measures[`train:${name}`] = errorOf(one, ring);
      measures[`test:${name}`] = errorOf(one, fresh);
    }
    const of = (set: Points, keep: (i: number) => boolean) => ({
      x: set.x.filter((_, i) => keep(i)).map((p) => p[0]!),
      y: set.x.filter((_, i) => keep(i)).map((p) => p[1]!),
    });
    const field = (name: string, one: Machine, half: number) =>
      Array.from({ length: GRID }, (_, r) => {
        const at = (i: number) => (i / (GRID - 1) - 0.5) * 2 * half;
        const xs = Array.from({ length: GRID }, (_, i) => at(i));
        return { name: `${name}:${r}`, x: xs, y: xs.map((x) => one.f([x, at(r)])) };
      });
    return {
      series: [
        { name: 'positive', ...of(data, (i) => data.y[i]! > 0) },
        { name: 'negative', ...of(data, (i) => data.y[i]! < 0) },
        { name: 'support', ...of(data, (i) => held.includes(i)) },
        { name: 'outer', ...of(ring, (i) => ring.y[i]! > 0) },
        { name: 'inner', ...of(ring, (i) => ring.y[i]! < 0) },
        { name: 'ring-support', ...of(ring, (i) => supports(rbf).includes(i)) },
        ...field('field', machine, 2.2),
        ...field('ring-field', rbf, 1.5),
      ],
      measures,
      checks: checks(machine.converged, width, measures),
    };
  },
  chart({ series, measures }, { points }, locale) {
    const [margin, held] = [num(measures.margin!), measures['support-vectors']!];
    const panel = (field: string, [plus, minus, ringed]: [string, string, string], title: string): ContourChart => {
      const of = (name: string) => series.find((one) => one.name === name)!;
      const rows = series.filter(({ name }) => name.startsWith(`${field}:`));
      return {
        type: 'contour',
        equal: true,
        title,
        alt: '',
        x: { label: 'x₁' },
        y: { label: 'x₂' },
        grid: { xs: rows[0]!.x, ys: rows[0]!.x, values: rows.map(({ y }) => y) },
        levels: [-1, 0, 1],
        paths: [
          { name: '+1', x: of(plus).x, y: of(plus).y, points: 'filled', color: 0 },
          { name: '−1', x: of(minus).x, y: of(minus).y, points: 'filled', color: 1 },
          { name: localize({ en: 'support vectors', zh: '支持向量' }, locale), x: of(ringed).x, y: of(ringed).y, points: 'ring', color: 6 },
        ],
      };
    };
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `The margin is ${margin} wide, and ${held} of ${points} points hold it`,
          zh: `间隔宽 ${margin}，由 ${points} 个点中的 ${held} 个决定`,
        },
        locale,
      ),
      subtitle: localize({ en: 'lines: f = −1, 0 and 1', zh: '曲线：f = −1、0、1' }, locale),
      alt: localize(
        {
          en: `Left: separable points with the margin, ${margin} wide, and ${held} support vectors. Right: two rings, with the RBF kernel’s boundary.`,
          zh: `左：可分的点、宽 ${margin} 的间隔与 ${held} 个支持向量。右：两个圆环与 RBF 核的边界。`,
        },
        locale,
      ),
      panels: [
        panel('field', ['positive', 'negative', 'support'], localize({ en: 'Hard margin, linear', zh: '硬间隔，线性' }, locale)),
        panel('ring-field', ['outer', 'inner', 'ring-support'], localize({ en: 'Rings, RBF kernel', zh: '圆环，RBF 核' }, locale)),
      ],
    };
  },
  reading({ measures }, { points }, locale) {
    const dropped = dropWords(measures, locale);
    const [rbf, straight] = ['rbf', 'linear'].map((name) => percent(measures[`test:${name}`]!));
    return localize(
      {
        en: `${measures['support-vectors']} of ${points} points are support vectors; the margin 2/‖w‖ is ${num(measures.margin!)}. ${dropped}\nTest error on the rings: ${rbf} with the RBF kernel, ${straight} with the linear one.`,
        zh: `${points} 个点中有 ${measures['support-vectors']} 个支持向量；间隔 2/‖w‖ 为 ${num(measures.margin!)}。${dropped}\n圆环上的测试误差：RBF 核 ${rbf}，线性核 ${straight}。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'A point that does not lie on the margin is removed and the SVM is trained again. Does its line move?',
      zh: '去掉一个不在间隔边上的点，重新训练 SVM。分界线会动吗？',
    },
    options: [
      { id: 'stays', text: { en: 'no, not at all', zh: '完全不动' } },
      { id: 'moves', text: { en: 'yes, a little', zh: '会动一点' } },
    ],
    outcome: ({ measures }) => ((measures['change:other'] ?? 0) < 1e-6 ? 'stays' : 'moves'),
    why: {
      en: 'The solution is a combination of the support vectors alone; the constraints of the other points are slack, so they may go.',
      zh: '解只是支持向量的组合；其他点的约束是松的，去掉也不影响。',
    },
  },
});

function dropWords(measures: Readonly<Record<string, number>>, locale: Locale): string {
  const [other, support] = [measures['change:other'], num(measures['change:support']!, 2)];
  return other === undefined
    ? localize(
        { en: `Removing one of them changes w by ${support} of its length.`, zh: `去掉其中一个，w 的相对变化为 ${support}。` },
        locale,
      )
    : localize(
        {
          en: `Removing one of them changes w by ${support} of its length, removing another point by ${num(other, 2)}.`,
          zh: `去掉其中一个，w 的相对变化为 ${support}；去掉别的点，为 ${num(other, 2)}。`,
        },
        locale,
      );
}

function checks(converged: boolean, width: number, measures: Readonly<Record<string, number>>): DemoCheck[] {
  const exact: DemoCheck[] = [
    {
      id: 'functional-margin',
      claim: { en: 'the nearest points have y·f(x) = 1', zh: '最近的点满足 y·f(x) = 1' },
      predicted: 1,
      tolerance: 1e-6,
    },
    { id: 'dual-ratio', claim: { en: 'Σα = ‖w‖² (ratio)', zh: 'Σα = ‖w‖²（比值）' }, predicted: 1, tolerance: 1e-6 },
  ];
  if (measures['change:other'] !== undefined)
    exact.push({
      id: 'change:other',
      claim: { en: 'without a point that is no support vector, w stays', zh: '去掉非支持向量，w 不变' },
      ...within(0, 1e-6),
    });
  return [
    ...(converged ? exact : []),
    {
      id: 'train:linear',
      claim: { en: 'no line separates rings (training error)', zh: '直线分不开圆环（训练误差）' },
      ...within(0.15, 0.5),
    },
    ...(width === 0.5
      ? [
          {
            id: 'train:rbf',
            claim: { en: 'an RBF kernel does (training error)', zh: 'RBF 核可以（训练误差）' },
            predicted: 0,
            tolerance: 0,
          },
          { id: 'test:rbf', claim: { en: 'also on new points (test error)', zh: '对新的点也可以（测试误差）' }, ...within(0, 0.02) },
        ]
      : []),
  ];
}
