import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdownToHtml } from '../../src/adapters/web/html.ts';
import { loadI18n } from '../../src/core/i18n.ts';
import { exportDeck } from '../../src/learn/decks/export-deck.ts';
import { type ImportOptions, planImport } from '../../src/learn/decks/import-deck.ts';
import { loadContent } from '../../src/notes/load.ts';
import { isSame } from '../../src/quiz/same.ts';
import { rightAnswer } from '../../src/quiz/wording.ts';
import { smallContent } from '../helpers/small-content.ts';

const contentDir = smallContent();
const content = loadContent(contentDir);
const t = loadI18n(join(import.meta.dirname, '../../content/locales'))('en');

const ofCase = (name: string) => planImport({ file: join(import.meta.dirname, 'cases', name), contentDir, content });

function plan(name: string, text: string | Uint8Array, options: Partial<ImportOptions> = {}) {
  const file = join(mkdtempSync(join(tmpdir(), 'case-')), name);
  writeFileSync(file, text);
  return planImport({ file, contentDir, content, ...options });
}

type Plan = ReturnType<typeof plan>;
const said = ({ remarks }: Plan) => remarks.map(({ where, what }) => `${where.en}: ${what.en}`);
const prompts = ({ added }: Plan) => added.map(({ prompt }) => prompt.en);
/** What a person reads on the page. */
const seen = (markdown: string) =>
  markdownToHtml(markdown)
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/&quot;/g, '"');
const choicesOf = ({ added }: Plan, i = 0) => {
  const question = added[i]!;
  return question.kind === 'single' || question.kind === 'multiple' ? question.choices.map(({ text }) => text.en) : [];
};
const acceptOf = ({ added }: Plan) => added.map((question) => (question.kind === 'term' ? question.accept.en : undefined));
const rights = ({ added }: Plan) => added.map((one) => rightAnswer({ ...one, topic: 'x' }, { order: [] }, 'en', [], t));

it('a deck in GB18030 is read, one in Latin-1 is named', () => {
  // “梯度是什么？<tab>方向” as GBK bytes.
  const gbk = Buffer.from('ccddb6c8cac7cab2c3b4a3bf09b7bdcff20d0a', 'hex');
  const found = plan('gbk.txt', gbk);
  expect(found.added).toMatchObject([{ prompt: { zh: '梯度是什么？' }, accept: { zh: ['方向'] } }]);
  expect(() => plan('latin.txt', Buffer.from('Qu\xe9 es?\tcaf\xe9\n', 'latin1'))).toThrow(/not UTF-8 text \(nor GB18030\)/);
});

describe('formulas', () => {
  it('in parentheses and brackets are formulas, as with dollars', () => {
    const found = ofCase('gift-latex-parens/deck.gift');
    expect(prompts(found)).toEqual([
      String.raw`What is $\frac{\partial L}{\partial w}$ for $L=w^2$?`,
      String.raw`Simplify $$\sigma(z)+\sigma(-z)$$`,
    ]);
    expect(choicesOf(found)).toEqual(['$2w$', '$w$']);
    expect(markdownToHtml(prompts(found)[0]!).match(/class="katex"/g)).toHaveLength(2);
  });

  it('make no GIFT of Anki cards; a formula that nobody can type is no answer', () => {
    const found = ofCase('anki-latex-no-header/deck.txt');
    expect(found.format).toBe('anki');
    expect(prompts(found)).toEqual(['What does the learning rate scale?']);
    expect(said(found)).toEqual([
      expect.stringMatching(/^line 1: left out: its answer is a formula/),
      expect.stringMatching(/^line 2: left out: its answer is a formula/),
    ]);
    expect(() => ofCase('anki-latex-no-header/semicolon.tex')).toThrow(/is no deck/);
    expect(() => plan('paper.txt', '\\documentclass{article}\n\\begin{document}\na; b\n')).toThrow(/is LaTeX/);
  });

  it('keep their underscores and less-than, in HTML too; prices are no formulas', () => {
    const anki = plan(
      'a.txt',
      '#separator:tab\n#html:true\nIs \\(a_1*b_1 &lt; c\\) for <b>all</b>?\tno\nIs $5 and $6 *less* than 12?\tyes\n',
    );
    expect(prompts(anki)[0]).toBe('Is $a_1*b_1 < c$ for all?');
    expect(seen(prompts(anki)[1]!)).toBe('Is $5 and $6 *less* than 12?');
    expect(acceptOf(plan('b.txt', '#separator:tab\nd/dw w²\t$2w$\nSlope of 3x\t\\(3\\)\n'))).toEqual([['2w'], ['3']]);
  });
});

