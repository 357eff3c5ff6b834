import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { parsePairs, validateOptions } from '../../src/core/options.ts';
import { MAX_MESSAGE, parseText } from '../../src/core/parse.ts';
import { sampleRegistry } from '../helpers/registry.ts';

const parse = (text: string) => parseText(text, sampleRegistry);
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
  return 'no error';
};

describe('parseText', () => {
  it.each([
    ['/demo gradient-norms depth:20 seed:7', 'demo', { name: 'gradient-norms', depth: '20', seed: '7' }],
    ['/DEMO gradient-norms seed=7', 'demo', { name: 'gradient-norms', seed: '7' }],
    ['/demo gradient-norms activations:"sigmoid, relu"', 'demo', { name: 'gradient-norms', activations: 'sigmoid, relu' }],
    ['/demo gradient-norms activations:“sigmoid”', 'demo', { name: 'gradient-norms', activations: 'sigmoid' }],
    ['/demo gradient-norms depth\uFF1A20', 'demo', { name: 'gradient-norms', depth: '20' }],
    ['/explain batch norm at test time', 'explain', { topic: 'batch norm at test time' }],
    ["/explain what's a learning rate: too high?", 'explain', { topic: "what's a learning rate: too high?" }],
    ['/explain batchnorm lang:zh', 'explain', { topic: 'batchnorm', lang: 'zh' }],
    ['/explain lang:zh batch norm', 'explain', { topic: 'batch norm', lang: 'zh' }],
    ['/explain "batch norm"', 'explain', { topic: 'batch norm' }],
    ['/tutor explain batchnorm', 'explain', { topic: 'batchnorm' }],
    ['/explain 批归一化', 'explain', { topic: '批归一化' }],
    ['/quiz start topic:batch-size', 'quiz', { do: 'start', topic: 'batch-size' }],
  ])('reads %s', (text, command, options) => {
    expect(parse(text)).toEqual({ command, options });
  });

  it.each(['why does my sigmoid net not learn?', '🙂'])('takes %s for a question, or for an answer where one is awaited', (text) => {
    expect(parse(text)).toEqual({ command: 'ask', options: { question: text }, bare: true });
  });

  it.each([
    ['', 'empty-message'],
    ['   ', 'empty-message'],
    ['/explian batchnorm', 'unknown-command-did-you-mean'],
    ['/zzzzzz', 'unknown-command'],
    ['/quiz start tpoic:x', 'unknown-option-did-you-mean'],
    ['/quiz start zzzzzzz:x', 'unknown-option'],
    ['/quiz start now please', 'too-many-words'],
    ['x'.repeat(MAX_MESSAGE + 1), 'message-too-long'],
  ])('refuses %.30s', (text, code) => {
    expect(codeOf(() => parse(text))).toBe(code);
  });

  it('keeps a line at the limit', () => {
    expect(parse('x'.repeat(MAX_MESSAGE)).command).toBe('ask');
  });
});

describe('validateOptions', () => {
  const demo = sampleRegistry.get('demo')!;
  const quiz = sampleRegistry.get('quiz')!;

  it('coerces and gathers pairs', () => {
    expect(validateOptions(demo, { name: 'x', depth: '20', seed: '7', predict: 'on' })).toEqual({
      name: 'x',
      seed: 7,
      predict: true,
      parameters: { depth: '20' },
    });
    expect(validateOptions(demo, { name: 'x', parameters: 'depth:20 rates:0.1,0.2' })).toEqual({
      name: 'x',
      parameters: { depth: '20', rates: '0.1,0.2' },
    });
  });

  it.each([
    [demo, {}, 'missing-option'],
    [demo, { name: 'x', seed: '1.5' }, 'not-an-integer'],
    [demo, { name: 'x', seed: '-1' }, 'not-an-integer'],
    [demo, { name: 'x', seed: '101' }, 'not-an-integer'],
    [demo, { name: 'x', seed: 'NaN' }, 'not-an-integer'],
    [demo, { name: 'x', predict: 'perhaps' }, 'not-a-boolean'],
    [quiz, { do: 'strat' }, 'not-a-choice-did-you-mean'],
    [quiz, { do: 'zzzzzz' }, 'not-a-choice'],
    [quiz, { do: 'start', topic: 'x'.repeat(2001) }, 'text-too-long'],
    [quiz, { do: 'start', constructor: 'x' }, 'unknown-option'],
  ] as const)('refuses %#', (command, raw, code) => {
    expect(codeOf(() => validateOptions(command, raw as Record<string, string>))).toBe(code);
  });

  it('accepts the bounds themselves', () => {
    expect(validateOptions(demo, { name: 'x', seed: '0' })).toMatchObject({ seed: 0 });
    expect(validateOptions(demo, { name: 'x', seed: '100' })).toMatchObject({ seed: 100 });
  });
});

it('parsePairs reads what people type into one field', () => {
  expect(parsePairs('depth:20 width = 8 init:"he" rates\uFF1A1,2')).toEqual({
    depth: '20',
    width: '8',
    init: 'he',
    rates: '1,2',
  });
});
