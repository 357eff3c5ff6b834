import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { listed, num, percent } from '../../demos/lib/format.ts';
import { normalCdf } from '../../demos/lib/normal.ts';
import type { Rng } from '../../demos/random.ts';

/** The detector whose precision is asked for: z(.95) + z(.9) apart, with its threshold at a false-positive rate of 5 %. */
const DETECTOR = { apart: 2.926405, threshold: 1.644854, hits: 0.9, alarms: 0.05, population: 200_000 };
const RARE = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5];

interface Scored {
  score: number;
  positive: boolean;
}

/** The points of the ROC curve; a step only where the score changes, or ties would be broken by chance. */
function roc(scored: readonly Scored[]): { x: number[]; y: number[] } {
  const sorted = [...scored].sort((a, b) => b.score - a.score);
  const positives = sorted.filter(({ positive }) => positive).length;
  const negatives = sorted.length - positives;
  const [x, y] = [[0], [0]];
  let [hits, alarms] = [0, 0];
  sorted.forEach(({ score, positive }, i) => {
    if (positive) hits++;
    else alarms++;
    if (sorted[i + 1]?.score === score) return;
    x.push(alarms / negatives);
    y.push(hits / positives);
  });
  return { x, y };
}

const area = ({ x, y }: { x: number[]; y: number[] }) =>
  x.slice(1).reduce((sum, right, i) => sum + ((right - x[i]!) * (y[i + 1]! + y[i]!)) / 2, 0);

/** Share of pairs in which the positive has the higher score, ties counted half, from ranks (Mann & Whitney). */
function pairsWon(scored: readonly Scored[]): number {
  const sorted = [...scored].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (end < sorted.length && sorted[end]!.score === sorted[i]!.score) end++;
    for (let j = i; j < end; j++) if (sorted[j]!.positive) rankSum += (i + 1 + end) / 2;
    i = end;
  }
  const positives = sorted.filter(({ positive }) => positive).length;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives));
}

function draw(rng: Rng, size: number, apart: number): Scored[] {
  return Array.from({ length: 2 * size }, (_, i) => ({ score: rng.normal() + (i < size ? apart : 0), positive: i < size }));
}

/** Hanley & McNeil (1982), with a curve of binormal scores near enough for a tolerance. */
function standardError(auc: number, n: number): number {
  const [q1, q2] = [auc / (2 - auc), (2 * auc ** 2) / (1 + auc)];
  return Math.sqrt((auc * (1 - auc) + (n - 1) * (q1 + q2 - 2 * auc ** 2)) / n ** 2);
}

const precisionAt = (prevalence: number) =>
  (prevalence * DETECTOR.hits) / (prevalence * DETECTOR.hits + (1 - prevalence) * DETECTOR.alarms);

