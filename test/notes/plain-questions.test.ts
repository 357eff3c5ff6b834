import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kindsOf } from '../../src/notes/kinds.ts';
import { loadContent } from '../../src/notes/load.ts';
import { unitOf } from '../../src/notes/present-answer.ts';
import { createSearch, THRESHOLDS } from '../../src/notes/search.ts';
import { termsOf } from '../../src/notes/terms.ts';

const search = createSearch(loadContent(join(import.meta.dirname, '../../content')));
afterAll(() => search.close());

function first(text: string): string {
  const outcome = search.ask(text);
  return 'hit' in outcome ? `${outcome.hit.topic.id}${unitOf(outcome.hit)}` : outcome.kind;
}

describe('a symptom told in numbers', () => {
  it.each([
    'loss stays 0.693 after 300 steps, val acc 50%',
    'my loss is stuck around 2.303 on 10 classes',
    '模型训练很多轮准确度仍然在16.67%左右，loss值基本没有变化',
    'accuracy always 0.1 on cifar10',
    'loss一直是1.0986不变',
    'loss stays at 4.605 with 100 classes, what is wrong',
    '验证准确率一直50%',
  ])('%s is that of guessing', (text) => {
    expect(first(text)).toBe('debugging-training?stuck-at-chance');
  });

  it.each(['test accuracy went from 50% to 93%, is that plausible', 'what does a dropout of 0.5 do'])('%s is no guessing', (text) => {
    expect(first(text)).not.toBe('debugging-training?stuck-at-chance');
  });
});

it.each([
  ['What is the convolution operation?', 'convolution?what'],
  ['卷积操作是什么', 'convolution?what'],
  ['what is the adam algorithm', 'adam?what'],
  ['how do I reduce overfitting?', 'bias-variance?reduce-variance'],
  ['如何处理过拟合问题', 'bias-variance?reduce-variance'],
  ['为什么 batchnorm 在小 batch 时效果差？', 'batch-normalization?small-batches'],
])('%s finds the plain answer in front of its narrow siblings', (text, unit) => {
  expect(first(text)).toBe(unit);
});

it('the Chinese words that ask leave nothing behind that is looked for', () => {
  expect(termsOf('哪些')).toEqual({ main: '', inner: '' });
});

it('a short word is no typo of one that begins otherwise', () => {
  expect(search.ranker.rank('how do I cook rice').terms.main.split(' ')).not.toContain('dice');
});

it.each(['loss 突然飙升', 'validation accuracy is stuck at 40%', '训练 loss 一直不下降'])('%s is told as a symptom', (text) => {
  expect(kindsOf(text)).toContain('symptom');
});

it.each(['什么是梯度下降', 'how does Adam work'])('%s is no symptom', (text) => {
  expect(kindsOf(text)).not.toContain('symptom');
});

it.each([
  ['why is validation loss lower than training loss', 'better'],
  ['training loss is LOWER than validation loss', 'worse'],
  ['test accuracy higher than train accuracy', 'better'],
  ['the training error is far below the test error', 'worse'],
  ['验证集loss低于训练集loss', 'better'],
  ['训练集loss比验证集低', 'worse'],
  ['测试集准确率不如训练集', 'worse'],
])('%s: unseen data do %s', (text, side) => {
  expect(termsOf(text).main.split(' ')).toContain(`qqd${side}`);
});

it.each(['训练误差 5%、验证误差 15% 说明什么', 'validation loss and training loss', 'what is the training loss lower bound'])(
  '%s says of neither side that it is better',
  (text) => {
    expect(termsOf(text).main).not.toContain('qqd');
  },
);

it.each([
  ['什么是感受野（Receptive Field）？', 'pooling-and-receptive-field?receptive-field'],
  ['感受野是什么意思', 'pooling-and-receptive-field?receptive-field'],
  ['explain gradient clipping', 'exploding-gradients?clipping'],
  ['what is mAP', 'classification-metrics?map'],
])('%s is answered by what defines it, for sure', (text, unit) => {
  expect(first(text)).toBe(unit);
  expect(search.ask(text).kind).toBe('answer');
});

it('a slip in a name of three letters is mended where the letters are the same', () => {
  const correct = (text: string) => search.ranker.aliases.correct(text, (word) => word === 'map');
  expect([correct('KTT'), correct('SMV'), correct('map'), correct('GPS')]).toEqual(['kkt', 'svm', 'map', 'gps']);
});

it('where nothing is likely but a topic stands out, the two that come closest are told as uncertain', () => {
  const vague = [
    '你觉得 Transformer 最难是哪一部分',
    'the history of dropout in Japan',
    'momentum and taxes',
    'who likes k-means most',
    'Adam 的八卦',
    'is batch norm beautiful',
  ];
  const outcomes = vague.map((text) => search.ask(text));
  const unsure = outcomes.filter(({ probability }) => probability >= THRESHOLDS.maybe && probability < THRESHOLDS.likely);
  expect(unsure.length).toBeGreaterThan(0);
  for (const outcome of unsure) expect(outcome).toMatchObject({ kind: 'likely', also: { why: 'unsure' } });
});
