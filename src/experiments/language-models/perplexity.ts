import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num } from '../../demos/lib/format.ts';
import { sampleFrom } from '../../demos/lib/sample.ts';
import type { Rng } from '../../demos/random.ts';

const [V, LEAST, TEST, PSEUDO] = [5, 0.04, 100_000, 0.5];
const ORDERS = [0, 1, 2, 3];

/** A source whose next token depends on the last two: rows of probabilities, none below 4 %. */
function source(rng: Rng): Float64Array[] {
  return Array.from({ length: V * V }, () => {
    // Gamma(1) weights make a uniform draw from the simplex; squared they are more uneven.
    const w = Float64Array.from({ length: V }, () => Math.log(1 - rng.uniform()) ** 2 + 1e-9);
    const sum = w.reduce((a, b) => a + b);
    return w.map((v) => LEAST + (1 - V * LEAST) * (v / sum));
  });
}

function draw(rng: Rng, p: readonly Float64Array[], n: number): Int32Array {
  const text = new Int32Array(n);
  for (let i = 2; i < n; i++) text[i] = sampleFrom(p[text[i - 2]! * V + text[i - 1]!]!, rng);
  return text;
}

/** Entropy of the next token given none, one and two before it, from the stationary law of pairs. */
function entropies(p: readonly Float64Array[]): number[] {
  let pairs = new Float64Array(V * V).fill(1 / (V * V));
  for (let step = 0; step < 500; step++) {
    const next = new Float64Array(V * V);
    pairs.forEach((mass, s) => {
      for (let c = 0; c < V; c++) next[(s % V) * V + c]! += mass * p[s]![c]!;
    });
    pairs = next;
  }
  const single = Float64Array.from({ length: V }, (_, b) => pairs.reduce((sum, mass, s) => (s % V === b ? sum + mass : sum), 0));
  const h = (values: Float64Array) => values.reduce((sum, v) => (v > 0 ? sum - v * Math.log(v) : sum), 0);
  return [h(single), h(pairs) - h(single), pairs.reduce((sum, mass, s) => sum + mass * h(p[s]!), 0)];
}

/** Mean −ln p per token of an n-gram model of counts plus one half. */
function loss(train: Int32Array, text: Int32Array, order: number): number {
  const size = V ** order;
  const counts = new Float64Array(size * V).fill(PSEUDO);
  const totals = new Float64Array(size).fill(PSEUDO * V);
  const walk = (tokens: Int32Array, visit: (context: number, token: number) => void) => {
    for (let i = 3; i < tokens.length; i++) {
      let context = 0;
      for (let j = i - order; j < i; j++) context = context * V + tokens[j]!;
      visit(context, tokens[i]!);
    }
  };
  walk(train, (context, token) => {
    counts[context * V + token]! += 1;
    totals[context]! += 1;
  });
  let sum = 0;
  walk(text, (context, token) => {
    sum -= Math.log(counts[context * V + token]! / totals[context]!);
  });
  return sum / (text.length - 3);
}

