import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { createNotes } from '../../src/notes/create.ts';
import { openKeptAnswers } from '../../src/notes/kept-answers.ts';
import { learnApart } from '../../src/notes/learn-apart.ts';
import { loadContent } from '../../src/notes/load.ts';
import { openSearch } from '../../src/notes/open-search.ts';
import { openParsedNotes } from '../../src/notes/parsed-notes.ts';
import { createSearch } from '../../src/notes/search.ts';

const WAIT = { timeout: 60_000, interval: 20 };
const PROGRAM = join(import.meta.dirname, '../../src/notes/learn-process.ts');
const QUESTION = 'why does the heron stand on one leg?';
const BIRDS = ['heron', 'stork', 'plover', 'wagtail', 'swift', 'dipper', 'kestrel', 'siskin', 'wren', 'bittern'];

/** Notes of a paragraph or two: what they say is not what these tests are about. */
function birds(count: number): string {
  const contentDir = mkdtempSync(join(tmpdir(), 'birds-'));
  BIRDS.slice(0, count).forEach((bird, i) => {
    const folder = join(contentDir, 'topics', bird);
    mkdirSync(folder, { recursive: true });
    const front = `---\ntitle: The ${bird}\naliases: []\nsources: []\nclaims: []\n---\n`;
    writeFileSync(
      join(folder, 'en.md'),
      `${front}A ${bird} is a bird that weighs ${i + 1} ounces.\n\n## Food\n\nIt eats ${BIRDS[i + 1]} eggs.\n`,
    );
    const answers = [
      { id: `${bird}.leg`, ask: { en: [`Why does the ${bird} stand on one leg?`] }, answer: { en: 'To keep the other one warm.' } },
      { id: `${bird}.nest`, ask: { en: [`Where does the ${bird} nest?`] }, answer: { en: `On hill number ${i}.` } },
    ];
    writeFileSync(join(folder, 'answers.yaml'), JSON.stringify(answers));
  });
  return contentDir;
}
/** Just more than are read and learnt within the program. */
const many = birds(BIRDS.length);

function logged() {
  const lines: { level: number; msg: string; why?: string }[] = [];
  return { lines, log: pino({ level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line)) }) };
}

const newCache = () => mkdtempSync(join(tmpdir(), 'cache-'));
const fails = (error: unknown) => expect.fail(String(error));
function placesIn(cacheDir: string, contentDir = many) {
  const folder = join(cacheDir, 'notes');
  return { folder, places: { contentDir, parsed: join(folder, 'parsed.json'), learnt: join(folder, 'learnt.bin') } };
}
/** Is everything kept for the notes as they are now? */
const isKept = (cacheDir: string, contentDir = many): boolean => {
  const { places } = placesIn(cacheDir, contentDir);
  const { prepared } = loadContent(contentDir, openParsedNotes(places.parsed, fails));
  const kept = openKeptAnswers(places.learnt, prepared, fails).take();
  kept?.close();
  return kept !== undefined;
};

it('what another process has learnt is taken, without learning; a question that comes before is answered the same', async () => {
  const { folder, places } = placesIn(newCache());
  const loaded = loadContent(many);
  const { lines, log } = logged();
  const apart = learnApart(places, folder, log)!;
  const open = () => openSearch(loaded, { file: places.learnt, elsewhere: () => apart.learnt, notKept: fails });
  const [early, late] = [open(), open()];
  const before = early.get().ask(QUESTION);
  expect(before).toMatchObject({ kind: 'answer', hit: { answer: { id: 'heron.leg' } } });
  expect([await apart.read, await apart.learnt]).toEqual([true, true]);
  expect(late.get().ranker.parts.weigher.warm()).toBe(false);
  expect(late.get().ranker.parts.weigher.learnt()).toBeUndefined();
  const own = createSearch(loaded);
  for (const { ask } of [early.get(), late.get(), own]) expect(ask(QUESTION).probability).toBeCloseTo(before.probability, 5);
  expect(lines).toEqual([]);
  for (const { close } of [early, late, own]) close();
});

