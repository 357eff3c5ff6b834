import { stripVTControlCharacters, styleText } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownToLines } from '../../../src/adapters/terminal/markdown.ts';
import { tableToLines } from '../../../src/adapters/terminal/table.ts';
import { type Paint, wrap } from '../../../src/adapters/terminal/wrap.ts';
import { displayWidth } from '../../../src/core/reply.ts';

const plain: Paint = (_, text) => text;
const coloured: Paint = (format, text) => (format.length > 0 ? styleText([...format], text, { validateStream: false }) : text);
const words = fc.array(
  fc.constantFrom('batch', '批归一化', 'normalisation', '，', '。', '“均值”', 'γ', '∂L/∂W', '😀', '(He)', '×0.233', 'x'.repeat(30)),
  {
    maxLength: 60,
  },
);

describe('wrap', () => {
  it('keeps every letter, and every line within the width', () => {
    fc.assert(
      fc.property(words, fc.constantFrom('', ' '), fc.integer({ min: 12, max: 90 }), (parts, glue, width) => {
        const runs = parts.map((text, i) => ({ text: text + glue, ...(i % 3 === 0 && { format: ['bold'] as const }) }));
        const lines = wrap(runs, width, plain);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replace(/\s/g, '')).toBe(parts.join(''));
        expect(wrap(runs, width, coloured).map(stripVTControlCharacters)).toEqual(lines);
      }),
      { numRuns: 500, seed: 28 },
    );
  });

  it('begins no line with a full stop, and breaks no address', () => {
    expect(wrap([{ text: '测试时用滑动平均。训练' }], 16, plain)).toEqual(['测试时用滑动平', '均。训练']);
    const url = 'https://arxiv.org/abs/1502.03167';
    expect(wrap([{ text: 'see ' }, { text: url, whole: true }], 20, plain)).toEqual(['see', url]);
  });
});

describe('markdownToLines', () => {
  it.each([
    ['**bold** *it* `code` ~', ['bold it code ~']],
    ['**注意：**这里要 `eval()`', ['注意：这里要 eval()']],
    ['- one\n- two\n  1. **deep**\n  2. x', ['• one', '• two', '  1. deep', '  2. x']],
    ['> quoted *words*', ['│ quoted words']],
    ['[paper](https://example.org/a)', ['paper (https://example.org/a)']],
    ['<https://example.org/a>', ['https://example.org/a']],
    ['### Third\n\ntext', ['Third', '', 'text']],
    ['```py\nx = **kwargs\n```', ['  x = **kwargs']],
    ['the loss $L = \\frac{1}{n}\\sum_i \\ell_i$ falls', ['the loss L = (1/n)∑ᵢ ℓᵢ falls']],
    ['$a_1 * b_2 * c_3$', ['a₁ * b₂ * c₃']],
    ['中文\n换行', ['中文换行']],
  ])('%j', (markdown, expected) => {
    expect(markdownToLines(markdown, 80, plain)).toEqual(expected);
  });

  it('shows styles where the terminal has them, and survives a thousand quotes', () => {
    expect(markdownToLines('**b**', 80, coloured)).toEqual(['\u001b[1mb\u001b[22m']);
    expect(markdownToLines(`${'> '.repeat(20_000)}deep`, 80, plain).join('')).toContain('deep');
  });
});

describe('tableToLines', () => {
  it('fits any table into the width, and loses no letter of it', () => {
    const cell = fc.constantFrom(
      '',
      '✓ Yes',
      '0.2313 ± 0.0061',
      '每层梯度范数的因子 √(n Var W)',
      'factor of ‖δ‖ per layer at this depth',
      '😀',
    );
    const table = fc
      .integer({ min: 1, max: 12 })
      .chain((n) => fc.array(fc.array(cell, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 5 }));
    fc.assert(
      fc.property(table, ([columns, ...rows]) => {
        const lines = tableToLines(columns!, rows, 80, plain);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
        const letters = (text: string) => [...text.replace(/[\s─]/g, '')].sort().join('');
        for (const text of new Set(rows.flat())) for (const letter of letters(text)) expect(lines.join('')).toContain(letter);
      }),
      { numRuns: 300, seed: 28 },
    );
  });

  it('wraps the widest column', () => {
    expect(
      tableToLines(
        ['Claim', 'Is'],
        [
          ['a rather long claim', '1'],
          ['b', '2'],
        ],
        16,
        plain,
      ),
    ).toEqual(['Claim         Is', '────────────  ──', 'a rather      1', 'long claim', '', 'b             2']);
  });
});
