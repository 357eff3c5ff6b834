import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadI18n } from '../../src/core/i18n.ts';
import { type ExportFormat, exportDeck } from '../../src/learn/decks/export-deck.ts';
import { carryOut, type ImportOptions, planImport } from '../../src/learn/decks/import-deck.ts';
import { PICTURE, plainText } from '../../src/learn/decks/plain-text.ts';
import { readGift } from '../../src/learn/decks/read-gift.ts';
import { writeGift } from '../../src/learn/decks/write-gift.ts';
import { loadContent } from '../../src/notes/load.ts';
import type { BareQuestion } from '../../src/quiz/question.ts';
import { smallContent } from '../helpers/small-content.ts';

const root = join(import.meta.dirname, '../..');
const t = loadI18n(join(root, 'content/locales'))('en');
let contentDir: string;
beforeEach(() => {
  contentDir = smallContent();
});

/** Writes a file and plans its import into the content folder. */
function plan(name: string, text: string, options: Partial<ImportOptions> = {}) {
  const file = join(mkdtempSync(join(tmpdir(), 'deck-')), name);
  writeFileSync(file, text);
  return planImport({ file, contentDir, content: loadContent(contentDir), ...options });
}

const GIFT = `$CATEGORY: Course/Optimisers
// a comment

// [id:opt.momentum] [tag:difficulty-3] [tag:section-idea] [tag:exam]
::Momentum::What does momentum keep: a sum or a mean? {
=a decaying sum#yes
~a mean#No, nothing divides by the count.
// inside
####The update is v \\= βv + g.
}

Which two are adaptive? {~%50%Adam ~%50%RMSProp ~%-50%SGD#It has one rate. ~%-50%Momentum}

Is Adam a <b>first-order</b> method?{TRUE#It uses gradients only.####First moments and second moments <i>of the gradient</i>.}

β₁ by default? {#0.9:0.001}

The interval? {#1..3}

The method of Kingma &amp; Ba? {=Adam =亚当 =%50%AMSGrad}

Match {=a -> b =c -> d}

broken {
=a ~`;

