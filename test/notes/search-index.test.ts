import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createRng } from '../../src/demos/random.ts';
import { createSearchIndex } from '../../src/notes/search-index.ts';

const rng = createRng(3);
/** Common words and rare ones, as in a text. */
const some = (count: number) => Array.from({ length: count }, () => `w${Math.floor(200 * rng.uniform() ** 3)}`).join(' ');
const records = Array.from({ length: 400 }, (_, i) => ({ id: `r${i}`, heading: some(rng.integer(12)), body: some(5 + rng.integer(80)) }));
const questions = Array.from({ length: 100 }, () => some(1 + rng.integer(12)).split(' '));

it('ranks as SQLite’s FTS5 does, the heading counting three times', () => {
  const db = new Database(':memory:');
  db.exec('create virtual table passages using fts5(heading, body)');
  const insert = db.prepare('insert into passages(rowid, heading, body) values (?, ?, ?)');
  records.forEach(({ heading, body }, i) => void insert.run(i, heading, body));
  const match = db.prepare<[string], { rowid: number }>(
    'select rowid from passages where passages match ? order by bm25(passages, 3, 1) limit 40',
  );
  const index = createSearchIndex(records);
  for (const terms of questions) {
    const found = match.all([...new Set(terms)].map((term) => `"${term}"`).join(' OR '));
    expect(index.rank(terms, 40)).toEqual(found.map(({ rowid }) => `r${rowid}`));
  }
  db.close();
});

it('counts the records that hold a term, and never throws', () => {
  const index = createSearchIndex(records);
  const holders = records.filter(({ heading, body }) => `${heading} ${body}`.split(' ').includes('w7')).length;
  expect([index.frequency('w7'), index.frequency('none'), index.size]).toEqual([holders, 0, records.length]);
  expect(index.idf('none')).toBeGreaterThan(index.idf('w7'));
  expect([index.rank([], 5), index.rank(['none', '"', 'OR'], 5), createSearchIndex([]).rank(['w7'], 5)]).toEqual([[], [], []]);
});
