import { expect, it } from 'vitest';
import { asHeading } from '../../src/notes/as-heading.ts';

it.each([
  ['what is GELU', 'What is GELU?'],
  ['softmax before CrossEntropyLoss', 'Softmax before CrossEntropyLoss'],
  ['nn.ReLU(inplace=True) what does it do', 'nn.ReLU(inplace=True) what does it do'],
  ['lr too large', 'Lr too large'],
  ['p-value below 0.05', 'p-value below 0.05'],
  ['Is ReLU really non-linear? It is made of two straight lines', 'Is ReLU really non-linear? It is made of two straight lines'],
  ['Why does it work?', 'Why does it work?'],
  ['批归一化是什么', '批归一化是什么？'],
  ['BN 和 LN 的区别', 'BN 和 LN 的区别'],
  ['学习率怎么选？', '学习率怎么选？'],
])('%s', (typed, heading) => {
  expect(asHeading(typed)).toBe(heading);
});
