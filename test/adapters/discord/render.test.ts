import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Layout, type Payload, render } from '../../../src/adapters/discord/render.ts';
import { splitText } from '../../../src/adapters/discord/sentences.ts';
import { type Block, type Button, type Reply, say } from '../../../src/core/reply.ts';
import { allComponents, checkMessage, textsIn } from '../../helpers/discord/rules.ts';
import { loadSpec } from '../../helpers/discord/spec.ts';

const LAYOUTS: Layout[] = ['components', 'embeds'];
const POST = '/channels/{channel_id}/messages';
const spec = loadSpec();

type Json = Record<string, unknown>;

/** What Discord would say against a message, by its own description where that is here, and by our rules. */
function complaints({ body, files }: Payload): string[] {
  const uploads = files.map(({ name, data }) => ({ name, size: data.length }));
  return [
    ...checkMessage(body as unknown as Json, { edit: false, files: uploads }),
    ...(spec?.request('POST', POST, JSON.parse(JSON.stringify(body))) ?? []),
  ];
}

function pagesOf(reply: Reply, layout: Layout = 'components'): Payload[] {
  const first = render(reply, layout);
  return Array.from({ length: first.pages }, (_, page) => render(reply, layout, page));
}

const shown = (payload: Payload): string => textsIn(payload.body).join('\n');
const componentsOf = (payload: Payload): Json[] => allComponents(payload.body.components as unknown as Json[]);
const idsOf = (payload: Payload): string[] =>
  componentsOf(payload).flatMap(({ custom_id: id, options }) =>
    Array.isArray(options) ? options.map(({ value }) => String(value)) : id === undefined ? [] : [String(id)],
  );
const button = (id: string, label = id): Button => ({ id, label });
const sentence = (i: number) => `Sentence number ${i} says what it says and then it ends.`;
const png = new Uint8Array([137, 80, 78, 71]);

describe('any reply', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.constantFrom(
      '@everyone',
      '<@123>',
      '**',
      '```',
      '||x||',
      '# head',
      '- item',
      '$\\frac{a}{b}$',
      '[a](https://b.c)',
      '\n',
      '批归一化。',
    ),
    fc.integer({ min: 1, max: 5000 }).map((n) => 'x'.repeat(n)),
    fc.integer({ min: 1, max: 90 }).map((n) => Array.from({ length: n }, (_, i) => sentence(i)).join(' ')),
  );
  const block: fc.Arbitrary<Block> = fc.oneof(
    fc.record({ type: fc.constant('heading' as const), text }),
    fc.record({ type: fc.constant('markdown' as const), text }),
    fc.record({ type: fc.constant('note' as const), text, tone: fc.constantFrom('info' as const, 'warning' as const, 'error' as const) }),
    fc.record({ type: fc.constant('fields' as const), items: fc.array(fc.record({ name: text, value: text }), { maxLength: 6 }) }),
    fc.record({
      type: fc.constant('table' as const),
      columns: fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 5 }),
      rows: fc.array(fc.array(fc.string({ maxLength: 60 }), { maxLength: 5 }), { maxLength: 40 }),
    }),
    fc.record({
      type: fc.constant('image' as const),
      png: fc.constant(png),
      name: fc.string({ maxLength: 120 }),
      alt: text,
      width: fc.constant(1),
      height: fc.constant(1),
    }),
    fc.record({ type: fc.constant('file' as const), name: fc.string({ maxLength: 120 }), mime: fc.constant('text/plain'), text }),
    fc.record({
      type: fc.constant('buttons' as const),
      items: fc.array(fc.record({ id: fc.string({ maxLength: 110 }), label: fc.string({ maxLength: 120 }) }), { maxLength: 30 }),
    }),
    fc.record({ type: fc.constant('deadline' as const), text: fc.constant('Open until {time}'), at: fc.integer({ min: 0, max: 4e12 }) }),
    fc.constant({ type: 'divider' as const }),
  );

  it.each(LAYOUTS)('is a message that Discord takes, on every page (%s)', (layout) => {
    const check = fc.property(fc.array(block, { maxLength: 16 }), (blocks) => {
      const reply = say(blocks);
      const { pages } = render(reply, layout);
      for (const page of new Set([0, Math.floor(pages / 2), pages - 1])) expect(complaints(render(reply, layout, page))).toEqual([]);
    });
    fc.assert(check, { numRuns: 60, seed: 6 });
  });
});