describe('import', () => {
  it('takes every kind of GIFT that we play, and reports the rest with its line', () => {
    const { added, remarks, yaml, deck } = plan('optimisers.gift', GIFT);
    expect(deck).toBe('optimisers');
    expect(added.map(({ kind }) => kind)).toEqual(['single', 'multiple', 'boolean', 'numeric', 'numeric', 'term']);
    const [single, multiple, boolean, number, interval, term] = added;
    expect(single).toMatchObject({
      id: 'opt.momentum',
      difficulty: 3,
      section: 'idea',
      prompt: { en: 'What does momentum keep: a sum or a mean?' },
      explanation: { en: 'The update is v = βv + g.' },
      choices: [
        { text: { en: 'a decaying sum' }, correct: true, why: { en: 'yes' } },
        { text: { en: 'a mean' }, correct: false, why: { en: 'No, nothing divides by the count.' } },
      ],
    });
    expect(multiple).toMatchObject({ choices: [{ correct: true }, { correct: true }, { correct: false }, { correct: false }] });
    expect(boolean).toMatchObject({
      answer: true,
      why: { en: 'It uses gradients only.' },
      prompt: { en: 'Is Adam a first-order method?' },
    });
    expect(number).toMatchObject({ answer: 0.9, tolerance: 0.001 });
    expect(interval).toMatchObject({ answer: 2, tolerance: 1 });
    expect(term).toMatchObject({ accept: { en: ['Adam'], zh: ['亚当'] }, prompt: { en: 'The method of Kingma & Ba?' } });
    expect(remarks.map(({ where, what }) => `${where.en}: ${what.en}`)).toEqual([
      'line 4: tags left out: exam',
      expect.stringMatching(/^line 20: answers that are only partly right/),
      expect.stringMatching(/^line 22: left out: matching/),
      expect.stringMatching(/^line 25: left out: a closing \} is missing/),
    ]);
    // Which questions are missing is told apart from what is missing of others.
    expect(remarks.map(({ lost }) => lost)).toEqual([false, false, true, true]);
    expect(yaml).toContain('title: Optimisers');
    expect(yaml).not.toMatch(/<b>|<i>|&amp;/);
  });

  it('takes Anki text, mdbook-quiz and Open Trivia', () => {
    const anki = plan(
      'cards.txt',
      '#separator:tab\n#html:true\n#tags column:3\n"学习率<br>是什么？"\t步长\ttag\nWhat is BN?\tbatch norm\n{{c1::x}}\ty\n',
    );
    expect(anki.format).toBe('anki');
    expect(anki.added).toMatchObject([
      { kind: 'term', prompt: { zh: '学习率\n是什么？' }, accept: { en: [], zh: ['步长'] } },
      { kind: 'term', prompt: { en: 'What is BN?' }, accept: { en: ['batch norm'], zh: [] } },
    ]);
    expect(anki.remarks).toEqual([
      { lost: true, where: { en: 'line 6', zh: '第 6 行' }, what: { en: expect.stringContaining('cloze'), zh: expect.any(String) } },
    ]);

    const mdbook = plan(
      'rust.toml',
      `[[questions]]\nid = "2F8A"\ntype = "MultipleChoice"\nprompt.prompt = "What is \`Vec<T>\` & why?"\nprompt.distractors = ["an array", "a <script>x</script>map"]\nanswer.answer = "a vector"\ncontext = "It grows."\n
[[questions]]\ntype = "ShortAnswer"\nprompt.prompt = "Keyword?"\nanswer.answer = "let"\nanswer.alternatives = ["let mut"]\n
[[questions]]\ntype = "Tracing"\nprompt.program = "fn main() {}"\nanswer.doesCompile = true\n`,
    );
    expect(mdbook.added).toMatchObject([
      { kind: 'single', id: 'rust.2f8a', prompt: { en: 'What is `Vec<T>` & why?' }, explanation: { en: 'It grows.' } },
      { kind: 'term', accept: { en: ['let', 'let mut'] } },
    ]);
    expect(JSON.stringify(mdbook.added)).not.toContain('script');
    expect(mdbook.remarks).toEqual([
      { lost: true, where: { en: 'question 3', zh: '第 3 题' }, what: { en: expect.stringContaining('Tracing'), zh: expect.any(String) } },
    ]);

    const trivia = plan(
      'trivia.json',
      JSON.stringify({
        response_code: 0,
        results: [
          {
            type: 'multiple',
            difficulty: 'hard',
            category: 'c',
            question: 'Who said &quot;hi&quot;?',
            correct_answer: 'A &amp; B',
            incorrect_answers: ['C', 'D', 'E'],
          },
          {
            type: 'boolean',
            difficulty: 'easy',
            category: 'c',
            question: 'x &lt; y?',
            correct_answer: 'False',
            incorrect_answers: ['True'],
          },
          { type: 'bXVsdGlwbGU=', difficulty: 'ZWFzeQ==', question: 'V2hv', correct_answer: 'QQ==', incorrect_answers: [] },
        ],
      }),
    );
    expect(trivia.added).toMatchObject([
      { kind: 'single', difficulty: 3, prompt: { en: 'Who said "hi"?' } },
      { kind: 'boolean', answer: false, prompt: { en: 'x < y?' } },
    ]);
    expect(trivia.yaml).toMatch(/license: CC BY-SA 4\.0/);
    expect(trivia.remarks[0]!.what.en).toMatch(/encoded/);
  });

  it('writes a deck that the notes load, shows the difference the second time, and changes nothing in a plan', () => {
    const first = plan('optimisers.gift', GIFT);
    expect(loadContent(contentDir).decks.size).toBe(0);
    carryOut(first);
    const content = loadContent(contentDir);
    expect(content.problems).toEqual([]);
    expect([...content.questions.values()].filter(({ deck }) => deck === 'optimisers')).toHaveLength(6);
    expect(plan('optimisers.gift', GIFT)).toMatchObject({ added: [], changed: [], removed: [], same: 6 });
    const edited = GIFT.replace('a mean#', 'an average#').replace(/Which two[\s\S]*?\}\n/, 'New one? {T}\n');
    const second = plan('optimisers.gift', edited);
    expect(second.changed.map(({ question, fields }) => [question.id, fields])).toEqual([['opt.momentum', ['choices']]]);
    expect([second.added.length, second.removed.length, second.same]).toEqual([1, 1, 4]);
    expect(loadContent(contentDir).questions.get('opt.momentum')).toEqual(content.questions.get('opt.momentum'));
  });

  it('refuses to take a question that stands in a note or another deck', () => {
    const own = readFileSync(join(contentDir, 'topics/batch-size/quiz.yaml'), 'utf8');
    expect(() => plan('copy.yaml', own)).toThrow(/no question could be read[\s\S]*batch-size has this question already/);
  });

  it.each([
    ['nothing.gift', '', /no question could be read as gift/],
    ['prose.txt', 'Just some prose.\n\nAnd more of it.', /no question could be read/],
    ['broken.toml', 'questions = [', /line 1/],
    ['other.toml', 'a = 1', /no \[\[questions\]\]/],
    ['broken.json', '{"results":', /not JSON/],
    ['other.json', '{}', /no “results”/],
    ['broken.yaml', 'questions: [', /line/],
    ['other.yaml', 'hello: 1', /line 1/],
    ['Größe und so weiter.gift', 'x{T}', /^$/],
    ['batch-size.gift', 'x{T}', /cannot name a deck/],
    ['!!!.gift', 'x{T}', /cannot name a deck[\s\S]*--deck/],
  ])('%s: says what is wrong', (name, text, message) => {
    if (message.source === '^$') expect(plan(name, text).deck).toBe('gr-e-und-so-weiter');
    else expect(() => plan(name, text)).toThrow(message);
  });

  it('refuses a deck of a million questions at once, and one of too many', () => {
    const huge = 'Is this question one of far too many to be read?{T}\n\n'.repeat(1_000_000);
    expect(() => plan('huge.gift', huge)).toThrow(/has 5\d\.\d MB\. A deck has at most 2 MB and 2000 questions; split it/);
    expect(() => plan('many.gift', 'q{T}\n\n'.repeat(2_001))).toThrow(/more than 2000 questions/);
    expect(() => plan('latin.gift', Buffer.from([0x71, 0xe9, 0x7b, 0x54, 0x7d]) as unknown as string)).toThrow(/not UTF-8/);
  });

  it('keeps ids when the file is imported again with questions in another order', () => {
    const ids = (text: string) =>
      plan('x.gift', text)
        .added.map(({ id, prompt }) => `${prompt.en} ${id}`)
        .sort();
    expect(ids('one{T}\n\ntwo{F}')).toEqual(ids('two{F}\n\none{T}'));
    expect(new Set(plan('x.gift', 'same{T}\n\nsame{T}\n\nsame{T}').added.map(({ id }) => id)).size).toBe(3);
  });
});

