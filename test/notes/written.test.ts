import { join } from 'node:path';
import { expect, it } from 'vitest';
import { squeeze } from '../../src/notes/analyse.ts';
import type { AnsweredQuestion, Topic } from '../../src/notes/content.ts';
import { loadContent } from '../../src/notes/load.ts';
import { createWritten } from '../../src/notes/written.ts';

const topic = (id: string, asks: Record<string, string[]>): Topic => ({
  id,
  area: 'other',
  related: [],
  needs: [],
  sources: [],
  claims: [],
  texts: {},
  answers: Object.entries(asks).map(
    ([name, ask]): AnsweredQuestion => ({ id: `${id}.${name}`, ask: { en: ask }, answer: {}, sources: [] }),
  ),
});

it('finds every phrasing that an author wrote down, in the unit that a Map of all of them names', () => {
  const topics = [...loadContent(join(import.meta.dirname, '../../content')).topics.values()];
  const all = topics.flatMap(({ id, answers }) =>
    answers.flatMap((answer) =>
      Object.values(answer.ask).flatMap((asks) => asks.map((ask) => [ask, `${id}?${answer.id.slice(id.length + 1)}`] as const)),
    ),
  );
  const wanted = new Map(all.map(([ask, unit]) => [squeeze(ask), unit]));
  const find = createWritten(topics);
  expect(all.length).toBeGreaterThan(10_000);
  expect(all.filter(([ask]) => find(ask) !== wanted.get(squeeze(ask)))).toEqual([]);
});

it('however it is spelt, and the last where several have it; nothing for what nobody wrote, checksum or not', () => {
  // `plumless` and `buckeroo` have the same CRC-32.
  const find = createWritten([topic('a', { one: ['Why scale?', 'plumless'] }), topic('b', { two: ['why SCALE'] })]);
  expect(['WHY scale', 'plumless', 'buckeroo', 'why not'].map(find)).toEqual(['b?two', 'a?one', undefined, undefined]);
});
