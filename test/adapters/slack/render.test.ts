import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderForHome, renderOne, renderReply } from '../../../src/adapters/slack/render.ts';
import { type Block, type Button, say } from '../../../src/core/reply.ts';
import { messageProblems, viewProblems, visibleText } from '../../helpers/slack/block-kit.ts';

const pages = (...blocks: Block[]) => renderReply(say(blocks)).pages;
const blocksOf = (...blocks: Block[]) => pages(...blocks).flatMap((page) => page.blocks);
const problems = (...blocks: Block[]) => pages(...blocks).flatMap((page) => messageProblems({ ...page }));
const buttons = (count: number, label = 'b'): Block => ({
  type: 'buttons',
  items: Array.from({ length: count }, (_, i): Button => ({ id: `1~x~y~${i}`, label: `${label}${i}` })),
});
const long = (length: number, unit = '字') => unit.repeat(length);

describe('at Slack’s limits and one beyond', () => {
  // The numbers are those of ../shared/platforms.md (slackblocks' limits.json), not our constants.
  it.each([
    ['header 150', { type: 'heading', text: long(150) }, ['header']],
    ['header 151', { type: 'heading', text: long(151) }, ['rich_text']],
    ['header 150 emoji, which are one character each', { type: 'heading', text: long(150, '😀') }, ['header']],
    ['note 3000', { type: 'note', text: long(3000) }, ['context']],
    ['note 3001', { type: 'note', text: long(3001) }, ['context', 'context']],
    ['rich text 3000', { type: 'markdown', text: long(3000) }, ['rich_text']],
    ['rich text 3001', { type: 'markdown', text: long(3001) }, ['rich_text', 'rich_text']],
    ['25 buttons', buttons(25), ['actions']],
    ['26 buttons', buttons(26), ['actions', 'actions']],
    ['100 rows with the head', { type: 'table', columns: ['a'], rows: Array.from({ length: 99 }, () => ['1']) }, ['table']],
    ['101 rows with the head', { type: 'table', columns: ['a'], rows: Array.from({ length: 100 }, () => ['1']) }, ['table', 'rich_text']],
    ['20 columns', { type: 'table', columns: Array(20).fill('a'), rows: [Array(20).fill('1')] }, ['table']],
    ['21 columns', { type: 'table', columns: Array(21).fill('a'), rows: [Array(21).fill('1')] }, ['rich_text']],
  ] as [string, Block, string[]][])('%s', (_what, block, types) => {
    expect(blocksOf(block).map(({ type }) => type)).toEqual(types);
    expect(problems(block)).toEqual([]);
    const shown = visibleText(blocksOf(block));
    if ('text' in block) expect(shown.replaceAll('\n', '')).toBe(block.text);
  });

  it.each([75, 76])('a button’s label of %i', (length) => {
    const [actions] = blocksOf({ type: 'buttons', items: [{ id: '1~x~y', label: long(length) }] }) as unknown as {
      elements: { text: { text: string } }[];
    }[];
    expect([...actions!.elements[0]!.text.text]).toHaveLength(75);
    expect(actions!.elements[0]!.text.text.endsWith('…')).toBe(length > 75);
  });

  it.each([49, 50, 51, 101])('%i blocks', (count) => {
    const all = Array.from({ length: count }, (): Block => ({ type: 'divider' }));
    expect(pages(...all).every((page) => page.blocks.length < 50)).toBe(true);
    expect(blocksOf(...all)).toHaveLength(count);
    expect(renderForHome(all)).toHaveLength(Math.min(count, 100));
    expect(viewProblems({ type: 'home', blocks: renderForHome(all) })).toEqual([]);
  });

  it.each([10_000, 10_001, 35_000])('a text of %i characters, on as many messages as it takes', (length) => {
    const text = Array.from({ length: length / 10 }, (_, i) => `word${String(i).padStart(4, '0')}, `)
      .join('')
      .padEnd(length, '字');
    const made = pages({ type: 'markdown', text });
    expect(made.length).toBe(Math.ceil(length / 10_000));
    expect(made.flatMap((page) => messageProblems({ ...page }))).toEqual([]);
    expect(made.map((page) => visibleText(page.blocks).replaceAll('\n', '')).join('')).toBe(text.trim());
  });

  it('an alt text of 1000 and 1001', () => {
    for (const length of [1000, 1001]) {
      const image: Block = { type: 'image', png: new Uint8Array([1]), name: 'a.png', alt: long(length), width: 1, height: 1 };
      const [upload] = renderReply(say([image])).uploads;
      expect([...upload!.alt!]).toHaveLength(1000);
      expect(upload!.alt!.endsWith('…')).toBe(length > 1000);
    }
  });

  it('and the rules of this test refuse what is beyond', () => {
    const text = (type: string, length: number) => ({ type, text: { type: 'plain_text', text: long(length) } });
    const button = { type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'a' } };
    for (const [blocks, expected] of [
      [[text('header', 150)], 0],
      [[text('header', 151)], 1],
      [[{ type: 'context', elements: [{ type: 'plain_text', text: long(3001) }] }], 1],
      [Array.from({ length: 50 }, () => ({ type: 'divider' })), 0],
      [Array.from({ length: 51 }, () => ({ type: 'divider' })), 1],
      [[{ type: 'actions', elements: [button, button] }], 1],
      [[{ type: 'actions', elements: [{ ...button, style: 'secondary' }] }], 1],
      [[{ type: 'section', text: { type: 'mrkdwn', text: 'hi <!channel>' } }], 1],
      [[{ type: 'table', rows: Array.from({ length: 101 }, () => [{ type: 'raw_text', text: '1' }]) }], 1],
      [[{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U1' }] }] }], 1],
      [[{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: long(13_201) }] }] }], 1],
    ] as [unknown[], number][])
      expect(messageProblems({ text: 'x', blocks }).length, JSON.stringify(blocks).slice(0, 80)).toBe(expected);
  });
});

