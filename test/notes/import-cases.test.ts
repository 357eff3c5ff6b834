// Small files after real ones that once came out wrong: what the topics hold, and what the report says.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { actionId } from '../../src/core/ids.ts';
import { demos } from '../../src/experiments/index.ts';
import { checkContent } from '../../src/notes/check.ts';
import { readRawNotes } from '../../src/notes/import/raw.ts';
import { loadContent } from '../../src/notes/load.ts';
import { parseBody } from '../../src/notes/markdown.ts';

const root = join(import.meta.dirname, '../..');
const caseFile = (name: string) => readFileSync(join(import.meta.dirname, `cases/md-${name}.md`), 'utf8');

/** Imports a file with the real command and loads what it wrote. */
async function imported(text: string | Uint8Array) {
  const folder = mkdtempSync(join(tmpdir(), 'import-cases-'));
  writeFileSync(join(folder, 'my notes.md'), text);
  const command = [join(root, 'scripts/notes.ts'), 'import', join(folder, 'my notes.md'), '--content', join(folder, 'content')];
  const run = promisify(execFile)(process.execPath, command, { cwd: root }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
  );
  const { code, stdout } = await run;
  const content = loadContent(join(folder, 'content'));
  const topics = [...content.topics.values()].map(({ id, texts, sources }) => {
    const note = (texts.en ?? texts.zh)!;
    return { id, title: note.title, sections: note.sections, body: note.sections.map(({ body }) => body).join('\n\n'), sources };
  });
  const checked = checkContent(content, join(folder, 'content'), demos).map(({ message }) => message);
  return { code, stdout, last: stdout.trimEnd().split('\n').at(-1)!, topics, checked, problems: content.problems };
}
const titles = (topics: { title: string }[]) => topics.map(({ title }) => title).sort();
const body = (topics: { title: string; body: string }[], title: string) => topics.find((topic) => topic.title === title)?.body;
const count = (stdout: string, part: string) => new RegExp(`^${part} +(\\d+) +(\\d+)$`, 'm').exec(stdout)?.slice(1).map(Number);

