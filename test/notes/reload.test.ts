import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNotes } from '../../src/notes/create.ts';
import { loadContent } from '../../src/notes/load.ts';
import type { Notes } from '../../src/notes/service.ts';

const source = join(import.meta.dirname, '../../content/topics');
let folder: string;
let notes: Notes;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reload-'));
  for (const id of ['gradient', 'batch-size']) cpSync(join(source, id), join(folder, 'topics', id), { recursive: true });
  notes = await createNotes({ config: { contentDir: folder, cacheDir: join(folder, 'cache') }, log: pino({ level: 'silent' }) });
});
afterEach(() => notes.close());

const path = (file: string) => join(folder, 'topics', file);
const edit = (file: string, from: string | RegExp, to: string) =>
  writeFileSync(path(file), readFileSync(path(file), 'utf8').replace(from, to));
const title = (id: string) => notes.topic(id)?.texts.en?.title;

it('takes up a change without a restart', async () => {
  edit('gradient/en.md', /^title: .*$/m, 'title: The slope in every direction');
  await vi.waitFor(() => expect(title('gradient')).toBe('The slope in every direction'), 5_000);
  expect(notes.named('the slope in every direction')?.id).toBe('gradient');
});

it('keeps the last good version of a broken topic, says so, and takes up the others', async () => {
  const before = title('gradient');
  const questions = [...notes.content().questions.keys()];
  edit('gradient/en.md', /^title: .*$/m, 'title: [never closed');
  edit('batch-size/en.md', /^title: .*$/m, 'title: How many examples');
  await vi.waitFor(() => expect(title('batch-size')).toBe('How many examples'), 5_000);
  expect(title('gradient')).toBe(before);
  expect([...notes.content().questions.keys()].sort()).toEqual(questions.sort());
  expect(notes.problems().map(({ file }) => file)).toEqual([path('gradient/en.md')]);
  // Another change while it is still broken must not take it away either.
  edit('batch-size/en.md', /^title: .*$/m, 'title: How many at once');
  await vi.waitFor(() => expect(title('batch-size')).toBe('How many at once'), 5_000);
  expect(title('gradient')).toBe(before);
  edit('gradient/en.md', /^title: .*$/m, 'title: Mended');
  await vi.waitFor(() => expect(title('gradient')).toBe('Mended'), 5_000);
  expect(notes.problems()).toEqual([]);
});

it('keeps the questions of a quiz.yaml that broke', async () => {
  const count = notes.content().questions.size;
  edit('gradient/quiz.yaml', 'kind: single', 'kind: nonsense');
  await vi.waitFor(() => expect(notes.problems()).toHaveLength(1), 5_000);
  expect(notes.content().questions.size).toBe(count);
});

it('drops a topic whose folder was deleted', async () => {
  rmSync(path('batch-size'), { recursive: true });
  await vi.waitFor(() => expect(notes.topic('batch-size')).toBeUndefined(), 5_000);
});

it('does not read through a link that leads out of the content folder', () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'));
  cpSync(join(source, 'gradient-descent'), join(outside, 'gradient-descent'), { recursive: true });
  symlinkSync(join(outside, 'gradient-descent'), path('gradient-descent'));
  const { topics, problems } = loadContent(folder);
  expect(topics.has('gradient-descent')).toBe(false);
  expect(problems[0]?.message).toContain('leads out of the content folder');
});

describe('parsed notes kept on disk', () => {
  const cache = () => join(folder, 'cache/notes/parsed.json');
  const again = () => createNotes({ config: { contentDir: folder, cacheDir: join(folder, 'cache') }, log: pino({ level: 'silent' }) });

  it('give the same content at the next start', async () => {
    const second = await again();
    expect(readFileSync(cache(), 'utf8').length).toBeGreaterThan(10_000);
    expect(second.content().topics).toEqual(notes.content().topics);
    expect(second.content().questions).toEqual(notes.content().questions);
    expect(second.named('tidu')?.id).toBe('gradient');
    expect(second.ask('梯度是什么').probability).toBe(notes.ask('梯度是什么').probability);
    second.close();
  });

  it('are only a saving of time: a damaged file is made again', async () => {
    writeFileSync(cache(), '{"half');
    const second = await again();
    expect(second.content().topics.size).toBe(2);
    expect(JSON.parse(readFileSync(cache(), 'utf8'))).toBeTypeOf('object');
    second.close();
  });

  it('are not used for a file that has changed', async () => {
    notes.close();
    edit('gradient/en.md', /^title: .*$/m, 'title: Changed while it was off');
    notes = await again();
    expect(title('gradient')).toBe('Changed while it was off');
  });
});
