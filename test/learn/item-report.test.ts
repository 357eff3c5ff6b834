import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRng } from '../../src/demos/random.ts';
import { itemReport } from '../../src/learn/item-report.ts';
import { recordAnswers } from '../../src/learn/record.ts';
import { loadContent } from '../../src/notes/load.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { smallContent } from '../helpers/small-content.ts';

const root = join(import.meta.dirname, '../..');
const deck = `title: Items
questions:
${['a', 'b', 'c', 'd', 'e']
  .map(
    (name) =>
      `  - { id: items.${name}, kind: single, prompt: { en: "${name}?" }, explanation: { en: x }, choices: [{ text: { en: right }, correct: true }, { text: { en: near } }, { text: { en: far } }] }\n`,
  )
  .join('')}  - { id: items.typed, kind: numeric, answer: 1, tolerance: 0, prompt: { en: "typed?" }, explanation: { en: x } }
`;
const contentDir = smallContent({ items: deck });
const content = loadContent(contentDir);
let file: string;
let store: Store;
beforeEach(async () => {
  file = join(mkdtempSync(join(tmpdir(), 'items-')), 'tutor.db');
  store = await openStore(file);
});
afterEach(() => store.close());

/** One question answered by people p0, p1, …: the index of the choice each took. */
async function answer(question: string, picks: readonly (number | string)[], round = 0, to = store): Promise<void> {
  await to.db.transaction().execute((trx) =>
    recordAnswers(trx, {
      platform: 'web',
      space: 'local',
      source: `quiz/${question}/${round}`,
      questionId: question,
      question: content.questions.get(question),
      at: 1_000 + round,
      answers: picks.map((pick, i) => ({
        user: `p${i}`,
        credit: pick === 0 || pick === '1' ? 1 : 0,
        hinted: false,
        given: JSON.stringify(typeof pick === 'number' ? { picked: [pick] } : { typed: pick }),
      })),
    }),
  );
}

const times = (count: number, pick: number | string) => new Array<number | string>(count).fill(pick);

describe('the item report', () => {
  it('gives the figures that a spreadsheet gives', async () => {
    // 20 people; the first twelve know a, the first ten b, p5–p14 c.
    await answer('items.a', [...times(12, 0), ...times(6, 1), ...times(2, 2)]);
    await answer('items.b', [...times(10, 0), ...times(10, 1)]);
    await answer('items.c', [...times(5, 1), ...times(10, 0), ...times(5, 2)]);
    const items = new Map((await itemReport(store.db, content, 'en')).map((item) => [item.question, item]));
    const a = items.get('items.a')!;
    expect([a.n, a.facility]).toEqual([20, 0.6]);
    expect(a.choices).toEqual([
      { text: 'right', correct: true, count: 12 },
      { text: 'near', correct: false, count: 6 },
      { text: 'far', correct: false, count: 2 },
    ]);
    // Python's statistics.correlation of each column with the mean of the other two.
    expect(a.discrimination).toBeCloseTo(0.7216878364870322, 10);
    expect(items.get('items.b')!.discrimination).toBeCloseTo(0.5207556439232955, 10);
    expect(items.get('items.c')!.discrimination).toBeCloseTo(0.105999788000636, 10);
    expect(items.get('items.b')!.flags).toEqual(['unused-choice']);
  });

  it('shows nothing under 20 people, and counts first answers only', async () => {
    await answer('items.a', times(19, 0));
    await answer('items.a', times(19, 1), 1);
    expect(await itemReport(store.db, content, 'en')).toMatchObject([
      { question: 'items.a', n: 19, facility: null, discrimination: null, difficulty: null, choices: null, flags: [] },
    ]);
    await answer('items.b', times(20, 0));
    await answer('items.b', times(20, 1), 1);
    const b = (await itemReport(store.db, content, 'en')).find(({ question }) => question === 'items.b')!;
    expect([b.n, b.facility, b.discrimination]).toEqual([20, 1, null]);
    expect(b.flags).toEqual(['too-easy', 'unused-choice']);
  });

  it('flags what is wrong with a question', async () => {
    // 40 people of growing skill on three good questions; c has a wrong key, d is guessed.
    const skill = Array.from({ length: 40 }, (_, i) => i);
    await answer(
      'items.a',
      skill.map((i) => (i >= 18 ? 0 : 1 + (i % 2))),
    );
    await answer(
      'items.b',
      skill.map((i) => (i >= 22 ? 0 : 1 + (i % 2))),
    );
    await answer(
      'items.e',
      skill.map((i) => (i >= 15 ? 0 : 1 + (i % 2))),
    );
    await answer(
      'items.c',
      skill.map((i) => (i >= 20 ? 1 : i % 2 ? 0 : 2)),
    );
    const rng = createRng(1);
    await answer(
      'items.d',
      skill.map(() => rng.integer(3)),
    );
    await answer(
      'items.typed',
      skill.map((i) => (i < 4 ? '1' : i < 30 ? '2' : `${i}`)),
    );
    const items = new Map((await itemReport(store.db, content, 'en')).map((item) => [item.question, item]));
    expect(items.get('items.a')!.flags).toEqual([]);
    expect(items.get('items.a')!.discrimination).toBeGreaterThan(0.25);
    expect(items.get('items.c')!.flags).toEqual(['too-hard', 'negative', 'wrong-choice-leads']);
    expect(items.get('items.d')!.discrimination).toBeLessThan(0.25);
    expect(items.get('items.typed')).toMatchObject({ choices: null, typed: [{ text: '2', count: 26 }] });
    expect([...items.keys()][0]).toBe('items.c');
  });

  it('is the same of either database, and however much of it is read at a time', { timeout: 60_000 }, async () => {
    const server = await startPostgres();
    const postgres = await openPostgres(await server.withTables());
    for (const to of [store, postgres]) {
      await answer('items.a', [...times(12, 0), ...times(6, 1), ...times(3, 2)], 0, to);
      await answer('items.b', [...times(9, 0), ...times(12, 1)], 0, to);
    }
    const whole = await itemReport(store.db, content, 'en');
    expect(whole.map(({ question, n, facility }) => [question, n, facility])).toEqual([
      ['items.b', 21, 9 / 21],
      ['items.a', 21, 12 / 21],
    ]);
    // 42 rows: pages that end before, at and after the last.
    for (const page of [5, 7, 42, 43])
      for (const { db } of [store, postgres]) expect(await itemReport(db, content, 'en', undefined, page)).toEqual(whole);
    await postgres.close();
    await server.close();
  });

  it('is printed for hosts, as text and as JSON', { timeout: 60_000 }, async () => {
    await answer('items.a', [...times(12, 0), ...times(10, 1)]);
    await answer('items.b', times(3, 0));
    await store.close();
    const report = (...args: string[]) =>
      spawnSync(process.execPath, ['scripts/quiz.ts', 'report', '--db', file, '--content', contentDir, ...args], {
        cwd: root,
        encoding: 'utf8',
      });
    const text = report();
    expect(text.stderr).toBe('');
    expect(text.stdout).toMatch(/items\.a +22 +0\.55[\s\S]*unused-choice[\s\S]*1 more have fewer than 20/);
    const json = JSON.parse(report('--json', '--topic', 'items').stdout) as { question: string; n: number }[];
    expect(json.map(({ question, n }) => [question, n])).toEqual([
      ['items.a', 22],
      ['items.b', 3],
    ]);
    const wrong = report('--topic', 'nonsense');
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringMatching(/no topic or deck “nonsense”/)]);
    store = await openStore(file);
  });
});
