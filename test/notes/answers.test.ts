import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { demos } from '../../src/experiments/index.ts';
import { checkContent } from '../../src/notes/check.ts';
import { loadContent } from '../../src/notes/load.ts';

const topics = join(import.meta.dirname, '../../content/topics');
const file = (folder: string) => join(folder, 'topics/dropout/answers.yaml');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'answers-'));
  cpSync(join(topics, 'dropout'), join(folder, 'topics/dropout'), { recursive: true });
});

const entry = (id: string, over: Record<string, string> = {}) => {
  const fields: Record<string, string> = {
    ask: `{ en: ["${id} one?", "${id} two?", "${id} three?"], zh: ["${id} 一？", "${id} 二？", "${id} 三？"] }`,
    answer: '{ en: "It is so.", zh: "是这样。" }',
    section: 'maths',
    sources: '[srivastava2014]',
    ...over,
  };
  return [`- id: dropout.${id}`, ...Object.entries(fields).map(([key, value]) => `  ${key}: ${value}`)].join('\n');
};
const twelve = Array.from({ length: 12 }, (_, i) => entry(`q${i}`));

function problems(text: string): string[] {
  writeFileSync(file(folder), text);
  return checkContent(loadContent(folder), folder, demos)
    .filter((problem) => problem.file === file(folder))
    .map(({ line, message }) => `${line ?? ''} ${message}`);
}

describe('answers.yaml', () => {
  it('of twelve sound answers has nothing to complain about, and they are read', () => {
    expect(problems(twelve.join('\n'))).toEqual([]);
    expect(loadContent(folder).topics.get('dropout')!.answers).toHaveLength(12);
  });

  it.each([
    ['an unknown section', entry('bad', { section: 'nonsense' }), /^64 dropout\.bad: the section nonsense does not exist$/],
    ['an unknown source', entry('bad', { sources: '[nobody1999]' }), /^65 dropout\.bad: nobody1999 is not among the sources$/],
    ['an unknown claim', entry('bad', { claim: 'nonsense' }), /^66 dropout\.bad: the claim nonsense does not exist$/],
    [
      'a phrasing of another answer',
      entry('bad', { ask: '{ en: ["Q1, one!", "x?", "y?"], zh: ["甲？", "乙？", "丙？"] }' }),
      /^62 dropout\.bad: “Q1, one!” is asked by dropout\.q1 already$/,
    ],
    ['an empty language', entry('bad', { answer: '{ en: "So.", zh: "" }' }), /^63 0?.*answer\.zh/],
    ['a missing language', entry('bad', { answer: '{ en: "So." }' }), /^\d+ .*no answer in zh/],
    ['too long an answer', entry('bad', { answer: `{ en: "${'a'.repeat(1_201)}", zh: "是。" }` }), /^63 .*at most 1200 characters/],
    ['too few phrasings', entry('bad', { ask: '{ en: ["a?", "b?"], zh: ["甲？", "乙？", "丙？"] }' }), /^62 .*2 phrasings in en/],
    ['an id of another topic', entry('bad').replace('dropout.bad', 'momentum.bad'), /^61 .*the id begins with dropout\./],
    ['an id used twice', entry('q3'), /^61 dropout\.q3 is used twice$/],
    ['an unknown field', entry('bad', { answr: 'x' }), /^61 .*answr/],
  ])('%s is told with its line', (_, extra, expected) => {
    const found = problems([...twelve, extra].join('\n'));
    expect(found.filter((message) => expected.test(message))).toHaveLength(1);
    expect(found).toHaveLength(1);
  });

  it('with a mistake in one answer keeps the others', () => {
    writeFileSync(file(folder), [...twelve, entry('bad', { answer: '{ en: 5 }' })].join('\n'));
    expect(loadContent(folder).topics.get('dropout')!.answers).toHaveLength(12);
  });

  it.each(['', '# nothing yet', '[]'])('may be empty: %j', (text) => {
    expect(problems(text)).toEqual([]);
  });

  it.each(['- id: [', 'answers: no list', '- just words'])('%j is told, and the topic stays', (text) => {
    expect(problems(text)).not.toEqual([]);
    expect(loadContent(folder).topics.has('dropout')).toBe(true);
  });
});