describe('pictures', () => {
  it('leave out what cannot be answered without them, by name', () => {
    const found = ofCase('gift-picture/deck.gift');
    expect(prompts(found)).toEqual(['What is ReLU(-1)?']);
    expect(said(found)).toEqual([expect.stringMatching(/^line 1: left out: .*picture/), 'line 6: left out: its choices are pictures']);
  });

  it.each([
    ['p.txt', '#separator:tab\n<img src="x.png">Name it\ta\nq\tb', 'line 2'],
    ['p.txt', '#separator:tab\nq\tb\nSay it\t<img src=x.png>', 'line 3'],
    ['p.txt', '#separator:tab\n#html:false\n[sound:a.mp3] Who?\ta\nq\tb', 'line 3'],
    [
      'p.toml',
      '[[questions]]\ntype="ShortAnswer"\nprompt.prompt="See ![c](c.png)"\nanswer.answer="a"\n[[questions]]\ntype="ShortAnswer"\nprompt.prompt="q"\nanswer.answer="b"',
      'question 1',
    ],
  ])('%s %s', (name, text, where) => {
    const found = plan(name, text);
    expect(prompts(found)).toEqual(['q']);
    expect(said(found)).toEqual([expect.stringMatching(new RegExp(`^${where}: left out: .*picture`))]);
  });

  it('in feedback are named and the question is kept', () => {
    const found = plan('f.gift', 'q{T####[html]<p>As <img src\\="a.png"> shows.</p>}');
    expect(found.added[0]!.explanation.en).toMatch(/^As\s+shows\.$/);
    expect(said(found)).toEqual(['line 1: a picture in the feedback is left out']);
  });
});

describe('code', () => {
  it('in pre is a fence with its indentation', () => {
    const [prompt] = prompts(ofCase('gift-pre/deck.gift'));
    expect(prompt).toBe('What is printed?\n\n```\nfor i in range(2):\n    if i:\n        print(i)\n```');
    expect(markdownToHtml(prompt!)).toContain('<pre><code>for i in range(2):\n    if i:\n        print(i)\n</code></pre>');
  });

  it('keeps names, less-than and raised letters', () => {
    const found = plan('c.txt', '#separator:tab\n#html:true\nIs <code>a*b &lt; __c__</code> x<sup>2</sup> + a<sub>1</sub>?\tno\n');
    expect(prompts(found)).toEqual(['Is `a*b < __c__` x² + a₁?']);
  });
});

describe('numbers', () => {
  it('of a range are written as somebody writes them', () => {
    expect(rights(ofCase('gift-range/deck.gift'))).toEqual(['1 ± 0.1', '3.1415 ± 0.0005']);
  });

  it.each([
    ['{#1e-3}', '0.001'],
    ['{#1.5e3:1e2}', '1500 ± 100'],
    ['{#=2.5E-1:0.05}', '0.25 ± 0.05'],
    ['{#-1e1..1e1}', '0 ± 10'],
  ])('%s has an exponent', (answers, right) => {
    const found = plan('e.gift', `How much? ${answers}`);
    expect([said(found), rights(found)]).toEqual([[], [right]]);
  });

  it('as typed terms are numbers', () => {
    const found = ofCase('typed-number-term/deck.txt');
    const [[minus], [decimal]] = acceptOf(found) as [[string], [string]];
    expect([isSame(minus, '1'), isSame(decimal, '15')]).toEqual([false, false]);
    expect(['-1', '−1'].every((typed) => isSame(minus, typed)) && ['1.5', '1,5'].every((typed) => isSame(decimal, typed))).toBe(true);
  });
});

