import Database from 'better-sqlite3';
import type { Prepared } from './prepare.ts';

export interface Ranked {
  topic: string;
  score: number;
}

export interface SearchIndex {
  /**
   * Topics by their best passage, best first; the score is BM25 ÷ the query's IDF sum: how much of what was asked
   * one passage holds. Never throws, whatever the text.
   */
  rank(terms: readonly string[], limit: number): Ranked[];
  /** Number of passages that hold a term. */
  frequency(term: string): number;
  /** How rare a term is among the passages; highest for one that none holds. */
  idf(term: string): number;
  close(): void;
}

/** Column weights of bm25(): a name says more than a body. */
const WEIGHTS = { names: 5, questions: 3, heading: 2, body: 1 };
/** A question of 100,000 characters is cut here: more terms say nothing more and would be slow. */
const MAX_TERMS = 64;
const REMEMBERED_TERMS = 50_000;
/** Several passages of one topic may stand among the best. */
const PASSAGES_PER_TOPIC = 4;

export type Indexed = Pick<Prepared, 'names' | 'questions' | 'passages'>;

/**
 * SQLite FTS5 over text that we tokenise ourselves, contentless: one record a passage, both languages in it, which
 * is what lets a Chinese question find an English note. Names and questions stand with a topic's first passage.
 */
export function createSearchIndex(topics: ReadonlyMap<string, Indexed>): SearchIndex {
  const db = new Database(':memory:');
  db.exec(`
    create virtual table passages using fts5(names, questions, heading, body,
      content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
    create virtual table terms using fts5vocab(passages, row);`);
  const owners: string[] = [];
  const insert = db.prepare('insert into passages(rowid, names, questions, heading, body) values (?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (const [id, { names, questions, passages }] of topics) {
      passages.forEach(({ heading, body }, i) => {
        insert.run(owners.push(id), i === 0 ? names.join(' ') : '', i === 0 ? questions.join(' ') : '', heading, body);
      });
    }
  })();
  const match = db.prepare<[string, number], { rowid: number; score: number }>(
    `select rowid, bm25(passages, ${Object.values(WEIGHTS).join(', ')}) as score from passages where passages match ? order by score limit ?`,
  );
  const documents = db.prepare<[string], { doc: number }>('select doc from terms where term = ?');
  // A question is held against many names and written questions, whose terms repeat. All at once here, since one by
  // one they would make the first questions after a start wait, and whoever acts meanwhile.
  const everyTerm = db.prepare<[number], { term: string; doc: number }>('select term, doc from terms limit ?');
  const frequencies = new Map(everyTerm.all(REMEMBERED_TERMS).map(({ term, doc }) => [term, doc]));
  const frequency = (term: string) => {
    let found = frequencies.get(term);
    if (found === undefined) {
      if (frequencies.size > REMEMBERED_TERMS) frequencies.clear();
      found = documents.get(term)?.doc ?? 0;
      frequencies.set(term, found);
    }
    return found;
  };
  const idf = (term: string) => {
    const found = frequency(term);
    return Math.max(1e-6, Math.log(1 + (owners.length - found + 0.5) / (found + 0.5)));
  };
  return {
    frequency,
    idf,
    rank(terms, limit) {
      const unique = [...new Set(terms)].slice(0, MAX_TERMS);
      if (unique.length === 0) return [];
      const total = unique.reduce((sum, term) => sum + idf(term), 0);
      // Terms hold letters and digits only, so inside quotes nothing of FTS5's query syntax is left.
      const rows = match.all(unique.map((term) => `"${term}"`).join(' OR '), limit * PASSAGES_PER_TOPIC);
      const best = new Map<string, number>();
      for (const { rowid, score } of rows) {
        const topic = owners[rowid - 1]!;
        if (!best.has(topic)) best.set(topic, total > 0 ? -score / total : 0);
      }
      return [...best].slice(0, limit).map(([topic, score]) => ({ topic, score }));
    },
    close: () => db.close(),
  };
}
