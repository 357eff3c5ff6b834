import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { demos } from '../../src/experiments/index.ts';
import { checkContent } from '../../src/notes/check.ts';
import { loadContent } from '../../src/notes/load.ts';
import { openParsedNotes } from '../../src/notes/parsed-notes.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'content-'));
// Each case changes one topic: the others need not be parsed again.
const parsed = openParsedNotes(join(folder, 'parsed.json'), (error) => {
  throw error;
});

beforeEach(() => {
  rmSync(join(folder, 'topics'), { recursive: true, force: true });
  cpSync(join(root, 'content/topics'), join(folder, 'topics'), { recursive: true });
});

const problems = () =>
  checkContent(loadContent(folder, parsed), folder, demos).map(
    ({ file, line, message }) => `${file.slice(folder.length + 8)}:${line ?? ''} ${message}`,
  );

function edit(file: string, from: string | RegExp, to: string): void {
  const path = join(folder, 'topics', file);
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
}

describe('content:check', () => {
  it('finds nothing in our own notes', () => {
    expect(problems()).toEqual([]);
  });

  it.each([
    [
      'an alias of another topic',
      'gradient/en.md',
      'nabla,',
      'nabla, batchnorm,',
      /alias “batchnorm” belongs to batch-normalization already|alias “batchnorm” belongs to gradient already/,
    ],
    [
      'an unknown related topic',
      'gradient/en.md',
      'related: [',
      'related: [nonsense, ',
      /^gradient\/en\.md:\d+ related topic “nonsense” does not exist/,
    ],
    [
      'a claim of an unknown demo',
      'gradient/en.md',
      'demo: gradient-direction',
      'demo: nonsense',
      /^gradient\/en\.md:\d+ claim steepest-angle: no demo is called nonsense/,
    ],
    [
      'a formula with English words and no Chinese',
      'gradient/zh.md',
      '    formula: atan2(3, 2)，以度计\n',
      '',
      /^gradient\/en\.md:\d+ claim steepest-angle: formula is missing in zh/,
    ],
    ['a claim with a parameter out of range', 'gradient/en.md', 'y: 0.5', 'y: 99', /parameter-out-of-range/],
    [
      'a citation without a source',
      'gradient/en.md',
      '[@baike]',
      '[@nobody]',
      /^gradient\/en\.md:\d+ \[@nobody\] is not among the sources/,
    ],
    [
      'a missing section',
      'gradient/zh.md',
      /## 常见误解 \{#wrong\}/,
      '## 别的 {#other}',
      /^gradient\/zh\.md: the section \{#wrong\} is missing/,
    ],
    ['broken front matter', 'gradient/en.md', 'title: The gradient', 'title: [', /^gradient\/en\.md:\d+ /],
    [
      'a question without explanation',
      'gradient/quiz.yaml',
      /\n {4}explanation:.*/,
      '',
      /^gradient\/quiz\.yaml:\d+ questions\.0\.explanation/,
    ],
    ['a question without a right choice', 'gradient/quiz.yaml', '- correct: true\n        text', '- text', /0 choices are marked correct/],
    [
      'a wrong choice without a reason in Chinese',
      'gradient/quiz.yaml',
      /(why: \{ en: "[^"]*"), zh: "[^"]*"/,
      '$1',
      /^gradient\/quiz\.yaml:\d+ gradient\.direction: the wrong choice “[^”]+” does not say in zh why it is wrong/,
    ],
    [
      'too few questions',
      'gradient/quiz.yaml',
      / {2}- id: gradient\.component[\s\S]*$/,
      '',
      /^gradient\/quiz\.yaml: 5 questions; a topic has at least 10/,
    ],
    [
      'too few kinds of question',
      'gradient/quiz.yaml',
      / {2}- id: gradient\.component[\s\S]*$/,
      '',
      /^gradient\/quiz\.yaml: 2 kinds of question \(single, boolean\); a topic has at least 4/,
    ],
    [
      'a hint in one language',
      'gradient/quiz.yaml',
      /\n( {4}explanation:)/,
      '\n    hints: [{ en: "Look at the sign." }]\n$1',
      /^gradient\/quiz\.yaml:\d+ gradient\.direction: hint 1 is missing in zh/,
    ],
    [
      'a hint that holds the answer',
      'gradient/quiz.yaml',
      /- correct: true\n {8}text: \{ en: "[^"]*", zh: "[^"]*" \}([\s\S]*?)\n( {4}explanation:)/,
      '- correct: true\n        text: { en: "Steepest ascent", zh: "最陡上升" }$1\n    hints:\n      - { en: "Is it up?", zh: "想想是不是最陡 上升的方向" }\n$2',
      /^gradient\/quiz\.yaml:\d+ gradient\.direction: hint 1 \(zh\) gives the answer away: “最陡上升”/,
    ],
    [
      'three hints',
      'gradient/quiz.yaml',
      /\n( {4}explanation:)/,
      '\n    hints: [{ en: a, zh: 甲 }, { en: b, zh: 乙 }, { en: c, zh: 丙 }]\n$1',
      /^gradient\/quiz\.yaml:\d+ questions\.0\.hints/,
    ],
    [
      'a misconception that no other question tells apart',
      'gradient/quiz.yaml',
      /\n( {8}why:)/,
      '\n        misconception: nobody-else\n$1',
      /^gradient\/quiz\.yaml:\d+ gradient\.direction: no other question has the misconception “nobody-else”/,
    ],
    [
      'a misconception on the right choice',
      'gradient/quiz.yaml',
      '- correct: true\n',
      '- correct: true\n        misconception: right-is-wrong\n',
      /^gradient\/quiz\.yaml:\d+ gradient\.direction: a right choice has no misconception/,
    ],
    [
      'a topic to read first that is not there',
      'gradient/en.md',
      'related: [',
      'needs: [nonsense]\nrelated: [',
      /^gradient\/en\.md:\d+ needs: the topic “nonsense” does not exist/,
    ],
    [
      'a topic that needs itself',
      'gradient/en.md',
      'related: [',
      'needs: [gradient]\nrelated: [',
      /^gradient\/en\.md:\d+ needs: goes in a circle: gradient → gradient/,
    ],
    ['a question about an unknown section', 'gradient/quiz.yaml', 'section: idea', 'section: nowhere', /section nowhere does not exist/],
  ])('reports %s, with file and line', (_what, file, from, to, expected) => {
    edit(file, from, to);
    expect(problems().join('\n')).toMatch(new RegExp(expected.source, 'm'));
  });

  it('takes hints, a misconception of two questions, and topics to read first', () => {
    edit('gradient/quiz.yaml', /\n( {4}explanation:)/, '\n    hints: [{ en: "Which way?", zh: "朝哪边？" }]\n$1');
    edit('gradient/quiz.yaml', /\n( {8}why:)/, '\n        misconception: down-is-up\n$1');
    edit('gradient-descent/quiz.yaml', /\n( {8}why:)/, '\n        misconception: down-is-up\n$1');
    expect(problems()).toEqual([]);
    expect(loadContent(folder, parsed).topics.get('gradient-descent')?.needs).toEqual(['gradient']);
    edit('gradient/en.md', 'related: [', 'needs: [gradient-descent]\nrelated: [');
    expect(problems().join()).toMatch(/^gradient(?:-descent)?\/en\.md:\d+ needs: goes in a circle: /);
  });

  it('reports a missing language', () => {
    rmSync(join(folder, 'topics/gradient/zh.md'));
    expect(problems()).toContainEqual(expect.stringMatching(/^gradient\/zh\.md: zh\.md is missing/));
  });

  it('leaves out what is no text, too large, or outside the folder, and keeps the rest', () => {
    const good = readdirSync(join(folder, 'topics')).length;
    for (const id of ['binary', 'huge', 'linked']) mkdirSync(join(folder, 'topics', id));
    writeFileSync(join(folder, 'topics/binary/en.md'), Buffer.from([0xff, 0xfe, 0, 1]));
    writeFileSync(join(folder, 'topics/huge/en.md'), 'x'.repeat(600 * 1024));
    const outside = join(mkdtempSync(join(tmpdir(), 'outside-')), 'secret.md');
    writeFileSync(outside, '---\ntitle: secret\n---\n## Idea {#idea}\nsecret');
    symlinkSync(outside, join(folder, 'topics/linked/en.md'));
    const content = loadContent(folder, parsed);
    expect(content.topics.size).toBe(good);
    expect(content.problems.map(({ message }) => message).join('\n')).toMatch(
      /not UTF-8[\s\S]*600 kB[\s\S]*leads out of the content folder/,
    );
  });
});