export default defineDemo({
  name: 'roc-auc',
  version: 1,
  topics: ['classification-metrics', 'class-imbalance'],
  title: { en: 'ROC curves, and precision when positives are rare', zh: 'ROC 曲线，以及正例稀少时的精确率' },
  summary: {
    en: 'Draws scores of two classes a distance d′ apart: ROC curves, the area as the share of pairs won, and the precision of a detector with 90 % recall and 5 % false alarms over the prevalence.',
    zh: '生成相距 d′ 的两类分数：ROC 曲线，面积等于正例胜过负例的比例，以及召回率 90 %、误报率 5 % 的检测器的精确率随正例比例的变化。',
  },
  params: {
    distances: {
      type: 'numbers',
      min: 0.2,
      max: 3.5,
      maxItems: 3,
      default: [1, 2],
      description: { en: 'distances d′ between the classes', zh: '两类的距离 d′' },
    },
    size: { type: 'integer', min: 200, max: 20_000, default: 5000, description: { en: 'scores of each class', zh: '每类的分数个数' } },
    prevalence: {
      type: 'number',
      min: 0.001,
      max: 0.5,
      default: 0.01,
      scale: 'log',
      description: { en: 'share of positives', zh: '正例比例' },
    },
  },
  names: {
    auc: { en: 'area under the ROC curve, d′', zh: 'ROC 曲线下面积，d′' },
    roc: { en: 'ROC curve, d′', zh: 'ROC 曲线，d′' },
    'pairs-gap': { en: 'area minus share of pairs won', zh: '面积与胜出比例之差' },
    'ties-gap': { en: 'the same with rounded scores (ties)', zh: '分数取整（有并列）时的同一差值' },
    precision: { en: 'precision at this prevalence', zh: '该正例比例下的精确率' },
    balanced: { en: 'precision of balanced classes', zh: '两类均衡时的精确率' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'one in a thousand', zh: '千分之一' }, params: { prevalence: 0.001 } },
    { label: { en: 'balanced', zh: '两类均衡' }, params: { prevalence: 0.5 } },
  ],
  run({ rng, progress }, { distances, size, prevalence }) {
    const measures: Record<string, number> = {};
    const checks: DemoCheck[] = [];
    let [gap, tied] = [0, 0];
    const series = distances.map((apart, i) => {
      const scored = draw(rng.fork(i), size, apart);
      const curve = roc(scored);
      measures[`auc:${apart}`] = area(curve);
      gap = Math.max(gap, Math.abs(area(curve) - pairsWon(scored)));
      const rounded = scored.map(({ score, positive }) => ({ score: Math.round(score * 2), positive }));
      tied = Math.max(tied, Math.abs(area(roc(rounded)) - pairsWon(rounded)));
      const predicted = normalCdf(apart / Math.SQRT2);
      checks.push({
        id: `auc:${apart}`,
        claim: { en: `d′ = ${apart}: area Φ(d′/√2)`, zh: `d′ = ${apart}：面积 Φ(d′/√2)` },
        predicted,
        tolerance: 4.5 * standardError(predicted, size),
      });
      progress((i + 1) / (distances.length + 1));
      const every = Math.max(1, Math.floor(curve.x.length / 150));
      const keep = (_: number, j: number) => j % every === 0 || j === curve.x.length - 1;
      return { name: `roc:${apart}`, x: curve.x.filter(keep), y: curve.y.filter(keep) };
    });
    const draws = rng.fork(100);
    let [flagged, right] = [0, 0];
    for (let i = 0; i < DETECTOR.population; i++) {
      const positive = draws.uniform() < prevalence;
      if (draws.normal() + (positive ? DETECTOR.apart : 0) <= DETECTOR.threshold) continue;
      flagged++;
      if (positive) right++;
    }
    measures['pairs-gap'] = gap;
    measures['ties-gap'] = tied;
    measures.precision = right / flagged;
    const predicted = precisionAt(prevalence);
    checks.push(
      {
        id: 'pairs-gap',
        claim: { en: 'the area is the share of pairs won (gap)', zh: '面积等于正例胜过负例的比例（差）' },
        ...within(0, 1e-12),
      },
      { id: 'ties-gap', claim: { en: 'with ties, counted half, too (gap)', zh: '有并列时按一半计，也成立（差）' }, ...within(0, 1e-12) },
      {
        id: 'precision',
        claim: {
          en: `precision with ${percent(prevalence) === '0 %' ? num(prevalence) : percent(prevalence)} positives`,
          zh: `正例占 ${percent(prevalence) === '0 %' ? num(prevalence) : percent(prevalence)} 时的精确率`,
        },
        predicted,
        tolerance: 4.5 * Math.sqrt((predicted * (1 - predicted)) / flagged),
      },
    );
    const x = [...RARE, prevalence].sort((a, b) => a - b);
    return { series: [...series, { name: 'precision', x, y: x.map(precisionAt) }], measures, checks };
  },
  chart({ series, measures }, { prevalence }, locale) {
    const curves = series.filter(({ name }) => name.startsWith('roc:'));
    const precision = series.at(-1)!;
    const [share, found] = [num(100 * prevalence), percent(measures.precision!)];
    const areas = listed(
      curves.map(({ name }) => `d′ = ${name.slice(4)}: ${num(measures[`auc:${name.slice(4)}`]!)}`),
      locale,
    );
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `With ${share} % positives the detector’s alarms are right in ${found}`,
          zh: `正例占 ${share} % 时，检测器的报警有 ${found} 是对的`,
        },
        locale,
      ),
      subtitle: localize({ en: 'recall 90 %, false alarms 5 %', zh: '召回率 90 %，误报率 5 %' }, locale),
      alt: localize(
        {
          en: `Left: ROC curves, with areas ${areas}. Right: precision over the share of positives, ${found} at ${share} %.`,
          zh: `左：ROC 曲线，面积 ${areas}。右：精确率随正例比例的变化，${share} % 时为 ${found}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'ROC curves', zh: 'ROC 曲线' }, locale),
          alt: '',
          x: { label: localize({ en: 'false-positive rate', zh: '假正例率' }, locale), min: 0, max: 1 },
          y: { label: localize({ en: 'true-positive rate', zh: '真正例率' }, locale), min: 0, max: 1 },
          equal: true,
          lines: [
            ...curves.map(({ name, x, y }) => ({ name: `d′ = ${name.slice(4)}`, label: `d′ = ${name.slice(4)}`, x, y })),
            { name: localize({ en: 'chance', zh: '随机' }, locale), x: [0, 1], y: [0, 1], dashed: true, color: 6 },
          ],
        },
        {
          type: 'lines',
          title: localize({ en: 'Precision over prevalence', zh: '精确率随正例比例的变化' }, locale),
          alt: '',
          x: { label: localize({ en: 'share of positives (log scale)', zh: '正例比例（对数刻度）' }, locale), scale: 'log' },
          y: { label: localize({ en: 'precision', zh: '精确率' }, locale), min: 0, max: 1 },
          lines: [
            { name: localize({ en: 'theory', zh: '理论' }, locale), x: precision.x, y: precision.y, dashed: true, color: 6 },
            { name: localize({ en: 'measured', zh: '实测' }, locale), x: [prevalence], y: [measures.precision!], points: true, color: 1 },
          ],
        },
      ],
    };
  },
  reading({ measures }, { distances, prevalence }, locale) {
    const areas = listed(
      distances.map((d) => `d′ = ${d}: ${num(measures[`auc:${d}`]!)} (${num(normalCdf(d / Math.SQRT2))})`),
      locale,
    );
    const [share, found, even] = [num(100 * prevalence), num(measures.precision!), num(precisionAt(0.5))];
    return localize(
      {
        en: `Area under the curve (theory): ${areas}; it is the share of pairs in which the positive scores higher, and prevalence does not enter.\nThe precision of a detector with recall 90 % and 5 % false alarms is ${found} with ${share} % positives, ${even} in theory with as many positives as negatives.`,
        zh: `曲线下面积（理论值）：${areas}；它等于正例得分高于负例的比例，与正例比例无关。\n召回率 90 %、误报率 5 % 的检测器，正例占 ${share} % 时精确率为 ${found}，两类一样多时理论上为 ${even}。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ prevalence }) => ({
      en: `A detector finds 90 % of the positives and raises 5 % false alarms. With ${num(100 * prevalence)} % positives, how many of its alarms are right?`,
      zh: `检测器能找到 90 % 的正例，误报率 5 %。正例占 ${num(100 * prevalence)} % 时，报警中有多少是对的？`,
    }),
    options: [
      { id: 'few', text: { en: 'under a third', zh: '不到三分之一' } },
      { id: 'some', text: { en: 'a third to 80 %', zh: '三分之一到 80 %' } },
      { id: 'most', text: { en: 'more than 80 %', zh: '超过 80 %' } },
    ],
    outcome({ measures }) {
      return measures.precision! < 1 / 3 ? 'few' : measures.precision! <= 0.8 ? 'some' : 'most';
    },
    why: {
      en: 'Precision weighs hits against false alarms by how common the classes are; the ROC curve divides each by its own class and does not see that.',
      zh: '精确率按两类的多少权衡命中与误报；ROC 曲线各自除以本类的总数，看不到这一点。',
    },
  },
});