it.each([
  ['a < b and c > d', 'a < b and c > d'],
  ['a<b and c>d', 'a<b and c>d'],
  ['`<b>` is a tag', '`<b>` is a tag'],
  ['x<script>alert(1)</script>y', 'xy'],
  ['one<br/>two', 'one\ntwo'],
  ['R&amp;D &#39;x&#39;', "R&D 'x'"],
  ['<a href="javascript:x">link</a>', 'link'],
  ['<img src=x onerror=alert(1)>', PICTURE],
])('%s is read as %s', (html, text) => {
  expect(plainText(html)).toBe(text);
});

/** Questions of all kinds that GIFT can hold, with the characters that it gives a meaning. */
const word = fc
  .stringMatching(/^[a-zA-Z批归梯度\\~=#{}:%$^<>*_/.,;!? &'"-]{0,20}[a-z度]$/)
  .map((text) => text.trim().replace(/&&0\d\d;?/g, ''));
const says = word.filter((text) => text !== '' && plainText(text) === text).map((en) => ({ en }));
const id = fc.stringMatching(/^[a-z]{1,6}\.[a-z0-9]{1,8}$/);
const common = { id, difficulty: fc.integer({ min: 1, max: 3 }), prompt: says, explanation: says };
const choice = (correct: boolean) => fc.record({ text: says, correct: fc.constant(correct), why: says });
const question: fc.Arbitrary<BareQuestion> = fc.oneof(
  fc.record({
    kind: fc.constant('single' as const),
    ...common,
    choices: fc.tuple(choice(true), choice(false), choice(false)).map((list) => [...list]),
  }),
  fc.record({
    kind: fc.constant('multiple' as const),
    ...common,
    choices: fc.tuple(choice(true), choice(false), choice(true)).map((list) => [...list]),
  }),
  fc.record({ kind: fc.constant('boolean' as const), ...common, answer: fc.boolean(), why: says }),
  fc.record({
    kind: fc.constant('numeric' as const),
    ...common,
    answer: fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1000),
    tolerance: fc.integer({ min: 0, max: 1000 }).map((n) => n / 1e4),
  }),
  fc.record({
    kind: fc.constant('term' as const),
    ...common,
    accept: word.map((term) => ({ en: /\p{Script=Han}/u.test(term) ? [] : [term], zh: /\p{Script=Han}/u.test(term) ? [term] : [] })),
  }),
) as fc.Arbitrary<BareQuestion>;

describe('YAML → GIFT → YAML', () => {
  it('gives everything back that it does not report as lost', () => {
    fc.assert(
      fc.property(question, (original) => {
        const { text, lost } = writeGift([original], 'en');
        const { questions } = readGift(text, { deck: 'x', locale: 'en' });
        if (lost.length === 0) expect(withoutGaps(questions[0])).toEqual(withoutGaps(original));
        else expect(questions[0] ? withoutGaps(questions[0]) : undefined).not.toEqual(withoutGaps(original));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('loses nothing of plain questions, and reports the other language and the kinds that GIFT has not', () => {
    const content = loadContent(join(root, 'content'));
    const all = [...content.questions.values()];
    for (const locale of ['en', 'zh'] as const) {
      const { text, lost } = writeGift(all, locale);
      const held = all.filter(({ kind }) => kind !== 'ordering' && kind !== 'chart');
      const back = readGift(text, { deck: 'x', locale });
      expect(back.remarks).toEqual([]);
      expect(back.questions.map(({ id: own, kind, difficulty }) => [own, kind, difficulty])).toEqual(
        held.map(({ id: own, kind, difficulty }) => [own, kind, difficulty]),
      );
      const other = locale === 'en' ? 'zh' : 'en';
      expect(new Set(lost.map(({ what }) => what.en.replace(/“.*”/, '“…”')))).toEqual(
        new Set([
          ...held.map((question) => {
            const named = 'choices' in question && question.choices?.some((choice) => 'misconception' in choice && choice.misconception);
            const parts = [(question.hints?.length ?? 0) > 0 && 'hints', named && 'choices', `the texts in ${other}`];
            return `not held by GIFT: ${parts.filter(Boolean).join(', ')}`;
          }),
          ...(held.length < all.length ? ['left out: GIFT has no questions of the kind “…”'] : []),
        ]),
      );
      back.questions.forEach((one, i) => expect(one.prompt[locale]).toBe(held[i]!.prompt[locale]));
    }
  });
});

function withoutGaps(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('export', () => {
  const questions = () => [...loadContent(contentDir).questions.values()];
  const write = (format: ExportFormat) => exportDeck('deck', { title: 'Deck' }, questions(), format, 'en', t);

  it('writes our own YAML so that it loses nothing', () => {
    const before = questions().map(({ topic: _, ...question }) => question);
    const { file, lost } = write('yaml');
    expect(lost).toEqual([]);
    contentDir = smallContent({ again: file.text.replaceAll('batch-size.', 'again.') });
    const content = loadContent(contentDir);
    expect(content.problems).toEqual([]);
    const after = [...content.questions.values()]
      .filter(({ deck }) => deck === 'again')
      .map(({ topic: _, deck: __, ...question }) => question);
    expect(JSON.stringify(after)).toBe(JSON.stringify(before).replaceAll('"batch-size.', '"again.'));
  });

  it('writes Anki text with our id first, and CSV that no spreadsheet runs', () => {
    const anki = write('anki').file.text;
    expect(anki.split('\n').slice(0, 4)).toEqual(['#separator:tab', '#html:false', '#columns:id\tfront\tback\ttags', '#tags column:4']);
    for (const { id: own } of questions()) expect(anki).toContain(`\n"${own}"\t"`);
    const [first] = questions();
    contentDir = smallContent({
      evil: `title: Evil\nquestions:\n  - { id: evil.a, kind: boolean, answer: true, prompt: { en: "=1+1" }, explanation: { en: "@x" } }\n`,
    });
    expect(first).toBeDefined();
    const csv = write('csv').file.text;
    expect(csv.startsWith('\uFEFFid,topic,kind')).toBe(true);
    expect(csv).toContain("evil.a,evil,boolean,2,,'=1+1");
    expect(csv).toContain("'@x");
  });
});

it('works from the command line: dry run, import, export, and a message for what is wrong', { timeout: 60_000 }, () => {
  const file = join(mkdtempSync(join(tmpdir(), 'deck-')), 'optimisers.gift');
  writeFileSync(file, GIFT);
  const quiz = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/quiz.ts', ...args, '--content', contentDir], { cwd: root, encoding: 'utf8' });
  const dry = quiz('import', file, '--dry-run');
  expect(dry.stdout).toMatch(
    /6 new, 0 changed[\s\S]*\+ opt\.momentum {2}single[\s\S]*! line 22: left out: matching[\s\S]*nothing was written/,
  );
  expect(loadContent(contentDir).decks.size).toBe(0);
  expect(quiz('import', file).stdout).toMatch(/Written: .*optimisers\.yaml\. Play it: \/quiz start topic:optimisers/);
  expect(loadContent(contentDir).decks.size).toBe(1);
  const back = quiz('export', '--topic', 'optimisers', '--format', 'gift');
  expect(readGift(back.stdout, { deck: 'x' }).questions).toHaveLength(6);
  for (const [args, message] of [
    [['import', 'absent.gift'], /there is no file absent\.gift/],
    [['import', file, '--format', 'word'], /--format word is not possible\. Choose one of: yaml/],
    [['export', '--topic', 'nonsense'], /no question on “nonsense”/],
  ] as const) {
    const wrong = quiz(...args);
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(wrong.stderr).not.toMatch(/\n\s+at /);
  }
});