export default defineDemo({
  name: 'perplexity',
  version: 1,
  topics: ['language-models', 'pretraining'],
  title: { en: 'Perplexity and its floor', zh: '困惑度与它的下限' },
  summary: {
    en: 'Trains n-gram models of order 0 to 3 on text from a source that looks back two tokens: perplexity on training and new text beside the entropy of the source.',
    zh: '用一个只看前两个词元的信源生成文本，训练 0 到 3 阶的 n 元模型：训练文本与新文本上的困惑度，以及信源的熵给出的下限。',
  },
  params: {
    tokens: {
      type: 'integer',
      min: 1000,
      max: 50_000,
      default: 20_000,
      scale: 'log',
      description: { en: 'training tokens', zh: '训练词元数' },
    },
  },
  names: {
    test: { en: 'perplexity on new text, order', zh: '新文本的困惑度，阶数' },
    train: { en: 'perplexity on training text, order', zh: '训练文本的困惑度，阶数' },
    floor: { en: 'exp(entropy), order', zh: 'exp(熵)，阶数' },
    ratio: { en: 'perplexity over exp(entropy), order', zh: '困惑度与 exp(熵) 之比，阶数' },
    excess: { en: 'loss above the source (nats), order', zh: '高出信源的损失（奈特），阶数' },
    'excess-ratio': { en: 'that over (V^o(V − 1))/(2N), order', zh: '它与 (V^o(V − 1))/(2N) 之比，阶数' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'little text', zh: '文本很少' }, params: { tokens: 1000 } },
    { label: { en: '50 000 tokens', zh: '50 000 个词元' }, params: { tokens: 50_000 } },
  ],
  run({ rng, progress }, { tokens: n }) {
    const p = source(rng.fork(1));
    const [train, test] = [draw(rng.fork(2), p, n), draw(rng.fork(3), p, TEST)];
    const h = entropies(p);
    const floors = [h[0]!, h[1]!, h[2]!, h[2]!];
    let own = 0;
    for (let i = 3; i < TEST; i++) own -= Math.log(p[test[i - 2]! * V + test[i - 1]!]![test[i]!]!);
    own /= TEST - 3;
    const measures: Record<string, number> = {};
    const series = (x: number[]) =>
      ['test', 'train', 'floor'].map((name) => ({ name, x, y: x.map((order) => measures[`${name}:${order}`]!) }));
    for (const order of ORDERS) {
      const fresh = loss(train, test, order);
      measures[`test:${order}`] = Math.exp(fresh);
      measures[`train:${order}`] = Math.exp(loss(train, train, order));
      measures[`floor:${order}`] = Math.exp(floors[order]!);
      measures[`ratio:${order}`] = Math.exp(fresh - floors[order]!);
      if (order >= 2) {
        measures[`excess:${order}`] = fresh - own;
        measures[`excess-ratio:${order}`] = (fresh - own) / ((V ** order * (V - 1)) / (2 * n));
      }
      progress((order + 1) / ORDERS.length, () => ({ series: series(ORDERS.slice(0, order + 1)), measures }));
    }
    return { series: series(ORDERS), measures, checks: checks(n) };
  },
  chart({ series, measures }, { tokens }, locale) {
    const names = {
      test: { en: 'new text', zh: '新文本' },
      train: { en: 'training text', zh: '训练文本' },
      floor: { en: 'exp(entropy)', zh: 'exp(熵)' },
    };
    const best = bestOrder(measures);
    return {
      type: 'lines',
      title: localize(
        {
          en: `New text: order ${best} is best, with ${num(measures[`test:${best}`]!)}; order 3 has ${num(measures['test:3']!)}`,
          zh: `新文本：${best} 阶的困惑度最小，${num(measures[`test:${best}`]!)}；3 阶为 ${num(measures['test:3']!)}`,
        },
        locale,
      ),
      subtitle: localize(
        { en: `source of order 2 over ${V} tokens, ${tokens} training tokens`, zh: `2 阶信源，${V} 种词元，${tokens} 个训练词元` },
        locale,
      ),
      alt: localize(
        {
          en: `Perplexity over the order of the model: new text ${series[0]!.y.map((v) => num(v)).join(', ')}; training text ${series[1]!.y.map((v) => num(v)).join(', ')}.`,
          zh: `困惑度随模型阶数的变化：新文本 ${series[0]!.y.map((v) => num(v)).join(', ')}；训练文本 ${series[1]!.y.map((v) => num(v)).join(', ')}。`,
        },
        locale,
      ),
      x: { label: localize({ en: 'order: tokens that the model looks back', zh: '阶数：模型往回看的词元数' }, locale), min: 0, max: 3 },
      y: { label: localize({ en: 'perplexity', zh: '困惑度' }, locale) },
      lines: series.map(({ name, x, y }) => ({
        name: localize(names[name as keyof typeof names], locale),
        x,
        y,
        ...(name === 'floor' && { dashed: true, color: 6 }),
      })),
    };
  },
  reading({ measures }, { tokens }, locale) {
    return localize(
      {
        en: `On new text the model of order 2 has perplexity ${num(measures['test:2']!, 4)}, the source itself exp(H) = ${num(measures['floor:2']!, 4)}; each of its ${V ** 2 * (V - 1)} free numbers costs about 1/(2N) nats.\nOrder 3 knows no more of the source and has five times as many: ${num(measures['excess:3']!)} nats above the source on new text with ${tokens} training tokens, although its training perplexity, ${num(measures['train:3']!, 4)}, is the lowest.`,
        zh: `在新文本上，2 阶模型的困惑度为 ${num(measures['test:2']!, 4)}，信源本身 exp(H) = ${num(measures['floor:2']!, 4)}；它的 ${V ** 2 * (V - 1)} 个自由参数各值约 1/(2N) 奈特。\n3 阶对信源并不知道得更多，参数却多四倍：${tokens} 个训练词元时，在新文本上高出信源 ${num(measures['excess:3']!)} 奈特，尽管训练困惑度 ${num(measures['train:3']!, 4)} 最低。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ tokens }) => ({
      en: `A source looks back two tokens. Trained on ${tokens} tokens of it, which n-gram model has the lowest perplexity on new text?`,
      zh: `信源只看前两个词元。用 ${tokens} 个词元训练，哪种 n 元模型在新文本上困惑度最低？`,
    }),
    options: ORDERS.map((order) => ({ id: String(order), text: { en: `order ${order}`, zh: `${order} 阶` } })),
    outcome: ({ measures }) => String(bestOrder(measures)),
    why: {
      en: 'A model that looks back less cannot reach the entropy of the source; one that looks back more must estimate more numbers from the same text.',
      zh: '看得更少的模型达不到信源的熵；看得更多的模型要用同样的文本估计更多参数。',
    },
  },
});

function bestOrder(measures: Readonly<Record<string, number>>): number {
  return ORDERS.reduce((best, order) => (measures[`test:${order}`]! < measures[`test:${best}`]! ? order : best));
}

function checks(n: number): DemoCheck[] {
  if (n < 20_000) return [];
  return [
    ...[0, 1, 2].map((order) => ({
      id: `ratio:${order}`,
      claim: { en: `order ${order} reaches exp(entropy) (ratio)`, zh: `${order} 阶达到 exp(熵)（比值）` },
      predicted: 1,
      tolerance: 0.012,
    })),
    {
      id: 'excess-ratio:2',
      claim: { en: 'order 2: V²(V − 1)/(2N) above the source (ratio)', zh: '2 阶：高出信源 V²(V − 1)/(2N)（比值）' },
      predicted: 1,
      tolerance: 0.6,
    },
    {
      id: 'excess-ratio:3',
      claim: { en: 'order 3: V³(V − 1)/(2N) above it (ratio)', zh: '3 阶：高出 V³(V − 1)/(2N)（比值）' },
      predicted: 1,
      tolerance: 0.28,
    },
    ...(n === 20_000
      ? [{ id: 'ratio:3', claim: { en: 'order 3 is worse on new text', zh: '3 阶在新文本上更差' }, ...within(1.004, 1.025) }]
      : []),
  ];
}