describe('GIFT by hand', () => {
  it('reads ~= as =, and names every line', () => {
    const found = ofCase('gift-tilde-equals/deck.gift');
    expect(found.added).toMatchObject([
      { kind: 'single', choices: [{ text: { en: 'on' }, correct: true }, { text: { en: 'off' } }] },
      { kind: 'single', choices: [{ text: { en: 'needs' } }, { text: { en: 'does not need' }, correct: true }] },
    ]);
    expect(said(found)).toEqual(['line 1: left out: a description asks nothing']);
  });

  it('reads =, ~ and # in the text before the answers', () => {
    expect(prompts(plan('s.gift', '1+1=? {#2}\n\nx~N(0,1) in C# {T}'))).toEqual(['1+1=?', 'x~N(0,1) in C#']);
  });

  it('says what to write, not what the parser met', () => {
    const text = 'What is {1,2} of x {=a ~b}\n\nq {=a ~b\n\nq } {=a ~b}\n\nq {#one}';
    expect(() => plan('b.gift', text)).toThrow(
      /line 1: left out: there is more than one pair of braces; where they belong to the text, write \\\{ and \\\}[\s\S]*line 3: left out: a closing \} is missing[\s\S]*line 5: left out: there is a \} without its \{[\s\S]*line 7: left out: the number cannot be read; write \{#1\.5\}/,
    );
    expect(() => plan('b.gift', 'A text.\n\nq {#one}\n\nq {#two}')).toThrow(
      /as gift\. line 3, line 5: left out: the number[^;]*; [^;]*; line 1: left out: a desc/,
    );
  });

  it('takes the name of a category once, whatever it stands in', () => {
    const found = plan(
      'k.gift',
      '$CATEGORY: $course$/top/Optimisers\n\nq{T}\n\n$CATEGORY: $course$/top/Optimisers\n\nr{F}\n\n$CATEGORY: $course$/top/I//O\n\ns{F}',
    );
    expect(said(found)).toEqual(['line 9: category “I/O”: a deck has one']);
    expect(found.yaml).toContain('title: Optimisers');
  });
});

describe('Anki text', () => {
  it('is plain where it is no HTML, field by field', () => {
    const found = ofCase('anki-less-than/deck.txt');
    expect(prompts(found).map(seen)).toEqual(['If a<b and b<c then', 'Type of a growable list in Rust', 'When is p(x)<q(x) and q(x)>0?']);
    expect(acceptOf(found)).toEqual([['a<c'], ['Vec<T>'], ['never']]);
    expect(seen(found.added[1]!.explanation.en)).toBe('Vec<T>');
    const html = plan('h.txt', '#separator:tab\n#html:true\nA <b>bold</b> Vec<T> with a<b\tR&amp;D\n1 < 2 && 3 > 2\tyes\n');
    expect(prompts(html).map(seen)).toEqual(['A bold Vec<T> with a<b', '1 < 2 && 3 > 2']);
    expect(acceptOf(html)).toEqual([['R&D'], ['yes']]);
  });

  it('is shown as it stands, not as Markdown', () => {
    const found = ofCase('anki-markdown-names/deck.txt');
    expect(prompts(found).map(seen)).toEqual(['What does __init__ do?', '2*3*4 = ?']);
    const texts = ['# of layers', '1. first', 'a [b](c) d', 'a \\* b', '*args, **kw', '<b> &amp; ~~x~~', '- x'];
    const many = plan('m.txt', `#separator:tab\n#html:false\n${texts.map((text, i) => `${text}\ta${i}`).join('\n')}\n`);
    expect(prompts(many).map(seen)).toEqual(texts);
  });

  it.each(['anki-separator/deck.txt', 'anki-separator/deck.csv'])('%s: the separator is found', (name) => {
    const found = ofCase(name);
    expect(said(found)).toEqual([]);
    expect(prompts(found).at(-1)).toBe('Who proposed Adam?');
    expect(acceptOf(found).at(-1)).toEqual(['Kingma and Ba']);
  });

  it('says how to name the separator when none is found', () => {
    expect(() => plan('n.txt', 'one line\nand another\n')).toThrow(
      /separated by a tab\. Put the separator on the first line, such as #separator:semicolon/,
    );
    const half = plan('n.txt', '#separator:tab\na;b\nq\tb\n');
    expect(said(half)).toEqual(['line 2: left out: it has no answer after a tab']);
  });
});

