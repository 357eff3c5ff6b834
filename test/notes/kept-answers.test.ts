import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freeze, thaw } from '../../src/notes/frozen.ts';
import { openKeptAnswers } from '../../src/notes/kept-answers.ts';
import { loadContent } from '../../src/notes/load.ts';
import { createSearch, type Search } from '../../src/notes/search.ts';
import type { VectorTopic, VectorUnit } from '../../src/notes/unit-vectors.ts';
import { createNumbering } from '../../src/notes/vocabulary.ts';

// Some topics are enough to tell questions apart, and quick to learn.
const all = loadContent(join(import.meta.dirname, '../../content'));
const some = new Map([...all.prepared].slice(0, 12));
const topics = new Map([...all.topics].filter(([id]) => some.has(id)));
const folder = mkdtempSync(join(tmpdir(), 'kept-'));
const file = join(folder, 'learnt.bin');
afterAll(() => rmSync(folder, { recursive: true }));

const faults: unknown[] = [];
const open = (prepared = some, at = file) => openKeptAnswers(at, prepared, (error) => faults.push(error));
const questions = [...topics.values()].flatMap(({ answers }) =>
  answers.flatMap(({ ask }) => Object.values(ask).map(([first]) => `${first} !`)),
);
/** What stands behind each question's order. */
const ranked = ({ ranker }: Search) =>
  questions.map((question) =>
    ranker
      .rank(question)
      .found.slice(0, 8)
      .map(({ topic, unit, strength }) => ({ topic, unit, strength })),
  );

let learnt: ReturnType<typeof ranked>;
beforeAll(async () => {
  const search = createSearch({ topics, prepared: some }, { kept: open() });
  learnt = ranked(search);
  search.warm();
  await vi.waitUntil(() => statSync(file, { throwIfNoEntry: false }), { timeout: 60_000 });
  search.close();
});

it('the next start answers the same, and learns nothing', () => {
  const search = createSearch({ topics, prepared: some }, { kept: open() });
  expect(search.ranker.parts.weigher.warm()).toBe(false);
  expect(questions.length).toBeGreaterThan(100);
  const again = ranked(search);
  const units = (list: typeof learnt) => list.map((found) => found.map(({ topic, unit }) => [topic, unit]));
  expect(units(again)).toEqual(units(learnt));
  // As exactly as single precision keeps it; digits cut off would differ where a number lies at their edge.
  const apart = again.flatMap((found, q) => found.map(({ strength }, i) => Math.abs(strength / learnt[q]![i]!.strength - 1)));
  expect(Math.max(...apart)).toBeLessThan(1e-5);
  search.close();
});

it('topics and units come out of the file when they are asked for, and only the last ones stay', async () => {
  const many = new Map(Array.from({ length: 70 }, (_, i) => [`t${i}`, [...some.values()][0]!]));
  const unit = (i: number) => ({ uses: new Map([['a', i]]) }) as unknown as VectorUnit;
  const units = (i: number) => new Map(Array.from({ length: 10 }, (_, j) => [`#${j}`, unit(10 * i + j)]));
  const topic = (i: number): VectorTopic => ({ names: [], speak: new Map([['b', i]]), asked: new Map(), units: units(i) });
  const numbers = { records: new Uint32Array([0]), counts: new Float32Array([2]) };
  const path = join(folder, 'many.bin');
  const again = await openKeptAnswers(path, many, (error) => faults.push(error)).keep({
    index: { vocabulary: createNumbering(['a']), starts: new Uint32Array([0, 1]), postings: () => numbers },
    topics: new Map([...many.keys()].map((id, i) => [id, topic(i)])),
  });
  const unitOf = (i: number) => again.topics.get(`t${i}`)!.units.get('#3')!;
  const [first, firstUnit] = [again.topics.get('t0'), unitOf(0)];
  expect([again.topics.get('t0'), unitOf(0)]).toEqual([first, firstUnit]);
  expect(unitOf(0)).toBe(firstUnit);
  for (let i = 0; i < 70; i++)
    for (const [id, { uses }] of units(i)) expect(again.topics.get(`t${i}`)!.units.get(id)!.uses.get('a')).toBe(uses.get('a'));
  expect(again.topics.get('t0')).not.toBe(first);
  expect(unitOf(0)).not.toBe(firstUnit);
  expect([again.topics.get('t0')!.speak.get('b'), again.topics.get('t0')!.units.size, unitOf(0).uses.get('a')]).toEqual([0, 10, 3]);
  expect([again.topics.get('none'), again.topics.get('t1')!.units.get('#none')]).toEqual([undefined, undefined]);
  expect([again.index.vocabulary.terms, again.index.starts, again.index.postings(0, 1)]).toEqual([
    ['a', 'b'],
    new Uint32Array([0, 1]),
    numbers,
  ]);
  again.close();
});

it('what was kept goes with the texts: one word more and it is not taken', () => {
  const [first] = some;
  const changed = new Map(some).set(first![0], {
    ...first![1],
    prompts: { ...first![1].prompts, main: `${first![1].prompts.main} zebra` },
  });
  expect(open(changed).take()).toBeUndefined();
  expect(open().take()?.topics.size).toBe(some.size);
});

it.each([
  ['lost its end', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  ['is empty', (path: string) => truncateSync(path, 0)],
  [
    'has one byte that is wrong',
    (path: string) =>
      writeFileSync(
        path,
        readFileSync(path).map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)),
      ),
  ],
])('a file that %s only costs time', (_, damage) => {
  const copy = join(folder, 'damaged.bin');
  writeFileSync(copy, readFileSync(file));
  expect(open(some, copy).take()?.topics.size).toBe(some.size);
  damage(copy);
  expect(open(some, copy).take()).toBeUndefined();
});

it('a folder that cannot be written is told, and the answers stay', async () => {
  const kept = open(some, join(file, 'below-a-file', 'learnt.bin'));
  const before = open().take()!;
  const after = await kept.keep(before);
  expect(faults).toHaveLength(1);
  expect(new Set(after.topics.keys())).toEqual(new Set(some.keys()));
});

it('frozen and thawed, a Map of numbers reads like the Map', () => {
  const uses = new Map([
    ['梯度', 0.25],
    ['descent', 3],
    ['a', 1],
  ]);
  const plain = { uses, none: new Map<string, number>(), inner: [{ id: '#idea', place: new Float32Array([1, 0.5]), missing: undefined }] };
  const numbering = createNumbering();
  const back = thaw(freeze(plain, 2, numbering), 2, numbering) as typeof plain;
  expect(new Map(back.uses)).toEqual(uses);
  expect([back.uses.get('descent'), back.uses.get('no'), back.uses.has('梯度'), back.uses.size]).toEqual([3, undefined, true, 3]);
  expect([...back.none.keys()]).toEqual([]);
  expect(back.inner[0]).toMatchObject({ id: '#idea', place: new Float32Array([1, 0.5]) });
});
