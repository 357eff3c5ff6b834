import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { sampleFrom } from '../../demos/lib/sample.ts';
import { mean } from '../../demos/lib/stats.ts';
import type { Rng } from '../../demos/random.ts';

const V = 10;
const WIDTHS = [1, 2, 4, 10];
const SAMPLES = 2000;
const LONGEST = 16;

/** ln p of the first token and of each next one: rows of Gamma(½) weights, which a few tokens dominate. */
function draw(rng: Rng): { first: Float64Array; next: Float64Array[] } {
  const row = () => {
    const w = Float64Array.from({ length: V }, () => 0.5 * rng.normal() ** 2 + 1e-12);
    const sum = w.reduce((a, b) => a + b);
    return w.map((v) => Math.log(v / sum));
  };
  return { first: row(), next: Array.from({ length: V }, row) };
}

type Model = ReturnType<typeof draw>;

/** The best ln p of a sentence of each length up to `length`, ending anywhere (Viterbi). */
function exact({ first, next }: Model, length: number): number[] {
  let best = first;
  return Array.from({ length }, (_, t) => {
    if (t > 0) {
      const longer = new Float64Array(V).fill(Number.NEGATIVE_INFINITY);
      for (let i = 0; i < V; i++) for (let j = 0; j < V; j++) longer[j] = Math.max(longer[j]!, best[i]! + next[i]![j]!);
      best = longer;
    }
    return Math.max(...best);
  });
}

function beam({ first, next }: Model, length: number, width: number): number {
  let kept = [...first]
    .map((p, last) => ({ p, last }))
    .sort((a, b) => b.p - a.p)
    .slice(0, width);
  for (let t = 1; t < length; t++)
    kept = kept
      .flatMap(({ p, last }) => [...next[last]!].map((q, token) => ({ p: p + q, last: token })))
      .sort((a, b) => b.p - a.p)
      .slice(0, width);
  return kept[0]!.p;
}

interface Found {
  /** ln p of the best sentence, and of what each width of the beam found. */
  best: number;
  widths: number[];
  mode: number;
}

/** How often and by how much each width misses the best sentence, in the models so far. */
function look(found: readonly Found[]) {
  const measures: Record<string, number> = {};
  WIDTHS.forEach((width, w) => {
    const losses = found.map(({ best, widths }) => best - widths[w]!);
    measures[`missed:${width}`] = losses.filter((loss) => loss > 1e-9).length / found.length;
    measures[`loss:${width}`] = mean(losses);
  });
  const of = (name: string) => ({ name, x: WIDTHS, y: WIDTHS.map((width) => measures[`${name}:${width}`]!) });
  return { series: [of('loss'), of('missed')], measures };
}

