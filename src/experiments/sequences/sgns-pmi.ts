import { localize } from '../../core/locale.ts';
import type { Series } from '../../core/result.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { createAdam } from '../../demos/lib/adam-vector.ts';
import { num } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const [V, TOPICS, STEPS, RATE, START] = [24, 3, 900, 0.05, 0.1];
const DIMENSIONS = [2, 4, V];

/** Joint probabilities of word and context: a topic is drawn, then both from it. */
function joint(rng: Rng): Float64Array {
  const p = new Float64Array(V * V);
  for (let t = 0; t < TOPICS; t++) {
    // ½·χ² with one degree of freedom is Gamma(½).
    const weights = Array.from({ length: V }, () => 0.5 * rng.normal() ** 2 + 0.05);
    const sum = weights.reduce((a, b) => a + b);
    for (let i = 0; i < V; i++) for (let j = 0; j < V; j++) p[i * V + j]! += (weights[i]! * weights[j]!) / (sum * sum * TOPICS);
  }
  return p;
}

/** Inner products after minimising the expected loss −P ln σ(w·c) − k·p·q ln σ(−w·c) over all pairs. */
/** @param onStep called now and then with the share that is done and the products as they are */
function train(
  rng: Rng,
  p: Float64Array,
  q: Float64Array,
  { k, d }: { k: number; d: number },
  onStep: (done: number, products: Float64Array) => void,
): Float64Array {
  const w = Float64Array.from({ length: 2 * V * d }, () => START * rng.normal());
  const step = createAdam(w.length);
  const products = new Float64Array(V * V);
  const at = V * d;
  for (let t = 0; t <= STEPS; t++) {
    const g = new Float64Array(w.length);
    for (let i = 0; i < V; i++)
      for (let j = 0; j < V; j++) {
        let x = 0;
        for (let c = 0; c < d; c++) x += w[i * d + c]! * w[at + j * d + c]!;
        products[i * V + j] = x;
        const s = 1 / (1 + Math.exp(-x));
        const slope = -p[i * V + j]! * (1 - s) + k * q[i]! * q[j]! * s;
        for (let c = 0; c < d; c++) {
          g[i * d + c]! += slope * w[at + j * d + c]!;
          g[at + j * d + c]! += slope * w[i * d + c]!;
        }
      }
    if (t < STEPS) step(w, g, RATE * (1 - t / STEPS));
    if (t % 20 === 0) onStep(t / STEPS, products);
  }
  return products;
}

function correlation(x: readonly number[], y: readonly number[]): { slope: number; correlation: number } {
  const [mx, my] = [mean(x), mean(y)];
  const [sxy, sxx, syy] = [
    mean(x.map((v, i) => (v - mx) * (y[i]! - my))),
    mean(x.map((v) => (v - mx) ** 2)),
    mean(y.map((v) => (v - my) ** 2)),
  ];
  return { slope: sxy / sxx, correlation: sxy / Math.sqrt(sxx * syy) };
}

