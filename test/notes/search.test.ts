import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { analyse } from '../../src/notes/analyse.ts';
import { loadContent } from '../../src/notes/load.ts';
import { createSearch } from '../../src/notes/search.ts';
import { evaluate, loadQuestions, summarise } from '../eval/evaluate.ts';

const root = join(import.meta.dirname, '../..');
const content = loadContent(join(root, 'content'));
const search = createSearch(content);
afterAll(() => search.close());

const find = (text: string, mode: 'explain' | 'ask' = 'explain') => search.search(text, 'en', mode);

describe('names', () => {
  it.each([
    ['batchnorm', 'batch-normalization'],
    ['Batch-Norm', 'batch-normalization'],
    ['批標準化', 'batch-normalization'],
    ['tiduxiaoshi', 'vanishing-gradients'],
    ['tdxs', 'vanishing-gradients'],
    ['vanishing gradeint', 'vanishing-gradients'],
    ['残差', 'gradient-and-residual'],
  ])('%s is found', (text, topic) => {
    const outcome = find(text);
    expect(outcome.kind === 'answer' && outcome.hit.topic.id).toBe(topic);
  });

  it('every title and alias finds its own topic first', () => {
    const wrong: string[] = [];
    for (const topic of content.topics.values()) {
      for (const { title, aliases } of Object.values(topic.texts)) {
        for (const name of [title, ...aliases]) {
          const outcome = find(name);
          if (outcome.kind !== 'answer' || outcome.hit.topic.id !== topic.id) wrong.push(`${name} → ${outcome.kind}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('questions', () => {
  it('are answered by the section that is about them', () => {
    const outcome = find('batchnorm at test time', 'ask');
    expect(outcome.kind === 'answer' && outcome.hit.section.id).toBe('test-time');
  });

  it.each(['what is dropout', 'what is batchnorm', '什么是学习率', 'BERT 是什么', 'what is SGD'])('%s: by the idea of the note', (text) => {
    const outcome = find(text, 'ask');
    expect(outcome.kind === 'answer' && outcome.hit.section.id).toBe('idea');
  });

  it('in one language find a note in the other', () => {
    const outcome = search.search('为什么深层 sigmoid 网络训练这么慢', 'en', 'ask');
    expect(outcome.kind === 'answer' && outcome.hit.topic.id).toBe('vanishing-gradients');
    expect(outcome.kind === 'answer' && outcome.hit.section.heading).toMatch(/^[\x20-\x7e]+$/);
  });

  it.each(['how do I cook rice', '今天天气怎么样', '😀', '', '   '])('the notes do not answer %j', (text) => {
    expect(find(text, 'ask').kind).toBe('none');
  });

  it.each(['"; drop table topics; --', 'NEAR(a b) OR *', 'title : x ^ 2'])('%j is text, not a query', (text) => {
    expect(find(text, 'ask').kind).not.toBe('answer');
  });

  it('of any kind never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => find(text, 'ask').kind.length > 0),
      { numRuns: 200, seed: 1 },
    );
    expect(find('梯度 '.repeat(30_000), 'ask').kind).toBeTruthy();
  });
});

it('analyses Han in ones and pairs, Latin by stem, Traditional as Simplified', () => {
  expect(analyse('梯度')).toEqual(['梯', '梯度', '度']);
  expect(analyse('梯度')).toEqual(analyse('梯度'));
  expect(analyse('Vanishing gradients')).toEqual(analyse('vanish gradient'));
  expect(analyse('the of and')).toEqual([]);
});

it('keeps the figures that the README states, on the half that no threshold was set on', () => {
  const questions = loadQuestions(join(root, 'test/eval/questions.yaml'));
  expect(questions.length).toBeGreaterThanOrEqual(300);
  const report = summarise(evaluate(content, questions)).find(({ name }) => name === 'report half')!;
  expect(report.recall!.value).toBeGreaterThanOrEqual(0.95);
  expect(report.answered!.value).toBeGreaterThanOrEqual(0.9);
  expect(report.wrong!.value).toBeLessThanOrEqual(0.05);
});