export default defineDemo({
  name: 'beam',
  version: 1,
  topics: ['decoding', 'recurrent-networks'],
  title: { en: 'Greedy, beam and exact search', zh: '贪心、束搜索与精确搜索' },
  summary: {
    en: 'Searches for the most probable sentence of many random first-order language models with beams of several widths and exactly, and asks how long the most probable sentence is when any step may end it.',
    zh: '在许多随机的一阶语言模型上，用不同宽度的束搜索与精确搜索找最可能的句子；再问：若每步都可能结束，最可能的句子有多长。',
  },
  params: {
    models: { type: 'integer', min: 50, max: 300, default: 200, description: { en: 'language models', zh: '语言模型数' } },
    length: { type: 'integer', min: 3, max: 12, default: 8, description: { en: 'tokens in a sentence', zh: '句子的词元数' } },
    ending: {
      type: 'number',
      min: 0.02,
      max: 0.3,
      default: 0.1,
      description: { en: 'probability that a step ends the sentence', zh: '每步结束句子的概率' },
    },
  },
  names: {
    missed: { en: 'best sentence missed, width', zh: '错过最优句子的比例，宽度' },
    loss: { en: 'mean loss (nats), width', zh: '平均损失（奈特），宽度' },
    'above-exact': { en: 'largest ln p above the exact search', zh: '超过精确搜索的最大 ln p' },
    worse: { en: 'models where width 2 ends below greedy', zh: '宽度 2 不如贪心的模型比例' },
    'length-one': { en: 'models whose most probable sentence has one token', zh: '最可能的句子只有一个词元的模型比例' },
    'sampled-length': { en: 'mean length of sampled sentences', zh: '采样句子的平均长度' },
  },
  deadline: 30_000,
  variations: [
    { label: { en: 'longer sentences', zh: '更长的句子' }, params: { length: 12 } },
    { label: { en: 'two per cent end', zh: '2 % 结束' }, params: { ending: 0.02 } },
  ],
  run({ rng, progress }, { models, length, ending }) {
    const found: Found[] = [];
    for (let s = 0; s < models; s++) {
      if (s > 0) progress(s / models, () => look(found));
      const model = draw(rng.fork(s));
      const best = exact(model, LONGEST);
      // Every token but the last goes on with probability 1 − ending.
      const ended = best.map((p, t) => p + t * Math.log(1 - ending) + Math.log(ending));
      found.push({
        best: best[length - 1]!,
        widths: WIDTHS.map((width) => beam(model, length, width)),
        mode: ended.indexOf(Math.max(...ended)) + 1,
      });
    }
    const { series, measures } = look(found);
    measures['above-exact'] = Math.max(...found.flatMap(({ best, widths }) => widths.map((p) => p - best)));
    measures.worse = found.filter(({ widths }) => widths[1]! < widths[0]! - 1e-9).length / models;
    measures['length-one'] = found.filter(({ mode }) => mode === 1).length / models;
    const draws = rng.fork(10_000);
    measures['sampled-length'] = mean(
      Array.from({ length: SAMPLES }, () => {
        let tokens = 1;
        while (sampleFrom([ending, 1 - ending], draws) === 1) tokens++;
        return tokens;
      }),
    );
    return { series, measures, checks: checks(models, length, ending) };
  },
  chart({ series: [loss, missed], measures }, { length }, locale) {
    const [greedy, four] = [percent(measures['missed:1']!), percent(measures['missed:4']!)];
    const categories = WIDTHS.map((width) => (width === 1 ? localize({ en: 'greedy', zh: '贪心' }, locale) : String(width)));
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `${length} tokens: greedy search misses the best sentence in ${greedy}, beam 4 in ${four}`,
          zh: `${length} 个词元：贪心在 ${greedy} 的模型上错过最优句子，束宽 4 为 ${four}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: share of models in which the best sentence is missed, by beam width: ${missed!.y.map(percent).join(', ')}. Right: mean loss in nats: ${loss!.y.map((v) => num(v, 2)).join(', ')}.`,
          zh: `左：不同束宽错过最优句子的模型比例：${missed!.y.map(percent).join(', ')}。右：平均损失（奈特）：${loss!.y.map((v) => num(v, 2)).join(', ')}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'bars',
          title: localize({ en: 'Best sentence missed', zh: '错过最优句子' }, locale),
          alt: '',
          x: { label: localize({ en: 'beam width', zh: '束宽' }, locale), categories },
          y: { label: localize({ en: 'share of models', zh: '模型比例' }, locale), min: 0, max: 1.2 },
          format: 'percent',
          groups: [{ name: '', values: missed!.y }],
        },
        {
          type: 'bars',
          title: localize({ en: 'ln p below the exact search', zh: '比精确搜索低的 ln p' }, locale),
          alt: '',
          x: { label: localize({ en: 'beam width', zh: '束宽' }, locale), categories },
          y: { label: localize({ en: 'nats, mean', zh: '奈特，平均' }, locale), min: 0 },
          groups: [{ name: '', values: loss!.y }],
        },
      ],
    };
  },
  reading({ measures }, { ending }, locale) {
    const losses = WIDTHS.map((width) => num(measures[`loss:${width}`]!, 2));
    return localize(
      {
        en: `Mean loss against the exact search with widths 1, 2, 4, 10: ${losses.join(', ')} nats; in ${percent(measures.worse!)} of the models width 2 ends below greedy search.\nIf each step ends the sentence with probability ${ending}, the most probable sentence has one token in ${percent(measures['length-one']!)} of the models, while sampled ones have ${num(measures['sampled-length']!)} on average.`,
        zh: `束宽 1、2、4、10 与精确搜索相比的平均损失：${losses.join('，')} 奈特；在 ${percent(measures.worse!)} 的模型上，束宽 2 不如贪心。\n若每步以概率 ${ending} 结束句子，在 ${percent(measures['length-one']!)} 的模型上最可能的句子只有一个词元，而采样的句子平均有 ${num(measures['sampled-length']!)} 个。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ ending }) => ({
      en: `Each step ends the sentence with probability ${ending}. How long is the single most probable sentence?`,
      zh: `每步以概率 ${ending} 结束句子。最可能的那个句子有多长？`,
    }),
    options: [
      { id: 'one', text: { en: 'one token', zh: '一个词元' } },
      { id: 'mean', text: { en: 'as long as sampled ones', zh: '和采样的句子一样长' } },
    ],
    outcome: ({ measures }) => (measures['length-one']! > 0.5 ? 'one' : 'mean'),
    why: {
      en: 'Each further token multiplies the probability by something below 1, so the most probable sentence is the shortest one: why beam search needs a length penalty.',
      zh: '每多一个词元，概率就乘一个小于 1 的数，所以最可能的句子就是最短的：束搜索因此需要长度惩罚。',
    },
  },
});

function checks(models: number, length: number, ending: number): DemoCheck[] {
  const found: DemoCheck[] = [
    {
      id: 'above-exact',
      claim: { en: 'no beam beats the exact search (ln p)', zh: '束搜索不会超过精确搜索（ln p）' },
      ...within(-100, 1e-9),
    },
    {
      id: 'length-one',
      claim: { en: 'the most probable sentence has one token', zh: '最可能的句子只有一个词元' },
      predicted: 1,
      tolerance: 0,
    },
    {
      id: 'sampled-length',
      claim: { en: 'sampled length 1/p', zh: '采样长度 1/p' },
      predicted: 1 / ending,
      tolerance: (4.5 * Math.sqrt(1 - ending)) / ending / Math.sqrt(SAMPLES),
    },
  ];
  if (models >= 200 && length === 8)
    found.push(
      { id: 'missed:1', claim: { en: 'greedy search misses the best', zh: '贪心错过最优' }, predicted: 0.68, tolerance: 0.13 },
      { id: 'missed:4', claim: { en: 'beam 4 misses it', zh: '束宽 4 错过' }, predicted: 0.22, tolerance: 0.13 },
    );
  return found;
}