describe('tables', () => {
  it('keep their separator where a row below the names is broken, and name that row', () => {
    const found = plan('q.csv', 'question,answer\n"Step, or rate?","rate"\n\nonly one column\n');
    expect([prompts(found), acceptOf(found)]).toEqual([['Step, or rate?'], [['rate']]]);
    expect(said(found)).toEqual(['line 4: left out: it has no answer after a comma']);
  });

  it('are read by the names of their columns; prose with commas is none', () => {
    const found = plan('c.csv', 'Tags,Answer,Question\nx,b,What?\n');
    expect([prompts(found), acceptOf(found)]).toEqual([['What?'], [['b']]]);
    expect(() => plan('p.txt', 'Just prose, with one.\n\nAnd more, of it, here.\n')).toThrow(/no line has two fields/);
    expect(() => plan('ours.csv', 'id,topic,kind,choices,prompt,answer\na.b,a,single,A. x,q,A. x\n')).toThrow(/--format yaml/);
  });

  it('have answers that are shown as they stand, and formulas that a keyboard has', () => {
    const found = plan('r.txt', '#separator:tab\n#html:false\nConstructor?\t__init__\nCost?\tO($n^2$)\nList?\tVec<T>\n');
    expect(rights(found).map(seen)).toEqual(['__init__', 'O(n^2)', 'Vec<T>']);
    expect(acceptOf(found)[1]).toEqual(['O(n^2)', 'O(n²)']);
  });

  it('and questions with too few choices or two right answers say so in words', () => {
    const found = plan('w.gift', 'q {~%50%a ~%50%b}\n\nr {=x = 1 ~y}\n\ns{T}');
    expect(said(found)).toEqual([
      'line 1: left out: it has fewer than 3 choices',
      expect.stringMatching(/^line 3: left out: several.*write \\=$/),
    ]);
  });
});

describe('Open Trivia', () => {
  it('is decoded from percent signs', () => {
    const found = ofCase('opentrivia-url/deck.json');
    expect(prompts(found)).toEqual(['Which optimizer keeps two moments?']);
    expect(choicesOf(found)).toEqual(['Adam', 'SGD', 'Momentum only', "Newton's method"]);
    expect(said(found)).toEqual([]);
  });

  it('keeps a percent sign of prose', () => {
    const result = {
      type: 'boolean',
      difficulty: 'easy',
      category: 'c',
      question: 'Is 50%25 a percent sign?',
      correct_answer: 'True',
      incorrect_answers: ['False'],
    };
    expect(prompts(plan('p.json', JSON.stringify({ results: [result] })))).toEqual(['Is 50%25 a percent sign?']);
    const broken = { ...result, question: 'Who%20said%E0%A4%A?' };
    expect(said(plan('p.json', JSON.stringify({ results: [result, broken] })))).toEqual([
      expect.stringMatching(/^question 2: left out: .*default encoding/),
    ]);
  });
});

it('a term leaves for Anki and spreadsheets letter by letter', () => {
  const [question] = plan('x.txt', '#separator:tab\n#html:false\nConstructor?\t__init__\n').added;
  for (const format of ['csv', 'anki'] as const) {
    expect(exportDeck('x', { title: 'X' }, [{ ...question!, topic: 'x' }], format, 'en', t).file.text).toMatch(/[,"]__init__/);
  }
});
