import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { listed, num } from '../../demos/lib/format.ts';

/** Variance of a spiked direction in the sample, and cos² of the found to the true direction (Paul 2007), if it can be seen. */
function theory(spike: number, gamma: number): { variance: number; cos: number } | undefined {
  if (spike <= 1 + Math.sqrt(gamma)) return undefined;
  const lost = gamma / (spike - 1) ** 2;
  return { variance: spike * (1 + gamma / (spike - 1)), cos: (1 - lost) / (1 + gamma / (spike - 1)) };
}

/** Width of the largest and the smallest eigenvalue's scatter at the edges (Johnstone 2001). */
function edgeScale(n: number, p: number, side: 1 | -1): number {
  const [a, b] = [Math.sqrt(n), Math.sqrt(p)];
  return ((a + side * b) * Math.abs(1 / a + side / b) ** (1 / 3)) / n;
}

export default defineDemo({
  name: 'pca-spectrum',
  version: 1,
  topics: ['principal-components'],
  title: { en: 'Eigenvalues: signal and noise', zh: '特征值：信号与噪声' },
  summary: {
    en: 'Draws data with a few directions of larger variance among many of variance 1: the eigenvalues of the sample covariance beside the Marchenko–Pastur edges, and how well the directions are found.',
    zh: '生成少数方向方差较大、其余方差为 1 的数据：样本协方差的特征值与 Marchenko–Pastur 边界，以及方向找得有多准。',
  },
  params: {
    samples: { type: 'integer', min: 400, max: 2000, default: 2000, description: { en: 'samples n', zh: '样本数 n' } },
    dimension: { type: 'integer', min: 50, max: 200, default: 200, description: { en: 'dimension p', zh: '维数 p' } },
    spikes: {
      type: 'numbers',
      min: 1.05,
      max: 8,
      maxItems: 3,
      default: [4, 3, 2],
      description: { en: 'variances of the directions that stand out', zh: '突出方向的方差' },
    },
  },
  names: {
    eigenvalue: { en: 'eigenvalue of the direction of variance', zh: '方向的特征值，方差' },
    cos: { en: 'cos² of found and true direction of variance', zh: '找到的方向与真实方向的 cos²，方差' },
    'largest-noise': { en: 'largest eigenvalue of the noise', zh: '噪声的最大特征值' },
    smallest: { en: 'smallest eigenvalue', zh: '最小特征值' },
    above: { en: 'eigenvalues above the upper edge', zh: '高于上边界的特征值数' },
    reconstruction: { en: 'reconstruction error over left-out eigenvalues', zh: '重构误差与舍去的特征值之和的比' },
    edges: { en: 'edges of pure noise', zh: '纯噪声的边界' },
    spectrum: { en: 'eigenvalues', zh: '特征值' },
    predicted: { en: 'cos² in theory', zh: 'cos² 理论值' },
    found: { en: 'cos² measured', zh: 'cos² 实测' },
  },
  deadline: 30_000,
  variations: [
    { label: { en: 'a weak direction', zh: '一个较弱的方向' }, params: { spikes: [4, 1.2] } },
    { label: { en: '400 samples', zh: '400 个样本' }, params: { samples: 400 } },
  ],
  run({ rng, progress }, { samples: n, dimension: p, spikes }) {
    const sorted = [...spikes].sort((a, b) => b - a);
    const sd = Array.from({ length: p }, (_, j) => Math.sqrt(sorted[j] ?? 1));
    const rows = Array.from({ length: n }, () => Float64Array.from({ length: p }, (_, j) => sd[j]! * rng.normal()));
    const gamma = p / n;
    const [low, high] = [(1 - Math.sqrt(gamma)) ** 2, (1 + Math.sqrt(gamma)) ** 2];
    const series = (values: readonly number[], found: readonly number[]) => [
      { name: 'spectrum', x: values.map((_, i) => i + 1), y: [...values] },
      { name: 'found', x: sorted, y: [...found] },
      { name: 'predicted', x: sorted, y: sorted.map((spike) => theory(spike, gamma)?.cos ?? 0) },
      { name: 'edges', x: [0, 1], y: [low, high] },
    ];
    // What theory says is known before anything is measured.
    const expected = () => ({
      series: series(
        [],
        sorted.map(() => Number.NaN),
      ),
    });
    const covariance = Array.from({ length: p }, () => new Float64Array(p));
    rows.forEach((row, i) => {
      if (i % 200 === 0) progress((0.5 * i) / n, expected);
      for (let a = 0; a < p; a++) {
        const target = covariance[a]!;
        const value = row[a]! / n;
        for (let b = 0; b <= a; b++) target[b]! += value * row[b]!;
      }
    });
    for (let a = 0; a < p; a++) for (let b = 0; b < a; b++) covariance[b]![a] = covariance[a]![b]!;
    const split = new EigenvalueDecomposition(new Matrix(covariance), { assumeSymmetric: true });
    progress(0.9);
    const order = split.realEigenvalues.map((_, i) => i).sort((a, b) => split.realEigenvalues[b]! - split.realEigenvalues[a]!);
    const values = order.map((i) => split.realEigenvalues[i]!);
    const vectors = order.slice(0, sorted.length).map((i) => split.eigenvectorMatrix.getColumn(i));
    const seen = sorted.filter((spike) => theory(spike, gamma)).length;
    // What is left of the data outside of the found directions, taken from the data.
    const left = rows.reduce((sum, row) => {
      let [whole, kept] = [0, 0];
      for (let j = 0; j < p; j++) whole += row[j]! ** 2;
      for (const vector of vectors) kept += row.reduce((all, value, j) => all + value * vector[j]!, 0) ** 2;
      return sum + (whole - kept) / n;
    }, 0);
    const measures: Record<string, number> = {
      'largest-noise': values[seen]!,
      smallest: values.at(-1)!,
      above: values.filter((value) => value > high).length,
      reconstruction: left / values.slice(sorted.length).reduce((a, b) => a + b),
    };
    sorted.forEach((spike, i) => {
      measures[`eigenvalue:${spike}`] = values[i]!;
      measures[`cos:${spike}`] = vectors[i]![i]! ** 2;
    });
    return {
      series: series(
        values,
        sorted.map((spike) => measures[`cos:${spike}`]!),
      ),
      measures,
      checks: checks(sorted, n, p),
    };
  },
  chart({ series: [spectrum, found, predicted, edges], measures }, { samples, dimension }, locale) {
    const [low, high] = edges!.y as [number, number];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `${measures.above} of ${dimension} eigenvalues lie above the edge that pure noise reaches`,
          zh: `${dimension} 个特征值中有 ${measures.above} 个高于纯噪声的上边界`,
        },
        locale,
      ),
      subtitle: localize(
        {
          en: `${samples} samples; edges (1 ± √(p/n))²: ${num(low)} and ${num(high)}`,
          zh: `${samples} 个样本；边界 (1 ± √(p/n))²：${num(low)} 与 ${num(high)}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: eigenvalues in falling order, with the edges of pure noise at ${num(low)} and ${num(high)}; the largest is ${num(spectrum!.y[0] ?? Number.NaN)}. Right: cos² of found and true directions, measured and in theory.`,
          zh: `左：从大到小的特征值，纯噪声的边界为 ${num(low)} 与 ${num(high)}；最大的为 ${num(spectrum!.y[0] ?? Number.NaN)}。右：找到的方向与真实方向的 cos²，实测与理论。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Eigenvalues of the sample covariance', zh: '样本协方差的特征值' }, locale),
          alt: '',
          x: { label: localize({ en: 'rank', zh: '序号' }, locale), min: 0, max: dimension },
          y: { label: localize({ en: 'eigenvalue', zh: '特征值' }, locale), min: 0 },
          lines: [{ name: localize({ en: 'measured', zh: '实测' }, locale), x: spectrum!.x, y: spectrum!.y, points: true }],
          references: [
            { axis: 'y', value: high, label: localize({ en: 'upper edge', zh: '上边界' }, locale) },
            { axis: 'y', value: low, label: localize({ en: 'lower edge', zh: '下边界' }, locale), below: true },
          ],
        },
        {
          type: 'bars',
          title: localize({ en: 'cos² of found and true direction', zh: '找到的与真实方向的 cos²' }, locale),
          alt: '',
          x: { label: localize({ en: 'true variance', zh: '真实方差' }, locale), categories: found!.x.map((spike) => num(spike)) },
          y: { label: 'cos²', min: 0, max: 1.2 },
          groups: [
            { name: localize({ en: 'measured', zh: '实测' }, locale), values: found!.y },
            { name: localize({ en: 'theory', zh: '理论' }, locale), values: predicted!.y, color: 6 },
          ],
        },
      ],
    };
  },
  reading({ series: [, found, predicted], measures }, { spikes, samples, dimension }, locale) {
    const gamma = dimension / samples;
    const facts = found!.x.map((spike) => `${num(spike)} → ${num(measures[`eigenvalue:${spike}`]!)}`);
    const angles = found!.x.map((spike, i) => `${num(spike)}: ${num(found!.y[i]!)} (${num(predicted!.y[i]!)})`);
    const hidden = spikes.filter((spike) => spike <= 1 + Math.sqrt(gamma)).length;
    const rest =
      hidden > 0
        ? {
            en: ` Variances up to 1 + √(p/n) = ${num(1 + Math.sqrt(gamma))} cannot be told from noise.`,
            zh: `不超过 1 + √(p/n) = ${num(1 + Math.sqrt(gamma))} 的方差与噪声无法区分。`,
          }
        : { en: '', zh: '' };
    return localize(
      {
        en: `True variance → eigenvalue: ${listed(facts, locale)}; pure noise of variance 1 spreads up to ${num(measures['largest-noise']!)}.\nThe found directions have cos² to the true ones, measured (theory): ${listed(angles, locale)}.${rest.en}`,
        zh: `真实方差 → 特征值：${listed(facts, locale)}；方差为 1 的纯噪声最大到 ${num(measures['largest-noise']!)}。\n找到的方向与真实方向的 cos²，实测（理论）：${listed(angles, locale)}。${rest.zh}`,
      },
      locale,
    );
  },
  predict: {
    question: ({ samples, dimension }) => ({
      en: `${dimension} features of pure noise, all of variance 1, ${samples} samples. How large can eigenvalues of the sample covariance become?`,
      zh: `${dimension} 个纯噪声特征，方差都为 1，${samples} 个样本。样本协方差的特征值能有多大？`,
    }),
    options: [
      { id: 'one', text: { en: 'up to 1.1', zh: '不超过 1.1' } },
      { id: 'two', text: { en: '1.1 to 2', zh: '1.1 到 2' } },
      { id: 'more', text: { en: 'more than 2', zh: '超过 2' } },
    ],
    outcome: ({ measures }) => (measures['largest-noise']! <= 1.1 ? 'one' : measures['largest-noise']! <= 2 ? 'two' : 'more'),
    why: {
      en: 'Among many directions some have a large variance by chance: noise fills the range (1 ± √(p/n))², and the first component is never as good as it looks.',
      zh: '方向很多时，总有一些碰巧方差较大：噪声充满 (1 ± √(p/n))² 的范围，第一主成分总没有看上去那么好。',
    },
  },
});

function checks(sorted: readonly number[], n: number, p: number): DemoCheck[] {
  const gamma = p / n;
  const found: DemoCheck[] = [
    {
      id: 'reconstruction',
      claim: { en: 'reconstruction error = sum of the eigenvalues left out (ratio)', zh: '重构误差 = 舍去的特征值之和（比值）' },
      predicted: 1,
      tolerance: 1e-9,
    },
  ];
  const loose = Math.sqrt(2000 / n);
  const scatter = (spike: number) => spike * Math.sqrt(2 / n);
  const clear = sorted.filter((spike, i) => {
    const own = theory(spike, gamma);
    const apart = [sorted[i - 1], sorted[i + 1]].every(
      (other) => other === undefined || Math.abs(other - spike) > 4 * (scatter(other) + scatter(spike)),
    );
    return own && apart && spike >= 1 + 2.5 * Math.sqrt(gamma);
  });
  for (const spike of clear) {
    const { variance, cos } = theory(spike, gamma)!;
    found.push(
      {
        id: `eigenvalue:${spike}`,
        claim: { en: `variance ${spike} shows as ℓ(1 + γ/(ℓ − 1))`, zh: `方差 ${spike} 显示为 ℓ(1 + γ/(ℓ − 1))` },
        predicted: variance,
        tolerance: 0.13 * loose * variance,
      },
      {
        id: `cos:${spike}`,
        claim: { en: `variance ${spike}: cos² to the true direction`, zh: `方差 ${spike}：与真实方向的 cos²` },
        predicted: cos,
        tolerance: 0.08 * loose,
      },
    );
  }
  // A direction near the threshold blurs the edge.
  const root = Math.sqrt(gamma);
  if (sorted.every((spike) => spike >= 1 + 1.9 * root || spike <= 1 + 0.4 * root)) {
    const [up, down] = [edgeScale(n, p, 1), edgeScale(n, p, -1)];
    const [high, low] = [(1 + root) ** 2, (1 - root) ** 2];
    found.push(
      {
        id: 'largest-noise',
        claim: { en: 'noise ends at (1 + √γ)²', zh: '噪声止于 (1 + √γ)²' },
        ...within(high - 6 * up, high + 2.5 * up),
      },
      { id: 'smallest', claim: { en: 'and begins at (1 − √γ)²', zh: '始于 (1 − √γ)²' }, ...within(low - 2.5 * down, low + 6.5 * down) },
    );
  }
  return found;
}
