import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { dot } from '../../demos/lib/linear.ts';
import { orthonormal } from '../../demos/lib/orthogonal.ts';

const [N, P] = [60, 12];
const [STEP, ISTA_STEPS] = [0.5, 100];
const [RATE, SUBGRADIENT_STEPS] = [0.01, 2000];

const soft = (v: number, by: number) => Math.sign(v) * Math.max(0, Math.abs(v) - by);
const zeros = (values: ArrayLike<number>) => Array.from(values).filter((v) => v === 0).length;

export default defineDemo({
  name: 'ridge-lasso',
  version: 1,
  topics: ['regularization', 'linear-regression'],
  title: { en: 'What ridge and lasso do to a coefficient', zh: '岭回归与 Lasso 对系数做了什么' },
  summary: {
    en: 'Fits ridge and lasso with orthonormal features: each coefficient beside that of least squares, and a lasso coefficient under subgradient descent, which never becomes exactly 0.',
    zh: '在正交特征上拟合岭回归与 Lasso：把每个系数与最小二乘的系数对照，并看次梯度下降下的 Lasso 系数为什么从不恰好为 0。',
  },
  params: {
    penalty: { type: 'number', min: 0.1, max: 3, default: 1, description: { en: 'penalty λ', zh: '惩罚 λ' } },
  },
  names: {
    'ridge-error': { en: 'ridge less β/(1 + λ), largest', zh: '岭回归与 β/(1 + λ) 的最大差' },
    'lasso-error': { en: 'lasso less soft threshold, largest', zh: 'Lasso 与软阈值的最大差' },
    zeros: { en: 'coefficients that are exactly 0', zh: '恰好为 0 的系数' },
    lasso: { en: 'lasso', zh: 'Lasso' },
    threshold: { en: 'with |β| ≤ λ in least squares', zh: '最小二乘中 |β| ≤ λ 的' },
    ridge: { en: 'ridge', zh: '岭回归' },
    subgradient: { en: 'subgradient descent', zh: '次梯度下降' },
    'subgradient-share': { en: 'largest of them under subgradient descent, over 2ηλ', zh: '次梯度下降下其中最大的，与 2ηλ 之比' },
    path: { en: 'a coefficient under subgradient descent', zh: '次梯度下降下的一个系数' },
  },
  deadline: 10_000,
  variations: [
    { label: { en: 'a small penalty', zh: '小惩罚' }, params: { penalty: 0.2 } },
    { label: { en: 'a large penalty', zh: '大惩罚' }, params: { penalty: 3 } },
  ],
  run({ rng }, { penalty: lambda }) {
    // Columns are orthonormal, so that XᵀX = I.
    const columns = orthonormal(rng.fork(1), P, N);
    const draws = rng.fork(2);
    const truth = Array.from({ length: P }, (_, j) => (j < 4 ? 3 * draws.normal() : 0));
    const y = Float64Array.from({ length: N }, (_, i) => columns.reduce((sum, c, j) => sum + c[i]! * truth[j]!, draws.normal()));
    const ols = columns.map((c) => dot(c, y));
    /** Xᵀ(Xβ − y), taken from the data. */
    const slope = (beta: readonly number[]) => {
      const rest = y.map((v, i) => columns.reduce((sum, c, j) => sum + c[i]! * beta[j]!, -v));
      return columns.map((c) => dot(c, rest));
    };
    let ridge: number[] = ols.map(() => 0);
    let lasso: number[] = ols.map(() => 0);
    for (let t = 0; t < ISTA_STEPS; t++) {
      const [a, b] = [slope(ridge), slope(lasso)];
      // Gradient descent on the ridge loss at its exact rate, and proximal steps on the lasso.
      ridge = ridge.map((v, j) => v - (a[j]! + lambda * v) / (1 + lambda));
      lasso = lasso.map((v, j) => soft(v - STEP * b[j]!, STEP * lambda));
    }
    const small = ols.map((v, j) => (Math.abs(v) <= lambda ? j : -1)).filter((j) => j >= 0);
    const watched = small[0];
    let sub: number[] = [...ols];
    const path: number[] = [];
    let late = 0;
    for (let t = 0; t < SUBGRADIENT_STEPS; t++) {
      const g = slope(sub);
      sub = sub.map((v, j) => v - RATE * (g[j]! + lambda * Math.sign(v)));
      if (watched !== undefined) path.push(sub[watched]!);
      if (t >= SUBGRADIENT_STEPS - 100) late = Math.max(late, ...small.map((j) => Math.abs(sub[j]!)));
    }
    const measures: Record<string, number> = {
      'ridge-error': Math.max(...ridge.map((v, j) => Math.abs(v - ols[j]! / (1 + lambda)))),
      'lasso-error': Math.max(...lasso.map((v, j) => Math.abs(v - soft(ols[j]!, lambda)))),
      'zeros:lasso': zeros(lasso),
      'zeros:threshold': small.length,
      'zeros:ridge': zeros(ridge),
      'zeros:subgradient': zeros(sub),
    };
    if (small.length > 0) measures['subgradient-share'] = late / (2 * RATE * lambda);
    return {
      series: [
        { name: 'ridge', x: ols, y: ridge },
        { name: 'lasso', x: ols, y: lasso },
        { name: 'path', x: path.map((_, t) => t + 1), y: path },
      ],
      measures,
      checks: checks(measures),
    };
  },
  chart({ series: [ridge, lasso, path], measures }, { penalty }, locale) {
    const widest = Math.max(...ridge!.x.map(Math.abs), penalty) * 1.05;
    const line = Array.from({ length: 81 }, (_, i) => ((i - 40) / 40) * widest);
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `λ = ${penalty}: lasso sets ${measures['zeros:lasso']} of ${P} coefficients to 0, ridge ${measures['zeros:ridge']}`,
          zh: `λ = ${penalty}：Lasso 使 ${P} 个系数中的 ${measures['zeros:lasso']} 个为 0，岭回归 ${measures['zeros:ridge']} 个`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: coefficients of ridge and lasso over those of least squares. Right: ${path!.x.length > 0 ? 'a lasso coefficient under subgradient descent, staying near 0' : 'no coefficient is small enough for the lasso to remove'}.`,
          zh: `左：岭回归与 Lasso 的系数随最小二乘系数的变化。右：${path!.x.length > 0 ? '次梯度下降下的一个 Lasso 系数，停在 0 附近' : '没有小到被 Lasso 去掉的系数'}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Penalised over least squares', zh: '惩罚后与最小二乘' }, locale),
          alt: '',
          x: { label: localize({ en: 'least squares', zh: '最小二乘' }, locale) },
          y: { label: localize({ en: 'penalised', zh: '惩罚后' }, locale) },
          lines: [
            { name: localize({ en: 'ridge', zh: '岭回归' }, locale), x: ridge!.x, y: ridge!.y, points: true, color: 0, label: '' },
            { name: localize({ en: 'lasso', zh: 'Lasso' }, locale), x: lasso!.x, y: lasso!.y, points: true, color: 1, label: '' },
            {
              name: 'β/(1 + λ)',
              label: localize({ en: 'ridge', zh: '岭回归' }, locale),
              x: line,
              y: line.map((v) => v / (1 + penalty)),
              color: 0,
              dashed: true,
            },
            { name: 'S(β, λ)', label: 'lasso', x: line, y: line.map((v) => soft(v, penalty)), color: 1, dashed: true },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: 'Subgradient descent, last 60 steps', zh: '次梯度下降，最后 60 步' }, locale),
          alt: '',
          x: { label: localize({ en: 'step', zh: '步' }, locale), time: true, min: SUBGRADIENT_STEPS - 60, max: SUBGRADIENT_STEPS },
          y: { label: localize({ en: 'coefficient', zh: '系数' }, locale) },
          lines: [{ name: 'β', x: path!.x.slice(-60), y: path!.y.slice(-60) }],
          references: [{ axis: 'y', value: 0, label: '' }],
        },
      ],
    };
  },
  reading({ measures }, { penalty }, locale) {
    const share = measures['subgradient-share'];
    const rest =
      share === undefined
        ? {
            en: `None of the ${P} is within λ of 0, so the lasso removes none.`,
            zh: `${P} 个系数没有一个在 λ 之内，所以 Lasso 一个也没有去掉。`,
          }
        : {
            en: `Subgradient descent sets ${measures['zeros:subgradient']} to exactly 0: they stay near it, at most ${num(share)} of 2ηλ away.`,
            zh: `次梯度下降使 ${measures['zeros:subgradient']} 个恰好为 0：它们停在 0 附近，离 0 最远为 2ηλ 的 ${num(share)} 倍。`,
          };
    return localize(
      {
        en: `With XᵀX = I ridge divides every coefficient by 1 + λ = ${num(1 + penalty)} and makes ${measures['zeros:ridge']} exactly 0; the lasso moves each towards 0 by λ and makes ${measures['zeros:lasso']} of ${P} exactly 0.\n${rest.en}`,
        zh: `XᵀX = I 时，岭回归把每个系数除以 1 + λ = ${num(1 + penalty)}，恰好为 0 的有 ${measures['zeros:ridge']} 个；Lasso 把每个系数向 0 移动 λ，${P} 个中有 ${measures['zeros:lasso']} 个恰好为 0。\n${rest.zh}`,
      },
      locale,
    );
  },
  predict: {
    question: ({ penalty }) => ({
      en: `Orthonormal features, λ = ${penalty}. How many of ${P} coefficients does ridge regression set to exactly 0?`,
      zh: `特征正交，λ = ${penalty}。岭回归使 ${P} 个系数中多少个恰好为 0？`,
    }),
    options: [
      { id: 'none', text: { en: 'none', zh: '一个也没有' } },
      { id: 'some', text: { en: 'those below λ', zh: '小于 λ 的那些' } },
    ],
    outcome: ({ measures }) => (measures['zeros:ridge'] === 0 ? 'none' : 'some'),
    why: {
      en: 'The pull of the squared penalty fades as a coefficient nears 0; that of the absolute value stays λ and carries it all the way.',
      zh: '平方惩罚的拉力随系数接近 0 而消失；绝对值的拉力始终是 λ，能一直拉到 0。',
    },
  },
});