describe('what a reader sees', () => {
  it('is bold also where it touches Chinese, and as structure instead of signs', () => {
    const [block] = blocksOf({
      type: 'markdown',
      text: '这是**批归一化**的一步。\n\n**注意：**均值\n\n- 一 `x_1`\n  1. 内层\n- [论文](https://arxiv.org/abs/1)\n\n> 引用\n\n```\nloss < 1 & 2\n```\n\n$\\frac{1}{2}$',
    }) as unknown as { elements: { type: string; elements: { type?: string; text?: string; style?: object }[] }[] }[];
    const inline = block!.elements.flatMap(({ elements }) => elements);
    expect(inline).toContainEqual({ type: 'text', text: '批归一化', style: { bold: true } });
    expect(inline).toContainEqual({ type: 'text', text: '注意：', style: { bold: true } });
    expect(block!.elements.map(({ type }) => type)).toEqual([
      'rich_text_section',
      'rich_text_list',
      'rich_text_list',
      'rich_text_list',
      'rich_text_quote',
      'rich_text_preformatted',
      'rich_text_section',
    ]);
    const shown = visibleText(block);
    expect(shown).not.toMatch(/\*|\\frac|&lt;/);
    expect(shown).toContain('loss < 1 & 2');
    expect(shown).toContain('½');
  });

  it('cannot mention anyone', () => {
    const evil = '<!channel> <@U123> @here <#C1|x> & <https://evil.example|bank>';
    const made = pages(
      { type: 'heading', text: evil },
      { type: 'markdown', text: evil },
      { type: 'note', text: evil },
      { type: 'note', tone: 'error', text: evil },
      { type: 'fields', items: [{ name: evil, value: evil }] },
      { type: 'table', columns: [evil], rows: [[evil]] },
      { type: 'buttons', items: [{ id: 'a', label: evil }] },
      { type: 'deadline', text: `${evil} {time}`, at: 1_700_000_000_000 },
    );
    expect(made.flatMap((page) => messageProblems({ ...page }))).toEqual([]);
    expect(JSON.stringify(made)).not.toMatch(/"type":"(user|broadcast|usergroup|channel)"/);
  });

  it('has a time in the reader’s own zone', () => {
    const [block] = blocksOf({ type: 'deadline', text: 'Until {time}', at: 1_700_000_000_000 });
    expect(block).toEqual({
      type: 'context',
      elements: [{ type: 'mrkdwn', text: 'Until <!date^1700000000^{time_secs}|22:13:20 UTC>' }],
    });
  });

  it('names a disabled button instead of dropping it', () => {
    const made = blocksOf({ type: 'buttons', items: [{ id: 'a', label: 'Gone', disabled: true }] });
    expect(visibleText(made)).toContain('Gone');
    expect(made.every(({ type }) => type !== 'actions')).toBe(true);
  });
});

