import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { growTree, voteOf } from '../../demos/lib/class-tree.ts';
import { num } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const [N, TEST, FEATURES, DRAWS] = [200, 500, 4, 500];
const SIZES = [2, 3, 5, 10, 30, 100];
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

function draw(rng: Rng, n: number, noise: number) {
  const x = range(n).map(() => Float64Array.from({ length: FEATURES }, () => rng.normal()));
  return { x, y: x.map((row) => (row[0]! + row[1]! > 0 === rng.uniform() >= noise ? 1 : 0)) };
}

/** Errors of one forest: on its training points, on them by the trees that have not seen them, and on new points. */
function forest(rng: Rng, trees: number, noise: number): { train: number; oob: number; test: number } {
  const [data, fresh] = [draw(rng, N, noise), draw(rng, TEST, noise)];
  const [votes, out, outTrees, test] = [new Float64Array(N), new Float64Array(N), new Float64Array(N), new Float64Array(TEST)];
  for (let b = 0; b < trees; b++) {
    const bag = range(N).map(() => rng.integer(N));
    const inside = new Set(bag);
    // Twins of a point never part, so one of each with all its weight would do; here they stay as they are.
    const tree = growTree(data.x, data.y, bag, { leaf: 1, features: 2, rng });
    data.x.forEach((x, i) => {
      const vote = voteOf(tree, x);
      votes[i]! += vote;
      if (inside.has(i)) return;
      out[i]! += vote;
      outTrees[i]! += 1;
    });
    fresh.x.forEach((x, i) => {
      test[i]! += voteOf(tree, x);
    });
  }
  const wrong = (counts: Float64Array, of: (i: number) => number, y: readonly number[]) => {
    const judged = range(y.length).filter((i) => of(i) > 0);
    return judged.filter((i) => (counts[i]! * 2 > of(i) ? 1 : 0) !== y[i]).length / judged.length;
  };
  return {
    train: wrong(votes, () => trees, data.y),
    oob: wrong(out, (i) => outTrees[i]!, data.y),
    test: wrong(test, () => trees, fresh.y),
  };
}

