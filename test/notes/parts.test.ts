import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadStrings } from '../../src/core/i18n.ts';
import { buttonsOf, displayWidth } from '../../src/core/reply.ts';
import { loadContent } from '../../src/notes/load.ts';
import { partsOf } from '../../src/notes/parts.ts';
import { outcomeBlocks, unitOf } from '../../src/notes/present-answer.ts';
import { createSearch } from '../../src/notes/search.ts';
import type { NotesView, Outcome } from '../../src/notes/service.ts';

const content = loadContent(join(import.meta.dirname, '../../content'));
const search = createSearch(content);
afterAll(() => search.close());

function shown(outcome: Outcome): string[] {
  if (!('hit' in outcome)) return [];
  return [outcome.hit, ...(outcome.also ? [outcome.also.hit] : [])].map((hit) => `${hit.topic.id}${unitOf(hit)}`);
}

describe('a message', () => {
  it.each([
    ['What is dropout? How do I choose the rate?', 2],
    ['什么是动量？参数一般怎么选？', 2],
    ['which models are fitted by EM, and why not by gradient descent', 2],
    ['写出注意力的公式，q、k、v分别代表什么', 2],
    ['梯度消失是怎么产生的？如何解决？', 2],
    ['Is batch norm a linear map? Why?', 1],
    ['我在训练一个分类器。用了 Adam。为什么 loss 不下降？', 1],
    ['why does the loss stay at 0.693', 1],
    ['L1 和 L2 正则化有什么区别', 1],
    ['loss constant', 0],
  ])('%s asks so many things: %i', (text, count) => {
    expect(partsOf(text)).toHaveLength(count);
  });

  it.each([
    ['What is dropout? And what is weight decay?', ['dropout?what-is', 'regularization?weight-decay']],
    ['什么是早停？什么是动量？', ['early-stopping?what', 'momentum?what']],
  ])('%s is told both', (text, units) => {
    const outcome = search.ask(text);
    expect(shown(outcome)).toEqual(units);
    expect('hit' in outcome && outcome.also?.why).toBe('asked-too');
  });

  it('that is a question of the notes word for word is answered as one, however it is built', () => {
    const several = [...content.topics.values()]
      .flatMap(({ answers }) => answers.flatMap(({ ask }) => Object.values(ask).flatMap((asks) => asks ?? [])))
      .filter((phrasing) => partsOf(phrasing).length > 1)
      .slice(0, 40);
    expect(several.length).toBeGreaterThan(10);
    for (const phrasing of several) expect(shown(search.ask(phrasing))).toHaveLength(1);
  });
});

describe('a reply with two answers', () => {
  const questions = [
    'What is dropout? And what is weight decay?',
    '什么是早停？什么是动量？',
    'KL 散度在损失函数里起什么作用',
    '贝叶斯是线性分类器吗',
  ];
  const notes = { content: () => content, topic: search.topic } as unknown as NotesView;
  const i18n = loadStrings();

  it.each(questions)('%s: fits where one at its longest fits, offers no button twice, says that there are two', (text) => {
    const outcome = search.ask(text);
    expect(shown(outcome)).toHaveLength(2);
    for (const locale of ['en', 'zh'] as const) {
      const blocks = outcomeBlocks({ notes, locale, t: i18n(locale) }, outcome);
      expect(blocks[0]).toMatchObject({ type: 'note' });
      expect(blocks.filter(({ type }) => type === 'heading')).toHaveLength(2);
      const ids = blocks.flatMap(buttonsOf).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const bodies = blocks.flatMap((block) => (block.type === 'markdown' ? [displayWidth(block.text)] : []));
      const second = bodies.at(-1)!;
      const sum = bodies.reduce((a, b) => a + b, 0);
      // However long the first is, the second gets a few sentences.
      expect(sum <= 1_300 || second <= 600).toBe(true);
    }
  });
});
