import Database from 'better-sqlite3';

/** One thing to be found: its terms, separated by spaces. */
export interface IndexRecord {
  id: string;
  /** Names, phrasings or a heading: what it is called and asked for. */
  heading: string;
  body: string;
}

export interface SearchIndex {
  /** Ids by BM25, best first. Never throws, whatever the text. */
  rank(terms: readonly string[], limit: number): string[];
  /** Number of records that hold a term. */
  frequency(term: string): number;
  /** How rare a term is among the records; highest for one that none holds. */
  idf(term: string): number;
  /** Number of records. */
  size: number;
  /** The whole index, to be opened again with the same records. */
  bytes(): Buffer;
  close(): void;
}

/** Column weights of bm25(): what a thing is asked for says more than its text. */
const WEIGHTS = { heading: 3, body: 1 };
/** A question of 100,000 characters is cut here: more terms say nothing more and would be slow. */
const MAX_TERMS = 64;
const REMEMBERED_TERMS = 50_000;

/**
 * SQLite FTS5 over text that we tokenise ourselves, contentless: one record a unit, both languages in it, which is
 * what lets a Chinese question find an English note.
 * @param before the `bytes` of an index of the same records
 */
export function createSearchIndex(records: Iterable<IndexRecord>, before?: Buffer): SearchIndex {
  const db = before ? new Database(before) : new Database(':memory:');
  const ids = before ? Array.from(records, ({ id }) => id) : fill(db, records);
  const match = db.prepare<[string, number], { rowid: number }>(
    `select rowid from passages where passages match ? order by bm25(passages, ${Object.values(WEIGHTS).join(', ')}) limit ?`,
  );
  const documents = db.prepare<[string], { doc: number }>('select doc from terms where term = ?');
  // A question is held against many phrasings, whose terms repeat. All at once here, since one by one they would
  // make the first questions after a start wait, and whoever acts meanwhile.
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
  return {
    frequency,
    size: ids.length,
    idf: (term) => rarity(frequency(term), ids.length),
    rank(terms, limit) {
      const unique = [...new Set(terms)].slice(0, MAX_TERMS);
      if (unique.length === 0) return [];
      // Terms hold letters and digits only, so inside quotes nothing of FTS5's query syntax is left.
      return match.all(unique.map((term) => `"${term}"`).join(' OR '), limit).map(({ rowid }) => ids[rowid - 1]!);
    },
    bytes: () => db.serialize(),
    close: () => db.close(),
  };
}

function fill(db: Database.Database, records: Iterable<IndexRecord>): string[] {
  db.exec(`
    create virtual table passages using fts5(heading, body,
      content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
    create virtual table terms using fts5vocab(passages, row);`);
  const ids: string[] = [];
  const insert = db.prepare('insert into passages(rowid, heading, body) values (?, ?, ?)');
  db.transaction(() => {
    for (const { id, heading, body } of records) insert.run(ids.push(id), heading, body);
  })();
  return ids;
}

/** Inverse document frequency as BM25 has it, of a term that `holders` of `size` records hold. */
export function rarity(holders: number, size: number): number {
  return Math.max(1e-6, Math.log(1 + (size - holders + 0.5) / (holders + 0.5)));
}
