import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { startAdam } from '../../demos/lib/adam.ts';
import { drawParameters, encode } from '../../demos/lib/encoder.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { mean } from '../../demos/lib/stats.ts';
import { ENCODER, LENGTH, lookAt, PROBE, sentence, trainStep } from '../../demos/lib/toy-language.ts';

const PROBES = 120;

export default defineDemo({
  name: 'bert-layers',
  version: 3,
  topics: ['bert-embeddings', 'attention'],
  title: { en: 'Hidden states, layer by layer', zh: '逐层的隐藏状态' },
  summary: {
    en: 'Trains a tiny transformer on an artificial language by masked words, with Adam, and shows how context enters layer by layer. It is not a pretrained BERT.',
    zh: '用掩码词（Adam 优化）在人造语言上训练一个很小的 Transformer，展示上下文怎样逐层进入。它不是预训练的 BERT。',
  },
  params: {
    layers: {
      type: 'integer',
      min: 1,
      max: 4,
      default: 3,
      description: { en: 'transformer layers', zh: 'Transformer 层数' },
    },
    steps: {
      type: 'integer',
      min: 0,
      max: 600,
      default: 300,
      description: { en: 'training steps (0 = random weights)', zh: '训练步数（0 = 随机权重）' },
    },
  },
  names: {
    'hidden-states': { en: 'hidden states', zh: '隐藏状态数' },
    'bank-cosine': { en: '“bank”: smallest cosine, index', zh: '“bank”的最小余弦，下标' },
    'cls-cosine': { en: '[CLS]: smallest cosine, index', zh: '[CLS] 的最小余弦，下标' },
    'cls-1nn': { en: '[CLS] tells topics apart, index', zh: '[CLS] 区分主题的正确率，下标' },
    'mean-1nn': { en: 'mean of tokens tells topics apart, index', zh: '各词平均区分主题的正确率，下标' },
    'topic-gap': { en: '“bank”: cosine within less across topics, index', zh: '“bank”同主题与不同主题的余弦差，下标' },
    'same-position-cosine': { en: '“bank”: mean cosine, index', zh: '“bank”的平均余弦，下标' },
    loss: { en: 'training loss', zh: '训练损失' },
    same: { en: '“bank”, same topic', zh: '“bank”，同一主题' },
    different: { en: '“bank”, different topics', zh: '“bank”，不同主题' },
    nearest: { en: '[CLS] tells topics apart', zh: '[CLS] 区分主题的正确率' },
    'nearest-mean': { en: 'mean of tokens tells topics apart', zh: '各词平均区分主题的正确率' },
  },
  deadline: 120_000,
  variations: [
    { label: { en: 'untrained', zh: '不训练' }, params: { steps: 0 } },
    { label: { en: 'one layer', zh: '一层' }, params: { layers: 1 } },
  ],
  run({ tf, rng, progress }, { layers, steps }) {
    const shape = { ...ENCODER, layers };
    const losses: number[] = [];
    let state = startAdam(tf, drawParameters(tf, rng.fork(0), shape));
    try {
      const own = rng.fork(1);
      for (let i = 0; i < steps; i++) {
        const step = trainStep(tf, own, shape, state);
        state = step.state;
        losses.push(step.loss);
        progress((i + 1) / steps, () => ({ series: [{ name: 'loss', x: losses.map((_, at) => at), y: [...losses] }] }));
      }
      const probe = rng.fork(2);
      const sentences = Array.from({ length: PROBES }, () => sentence(probe, PROBE));
      const states = tf.tidy(() => {
        const encoded = encode(
          tf,
          shape,
          state.parameters,
          sentences.map(({ tokens }) => tokens),
        );
        return encoded.states.map((one) => tf.reshape(one, [PROBES, LENGTH, shape.width]).arraySync() as number[][][]);
      });
      const facts = states.map((state) => lookAt(state, sentences));
      const measures: Record<string, number> = { 'hidden-states': states.length };
      facts.forEach((fact, l) => {
        measures[`bank-cosine:${l}`] = fact.smallest;
        measures[`cls-cosine:${l}`] = fact.clsSmallest;
        measures[`cls-1nn:${l}`] = fact.nearest;
        measures[`mean-1nn:${l}`] = fact.nearestMean;
        measures[`topic-gap:${l}`] = fact.same - fact.different;
        measures[`same-position-cosine:${l}`] = fact.all;
      });
      if (steps >= 50) measures.loss = mean(losses.slice(-30));
      const x = facts.map((_, l) => l);
      return {
        series: [
          { name: 'same', x, y: facts.map(({ same }) => same) },
          { name: 'different', x, y: facts.map(({ different }) => different) },
          { name: 'nearest', x, y: facts.map(({ nearest }) => nearest) },
          { name: 'nearest-mean', x, y: facts.map(({ nearestMean }) => nearestMean) },
          { name: 'loss', x: losses.map((_, i) => i), y: losses },
        ],
        measures,
        checks: checksFor(layers, steps),
      };
    } finally {
      tf.dispose({ ...state });
    }
  },
  chart({ series, measures }, { layers, steps }, locale) {
    const of = (name: string) => series.find((one) => one.name === name)!;
    const gap = num(measures[`topic-gap:${layers}`]!);
    const x = {
      label: localize({ en: 'index of hidden_states (0 = embeddings)', zh: 'hidden_states 下标（0 = 嵌入层）' }, locale),
      categories: of('same').x.map(String),
    };
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        parts(measures, layers)
          ? {
              en: `“bank” parts by topic: a gap of ${num(measures['topic-gap:0']!, 2)} at index 0, of ${gap} at index ${layers}`,
              zh: `“bank”按主题分开：下标 0 处差距为 ${num(measures['topic-gap:0']!, 2)}，下标 ${layers} 处为 ${gap}`,
            }
          : {
              en: `“bank” does not part by topic here: a gap of ${gap} at index ${layers}`,
              zh: `这里“bank”没有按主题分开：下标 ${layers} 处差距为 ${gap}`,
            },
        locale,
      ),
      subtitle: localize(
        {
          en: `toy model, layers: ${layers}, steps: ${steps}; not a pretrained BERT`,
          zh: `玩具模型，${layers} 层，${steps} 步；不是预训练的 BERT`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: mean cosine of the word “bank” in two sentences by layer: identical (1) at index 0; at index ${layers} it differs by ${gap} between sentences of the same and of different topics. Right: share of [CLS] vectors whose nearest neighbour has the same topic: ${of(
            'nearest',
          )
            .y.map((y) => percent(y))
            .join(', ')}.`,
          zh: `左：两句话里“bank”一词的平均余弦，按层：下标 0 完全相同（1）；下标 ${layers} 处同主题与不同主题相差 ${gap}。右：[CLS] 向量最近邻主题相同的比例：${of(
            'nearest',
          )
            .y.map((y) => percent(y))
            .join('、')}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'bars',
          title: localize({ en: 'Cosine of “bank” in two sentences', zh: '两句话中“bank”的余弦' }, locale),
          alt: '',
          x,
          y: {
            label: localize({ en: 'mean cosine', zh: '平均余弦' }, locale),
            min: Math.min(...of('different').y) < 0 ? -1 : 0,
            max: 1.2,
          },
          groups: [
            { name: localize({ en: 'same topic', zh: '同一主题' }, locale), values: of('same').y },
            { name: localize({ en: 'different topics', zh: '不同主题' }, locale), values: of('different').y },
          ],
        },
        {
          type: 'bars',
          title: localize({ en: 'Nearest sentence vector has the same topic', zh: '最近的句向量主题相同' }, locale),
          alt: '',
          x,
          y: { label: localize({ en: 'share', zh: '比例' }, locale), min: 0, max: 1.2 },
          groups: [
            { name: '[CLS]', values: of('nearest').y },
            { name: localize({ en: 'mean of the tokens', zh: '各词平均' }, locale), values: of('nearest-mean').y },
          ],
          format: 'percent',
        },
      ],
    };
  },
  reading({ measures }, { layers }, locale) {
    const [first, last, pooled] = ['cls-1nn:0', `cls-1nn:${layers}`, `mean-1nn:${layers}`].map((key) => percent(measures[key]!));
    const state = stateOf(measures);
    const topic = parts(measures, layers)
      ? { en: 'the vector depends on the topic', zh: '向量取决于主题' }
      : { en: 'the vector hardly depends on the topic', zh: '向量几乎不取决于主题' };
    return localize(
      {
        en: `Hidden states: ${measures['hidden-states']} (one per layer and the embeddings). Index 0 is the embedding output, where a word has the same vector in every sentence (cosine ${num(measures['bank-cosine:0']!, 4)}).\nAt index ${layers} ${topic.en} (gap ${num(measures[`topic-gap:${layers}`]!)}), and [CLS] tells the topics apart in ${last} of cases (${first} at index 0), the mean of the tokens in ${pooled}. This toy is no pretrained BERT: it shows neither that raw [CLS] is worse than the mean (Reimers & Gurevych 2019) nor that training makes vectors anisotropic (Ethayarajh 2019; random weights are too).${state.en}`,
        zh: `隐藏状态共 ${measures['hidden-states']} 个（每层一个，再加嵌入层）：下标 0 是嵌入层输出，同一个词在任何句子里向量都相同（余弦 ${num(measures['bank-cosine:0']!, 4)}）。\n到下标 ${layers}，${topic.zh}（差距 ${num(measures[`topic-gap:${layers}`]!)}），[CLS] 区分主题的正确率为 ${last}（下标 0 为 ${first}），各词平均为 ${pooled}。这个玩具模型不是预训练的 BERT：它既不能说明直接用 [CLS] 不如平均（Reimers & Gurevych 2019），也不能说明训练使向量各向异性（Ethayarajh 2019；随机权重也如此）。${state.zh}`,
      },
      locale,
    );
  },
  predict: {
    question: ({ layers }) => ({
      en: `A model returns its hidden states; its transformer layers number ${layers}. How many tensors are in the list?`,
      zh: `模型有 ${layers} 层 Transformer，返回隐藏状态，列表里有几个张量？`,
    }),
    options: ({ layers }) =>
      [layers - 1, layers, layers + 1].map((count) => ({ id: String(count), text: { en: String(count), zh: String(count) } })),
    outcome: ({ measures }) => String(measures['hidden-states']),
    why: {
      en: 'One per layer, and the embedding output at index 0.',
      zh: '每层一个，再加下标 0 的嵌入层输出。',
    },
  },
});

