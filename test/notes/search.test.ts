import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { analyse } from '../../src/notes/analyse.ts';
import type { Topic } from '../../src/notes/content.ts';
import { loadContent } from '../../src/notes/load.ts';
import type { Prepared } from '../../src/notes/prepare.ts';
import { unitOf } from '../../src/notes/present-answer.ts';
import { readTopic } from '../../src/notes/read-topic.ts';
import { createSearch } from '../../src/notes/search.ts';
import type { Outcome } from '../../src/notes/service.ts';
import { termsOf } from '../../src/notes/terms.ts';

const content = loadContent(join(import.meta.dirname, '../../content'));
const search = createSearch(content);
afterAll(() => search.close());

const shown = (outcome: Outcome) => ('hit' in outcome ? `${outcome.hit.topic.id}${unitOf(outcome.hit)}` : outcome.kind);

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
    expect(search.named(text)?.id).toBe(topic);
  });

  it('every title and alias is a name of its own topic', () => {
    const wrong = [...content.topics.values()].flatMap((topic) =>
      Object.values(topic.texts)
        .flatMap(({ title, aliases }) => [title, ...aliases])
        .filter((name) => search.named(name)?.id !== topic.id),
    );
    expect(wrong).toEqual([]);
  });

  it.each(['why is dropout random', '梯度消失怎么办', 'how do I cook rice', ''])('%j is more than a name', (text) => {
    expect(search.named(text)).toBeUndefined();
  });
});

describe('questions', () => {
  it('a phrasing of an answered question finds its own answer', () => {
    const wrong: string[] = [];
    let count = 0;
    for (const topic of content.topics.values())
      for (const answer of topic.answers)
        for (const [i, phrasing] of Object.values(answer.ask).flat().entries()) {
          // One of each answer, a different one from answer to answer.
          if (i !== answer.id.length % 6) continue;
          count++;
          const outcome = search.ask(phrasing);
          if (!('hit' in outcome) || outcome.hit.kind !== 'answer' || outcome.hit.answer.id !== answer.id) wrong.push(phrasing);
        }
    // Two answers may be asked in nearly the same words; more than one in a hundred would be two answers to one question.
    expect(wrong.length / count, wrong.join('\n')).toBeLessThan(0.01);
  });

  it('in one language find an answer that stands in both', () => {
    expect(shown(search.ask('什么是批归一化'))).toBe(shown(search.ask('what is batch normalization')));
  });

  it.each(['how do I cook rice', 'recipe for rice', '今天天气怎么样', '😀', '', '   '])('the notes do not answer %j', (text) => {
    expect(search.ask(text).kind).toBe('none');
  });

  it('what the notes do not answer leads to each topic that it names, and to none twice', () => {
    const outcome = search.ask('cheapest resnet and adam hoodie shop downtown amsterdam delivery tuesday voucher');
    expect(outcome.kind).toBe('none');
    const near = outcome.alternatives.map(({ topic }) => topic.id);
    expect(near.slice(0, 2).toSorted()).toEqual(['adam', 'residual-connections']);
    expect(new Set(near).size).toBe(near.length);
  });

  it.each(['"; drop table topics; --', 'NEAR(a b) OR *', 'title : x ^ 2'])('%j is text, not a query', (text) => {
    expect(search.ask(text).kind).not.toBe('answer');
  });

  it('of any kind never throw', () => {
    const spoken = { topic: 'dropout', unit: '#idea' };
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.boolean(), (text, follows) => {
        return search.ask(text, follows ? spoken : undefined).kind.length > 0;
      }),
      { numRuns: 200, seed: 1 },
    );
    expect(search.ask('梯度 '.repeat(30_000)).kind).toBeTruthy();
  });
});

describe('follow-ups', () => {
  const spoken = { topic: 'batch-normalization', unit: '#idea' };

  it.each(['and at test time?', '那测试的时候呢？'])('%s is about what was spoken of', (text) => {
    expect(shown(search.ask(text, spoken))).toMatch(/^batch-normalization/);
    expect(shown(search.ask(text, { topic: 'dropout', unit: '#idea' }))).toMatch(/^dropout/);
  });

  it.each(['give me an example', '举个例子', 'can you show an example?'])('%s shows the example', (text) => {
    expect(shown(search.ask(text, spoken))).toBe('batch-normalization#example');
  });

  it.each(['tell me more', '再详细一点'])('%s goes on', (text) => {
    expect(shown(search.ask(text, spoken))).toMatch(/^batch-normalization#(?!idea)/);
  });

  it('a question with a subject of its own stands for itself', () => {
    expect(shown(search.ask('what is momentum?', spoken))).toMatch(/^momentum/);
  });
});

describe('a note of one heading with many sections, without answered questions', () => {
  const body = (about: string) => `${about} The rest of this section says it at more length, with an example and its limits.`;
  const note = [
    '---\ntitle: Week three\n---\n',
    `## Dropout\n\n${body('Dropout sets random activations to zero while training, so that units do not rely on each other.')}\n`,
    `## Weight decay\n\n${body('Weight decay pulls every weight towards zero at each step. Unlike dropout it adds no noise.')}\n`,
    `## Early stopping\n\n${body('Early stopping ends training when the validation loss rises; dropout and decay are often used beside it.')}\n`,
  ].join('\n');
  const { topic, prepared } = readTopic('week-three', { en: { file: 'en.md', text: note } });
  const others = ['momentum', 'attention', 'gradient', 'loss-functions'];
  const own = createSearch({
    topics: new Map([...others.map((id): [string, Topic] => [id, content.topics.get(id)!]), ['week-three', topic!]]),
    prepared: new Map([...others.map((id): [string, Prepared] => [id, content.prepared.get(id)!]), ['week-three', prepared!]]),
  });
  afterAll(() => own.close());

  it.each([
    ['what is dropout', '#dropout'],
    ['Early stopping 是什么', '#early-stopping'],
  ])('%s is answered by the section of that name', (text, unit) => {
    expect(shown(own.ask(text))).toBe(`week-three${unit}`);
  });
});

describe('terms', () => {
  it('analyse takes Han in ones and pairs, Latin by stem, Traditional as Simplified', () => {
    expect(analyse('梯度')).toEqual(['梯', '梯度', '度']);
    expect(analyse('批標準化')).toEqual(analyse('批标准化'));
    expect(analyse('Vanishing gradients')).toEqual(analyse('vanish gradient'));
    expect(analyse('the of and')).toEqual([]);
  });

  it('of known expressions are the same in both languages and every spelling', () => {
    const { main } = termsOf('learning rate');
    expect(main).toMatch(/^qqc\d+$/);
    for (const other of ['lr', '学习率', '學習率', 'Learning Rates']) expect(termsOf(other).main).toBe(main);
    expect(termsOf('学习率太大').main.split(' ')[0]).toBe(main);
  });
});