export default defineDemo({
  name: 'forest-oob',
  version: 1,
  topics: ['random-forests', 'ensembles', 'train-validation-test'],
  title: { en: 'Out-of-bag error: a test for nothing', zh: '袋外误差：不花数据的测试' },
  summary: {
    en: 'Grows random forests on several data sets and compares their training, out-of-bag and test errors; and how many points a bootstrap sample leaves out.',
    zh: '在多组数据上训练随机森林，比较训练误差、袋外误差与测试误差；以及自助采样漏掉多少点。',
  },
  params: {
    trees: { type: 'integer', min: 20, max: 150, default: 60, description: { en: 'trees', zh: '树的数量' } },
    datasets: { type: 'integer', min: 3, max: 20, default: 8, description: { en: 'data sets', zh: '数据组数' } },
    noise: { type: 'number', min: 0, max: 0.3, default: 0.1, description: { en: 'share of flipped labels', zh: '翻转标签的比例' } },
  },
  names: {
    train: { en: 'training error', zh: '训练误差' },
    oob: { en: 'out-of-bag error', zh: '袋外误差' },
    test: { en: 'test error', zh: '测试误差' },
    gap: { en: 'out-of-bag less test error', zh: '袋外误差减测试误差' },
    share: { en: 'share left out, n', zh: '漏掉的比例，n' },
  },
  deadline: 60_000,
  variations: [
    { label: { en: 'no noise', zh: '无噪声' }, params: { noise: 0 } },
    { label: { en: '20 data sets', zh: '20 组数据' }, params: { datasets: 20 } },
  ],
  run({ rng, progress }, { trees, datasets, noise }) {
    const draws = rng.fork(1000);
    const shares = SIZES.map((n) => mean(range(DRAWS).map(() => 1 - new Set(range(n).map(() => draws.integer(n))).size / n)));
    const errors: ReturnType<typeof forest>[] = [];
    const sofar = () => {
      const kinds = (['train', 'oob', 'test'] as const).map((name) => ({
        name,
        x: range(errors.length),
        y: errors.map((one) => one[name]),
      }));
      const measures: Record<string, number> = Object.fromEntries(kinds.map(({ name, y }) => [name, mean(y)]));
      measures.gap = measures.oob! - measures.test!;
      SIZES.forEach((n, i) => {
        measures[`share:${n}`] = shares[i]!;
      });
      return { series: [...kinds, { name: 'share', x: SIZES, y: shares }], measures };
    };
    for (let s = 0; s < datasets; s++) {
      errors.push(forest(rng.fork(s), trees, noise));
      progress((s + 1) / datasets, sofar);
    }
    return { ...sofar(), checks: checks(trees, datasets, noise) };
  },
  chart({ series, measures }, { datasets }, locale) {
    const share = series.at(-1)!;
    const [train, oob, test] = ['train', 'oob', 'test'].map((key) => num(measures[key]!));
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `Out-of-bag error ${oob}, test error ${test}; training error ${train} says nothing`,
          zh: `袋外误差 ${oob}，测试误差 ${test}；训练误差 ${train} 说明不了什么`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: errors of random forests over ${datasets} data sets: training ${train}, out-of-bag ${oob}, test ${test}. Right: share of points that a bootstrap sample of n leaves out, ${num(share.y.at(-1)!)} at n = 100.`,
          zh: `左：${datasets} 组数据上随机森林的误差：训练 ${train}，袋外 ${oob}，测试 ${test}。右：大小为 n 的自助样本漏掉的比例，n = 100 时为 ${num(share.y.at(-1)!)}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'bars',
          title: localize({ en: 'Errors of the forest', zh: '森林的误差' }, locale),
          alt: '',
          x: {
            label: '',
            categories: [
              localize({ en: 'training', zh: '训练' }, locale),
              localize({ en: 'out of bag', zh: '袋外' }, locale),
              localize({ en: 'test', zh: '测试' }, locale),
            ],
          },
          y: { label: localize({ en: 'share wrong', zh: '错误率' }, locale), min: 0 },
          groups: [{ name: '', values: [measures.train!, measures.oob!, measures.test!] }],
        },
        {
          type: 'lines',
          title: localize({ en: 'Left out of a bootstrap sample', zh: '自助样本漏掉的比例' }, locale),
          alt: '',
          x: { label: localize({ en: 'n (log scale)', zh: 'n（对数刻度）' }, locale), scale: 'log', min: 1, max: 100 },
          y: { label: localize({ en: 'share', zh: '比例' }, locale), min: 0, max: 0.5 },
          lines: [
            { name: localize({ en: 'measured', zh: '实测' }, locale), x: share.x, y: share.y, points: true },
            { name: '(1 − 1/n)ⁿ', x: SIZES, y: SIZES.map((n) => (1 - 1 / n) ** n), dashed: true, color: 6 },
          ],
        },
      ],
    };
  },
  reading({ measures }, { datasets, trees }, locale) {
    return localize(
      {
        en: `Over ${datasets} data sets: training error ${num(measures.train!)}, out-of-bag ${num(measures.oob!)}, test ${num(measures.test!)}.\nA bootstrap sample of 100 points leaves out ${num(measures['share:100']!)} of them (theory (1 − 1/n)ⁿ = 0.366), so each point is judged by about a third of the ${trees} trees.`,
        zh: `${datasets} 组数据平均：训练误差 ${num(measures.train!)}，袋外误差 ${num(measures.oob!)}，测试误差 ${num(measures.test!)}。\n100 个点的自助样本漏掉其中 ${num(measures['share:100']!)}（理论值 (1 − 1/n)ⁿ = 0.366），所以每个点由 ${trees} 棵树中约三分之一来评判。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'A random forest is judged on its training points by the trees that have not seen them. How does that error compare with the test error?',
      zh: '用没见过某点的树来评判训练点，这个误差与测试误差相比如何？',
    },
    options: [
      { id: 'near', text: { en: 'within 0.05 of it', zh: '相差不超过 0.05' } },
      { id: 'lower', text: { en: 'clearly lower', zh: '明显更低' } },
      { id: 'higher', text: { en: 'clearly higher', zh: '明显更高' } },
    ],
    outcome: ({ measures }) => (Math.abs(measures.gap!) <= 0.05 ? 'near' : measures.gap! < 0 ? 'lower' : 'higher'),
    why: {
      en: 'For the trees that have not drawn it a training point is a new point; only there are fewer of them, which makes the out-of-bag error slightly pessimistic.',
      zh: '对没抽到它的树来说，训练点就是新点；只是这样的树较少，所以袋外误差略偏高。',
    },
  },
});

function checks(trees: number, datasets: number, noise: number): DemoCheck[] {
  const found: DemoCheck[] = [10, 100].map((n) => ({
    id: `share:${n}`,
    claim: { en: `n = ${n}: (1 − 1/n)ⁿ are left out`, zh: `n = ${n}：漏掉 (1 − 1/n)ⁿ` },
    predicted: (1 - 1 / n) ** n,
    tolerance: n === 10 ? 0.018 : 0.006,
  }));
  if (trees >= 50 && datasets >= 5) {
    // Each forest's gap scatters by .03.
    found.push({
      id: 'gap',
      claim: { en: 'out-of-bag less test error', zh: '袋外误差减测试误差' },
      predicted: 0.005,
      tolerance: 0.005 + 0.14 / Math.sqrt(datasets),
    });
    if (noise <= 0.1)
      found.push({ id: 'train', claim: { en: 'training error is next to nothing', zh: '训练误差几乎为零' }, ...within(0, 0.005) });
  }
  return found;
}