const blockArbitrary: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant('heading' as const), text: fc.string({ unit: 'grapheme', maxLength: 400 }) }),
  fc.record({ type: fc.constant('markdown' as const), text: fc.string({ unit: 'grapheme', maxLength: 6000 }) }),
  fc.record({
    type: fc.constant('markdown' as const),
    text: fc
      .array(
        fc.constantFrom('**', '*', '`', '```\n', '- ', '1. ', '> ', '\n', '\n\n', '[a](http://x)', '字', '：', '![](', '<b>', '$', '# '),
        { maxLength: 60 },
      )
      .map((parts) => parts.join('')),
  }),
  fc.record({ type: fc.constant('note' as const), text: fc.string({ maxLength: 4000 }), tone: fc.constantFrom('info', 'error') }),
  fc.record({
    type: fc.constant('fields' as const),
    items: fc.array(fc.record({ name: fc.string(), value: fc.string({ maxLength: 3000 }) }), { maxLength: 30 }),
  }),
  fc.record({
    type: fc.constant('table' as const),
    columns: fc.array(fc.string(), { minLength: 1, maxLength: 25 }),
    rows: fc.array(fc.array(fc.string(), { maxLength: 25 }), { maxLength: 120 }),
  }),
  fc.record({
    type: fc.constant('buttons' as const),
    items: fc.array(fc.record({ id: fc.string({ maxLength: 100 }), label: fc.string({ maxLength: 120 }), disabled: fc.boolean() }), {
      maxLength: 60,
    }),
  }),
  fc.record({ type: fc.constant('deadline' as const), text: fc.string(), at: fc.integer({ min: 0, max: 4e12 }) }),
  fc.constant({ type: 'divider' as const }),
) as fc.Arbitrary<Block>;

it('makes messages that Slack takes of any reply', () => {
  fc.assert(
    fc.property(fc.array(blockArbitrary, { minLength: 1, maxLength: 12 }), (blocks) => {
      const { pages: made } = renderReply(say(blocks));
      for (const page of made) expect(messageProblems({ ...page })).toEqual([]);
      expect(messageProblems({ ...renderOne(say(blocks)) })).toEqual([]);
      expect(
        viewProblems({ type: 'home', blocks: renderForHome(blocks) }).filter((problem) => !problem.includes('characters in all')),
      ).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

describe('emphasis', () => {
  const elementsOf = (markdown: string) => {
    const [block] = renderReply(say([{ type: 'markdown', text: markdown }])).pages[0]!.blocks;
    return (block as { elements: { elements: { text: string; style?: { bold?: true } }[] }[] }).elements[0]!.elements;
  };

  it.each([
    ['**注意：**这里', '注意：'],
    ['这是**“学习率”**的定义', '“学习率”'],
    ['说**《注意力》**一文', '《注意力》'],
    ['取**率（η）**为零', '率（η）'],
    ['这是**`relu`：**的图', 'relu：'],
  ])('bold beside full-width marks is bold: %s', (markdown, bold) => {
    const elements = elementsOf(markdown);
    expect(elements.map(({ text }) => text).join('')).not.toContain('*');
    expect(
      elements
        .filter(({ style }) => style?.bold)
        .map(({ text }) => text)
        .join(''),
    ).toBe(bold);
  });

  it('has at most one accented button in a row', () => {
    const row = (styles: ('primary' | 'success' | 'danger' | undefined)[]) => {
      const items = styles.map((style, i) => ({ id: `/${i}`, label: `${i}`, ...(style && { style }) }));
      const [block] = renderReply(say([{ type: 'buttons', items }])).pages[0]!.blocks;
      return (block as { elements: { style?: string }[] }).elements.map(({ style }) => style);
    };
    expect(row(['primary', undefined, 'danger'])).toEqual(['primary', undefined, 'danger']);
    expect(row(['primary', 'primary', 'success', 'danger'])).toEqual([undefined, undefined, undefined, 'danger']);
    expect(row(['success', undefined])).toEqual(['primary', undefined]);
  });
});