function checks(measures: Readonly<Record<string, number>>): DemoCheck[] {
  const found: DemoCheck[] = [
    { id: 'ridge-error', claim: { en: 'ridge is β/(1 + λ) (difference)', zh: '岭回归为 β/(1 + λ)（差）' }, ...within(0, 1e-9) },
    { id: 'lasso-error', claim: { en: 'lasso is the soft threshold (difference)', zh: 'Lasso 为软阈值（差）' }, ...within(0, 1e-9) },
    {
      id: 'zeros:lasso',
      claim: { en: 'lasso: 0 where |β| ≤ λ', zh: 'Lasso：|β| ≤ λ 处为 0' },
      predicted: measures['zeros:threshold']!,
      tolerance: 0,
    },
    { id: 'zeros:ridge', claim: { en: 'ridge: no zeros', zh: '岭回归：没有 0' }, predicted: 0, tolerance: 0 },
    { id: 'zeros:subgradient', claim: { en: 'subgradient descent: no zeros', zh: '次梯度下降：没有 0' }, predicted: 0, tolerance: 0 },
  ];
  if (measures['subgradient-share'] !== undefined)
    found.push({ id: 'subgradient-share', claim: { en: 'but within 2ηλ of 0 (share)', zh: '但离 0 不超过 2ηλ（比例）' }, ...within(0, 1) });
  return found;
}
