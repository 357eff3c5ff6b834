import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const [N, PICKED, FOLDS, NEW] = [50, 20, 5, 200];
const PEOPLE = { count: 40, rows: 5, dimension: 20, noise: 0.3 };
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Features with the largest difference of class means, in units of their spread: the same order as by |correlation|. */
function pick(x: readonly Float64Array[], y: readonly number[], rows: readonly number[]): number[] {
  const d = x[0]!.length;
  const [sum, square, signed] = [new Float64Array(d), new Float64Array(d), new Float64Array(d)];
  const balance = mean(rows.map((i) => y[i]!));
  for (const i of rows) {
    const row = x[i]!;
    for (let j = 0; j < d; j++) {
      sum[j]! += row[j]!;
      square[j]! += row[j]! ** 2;
      signed[j]! += (y[i]! - balance) * row[j]!;
    }
  }
  const strength = range(d).map((j) => signed[j]! ** 2 / (square[j]! - sum[j]! ** 2 / rows.length));
  return range(d)
    .sort((a, b) => strength[b]! - strength[a]!)
    .slice(0, PICKED);
}

/** Class by the nearer class mean over the picked features. */
function nearestMean(x: readonly Float64Array[], y: readonly number[], rows: readonly number[], features: readonly number[]) {
  const centre = (label: number) => features.map((j) => mean(rows.filter((i) => y[i] === label).map((i) => x[i]![j]!)));
  const [minus, plus] = [centre(-1), centre(1)];
  const distance = (row: ArrayLike<number>, c: readonly number[]) => features.reduce((all, j, k) => all + (row[j]! - c[k]!) ** 2, 0);
  return (row: ArrayLike<number>) => (distance(row, plus) < distance(row, minus) ? 1 : -1);
}

/** Cross-validated accuracy with features picked on all data and inside the folds, and accuracy on new data. */
function selection(rng: Rng, features: number) {
  const draw = (n: number) => ({
    x: range(n).map(() => Float64Array.from({ length: features }, () => rng.normal())),
    y: range(n).map((i) => (i % 2 === 0 ? 1 : -1)),
  });
  const { x, y } = draw(N);
  const all = pick(x, y, range(N));
  // Rows alternate between the classes, so folds by i div 2 are stratified.
  const fold = (i: number) => Math.floor(i / 2) % FOLDS;
  const accuracy = (inside: boolean) =>
    mean(
      range(FOLDS).flatMap((f) => {
        const rows = range(N).filter((i) => fold(i) !== f);
        const judge = nearestMean(x, y, rows, inside ? pick(x, y, rows) : all);
        return range(N)
          .filter((i) => fold(i) === f)
          .map((i) => (judge(x[i]!) === y[i] ? 1 : 0));
      }),
    );
  const judge = nearestMean(x, y, range(N), all);
  // Of new rows only the picked features are looked at.
  const fresh = mean(
    range(NEW).map((i) => {
      const row = new Float64Array(features);
      for (const j of all) row[j] = rng.normal();
      return judge(row) === (i % 2 === 0 ? 1 : -1) ? 1 : 0;
    }),
  );
  return { all: accuracy(false), inside: accuracy(true), fresh };
}

/** 1-NN accuracy over rows of people, split by row or by person. */
function people(rng: Rng): { rows: number; persons: number } {
  const { count, rows, dimension, noise } = PEOPLE;
  const labels = range(count).map(() => rng.integer(2));
  const data = range(count).flatMap((person) => {
    const centre = range(dimension).map(() => rng.normal());
    return range(rows).map(() => ({ person, x: centre.map((v) => v + noise * rng.normal()) }));
  });
  const folds = (groups: number) => rng.permutation(groups).map((place) => place % FOLDS);
  const [byRow, byPerson] = [folds(data.length), folds(count)];
  const accuracy = (foldOf: (i: number) => number) =>
    mean(
      data.map(({ person, x }, i) => {
        let [best, least] = [0, Number.POSITIVE_INFINITY];
        data.forEach((other, j) => {
          if (foldOf(j) === foldOf(i)) return;
          let d = 0;
          for (let k = 0; k < dimension && d < least; k++) d += (x[k]! - other.x[k]!) ** 2;
          if (d < least) [best, least] = [other.person, d];
        });
        return labels[best] === labels[person] ? 1 : 0;
      }),
    );
  return { rows: accuracy((i) => byRow[i]!), persons: accuracy((i) => byPerson[data[i]!.person]!) };
}