it.each([
  ['is killed', `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`, 'SIGKILL'],
  ['ends', 'process.exit(3);', 'exit code 3'],
  ['tells why', `process.send({ stage: 'failed', why: 'no space left' }); process.disconnect();`, 'no space left'],
])('a process that %s is told once, and what it should have learnt is learnt here', async (_, code, why) => {
  const cacheDir = newCache();
  const { folder, places } = placesIn(cacheDir);
  const program = join(cacheDir, 'program.mjs');
  writeFileSync(program, code);
  const { lines, log } = logged();
  const apart = learnApart(places, folder, log, program)!;
  const search = openSearch(loadContent(many), { file: places.learnt, elsewhere: () => apart.learnt, notKept: fails });
  expect([await apart.read, await apart.learnt]).toEqual([false, false]);
  await vi.waitUntil(() => isKept(cacheDir), WAIT);
  expect(lines.map((line) => line.why)).toEqual([why]);
  search.close();
});

it('stopped, it leaves nothing and says nothing', async () => {
  const { folder, places } = placesIn(newCache());
  const { lines, log } = logged();
  const apart = learnApart(places, folder, log, PROGRAM)!;
  apart.stop();
  expect([await apart.read, await apart.learnt]).toEqual([false, false]);
  expect([readdirSync(folder), lines]).toEqual([[], []]);
});

it('where nothing can be kept, everything is read and learnt here', async () => {
  const file = join(newCache(), 'file');
  writeFileSync(file, '');
  const { lines, log } = logged();
  expect(learnApart(placesIn(file).places, placesIn(file).folder, log)).toBeUndefined();
  const notes = await createNotes({ config: { contentDir: many, cacheDir: file }, log });
  expect(notes.ask(QUESTION).kind).toBe('answer');
  expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set(['what was read and learnt from the notes could not be kept']));
  notes.close();
});

it('a first start and a change of notes have the other process read and learn', async () => {
  const cacheDir = newCache();
  const contentDir = birds(BIRDS.length);
  const { lines, log } = logged();
  const notes = await createNotes({ config: { contentDir, cacheDir }, log });
  expect(notes.content().topics.size).toBe(BIRDS.length);
  await vi.waitUntil(() => isKept(cacheDir, contentDir), WAIT);
  const { mtimeMs } = statSync(placesIn(cacheDir).places.learnt);
  const file = join(contentDir, 'topics/heron/en.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^title: .*$/m, 'title: Zebra crossings'));
  await vi.waitUntil(() => notes.named('zebra crossings')?.id === 'heron', WAIT);
  await vi.waitUntil(() => isKept(cacheDir, contentDir), WAIT);
  expect(statSync(placesIn(cacheDir).places.learnt).mtimeMs).toBeGreaterThan(mtimeMs);
  expect(readdirSync(placesIn(cacheDir).folder).sort()).toEqual(['learnt.bin', 'parsed.json']);
  expect(lines).toEqual([]);
  notes.close();
});

describe('what was learnt and is then', () => {
  const contentDir = birds(3);
  it.each([
    ['cut off', (file: string) => truncateSync(file, statSync(file).size >> 1)],
    [
      'overwritten',
      (file: string) =>
        writeFileSync(
          file,
          readFileSync(file).map((byte, at) => (at < 2_000 ? byte : byte ^ 1)),
          { flag: 'r+' },
        ),
    ],
    ['emptied', (file: string) => truncateSync(file, 0)],
  ])('%s while the program runs, or before a start, is learnt anew', async (_, damage) => {
    const cacheDir = newCache();
    const { learnt } = placesIn(cacheDir).places;
    const { lines, log } = logged();
    const start = () => createNotes({ config: { contentDir, cacheDir }, log });
    const first = await start();
    await vi.waitUntil(() => isKept(cacheDir, contentDir), WAIT);
    const { probability } = first.ask(QUESTION);
    first.close();
    // What a question looks into stays in memory: these two have asked nothing yet.
    const notes = await start();
    const over = await start();
    const own = loadContent(birds(1));
    const layer = over.over({ ...own, topics: new Map(), prepared: new Map() });
    damage(learnt);
    expect(notes.ask(QUESTION).probability).toBeCloseTo(probability, 5);
    expect(layer.ask(QUESTION).probability).toBeCloseTo(probability, 5);
    expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set(['what was learnt from the notes is damaged; it is learnt anew']));
    await vi.waitUntil(() => isKept(cacheDir, contentDir), WAIT);
    for (const one of [notes, layer, over]) one.close();
    damage(learnt);
    const second = await start();
    await vi.waitUntil(() => isKept(cacheDir, contentDir), WAIT);
    expect(second.ask(QUESTION).probability).toBeCloseTo(probability, 5);
    second.close();
  });
});