describe('notes import, cases', () => {
  it('keeps links that are no addresses in the text and names their lines', async () => {
    const { code, stdout, topics } = await imported(caseFile('bad-url'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +3 {2}https:\/\/ is no address/m);
    expect(stdout).toMatch(/^ +4 {2}http:\/\/about:blank is no address/m);
    expect(body(topics, 'Reading')).toBe('- [Paper, link to come](https://)\n- [Start page](http://about:blank)');
    expect(topics.find(({ title }) => title === 'Reading')!.sources.map(({ url }) => url)).toEqual(['https://arxiv.org/abs/1502.03167']);
  });

  it('makes no topic of front matter', async () => {
    const { stdout, topics } = await imported(caseFile('front-matter'));
    expect(titles(topics)).toEqual(['At test time', 'Dropout', 'Inverted dropout']);
    expect(body(topics, 'Dropout')).toBe('Dropout turns units off at random.');
    expect(stdout).toMatch(/^ +1–5 {2}front matter/m);
  });

  it('takes away tags only, and keeps indices', async () => {
    const { code, last, stdout, topics } = await imported(caseFile('html-prose'));
    expect(body(topics, 'Activation')).toBe('ReLU keeps the positive part.\n\nIt is not smooth at 0.\n\nSquared: x²; first weight: w₁.');
    expect(stdout).toContain('the picture relu.png is not shown');
    expect(last).toContain('1 not imported');
    expect(code).toBe(2);
  });

  it('tells tags alone from tags with prose, here and in a note', async () => {
    const { stdout } = await imported('# A\n<div>\n\nText.\n\n<div>\n    prose\n</div>\n\n# B\nText.\n');
    expect(stdout).toMatch(/^ +2 {2}nothing but HTML tags/m);
    expect(stdout).toMatch(/^ +6 {2}HTML tags left out, the text stays/m);
    expect(parseBody('## A\n<p>\nprose <scr<b>ipt>\n</p>\n').sections[0]!.body).toBe('prose');
  });

  it('keeps text before the first topic', async () => {
    const { topics } = await imported(caseFile('intro-lost'));
    expect(body(topics, 'Regularisation')).toBe(
      'All of these lower the variance of a model at the price of some bias.\n\n$$\\hat R = R + \\lambda \\Omega$$',
    );
    expect(titles(topics)).toEqual(['Dropout', 'Regularisation', 'Weight decay']);
  });

  it('reads Jekyll’s highlight as code', async () => {
    const { topics } = await imported(caseFile('jekyll-highlight'));
    expect(titles(topics)).toEqual(['A worked step', 'By hand', 'In code']);
    expect(body(topics, 'In code')).toBe(
      '```python\nw = 1.0\n# learning rate\nlr = 0.1\n# one step\nw = w - lr * 2 * w\nprint(w)\n# 0.8\n```',
    );
  });

  it('makes ids that fit a button together', async () => {
    const { topics } = await imported(caseFile('long-headings'));
    const ids = topics.flatMap(({ id, sections }) => sections.map((section) => actionId('explain', 'section', id, section.id)));
    expect(ids).toHaveLength(3);
  });

  it('never takes a line of a formula for a heading', async () => {
    const { topics, stdout } = await imported(caseFile('math-equals-line'));
    expect(titles(topics)).toEqual(['Cross-entropy', 'Squared error']);
    expect(body(topics, 'Cross-entropy')).toContain('$$\nL\n=\n-\\log p_y\n$$');
    expect(count(stdout, 'formulas')).toEqual([4, 4]);
    const note = parseBody('## A {#idea}\n\n$$L\n-\na^{<t>}$$\n\n## B\n\n$a^{<t>}$\n');
    expect(note.sections.map((section) => section.body)).toEqual(['$$L\n-\na^{<t>}$$', '$a^{<t>}$']);
  });

  it('an unclosed formula swallows nothing', () => {
    expect(parseBody('## A\n\nIt costs $$\n\n## B\n\n`$$` and $$\n').sections.map(({ heading }) => heading)).toEqual(['A', 'B']);
  });

  it('turns what Obsidian writes, and names the picture', async () => {
    const { topics, stdout, checked, code } = await imported(caseFile('obsidian-raw'));
    expect(titles(topics)).toEqual(['Attention', 'Softmax']);
    expect(body(topics, 'Attention')).toMatch(/^> \*\*Scale\*\*\n> Divide by \$\\sqrt\{d_k\}\$, see the softmax\./);
    expect(body(topics, 'Softmax')).toBe('**Positive** numbers that add up to 1.');
    expect(stdout).toMatch(/^ +6 {2}the picture attention\.png is not shown/m);
    expect(checked).toContain('the picture attention.png is not shown');
    expect(code).toBe(2);
  });

  it('takes definitions along to where they are used', async () => {
    const { topics } = await imported(caseFile('reference-links'));
    expect(body(topics, 'Dropout')).toBe(
      'Units are dropped (First described in 2012.). See [the paper](https://jmlr.org/papers/v15/srivastava14a.html).',
    );
    expect(body(topics, 'Weight decay')).toBe('Shrinks weights.');
  });

  it('keeps both of two sources whose hashes begin alike', async () => {
    const { topics } = await imported(caseFile('source-collision'));
    expect(topics.find(({ title }) => title === 'Reading list')!.sources).toHaveLength(2);
  });

  it.each([
    ['a stray carriage return', caseFile('stray-cr')],
    ['carriage returns only', caseFile('stray-cr').replaceAll('\n', '\r')],
    ['CRLF and a byte order mark', `\uFEFF${caseFile('stray-cr').replace('\r', '\n').replaceAll('\n', '\r\n')}`],
  ])('reads the same lines as the parser: %s', async (_name, text) => {
    const { topics } = await imported(text);
    expect(titles(topics)).toEqual(['Adam', 'Batch norm', 'Dropout']);
    expect(body(topics, 'Dropout')).toBe('A pasted line\nwith a lone carriage return.\n\nRate 0.5 is usual.');
  });

  it('reads GB18030', async () => {
    // 梯度 / 方向 as GBK bytes.
    const gbk = (...hex: string[]) => Buffer.from(hex.join(''), 'hex');
    const text = Buffer.concat([
      Buffer.from('# '),
      gbk('ccddb6c8'),
      Buffer.from('\r\n'),
      gbk('b7bdcff2'),
      Buffer.from('\r\n\r\n# B\r\nx\r\n'),
    ]);
    const { topics } = await imported(text);
    expect(body(topics, '梯度')).toBe('方向');
  });

  it('leaves out a pasted picture, and refuses a topic that cannot be loaded', async () => {
    const picture = `![](data:image/png;base64,${'QUJD'.repeat(150_000)})`;
    const pasted = await imported(`# Notes\n\n## Dropout\n\nTurns units off.\n\n${picture}\n\n## Batch norm\n\nNormalises.\n`);
    expect(body(pasted.topics, 'Dropout')).toBe('Turns units off.');
    expect(pasted.last).toContain('1 not imported');
    const large = await imported(`# A\n\n${'word '.repeat(120_000)}\n\n# B\n\nText.\n`);
    expect(large.stdout).toContain('topic/en.md: not imported: a note may have 512 kB');
    expect(large.last).toMatch(/1 of 2 files written.*1 not imported/);
    expect(large.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('keeps code letter by letter', async () => {
    const code = '```\n# no heading\n\n\n\n[[a]] ==b== <b>c</b> $$\n```';
    const { topics } = await imported(`# A\n\n${code}\n\nText with \`[[x]]\`.\n\n# B\n\n    x = [[1]]\n`);
    expect(body(topics, 'A')).toBe(`${code}\n\nText with \`[[x]]\`.`);
    expect(body(topics, 'B')).toBe('    x = [[1]]');
  });

  it('reads setext headings, and says what has nothing below it', async () => {
    const { topics, last, code } = await imported('First\n=====\nText.\n\nSecond\n======\nPart\n----\nMore.\n\nThird\n=====\n');
    expect(topics.map(({ title, sections }) => [title, ...sections.map(({ heading }) => heading)])).toEqual([
      ['First', 'First'],
      ['Second', 'Part'],
    ]);
    expect(last).toContain('2 not imported');
    expect(code).toBe(2);
  });

  it('counts what came in and what came out', async () => {
    const text = '# A\n\n$a$ and $$b$$ [l](https://example.org)\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n![p](p.png)\n\n# 乙\n\n两个词\n';
    const { stdout } = await imported(text);
    for (const [part, n] of Object.entries({ headings: 2, formulas: 2, links: 1, pictures: 1, tables: 1 }))
      expect(count(stdout, part)).toEqual([n, n]);
    const [words, kept] = count(stdout, 'words')!;
    expect(kept).toBe(words);
  });
});

describe('what note programs write', () => {
  it('Notion: no ids in names, no properties, links to other pages as words', async () => {
    const id = '0123456789abcdef0123456789abcdef';
    const text = `# Warm-up\n\nTags: training, schedules\nCreated: March 3, 2023 10:00 AM\n\nRaise the rate slowly.\n\n<aside>\n💡 Adam needs **fewer** steps.\n\n</aside>\n\n- Why at all?\n    \n    Early steps are noisy.\n    \n\nSee [Cosine decay](Cosine%20decay%20${id}.md).\n`;
    const raw = readRawNotes(text, `Warm-up ${id}`);
    expect(raw.topics.map(({ heading }) => heading)).toEqual(['Warm-up']);
    const found = raw.topics[0]!.sections[0]!.body;
    expect(found.replace(/[ \t]+$/gm, '').replace(/\n{2,}/g, '\n\n')).toBe(
      'Raise the rate slowly.\n\n💡 Adam needs **fewer** steps.\n\n- Why at all?\n\n    Early steps are noisy.\n\nSee Cosine decay.',
    );
    expect(raw.remarks.map(({ line, lost, text: { en } }) => [line, lost, en])).toEqual([
      [3, false, expect.stringContaining('property')],
      [4, false, expect.stringContaining('property')],
      [8, false, expect.stringContaining('HTML tags')],
      [11, false, expect.stringContaining('HTML tags')],
      [18, false, expect.stringContaining('another file')],
    ]);
    // Prose that begins like a property is none.
    expect(readRawNotes(`# A\n\nNote: first.\nthen more\n`, `A ${id}`).topics[0]!.sections[0]!.body).toBe('Note: first.\nthen more');
  });

  it.each([
    [String.raw`Loss \(L = \frac{1}{2}w^2\) at \(w\).`, String.raw`Loss $L = \frac{1}{2}w^2$ at $w$.`],
    [
      String.raw`\[
L
=
-\log p
\]`,
      '$$\nL\n=\n-\\log p\n$$',
    ],
    [String.raw`MathJax: \\(a_1\\) and \\[ b^2 \\]`, 'MathJax: $a_1$ and $$ b^2 $$'],
    [
      String.raw`As in \[1\] and \[see there\], word\(s\), f\(really\).`,
      String.raw`As in \[1\] and \[see there\], word\(s\), f\(really\).`,
    ],
    ['`\\(x_1\\)` stays, and\n\n```\n\\[ y^2 \\]\n```', '`\\(x_1\\)` stays, and\n\n```\n\\[ y^2 \\]\n```'],
  ])('formulas between escaped brackets: %s', (text, expected) => {
    expect(readRawNotes(`# A\n\n${text}\n`).topics[0]!.sections[0]!.body).toBe(expected);
  });

  it.each([
    ['Docusaurus', ':::tip[Start small]\nUse 32.\n:::', '**Start small**\nUse 32.'],
    ['VuePress', '::: warning 注意\n别太大。\n:::', '**注意**\n别太大。'],
    ['Quarto', '::: {.callout-note}\nUse 32.\n:::\n\n:::: {.columns}\nx\n::::', '**Note**\nUse 32.\n\n\n\nx'],
    ['MkDocs', '!!! note "Sizes"\n\n    Use 32.\n\n    - or 64\n\nAfter.', '**Sizes**\n\nUse 32.\n\n- or 64\n\nAfter.'],
    ['MkDocs tabs', '=== "Python"\n\n    ```py\n    x = 1\n    ```', '**Python**\n\n```py\nx = 1\n```'],
    ['GitBook', '{% hint style="info" %}\nUse 32.\n{% endhint %}', '**Info**\nUse 32.'],
    ['Hugo', '{{< figure src="a.png" caption="Loss" >}}\n\nx', '![Loss](a.png)\n\nx'],
    ['kramdown', '* TOC\n{:toc}\n\nText [a](https://example.org){:target="_blank"}\n{: .note}', 'Text [a](https://example.org)'],
    ['Typora and CSDN', '[TOC]\n\n@[TOC](目录)\n\n正文', '正文'],
    ['MDX', "import Tabs from '@theme/Tabs';\n\n<Tabs>\n\nText.\n\n</Tabs>", 'Text.'],
    [
      'HTML tables',
      '<table>\n<tr>\n<th>size</th><th>noise</th>\n</tr>\n<tr><td>32</td><td>high</td></tr>\n</table>\n',
      '| size | noise |\n| --- | --- |\n| 32 | high |',
    ],
  ])('%s', (_program, text, expected) => {
    const { topics } = readRawNotes(`# A\n\n${text}\n\n# B\n\nx\n`);
    expect(topics.map(({ heading }) => heading)).toEqual(['A', 'B']);
    expect(topics[0]!.sections[0]!.body).toBe(expected);
  });

  it('names what a template would have put there', () => {
    const { topics, remarks } = readRawNotes('# A\n\nx\n\n{% include chart.html %}\n\n{{< gist 1 >}}\n\n```\n{% raw %}\n```\n');
    expect(topics[0]!.sections[0]!.body).toMatch(/^x\n+```\n\{% raw %\}\n```$/);
    expect(remarks.map(({ line, lost }) => [line, lost])).toEqual([
      [5, true],
      [7, true],
    ]);
  });

  it('Logseq: headings in an outline are headings', () => {
    const text = 'tags:: a\n\n- # Momentum\n  collapsed:: true\n\t- Adds up steps.\n\t\t- Often 0.9.\n- # Adam\n\t- Two moments.\n';
    expect(readRawNotes(text, 'Optimisers').topics.map(({ heading, sections }) => [heading, sections[0]!.body])).toEqual([
      ['Momentum', '- Adds up steps.\n\t- Often 0.9.'],
      ['Adam', '- Two moments.'],
    ]);
  });

  it('names a page without headings after its file, and takes marks off headings', () => {
    expect(readRawNotes('Just text.\n', '2023-04-05-weight-decay').topics[0]).toMatchObject({ heading: 'weight decay' });
    const { topics } = readRawNotes('# One {#sec-one .unnumbered}\n\na\n\n## Part {-}\n\nb\n\n# Two {.x}\n\nc\n');
    expect(topics.map(({ heading, id, sections }) => [heading, id, sections.map((section) => section.heading)])).toEqual([
      ['One', 'sec-one', ['', 'Part']],
      ['Two', undefined, ['']],
    ]);
  });

  it('copies pictures that stand beside the file, and no others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'import-pictures-'));
    mkdirSync(join(folder, 'in/attachments'), { recursive: true });
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    for (const name of ['in/loss curve.png', 'in/attachments/grad.png', 'secret.png']) writeFileSync(join(folder, name), png);
    const text =
      '# Alpha\n\n![Loss](loss%20curve.png) ![[grad.png]]\n\n<img src="loss curve.png" alt="again">\n\n# Beta\n\nText ![x](../secret.png) ![y](gone.png)\n';
    writeFileSync(join(folder, 'in/notes.md'), text);
    const args = [join(root, 'scripts/notes.ts'), 'import', join(folder, 'in/notes.md'), '--content', join(folder, 'content')];
    const { code, stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: root,
      env: { ...process.env, DEFAULT_LOCALE: 'zh' },
    }).then(
      (done) => ({ code: 0, ...done }),
      (error: { code: number; stdout: string }) => error,
    );
    expect(readdirSync(join(folder, 'content/topics/alpha')).sort()).toEqual(['en.md', 'grad.png', 'loss-curve.png']);
    expect(readFileSync(join(folder, 'content/topics/alpha/grad.png'))).toEqual(png);
    const note = readFileSync(join(folder, 'content/topics/alpha/en.md'), 'utf8');
    expect(note).toContain('![Loss](loss-curve.png) ![grad.png](grad.png)');
    expect(note).toContain('![again](loss-curve.png)');
    expect(readdirSync(join(folder, 'content/topics/beta'))).toEqual(['en.md']);
    expect(stdout).toMatch(/图片 grad\.png 已复制到笔记旁/);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/2 处未导入/);
    expect(stdout).toMatch(/^图片 +5 +5$/m);
    expect(code).toBe(2);
  });
});

describe('what real pages of note programs showed', () => {
  it.each([
    ['Hugo’s TOML on top', "+++\ntitle = 'Loss'\n+++\nIt falls.\n", [['Loss', 'It falls.']]],
    [
      'Hugo’s raw HTML and links',
      '# A\n\n{{<rawhtml>}}<a href="x">Layout</a>{{</rawhtml>}} {{<ablank href="https://example.org/a" text="Search">}} and\n',
      [['A', 'Layout [Search](https://example.org/a) and']],
    ],
    ['Obsidian’s comments and names of blocks', '# A ^a1b2c3\n\nOne ^V98MtTA7\n%%\nmine\n%%\ntwo x ^2\n', [['A', 'One\n\n\n\ntwo x ^2']]],
    [
      'MyST’s formulas, boxes and labels',
      '(sec:a)=\n# A\n\n```{math}\n:label: e\ny = w x\n```\n\n::::{attention}\nCareful.\n::::\n\nA {term}`neuron`.\n\n```{code-block} python\n:x: y\n```\n',
      [['A', '$$\ny = w x\n$$\n\n**Attention**\nCareful.\n\n\nA neuron.\n\n```{code-block} python\n:x: y\n```']],
    ],
    [
      'Logseq’s highlights, references and log',
      '# A\nid:: 1\n\t- ^^Big^^ steps ((66536578-c4d3-43f1-b35c-bf71120f0570))\n\t  :LOGBOOK:\n\t  CLOCK: [x]\n\t  :END:\n\t- # B\n\t  collapsed:: true\n\t\t- Small\n',
      [
        ['A', '- **Big** steps'],
        ['B', '- Small'],
      ],
    ],
    ['attributes of headings', '# A {color="blue"}\n\nx\n', [['A', 'x']]],
  ])('%s', (_what, text, expected) => {
    const found = readRawNotes(text, 'page').topics.map(({ heading, sections }) => [heading, sections[0]!.body.replace(/[ \t]+$/gm, '')]);
    expect(found).toEqual(expected);
  });

  it('says what a page refers to and does not hold', () => {
    const { remarks } = readRawNotes('# A\n\nSee ((66536578-c4d3-43f1-b35c-bf71120f0570)). %%mine%% {{<chart>}}\n');
    expect(remarks.map(({ text, lost }) => [text.en.slice(0, 14), lost])).toEqual(
      expect.arrayContaining([
        ['a reference to', true],
        ['a comment; lef', false],
      ]),
    );
  });
});
