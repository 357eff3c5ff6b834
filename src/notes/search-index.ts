import Database from 'better-sqlite3';
import type { Prepared } from './prepare.ts';

export interface Ranked {
  topic: string;
  /** BM25 ÷ the query's IDF sum: how much of what was asked the topic holds. */
  score: number;
}

export interface SearchIndex {
  /** Best topics first. Never throws, whatever the text. */
  rank(terms: readonly string[], limit: number): Ranked[];
  /** Number of topics that hold a term. */
  frequency(term: string): number;
  close(): void;
}

/** Column weights of bm25(): a name says more than a body. */
const WEIGHTS = { title: 6, aliases: 5, questions: 3, headings: 2, body: 1 };
/** A question of 100,000 characters is cut here: more terms say nothing more and would be slow. */
const MAX_TERMS = 64;

/**
 * SQLite FTS5 over text that we tokenise ourselves, contentless: one record a topic, holding both languages,
 * which is what lets a Chinese question find an English note.
 */
export function createSearchIndex(topics: ReadonlyMap<string, Pick<Prepared, 'columns'>>): SearchIndex {
  const db = new Database(':memory:');
  db.exec(`
    create virtual table topics using fts5(title, aliases, questions, headings, body,
      content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
    create virtual table terms using fts5vocab(topics, row);`);
  const ids: string[] = [];
  const insert = db.prepare('insert into topics(rowid, title, aliases, questions, headings, body) values (?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (const [id, { columns }] of topics) insert.run(ids.push(id), ...columns);
  })();
  const match = db.prepare<[string, number], { rowid: number; score: number }>(
    `select rowid, bm25(topics, ${Object.values(WEIGHTS).join(', ')}) as score from topics where topics match ? order by score limit ?`,
  );
  const documents = db.prepare<[string], { doc: number }>('select doc from terms where term = ?');
  const frequency = (term: string) => documents.get(term)?.doc ?? 0;
  return {
    frequency,
    rank(terms, limit) {
      const unique = [...new Set(terms)].slice(0, MAX_TERMS);
      if (unique.length === 0) return [];
      const total = unique.reduce((sum, term) => sum + idf(ids.length, frequency(term)), 0);
      // Terms hold letters and digits only, so inside quotes nothing of FTS5's query syntax is left.
      const rows = match.all(unique.map((term) => `"${term}"`).join(' OR '), limit);
      return rows.map(({ rowid, score }) => ({
        topic: ids[rowid - 1]!,
        score: total > 0 ? -score / total : 0,
      }));
    },
    close: () => db.close(),
  };
}

/** Inverse document frequency as in FTS5, kept positive. */
function idf(documents: number, frequency: number): number {
  return Math.max(1e-6, Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5)));
}