export default defineDemo({
  name: 'leakage',
  version: 1,
  topics: ['train-validation-test', 'cross-validation'],
  title: { en: 'Leakage: accuracy out of nothing', zh: '数据泄漏：凭空得来的准确率' },
  summary: {
    en: 'Cross-validates a classifier on pure noise, with features picked on all data or inside the folds; and 1-NN on rows of people, split by row or by person.',
    zh: '在纯噪声上交叉验证：在全部数据上选特征，或在折内选特征；再对每人多行的数据按行或按人划分做 1-NN。',
  },
  params: {
    features: { type: 'integer', min: 100, max: 2000, default: 1000, description: { en: 'noise features', zh: '噪声特征数' } },
    datasets: { type: 'integer', min: 5, max: 40, default: 20, description: { en: 'data sets', zh: '数据组数' } },
  },
  names: {
    all: { en: 'picked on all data', zh: '在全部数据上选' },
    inside: { en: 'picked inside the folds', zh: '在折内选' },
    fresh: { en: 'new data', zh: '新数据' },
    rows: { en: 'split by row', zh: '按行划分' },
    persons: { en: 'split by person', zh: '按人划分' },
  },
  deadline: 60_000,
  variations: [
    { label: { en: '2000 features', zh: '2000 个特征' }, params: { features: 2000 } },
    { label: { en: '200 features', zh: '200 个特征' }, params: { features: 200 } },
  ],
  run({ rng, progress }, { features, datasets }) {
    const runs: (ReturnType<typeof selection> & ReturnType<typeof people>)[] = [];
    const sofar = () => {
      const kinds = ['all', 'inside', 'fresh', 'rows', 'persons'] as const;
      const series = kinds.map((name) => ({ name, x: range(runs.length), y: runs.map((run) => run[name]) }));
      return { series, measures: Object.fromEntries(series.map(({ name, y }) => [name, mean(y)])) };
    };
    for (let s = 0; s < datasets; s++) {
      runs.push({ ...selection(rng.fork(s), features), ...people(rng.fork(5000 + s)) });
      progress((s + 1) / datasets, sofar);
    }
    return { ...sofar(), checks: checks(features, datasets) };
  },
  chart({ measures }, { features }, locale) {
    const [all, inside] = ['all', 'inside'].map((key) => percent(measures[key]!));
    const bars = (title: { en: string; zh: string }, keys: readonly string[], labels: { en: string; zh: string }[]) => ({
      type: 'bars' as const,
      title: localize(title, locale),
      alt: '',
      x: { label: '', categories: labels.map((label) => localize(label, locale)) },
      y: { label: localize({ en: 'accuracy', zh: '准确率' }, locale), min: 0, max: 1.2 },
      format: 'percent' as const,
      groups: [{ name: '', values: keys.map((key) => measures[key]!) }],
      references: [{ axis: 'y' as const, value: 0.5, label: localize({ en: 'chance', zh: '瞎猜' }, locale) }],
    });
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `${features} noise features: ${all} if picked on all data, ${inside} inside the folds`,
          zh: `${features} 个噪声特征：在全部数据上选得 ${all}，在折内选得 ${inside}`,
        },
        locale,
      ),
      subtitle: localize(
        { en: 'labels are random: nothing can be better than 50 % on new cases', zh: '标签是随机的：对新样本没有方法能好于 50 %' },
        locale,
      ),
      alt: localize(
        {
          en: `Left: cross-validated accuracy with features picked on all data ${all}, inside the folds ${inside}, and on new data ${percent(measures.fresh!)}. Right: 1-NN with rows of one person in training and test ${percent(measures.rows!)}, split by person ${percent(measures.persons!)}.`,
          zh: `左：交叉验证准确率，在全部数据上选特征 ${all}，折内选 ${inside}，新数据 ${percent(measures.fresh!)}。右：1-NN，同一人的行同时出现在训练与测试中 ${percent(measures.rows!)}，按人划分 ${percent(measures.persons!)}。`,
        },
        locale,
      ),
      panels: [
        bars(
          { en: 'Picking features', zh: '选特征' },
          ['all', 'inside', 'fresh'],
          [
            { en: 'on all data', zh: '全部数据' },
            { en: 'inside folds', zh: '折内' },
            { en: 'new data', zh: '新数据' },
          ],
        ),
        bars(
          { en: 'Several rows a person', zh: '每人多行' },
          ['rows', 'persons'],
          [
            { en: 'split by row', zh: '按行划分' },
            { en: 'split by person', zh: '按人划分' },
          ],
        ),
      ],
    };
  },
  reading({ measures }, { datasets }, locale) {
    const [all, inside, fresh, rows, persons] = ['all', 'inside', 'fresh', 'rows', 'persons'].map((key) => num(measures[key]!));
    return localize(
      {
        en: `Mean over ${datasets} data sets of noise: features picked on all data give a cross-validated accuracy of ${all}, picked inside the folds ${inside}; on new data it is ${fresh}.\nWith five rows a person and a random label per person, 1-NN has ${rows} if rows are split at random and ${persons} if people are.`,
        zh: `${datasets} 组噪声数据平均：在全部数据上选特征，交叉验证准确率为 ${all}，折内选为 ${inside}；在新数据上为 ${fresh}。\n每人五行、每人一个随机标签时，按行随机划分 1-NN 为 ${rows}，按人划分为 ${persons}。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ features }) => ({
      en: `50 rows, ${features} features of pure noise, random labels. The 20 features that correlate best with the labels are picked on all rows, then cross-validated. What accuracy comes out?`,
      zh: `50 行，${features} 个纯噪声特征，随机标签。先在全部行上选出与标签最相关的 20 个，再交叉验证。准确率是多少？`,
    }),
    options: [
      { id: 'half', text: { en: 'about 50 %', zh: '约 50 %' } },
      { id: 'some', text: { en: '60 to 75 %', zh: '60 % 到 75 %' } },
      { id: 'most', text: { en: 'more than 75 %', zh: '超过 75 %' } },
    ],
    outcome: ({ measures }) => (measures.all! < 0.58 ? 'half' : measures.all! <= 0.75 ? 'some' : 'most'),
    why: {
      en: 'The picking has seen the labels of the rows that are held out later, so what it found by chance in them counts as success; every step that looks at labels belongs inside the folds.',
      zh: '选特征时已经看过后来留作验证的行的标签，碰巧的相关就算成了成功；凡是看标签的步骤都应放在折内。',
    },
  },
});

function checks(features: number, datasets: number): DemoCheck[] {
  const loose = Math.sqrt(40 / datasets);
  const found: DemoCheck[] = [
    { id: 'inside', claim: { en: 'picked inside the folds: chance', zh: '折内选特征：等于瞎猜' }, predicted: 0.5, tolerance: 0.06 * loose },
    { id: 'fresh', claim: { en: 'new data: chance', zh: '新数据：等于瞎猜' }, predicted: 0.5, tolerance: 0.03 * loose },
    {
      id: 'persons',
      claim: { en: 'split by person: chance', zh: '按人划分：等于瞎猜' },
      predicted: 0.5,
      tolerance: 0.1 * Math.sqrt(10 / Math.min(10, datasets)),
    },
    { id: 'rows', claim: { en: 'split by row: nearly all right', zh: '按行划分：几乎全对' }, ...within(0.985, 1) },
  ];
  if (features === 2000 && datasets >= 20)
    found.push({ id: 'all', claim: { en: 'picked on all data: nearly all right', zh: '在全部数据上选：几乎全对' }, ...within(0.92, 1) });
  else if (features >= 1000)
    found.push({ id: 'all', claim: { en: 'picked on all data: far above chance', zh: '在全部数据上选：远高于瞎猜' }, ...within(0.8, 1) });
  return found;
}
