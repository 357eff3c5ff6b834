import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { grade } from '../../src/quiz/grade.ts';
import type { Question } from '../../src/quiz/question.ts';
import { fold, isNear, isSame } from '../../src/quiz/same.ts';

const term = (accept: string): Question => ({
  ...{ id: 'a.one', kind: 'term', topic: 'a', difficulty: 2, prompt: { en: '?' }, explanation: { en: '.' } },
  accept: { en: [accept], zh: [] },
});
const credit = (accept: string, typed: string) => grade(term(accept), { order: [] }, { typed });

describe('a typed term', () => {
  it.each([
    [
      'batch normalization',
      ['Batch-Normalization', 'the batch  normalization.', '“batch normalization”', 'ＢＡＴＣＨ　normalization', 'Batch Normalization!'],
    ],
    ['批归一化', ['批 归一化', '批归一化。', '「批归一化」', '批归一化！']],
    ['LSTM', ['lstm', 'L.S.T.M.', 'ＬＳＴＭ', 'an LSTM']],
    ['t-SNE', ['tsne', 'T SNE', 't‑SNE']],
    ['GPT-2', ['gpt2', 'GPT 2']],
    ["Bayes' rule", ['Bayes’ rule', 'bayes rule', "the Bayes' rule"]],
    ['naïve Bayes', ['naive bayes', 'Naïve Bayes']],
    ['-x', ['−x', '－x', '- x', '–x.']],
  ])('%s forgives spelling habits', (accept, forms) => {
    for (const typed of forms) expect(credit(accept, typed), typed).toBe(1);
  });

  it.each([
    ['-x', 'x'],
    ['x', '-x'],
    ['x-1', 'x1'],
    ["f'", 'f'],
    ['n!', 'n'],
    ['a', 'the'],
    ['precision', 'recall'],
    ['L2', 'L1'],
  ])('%s is not %s', (accept, typed) => {
    expect(credit(accept, typed)).toBe(0);
  });

  it('keeps an article that is all there is', () => {
    expect(fold('A')).toBe('a');
    expect(fold('the')).toBe('the');
  });
});

describe('a typed number', () => {
  // The case in ../shared: a deck of terms, two of which are numbers.
  it.each([
    ['-1', ['-1', '−1', '－1', '-1.0', ' – 1 ', '-1。', '“-1”'], ['1', '+1', '11', '-1.1']],
    ['1.5', ['1.5', '1,5', '１．５', '3/2', '150%', '+1.5', '1.50.', '.15e1'], ['15', '1', '-1.5', '1:5', '1.5.5']],
    ['1500', ['1,500', '1500', '1.5e3', '1.5×10^3', '1,500.0'], ['1.5', '15,00', '1,50']],
    ['0.001', ['10^-3', '1e-3', '0,001', '0.1%'], ['0.01', '1,000']],
  ])('%s is a number, whatever its form', (accept, right, wrong) => {
    for (const typed of right) expect(credit(accept, typed), typed).toBe(1);
    for (const typed of wrong) expect(credit(accept, typed), typed).toBe(0);
  });

  it('holds its tolerance, and no more', () => {
    expect([isNear('0.3', 0.25, 0.05), isNear('0,31', 0.25, 0.05), isNear('abc', 0, 1), isNear('', 0, 1)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('is what our own content means: every accepted term is the same as itself', () => {
    const words = readFileSync(join(import.meta.dirname, '../../content/locales/zh.yaml'), 'utf8').match(/\S{2,20}/g)!;
    for (const word of words) expect(isSame(word, word), word).toBe(true);
  });
});