/** Whether “bank” is clearly more alike in two sentences of one topic than of different topics. */
function parts(measures: Readonly<Record<string, number>>, layers: number): boolean {
  return measures[`topic-gap:${layers}`]! >= 0.1;
}

/** What the loss says of a run that has not learnt all; 2.97 nats without context, 2.55 with the topic but without “bank”. */
function stateOf({ loss }: Readonly<Record<string, number>>): { en: string; zh: string } {
  if (loss === undefined || loss <= 2.4) return { en: '', zh: '' };
  return loss < 2.7
    ? {
        en: ` The loss of ${num(loss)} is near 2.55: this run knows the topic but has not learnt yet when “bank” is the hidden word; more steps usually teach it.`,
        zh: `损失 ${num(loss)} 接近 2.55：这次运行学会了主题，但还没学会何时被遮住的是“bank”；多训练几步通常能学会。`,
      }
    : {
        en: ` The loss of ${num(loss)} is near 2.97, which needs no context: so few steps have not taught the topic.`,
        zh: `损失 ${num(loss)} 接近不看上下文的 2.97：这些步数还没有学会主题。`,
      };
}

function checksFor(layers: number, steps: number): DemoCheck[] {
  const always: DemoCheck[] = [
    {
      id: 'hidden-states',
      claim: { en: 'one hidden state per layer and the embeddings', zh: '每层一个隐藏状态，再加嵌入层' },
      predicted: layers + 1,
      tolerance: 0,
    },
    {
      id: 'bank-cosine:0',
      claim: {
        en: 'index 0: the same word has the same vector everywhere (smallest cosine)',
        zh: '下标 0：同一个词处处相同（最小余弦）',
      },
      predicted: 1,
      tolerance: 1e-4,
    },
    {
      id: 'cls-cosine:0',
      claim: {
        en: 'index 0: [CLS] is the same in every sentence (smallest cosine)',
        zh: '下标 0：[CLS] 在每句中相同（最小余弦）',
      },
      predicted: 1,
      tolerance: 1e-4,
    },
  ];
  if (layers !== 3 || steps !== 300) return always;
  return [
    ...always,
    {
      id: 'cls-1nn:3',
      claim: {
        en: 'index 3: [CLS] tells the topics apart',
        zh: '下标 3：[CLS] 能区分主题',
      },
      ...within(0.95, 1),
    },
    {
      id: 'mean-1nn:3',
      claim: {
        en: 'index 3: so does the mean of the tokens',
        zh: '下标 3：各词平均同样能',
      },
      ...within(0.95, 1),
    },
    {
      id: 'topic-gap:3',
      claim: {
        en: 'index 3: “bank” differs between topics (gap)',
        zh: '下标 3：“bank”随主题而不同（差距）',
      },
      ...within(0.5, 2),
    },
    {
      id: 'same-position-cosine:3',
      claim: {
        en: 'index 3: the position alone no longer decides (cosine)',
        zh: '下标 3：不再只由位置决定（余弦）',
      },
      ...within(-1, 0.75),
    },
    {
      id: 'loss',
      claim: { en: 'loss near the floor of this language, 2.17 nats', zh: '损失接近这种语言的下限 2.17' },
      predicted: 2.172,
      tolerance: 0.15,
    },
  ];
}