export default defineDemo({
  name: 'sgns-pmi',
  version: 1,
  topics: ['word-embeddings'],
  title: { en: 'word2vec factorises PMI', zh: 'word2vec 在分解 PMI' },
  summary: {
    en: 'Minimises the expected skip-gram loss with k negative samples over 24 words and compares the products w·c with the pointwise mutual information less ln k, for 2, 4 and 24 dimensions.',
    zh: '在 24 个词上最小化带 k 个负样本的 skip-gram 期望损失，把 w·c 与点互信息减 ln k 比较：2、4、24 维。',
  },
  params: {
    negatives: { type: 'integer', min: 1, max: 15, default: 5, description: { en: 'negative samples k', zh: '负样本数 k' } },
  },
  names: {
    correlation: { en: 'correlation of w·c and PMI, d', zh: 'w·c 与 PMI 的相关系数，d' },
    slope: { en: 'slope of w·c over PMI, d', zh: 'w·c 对 PMI 的斜率，d' },
    shift: { en: 'mean of w·c − PMI, d', zh: 'w·c − PMI 的平均，d' },
    products: { en: 'w·c over PMI, d', zh: 'w·c 与 PMI，d' },
    gain: { en: 'correlation: 4 less 2 dimensions', zh: '相关系数：4 维减 2 维' },
  },
  deadline: 30_000,
  variations: [
    { label: { en: 'one negative sample', zh: '1 个负样本' }, params: { negatives: 1 } },
    { label: { en: '15 negative samples', zh: '15 个负样本' }, params: { negatives: 15 } },
  ],
  run({ rng, progress }, { negatives: k }) {
    const p = joint(rng.fork(1));
    const q = Float64Array.from({ length: V }, (_, i) => p.slice(i * V, (i + 1) * V).reduce((a, b) => a + b));
    const pmi = Array.from(p, (value, i) => Math.log(value / (q[Math.floor(i / V)]! * q[i % V]!)));
    const measures: Record<string, number> = {};
    const series: Series[] = [];
    DIMENSIONS.forEach((d, i) => {
      const points = (products: Float64Array): Series => ({ name: `products:${d}`, x: pmi, y: [...products] });
      const trained = train(rng.fork(10 + d), p, q, { k, d }, (done, now) =>
        progress((i + done) / DIMENSIONS.length, () => ({ series: [...series, points(now)], measures })),
      );
      const products = [...trained];
      const fit = correlation(pmi, products);
      measures[`correlation:${d}`] = fit.correlation;
      measures[`slope:${d}`] = fit.slope;
      measures[`shift:${d}`] = mean(products.map((x, j) => x - pmi[j]!));
      series.push(points(trained));
    });
    measures.gain = measures['correlation:4']! - measures['correlation:2']!;
    return { series, measures, checks: checks(k) };
  },
  chart({ series, measures }, { negatives: k }, locale) {
    const all = series.flatMap(({ x }) => x);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `In ${V} dimensions w·c − PMI is ${num(measures[`shift:${V}`]!)} on average; −ln k is ${num(-Math.log(k))}`,
          zh: `${V} 维时 w·c − PMI 平均为 ${num(measures[`shift:${V}`]!)}；−ln k 为 ${num(-Math.log(k))}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Products of word and context vectors over their PMI, with the line PMI − ln k; correlation ${num(measures['correlation:2']!)} in 2, ${num(measures['correlation:4']!)} in 4 and ${num(measures[`correlation:${V}`]!)} in ${V} dimensions.`,
          zh: `词向量与上下文向量的内积随 PMI 的变化，以及直线 PMI − ln k；相关系数 2 维 ${num(measures['correlation:2']!)}，4 维 ${num(measures['correlation:4']!)}，${V} 维 ${num(measures[`correlation:${V}`]!)}。`,
        },
        locale,
      ),
      panels: [2, V].flatMap((d) => {
        const { x, y } = series.find(({ name }) => name === `products:${d}`) ?? {};
        if (!x || !y) return [];
        return {
          type: 'lines' as const,
          title: localize({ en: `${d} dimensions`, zh: `${d} 维` }, locale),
          alt: '',
          x: { label: 'PMI' },
          y: { label: 'w·c' },
          lines: [
            { name: 'w·c', x, y, points: true },
            { name: 'PMI − ln k', x: [least, most], y: [least - Math.log(k), most - Math.log(k)], dashed: true, color: 6 },
          ],
        };
      }),
    };
  },
  reading({ measures }, { negatives: k }, locale) {
    const facts = DIMENSIONS.map((d) => num(measures[`correlation:${d}`]!));
    return localize(
      {
        en: `With as many dimensions as words the product w·c is the PMI shifted by ${num(measures[`shift:${V}`]!, 4)} on average, slope ${num(measures[`slope:${V}`]!, 4)}; theory says −ln ${k} = ${num(-Math.log(k), 4)} and slope 1.\nCorrelation with the PMI in 2, 4 and ${V} dimensions: ${facts.join(', ')}.`,
        zh: `维数与词数相同时，内积 w·c 平均为 PMI 平移 ${num(measures[`shift:${V}`]!, 4)}，斜率 ${num(measures[`slope:${V}`]!, 4)}；理论值为 −ln ${k} = ${num(-Math.log(k), 4)}，斜率 1。\n与 PMI 的相关系数，2、4、${V} 维：${facts.join('，')}。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ negatives }) => ({
      en: `Skip-gram with ${negatives} negative sample(s) per pair, enough dimensions. What does w·c become?`,
      zh: `skip-gram，每对 ${negatives} 个负样本，维数足够。w·c 会变成什么？`,
    }),
    options: [
      { id: 'pmi', text: { en: 'PMI − ln k', zh: 'PMI − ln k' } },
      { id: 'probability', text: { en: 'ln P(w, c)', zh: 'ln P(w, c)' } },
      { id: 'nothing', text: { en: 'nothing one can name', zh: '说不出是什么' } },
    ],
    outcome: ({ measures }, { negatives }) =>
      Math.abs(measures[`shift:${V}`]! + Math.log(negatives)) < 0.05 && measures[`correlation:${V}`]! > 0.99 ? 'pmi' : 'nothing',
    why: {
      en: 'For one pair the loss −P ln σ(x) − k·p·q ln σ(−x) is least where x = ln(P/(p·q)) − ln k; with enough dimensions every pair can be there at once.',
      zh: '对单个词对，损失 −P ln σ(x) − k·p·q ln σ(−x) 在 x = ln(P/(p·q)) − ln k 处最小；维数足够时，所有词对可以同时达到。',
    },
  },
});

function checks(k: number): DemoCheck[] {
  return [
    {
      id: `shift:${V}`,
      claim: { en: 'd = V: w·c − PMI = −ln k', zh: 'd = V：w·c − PMI = −ln k' },
      predicted: -Math.log(k),
      tolerance: 0.005,
    },
    { id: `slope:${V}`, claim: { en: 'd = V: slope 1', zh: 'd = V：斜率 1' }, predicted: 1, tolerance: 0.005 },
    { id: `correlation:${V}`, claim: { en: 'd = V: correlation', zh: 'd = V：相关系数' }, ...within(0.999, 1.0000001) },
    ...(k === 5 ? [{ id: 'correlation:4', claim: { en: 'd = 4: correlation', zh: 'd = 4：相关系数' }, ...within(0.975, 1) }] : []),
    { id: 'gain', claim: { en: '4 dimensions fit better than 2', zh: '4 维优于 2 维' }, ...within(0, 1) },
  ];
}