describe('pages', () => {
  it.each(LAYOUTS)('hold whole sentences, each once and in order (%s)', (layout) => {
    const sentences = Array.from({ length: 200 }, (_, i) => sentence(i));
    const paragraphs = Array.from({ length: 4 }, (_, i) => sentences.slice(i * 50, i * 50 + 50).join(' '));
    const pages = pagesOf(say([{ type: 'markdown', text: paragraphs.join('\n\n') }]), layout);
    expect(pages.length).toBeGreaterThan(2);
    const together = pages.map(shown).join('\n');
    for (const one of sentences) expect(together.split(one)).toHaveLength(2);
    const places = sentences.map((one) => pages.findIndex((page) => shown(page).includes(one)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('divide Chinese at its full stops', () => {
    const pieces = splitText('梯度逐层变小。'.repeat(40), 100);
    expect(pieces.every((piece) => piece.endsWith('。') && piece.length <= 100)).toBe(true);
    expect(pieces.join('')).toBe('梯度逐层变小。'.repeat(40));
  });

  it('show what to do next on each of them, and turn with buttons that hold no more than a key and a number', () => {
    const long = Array.from({ length: 150 }, (_, i) => sentence(i)).join(' ');
    const reply = say([
      { type: 'markdown', text: long },
      { type: 'buttons', items: [button('1~quiz~again', 'Quiz me')] },
    ]);
    const pages = pagesOf(reply);
    expect(pages).toHaveLength(3);
    for (const [i, page] of pages.entries()) {
      expect(idsOf(page)).toContain('1~quiz~again');
      const turning = componentsOf(page).filter(({ custom_id: id }) => String(id).startsWith('1~discord~page~'));
      expect(turning.map(({ label, disabled }) => [label, disabled === true])).toEqual([
        ['◀', i === 0],
        [`${i + 1}/3`, true],
        ['▶', i === 2],
      ]);
    }
    expect(idsOf(pages[1]!)).toContain(`1~discord~page~${pages[0]!.key}~2`);
  });

  it('do not end with a heading', () => {
    const filler = (i: number): Block => ({ type: 'markdown', text: `${sentence(i)} `.repeat(9) });
    const blocks = Array.from({ length: 24 }, (_, i): Block[] => [{ type: 'heading', text: `Heading ${i}` }, filler(i)]).flat();
    for (const page of pagesOf(say(blocks))) expect(shown(page).trimEnd()).not.toMatch(/## Heading \d+$/);
  });

  it('cut a long table between rows and a long code block between lines', () => {
    const rows = Array.from({ length: 300 }, (_, i) => [`row ${i}`, String(i)]);
    const pages = pagesOf(say([{ type: 'table', columns: ['name', 'value'], rows }]));
    expect(pages.length).toBeGreaterThan(1);
    const lines = pages.flatMap((page) => shown(page).split('\n'));
    for (const [name] of rows) expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(1);
    for (const page of pages) expect(shown(page).match(/^```/gm)!.length % 2).toBe(0);
  });
});

describe('text', () => {
  const markdown = (text: string) => shown(render(say([{ type: 'markdown', text }]), 'components'));

  it('shows formulas as Unicode, and escapes what Discord would take for its own markup in them', () => {
    expect(markdown('The step is $w \\leftarrow w - \\eta \\nabla L$, with $a_{hidden} * b_{width} * c$.')).toBe(
      'The step is w ← w − η ∇L, with a\\_hidden \\* b\\_width \\* c.',
    );
    expect(markdown('Look at\n\n$$\\frac{\\partial L}{\\partial z_l}$$\n\nhere.')).toContain('∂L/∂zₗ');
    expect(markdown('Keep `$x$` as code.')).toContain('`$x$`');
  });

  it('joins lines that belong together, in Chinese without a space', () => {
    expect(markdown('one\ntwo')).toBe('one two');
    expect(markdown('梯度\n消失')).toBe('梯度消失');
    expect(markdown('first\n\n- a\n- b\n  - c')).toBe('first\n\n- a\n- b\n  - c');
  });

  it('links only to web addresses', () => {
    expect(markdown('[paper](https://arxiv.org/abs/1502.03167)')).toBe('[paper](<https://arxiv.org/abs/1502.03167>)');
    expect(markdown('[x](javascript:alert(1))')).toBe('x');
  });

  it.each([
    '@everyone',
    '@here',
    '<@123456789012345678>',
    '<@&123456789012345678>',
    '<#123>',
    '**bold**',
    '||spoiler||',
    '> quote',
    '# heading',
    '-# small',
    '- item',
    '1. item',
    '`code`',
    '```\ncode\n```',
  ])('shows the name %s as it is, and pings nobody', (name) => {
    for (const layout of LAYOUTS) {
      const payload = render(
        say([
          { type: 'fields', items: [{ name, value: name }] },
          { type: 'note', text: name },
        ]),
        layout,
      );
      expect(complaints(payload)).toEqual([]);
      const bare = shown(payload).replace(/\*\*(.*?)\*\*$/gms, '$1');
      // Nothing of it is left that Discord would act on: each special sign has a backslash or a gap.
      expect(bare).not.toMatch(/(?<!\\)(?:\|\||`)|^(?:>|#|- |1\. )|@everyone|@here|<[@#]/m);
    }
  });

  it('gives a moment in the reader’s own time, still running', () => {
    const text = shown(render(say([{ type: 'deadline', text: 'Open until {time}', at: 1_800_000_000_500 }]), 'components'));
    expect(text).toBe('Open until <t:1800000000:T> (<t:1800000000:R>)');
  });

  it('draws a narrow table in aligned columns, a wide one as a list', () => {
    const narrow = render(
      say([
        {
          type: 'table',
          columns: ['#', 'Name'],
          rows: [
            ['1', 'Ana'],
            ['2', '小明'],
          ],
        },
      ]),
      'components',
    );
    expect(shown(narrow)).toBe('```\n#  Name\n─  ────\n1  Ana\n2  小明\n```');
    const wide = render(say([{ type: 'table', columns: ['Claim', 'Measured'], rows: [['x'.repeat(60), '0.25']] }]), 'components');
    expect(shown(wide)).toBe(`- **${'x'.repeat(60)}**\n  Measured: 0.25`);
  });
});

describe('pictures and files', () => {
  const image: Block = { type: 'image', png, name: 'my chart.png', alt: 'Loss falls to 0.1.', width: 1, height: 1 };

  it('go up with their alt text, and are shown where they stand', () => {
    const payload = render(say([{ type: 'heading', text: 'A' }, image, { type: 'markdown', text: 'B' }]), 'components');
    expect(payload.files).toEqual([{ name: 'my-chart.png', data: png, contentType: 'image/png', description: 'Loss falls to 0.1.' }]);
    expect(payload.body.attachments).toEqual([{ id: '0', filename: 'my-chart.png', description: 'Loss falls to 0.1.' }]);
    const [container] = payload.body.components as unknown as [{ components: Json[] }];
    expect(container.components.map(({ type }) => type)).toEqual([10, 12, 10]);
    expect(container.components[1]).toEqual({
      type: 12,
      items: [{ media: { url: 'attachment://my-chart.png' }, description: 'Loss falls to 0.1.' }],
    });
  });

  it('have names of their own', () => {
    const { files } = render(
      say([image, image, { type: 'file', name: '../数据.json', mime: 'application/json', text: '{}' }]),
      'components',
    );
    expect(files.map(({ name }) => name)).toEqual(['my-chart.png', 'my-chart-2.png', 'json']);
    expect(new TextDecoder().decode(files[2]!.data)).toBe('{}');
  });

  it('end a long alt text with a whole sentence', () => {
    const alt = Array.from({ length: 60 }, (_, i) => sentence(i)).join(' ');
    const { files } = render(say([{ ...image, alt }]), 'components');
    expect(files[0]!.description!.length).toBeLessThanOrEqual(1024);
    expect(files[0]!.description).toMatch(/ends\.$/);
  });

  it('are told in words where they are too large to send', () => {
    const huge: Block = { ...image, png: new Uint8Array(10 * 1024 * 1024 + 1) };
    const payload = render(say([huge]), 'components');
    expect(payload.files).toEqual([]);
    expect(shown(payload)).toContain('Loss falls to 0.1.');
  });
});

describe('buttons', () => {
  it('that were there before are left out: Discord refuses a message with one id twice', () => {
    const rows: Block[] = [
      { type: 'buttons', items: [button('1~demo~claim~x~y', 'Run 1'), button('1~demo~claim~x~z', 'Run 2')] },
      { type: 'buttons', items: [button('1~demo~claim~x~y', 'Run the experiment'), button('1~quiz~again')] },
    ];
    expect(idsOf(render(say(rows), 'components'))).toEqual(['1~demo~claim~x~y', '1~demo~claim~x~z', '1~quiz~again']);
  });

  it.each(LAYOUTS)('become menus where there are too many of them, and none is lost (%s)', (layout) => {
    const ids = Array.from({ length: 60 }, (_, i) => `1~explain~topic~t${i}`);
    const blocks = Array.from(
      { length: 12 },
      (_, i): Block => ({ type: 'buttons', items: ids.slice(i * 5, i * 5 + 5).map((id) => button(id)) }),
    );
    const payload = render(say([{ type: 'heading', text: 'Topics' }, ...blocks]), layout);
    expect(complaints(payload)).toEqual([]);
    expect(idsOf(payload)).toEqual(ids);
    expect(componentsOf(payload).filter(({ type }) => type === 3).length).toBeGreaterThan(0);
  });

  it('keep their label within the limit, and their style', () => {
    const payload = render(
      say([{ type: 'buttons', items: [{ id: 'a', label: 'x'.repeat(81), style: 'danger', disabled: true }] }]),
      'components',
    );
    const [found] = componentsOf(payload).filter(({ type }) => type === 2);
    expect(found).toMatchObject({ label: `${'x'.repeat(79)}…`, style: 4, disabled: true });
    expect(idsOf(render(say([{ type: 'buttons', items: [button('x'.repeat(101)), button('b')] }]), 'components'))).toEqual(['b']);
  });
});
