import { describe, expect, it } from 'vitest';
import { type Block, blockToText, displayWidth, say, tableToText, toText } from '../../src/core/reply.ts';

const blocks: Block[] = [
  { type: 'heading', text: 'Title' },
  { type: 'markdown', text: 'some **text**' },
  { type: 'note', text: 'careful', tone: 'warning' },
  { type: 'fields', items: [{ name: 'seed', value: '7' }] },
  {
    type: 'table',
    columns: ['a', '批'],
    rows: [
      ['1', '二二'],
      ['333', '4'],
    ],
  },
  {
    type: 'image',
    png: new Uint8Array([1]),
    name: 'chart.png',
    alt: 'falls from 1 to 0.1',
    width: 10,
    height: 10,
  },
  { type: 'file', name: 'data.json', mime: 'application/json', text: '{}' },
  { type: 'deadline', text: 'until {time}', at: 0 },
  { type: 'divider' },
  { type: 'buttons', items: [{ id: '1~a~b', label: 'Run' }] },
];

describe('toText', () => {
  it('holds every block, images and buttons included', () => {
    const text = toText(say(blocks));
    for (const part of [
      'Title',
      'some **text**',
      'careful',
      'seed: 7',
      '二二',
      'falls from 1 to 0.1',
      '[data.json] 1 kB',
      'until 00:00:00',
      '[ Run ]',
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each(blocks.map((block) => [block.type, block] as const))('%s has a text form', (_type, block) => {
    expect(blockToText(block).trim()).not.toBe('');
  });
});

it('aligns tables by display width', () => {
  const lines = tableToText(['梯度', 'b'], [['x', '1']]).split('\n');
  expect(lines.map((line) => displayWidth(line))).toEqual([7, 7, 7]);
  expect(lines[2]).toBe('x     1');
});
