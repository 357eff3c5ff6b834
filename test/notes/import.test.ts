import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { propose, slug } from '../../src/notes/import/propose.ts';
import { readRawNotes } from '../../src/notes/import/raw.ts';
import { loadContent } from '../../src/notes/load.ts';

const root = join(import.meta.dirname, '../..');
const RAW = `Some words before.

# 什么是动量
1. 把以前的更新方向累积起来
2. 参见 [另一页](https://example.org/inline) 的说明
- [动量法](https://example.org/momentum)
- [Momentum](https://example.org/momentum-en)

# Batch size
A text with <b>HTML</b> and $a_1$.

## Which one
Not too large.

---
# 什么是动量
The same heading again.
`;
let folder: string;
let raw: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  raw = join(folder, 'raw.md');
  writeFileSync(raw, RAW);
});

/** Runs the real command. */
async function notes(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = [join(root, 'scripts/notes.ts'), ...args];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, command, { cwd: root })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}
const importRaw = (...more: string[]) => notes('import', raw, '--content', join(folder, 'content'), ...more);
const note = (id: string, lang = 'zh') => readFileSync(join(folder, 'content/topics', id, `${lang}.md`), 'utf8');

describe('notes import', () => {
  it('makes a topic of each heading that the bot can load, and says where every line went', async () => {
    const { stdout, code } = await importRaw('--lang', 'zh');
    expect(code).toBe(0);
    const { topics, problems } = loadContent(join(folder, 'content'));
    expect([...topics.keys()]).toEqual(['batch-size', 'dong-liang', 'dong-liang-2', 'raw']);
    expect(topics.get('raw')!.texts.zh!.sections[0]!.body).toBe('Some words before.');
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(topics.get('dong-liang')!.sources.map(({ url }) => url)).toEqual([
      'https://example.org/momentum',
      'https://example.org/momentum-en',
    ]);
    expect(topics.get('dong-liang')!.texts.zh).toMatchObject({ title: '动量' });
    expect(topics.get('dong-liang')!.texts.zh!.sections[0]!.body).toBe(
      '1. 把以前的更新方向累积起来\n2. 参见 [另一页](https://example.org/inline) 的说明',
    );
    expect(topics.get('batch-size')!.texts.zh!.sections.map(({ heading }) => heading)).toEqual(['Batch size', 'Which one']);
    for (const [number, line] of RAW.split('\n').entries()) {
      if (line.trim() === '') continue;
      const covered = [...stdout.matchAll(/^ *(\d+)(?:–(\d+))? {2}/gm)].some(
        ([, from, to]) => number + 1 >= Number(from) && number + 1 <= Number(to ?? from),
      );
      expect(covered, `line ${number + 1} is in the report`).toBe(true);
    }
    expect(stdout).toContain('HTML tags left out, the text stays');
  });

  it('changes nothing the second time', async () => {
    await importRaw();
    const before = note('dong-liang');
    const { stdout } = await importRaw();
    expect(stdout).toContain('0 of 4 files written');
    expect(note('dong-liang')).toBe(before);
  });

  it('shows a diff and writes nothing with --dry-run', async () => {
    const { stdout } = await importRaw('--dry-run');
    expect(stdout).toContain('+title: 动量');
    expect(stdout).toContain('nothing was written; 4 of 4 files would be');
    expect(readdirSync(join(folder, 'content/topics'))).toEqual([]);
  });

  it('keeps what an author has changed since, unless told otherwise', async () => {
    await importRaw();
    const path = join(folder, 'content/topics/batch-size/zh.md');
    writeFileSync(path, note('batch-size').replace('Not too large.', 'Mine.'));
    expect((await importRaw()).stdout).toContain('batch-size/zh.md: differs from what stands there; kept');
    expect(note('batch-size')).toContain('Mine.');
    await importRaw('--overwrite');
    expect(note('batch-size')).not.toContain('Mine.');
  });

  it('takes an id of the author’s, so that two languages meet in one topic', async () => {
    writeFileSync(raw, '# 什么是动量 {#momentum}\n文字\n\n# 别的\n文字\n');
    await importRaw('--lang', 'zh');
    writeFileSync(raw, '# Momentum {#momentum}\nText\n\n# Other\nText\n');
    await importRaw('--lang', 'en');
    expect(Object.keys(loadContent(join(folder, 'content')).topics.get('momentum')!.texts).sort()).toEqual(['en', 'zh']);
  });

  it('leaves out a guessed name that another topic has, and says whose it is', async () => {
    writeFileSync(raw, '# Dropout的原理\n一\n\n# Dropout的作用\n二\n');
    const left = 'the alias “Dropout” was left out: it belongs to dropout-yuan-li';
    expect((await importRaw()).stdout.split(left)).toHaveLength(2);
    writeFileSync(raw, '# Dropout的概念\n一\n\n# 其他\n二\n');
    expect((await importRaw()).stdout).toContain(left);
  });

  it.each([
    ['a file that is not there', undefined, [], /raw\.md is not there/],
    ['binary junk', Buffer.from([0x23, 0x20, 0xff, 0xfe, 0x00]), [], /not UTF-8 text/],
    ['a file without text', '# Only\n\n# Headings\n', [], /no text below a heading/],
    ['a file that is too large', `# a\n${'x'.repeat(6e6)}`, [], /Split it by topic/],
    ['an unknown language', RAW, ['--lang', 'fr'], /choose one of en, zh/],
    ['an unknown flag', RAW, ['--nonsense'], /nonsense/],
  ])('answers %s with a message and writes nothing', async (_name, text, flags, expected) => {
    if (text === undefined) rmSync(raw);
    else writeFileSync(raw, text);
    const { code, stderr } = await importRaw(...flags);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(join(folder, 'content/topics'))).toBe(false);
  });
});

describe('proposed ids', () => {
  it.each([
    ['梯度下降', 'ti-du-xia-jiang'],
    ['Bagging和Dropout有什么区别', 'bagging-he-dropout-qu-bie'],
    ['Bert Embedding使用', 'bert-embedding-shi-yong'],
    ['../../etc/passwd', 'etc-passwd'],
    ['Überanpassung', 'uberanpassung'],
    ['学习率', 'xue-xi-lv'],
  ])('%s → %s', (heading, id) => expect(slug(heading)).toBe(id));

  it('names what the heading asks for', () => {
    expect(propose('什么是梯度')).toMatchObject({ title: '梯度' });
    expect(propose('What is a gradient?')).toMatchObject({ id: 'gradient', title: 'gradient' });
    expect(propose('BatchNorm的原理和作用').aliases).toEqual(['BatchNorm']);
    expect(propose('内部协变量偏移（ICS）').aliases).toEqual(['ICS', '内部协变量偏移']);
  });
});

it('a single title above sections does not become the only topic', () => {
  expect(readRawNotes('# My notes\n\n## One\na\n\n## Two\nb\n').topics.map(({ heading }) => heading)).toEqual(['One', 'Two']);
});
