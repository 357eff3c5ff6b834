import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createConversations, type Place } from '../../src/notes/conversations.ts';
import { excerptOf, sentencesOf } from '../../src/notes/excerpt.ts';
import { loadContent } from '../../src/notes/load.ts';
import { unitOf } from '../../src/notes/present-answer.ts';
import { createSearch } from '../../src/notes/search.ts';
import { smallTalkOf } from '../../src/notes/small-talk.ts';
import { termsOf, weighted } from '../../src/notes/terms.ts';

const MINUTE = 60_000;
let time = 0;
const clock = { now: () => time } as Parameters<typeof createConversations>[0];
afterEach(() => {
  time = 0;
});
const ada: Place = { platform: 'slack', space: 'T1', room: 'C1', user: { id: 'ada' } };
const bob: Place = { ...ada, user: { id: 'bob' } };
const spoken = { topic: 'dropout', unit: '?why-scale' };

it('a person’s last answer counts for ten minutes, for them, in that room', () => {
  const talks = createConversations(clock);
  talks.remember(ada, spoken);
  time = 10 * MINUTE;
  expect(talks.last(ada)).toEqual(spoken);
  expect(talks.last(bob)).toBeUndefined();
  expect(talks.last({ ...ada, room: 'C2' })).toBeUndefined();
  time = 10 * MINUTE + 1;
  expect(talks.last(ada)).toBeUndefined();
});

it('a thread’s last answer counts for everyone in it', () => {
  const talks = createConversations(clock);
  talks.remember({ ...ada, thread: '17.1' }, spoken);
  expect(talks.last({ ...bob, thread: '17.1' })).toEqual(spoken);
  expect(talks.last({ ...bob, thread: '17.2' })).toBeUndefined();
});

it.each([
  ['Hello!', 'hello'],
  ['你好', 'hello'],
  ['hi there 👋', 'hello'],
  ['谢谢啦！', 'thanks'],
  ['thank you so much', 'thanks'],
  ['你是谁？', 'who'],
  ['who are you?', 'who'],
  ['再见', 'bye'],
  ['what is dropout', undefined],
  ['hello world in pytorch', undefined],
  ['你好，什么是动量', undefined],
])('%s is small talk of kind %s', (text, kind) => {
  expect(smallTalkOf(text)).toBe(kind);
});

it('sentences keep formulas and abbreviations whole', () => {
  expect(sentencesOf('It is $f(x)=1. 5$ (e.g. here). Then. 然后呢？好。')).toEqual([
    'It is $f(x)=1. 5$ (e.g. here).',
    'Then.',
    '然后呢？',
    '好。',
  ]);
});

it('an excerpt is the neighbouring sentences that the question is about', () => {
  const body =
    'Momentum keeps a running velocity. It was found long ago. Many people like it. Nobody knows why they do. At test time nothing changes, since momentum only acts in training. The optimiser state is not needed for inference. Save it to resume.';
  const { text, whole } = excerptOf(body, weighted(termsOf('what happens to momentum at test time and inference')));
  expect(whole).toBe(false);
  expect(text).toContain('At test time nothing changes');
  expect(excerptOf('One sentence only.', new Map())).toEqual({ text: 'One sentence only.', whole: true });
});

describe('after an answer', () => {
  const content = loadContent(join(import.meta.dirname, '../../content'));
  const search = createSearch(content);
  afterAll(() => search.close());
  const unit = (text: string, topic: string, name: string) => {
    const outcome = search.ask(text, { topic, unit: name });
    return 'hit' in outcome ? `${outcome.hit.topic.id}${unitOf(outcome.hit)}` : outcome.kind;
  };

  it.each([
    ['and in PyTorch?', 'dropout', '?what-is', /^dropout/],
    ['那它为什么能防过拟合？', 'dropout', '?what-is', /^dropout\?why/],
    ['how many trees?', 'random-forests', '?what-is', /^random-forests\?n-trees/],
    ['那测试的时候呢？', 'batch-normalization', '?what', /^batch-normalization\?test-time/],
    ['and for regression?', 'support-vector-machines', '?what-is', /^support-vector-machines\?regression/],
    ['举个具体数字看看', 'adam', '?what', /^adam#example/],
  ])('%s is read in its light', (text, topic, name, expected) => {
    expect(unit(text, topic, name)).toMatch(expected);
  });

  it.each(['why?', '为什么？', 'how so?'])('%s does not tell the same again', (text) => {
    const told = unit(text, 'layer-normalization', '?why-transformer');
    expect(told).toMatch(/^layer-normalization/);
    expect(told).not.toBe('layer-normalization?why-transformer');
  });

  // Whatever was spoken of before: the same reply as without it.
  it.each([
    'what is overfitting?',
    'loss is nan',
    '怎么防止过拟合',
    'k-means怎么选k',
    'how do I choose the learning rate?',
    'what is the capital of France',
    'when should I stop training?',
    '为什么需要激活函数',
    'how does batch norm work',
    '今天天气怎么样',
  ])('%s stands for itself', (text) => {
    for (const [topic, name] of [
      ['learning-rate', '?choose'],
      ['attention', '?what'],
      ['naive-bayes', '?what-is'],
    ] as const)
      expect(search.ask(text, { topic, unit: name })).toEqual(search.ask(text));
  });
});
