import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { growTree, voteOf } from '../../demos/lib/class-tree.ts';
import { num } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';

const LEAVES = [1, 3, 9, 27, 81];
const TEST = 1000;
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

const MEASURED = ['test', 'clean', 'train'] as const;

export default defineDemo({
  name: 'tree-noise',
  version: 1,
  topics: ['decision-trees', 'bias-variance'],
  title: { en: 'A tree that learns the noise', zh: '把噪声也学进去的树' },
  summary: {
    en: 'Grows trees on one feature whose labels are flipped with probability p, in training and in test, with leaves of at least 1 to 81 points.',
    zh: '在单个特征上生成决策树，训练和测试的标签都以概率 p 翻转，叶子至少含 1 到 81 个点。',
  },
  params: {
    noise: { type: 'number', min: 0.05, max: 0.4, default: 0.2, description: { en: 'share p of flipped labels', zh: '翻转标签的比例 p' } },
    points: { type: 'integer', min: 200, max: 600, default: 300, description: { en: 'training points', zh: '训练点数' } },
    datasets: { type: 'integer', min: 5, max: 40, default: 20, description: { en: 'data sets', zh: '数据组数' } },
  },
  names: {
    test: { en: 'test error, leaf', zh: '测试误差，叶子' },
    clean: { en: 'error against clean labels, leaf', zh: '对无噪声标签的误差，叶子' },
    train: { en: 'training error, leaf', zh: '训练误差，叶子' },
  },
  deadline: 30_000,
  variations: [
    { label: { en: 'little noise', zh: '噪声小' }, params: { noise: 0.05 } },
    { label: { en: 'much noise', zh: '噪声大' }, params: { noise: 0.4 } },
  ],
  run({ rng, progress }, { noise, points, datasets }) {
    const draw = (n: number) => {
      const x = range(n).map(() => Float64Array.from([rng.uniform()]));
      const clean = x.map(([v]) => (v! > 0.5 ? 1 : 0));
      return { x, clean, y: clean.map((label) => (rng.uniform() < noise ? 1 - label : label)) };
    };
    const errors: Record<(typeof MEASURED)[number], number>[][] = [];
    const sofar = () => {
      const series = MEASURED.map((name) => ({ name, x: LEAVES, y: LEAVES.map((_, l) => mean(errors.map((one) => one[l]![name]))) }));
      return { series, measures: Object.fromEntries(series.flatMap(({ name, y }) => LEAVES.map((leaf, l) => [`${name}:${leaf}`, y[l]!]))) };
    };
    for (let s = 0; s < datasets; s++) {
      const [train, test] = [draw(points), draw(TEST)];
      const ofLeaves = LEAVES.map((leaf) => {
        const tree = growTree(train.x, train.y, range(points), { leaf });
        const wrong = (set: typeof train, labels: readonly number[]) =>
          set.x.filter((x, i) => voteOf(tree, x) !== labels[i]).length / set.x.length;
        return { train: wrong(train, train.y), test: wrong(test, test.y), clean: wrong(test, test.clean) };
      });
      errors.push(ofLeaves);
      progress((s + 1) / datasets, sofar);
    }
    return { ...sofar(), checks: checks(noise, points, datasets) };
  },
  chart({ series, measures }, { noise }, locale) {
    const names = {
      test: { en: 'test', zh: '测试' },
      clean: { en: 'clean labels', zh: '无噪声标签' },
      train: { en: 'training', zh: '训练' },
    };
    const [full, best] = [num(measures['test:1']!), bestLeaf(measures)];
    return {
      type: 'lines',
      title: localize(
        {
          en: `A full tree errs in ${full} of new cases, leaves of ${best} or more in ${num(measures[`test:${best}`]!)}`,
          zh: `不剪枝的树测试误差 ${full}，叶子至少 ${best} 点时 ${num(measures[`test:${best}`]!)}`,
        },
        locale,
      ),
      subtitle: localize({ en: `${num(100 * noise)} % of the labels are flipped`, zh: `${num(100 * noise)} % 的标签被翻转` }, locale),
      alt: localize(
        {
          en: `Errors over the smallest leaf size: test from ${full} at 1 to ${num(measures['test:81']!)} at 81 points.`,
          zh: `误差随叶子最少点数的变化：测试误差从 1 点时的 ${full} 到 81 点时的 ${num(measures['test:81']!)}。`,
        },
        locale,
      ),
      x: {
        label: localize({ en: 'points in a leaf, at least (log scale)', zh: '叶子最少点数（对数刻度）' }, locale),
        scale: 'log',
        min: 1,
        max: 100,
      },
      y: { label: localize({ en: 'share wrong', zh: '错误率' }, locale), min: 0 },
      lines: series.map(({ name, x, y }) => ({ name: localize(names[name as keyof typeof names], locale), x, y })),
      references: [
        { axis: 'y', value: 2 * noise * (1 - noise), label: '2p(1 − p)' },
        { axis: 'y', value: noise, label: 'p', below: true },
      ],
    };
  },
  reading({ measures }, { noise }, locale) {
    const theory = num(2 * noise * (1 - noise));
    return localize(
      {
        en: `The full tree has training error ${num(measures['train:1']!)} and test error ${num(measures['test:1']!)} (theory 2p(1 − p) = ${theory}): it is wrong where its own nearest label or the test label was flipped, but not both.\nAgainst clean labels it errs in ${num(measures['clean:1']!)}; leaves of at least 81 points have test error ${num(measures['test:81']!)}, and nothing can do better than p = ${noise} on average.`,
        zh: `不剪枝的树训练误差为 ${num(measures['train:1']!)}，测试误差为 ${num(measures['test:1']!)}（理论值 2p(1 − p) = ${theory}）：最近的训练标签与测试标签恰有一个被翻转时就错。\n对无噪声的标签，错误率为 ${num(measures['clean:1']!)}；叶子至少 81 点时测试误差为 ${num(measures['test:81']!)}，平均而言没有方法能低于 p = ${noise}。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ noise }) => ({
      en: `${num(100 * noise)} % of all labels are flipped, in training and test. What is the test error of a tree grown to the end?`,
      zh: `训练和测试中 ${num(100 * noise)} % 的标签被翻转。生长到底的树测试误差是多少？`,
    }),
    options: ({ noise }) => [
      { id: 'p', text: { en: `about ${num(100 * noise)} %, as many as were flipped`, zh: `约 ${num(100 * noise)} %，与翻转比例相同` } },
      { id: 'more', text: { en: 'clearly more', zh: '明显更高' } },
      { id: 'less', text: { en: 'clearly less', zh: '明显更低' } },
    ],
    outcome({ measures }, { noise }) {
      const ratio = measures['test:1']! / noise;
      return ratio > 1.1 ? 'more' : ratio < 0.9 ? 'less' : 'p';
    },
    why: {
      en: 'A full tree repeats the label of the nearest training point: flips in training and flips in test both make it wrong, so 2p(1 − p).',
      zh: '不剪枝的树照抄最近训练点的标签：训练中的翻转和测试中的翻转都会使它出错，所以是 2p(1 − p)。',
    },
  },
});

function bestLeaf(measures: Readonly<Record<string, number>>): number {
  return LEAVES.reduce((best, leaf) => (measures[`test:${leaf}`]! < measures[`test:${best}`]! ? leaf : best));
}

function checks(p: number, points: number, datasets: number): DemoCheck[] {
  // In units of what 20 data sets of 300 points scatter.
  const loose = Math.sqrt((20 * 300) / (datasets * points)) * Math.max(0.6, Math.sqrt((p * (1 - p)) / 0.16));
  const found: DemoCheck[] = [
    { id: 'train:1', claim: { en: 'a full tree has training error 0', zh: '不剪枝的树训练误差为 0' }, predicted: 0, tolerance: 0 },
    {
      id: 'test:1',
      claim: { en: 'its test error is 2p(1 − p)', zh: '它的测试误差为 2p(1 − p)' },
      predicted: 2 * p * (1 - p),
      tolerance: 0.018 * loose,
    },
    { id: 'clean:1', claim: { en: 'against clean labels it is p', zh: '对无噪声标签为 p' }, predicted: p, tolerance: 0.028 * loose },
  ];
  if (p === 0.2 && points === 300 && datasets >= 20)
    found.push(
      { id: 'test:9', claim: { en: 'leaves of 9 or more', zh: '叶子至少 9 点' }, predicted: 0.236, tolerance: 0.025 },
      { id: 'test:81', claim: { en: 'leaves of 81 or more reach p', zh: '叶子至少 81 点时达到 p' }, predicted: 0.202, tolerance: 0.015 },
    );
  return found;
}
