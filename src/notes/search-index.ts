import { createNumbering, type Vocabulary } from './vocabulary.ts';

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
  /** The whole index, to be kept. */
  table(): IndexTable;
  /** Goes on with the same as it was kept. */
  replace(kept: IndexTable): void;
}

/** Which records hold each term, and how much it counts in each. */
export interface IndexTable {
  vocabulary: Vocabulary;
  /** By term: where its postings begin, and at the end how many there are. */
  starts: Uint32Array;
  /** Postings `from`–`to`: numbers of records, and what the term counts in each but for its rarity. */
  postings(from: number, to: number): { records: Uint32Array; counts: Float32Array };
}

/** How often a term in the heading counts: what a thing is asked for says more than its text. */
const HEADING = 3;
/** Of BM25 (Robertson & Zaragoza 2009), as usual. */
const K1 = 1.2;
const B = 0.75;
/** A question of 100,000 characters is cut here: more terms say nothing more and would be slow. */
const MAX_TERMS = 64;

/**
 * BM25 over text that we tokenise ourselves: one record a unit, both languages in it, which is what lets a Chinese
 * question find an English note.
 * @param before the table of an index of the same records
 */
export function createSearchIndex(records: Iterable<IndexRecord>, before?: IndexTable): SearchIndex {
  const ids: string[] = [];
  let table = before ?? fill(records, ids);
  if (before) for (const { id } of records) ids.push(id);
  const size = ids.length;
  const frequency = (term: string): number => {
    const at = table.vocabulary.ids.get(term);
    return at === undefined || at + 1 >= table.starts.length ? 0 : table.starts[at + 1]! - table.starts[at]!;
  };
  const scores = new Float64Array(size);
  return {
    frequency,
    size,
    idf: (term) => rarity(frequency(term), size),
    rank(terms, limit) {
      const touched: number[] = [];
      for (const term of [...new Set(terms)].slice(0, MAX_TERMS)) {
        const held = frequency(term);
        if (held === 0) continue;
        // Half of the records and more: it tells none from another.
        const rare = Math.max(1e-6, Math.log((size - held + 0.5) / (held + 0.5)));
        const from = table.starts[table.vocabulary.ids.get(term)!]!;
        const { records, counts } = table.postings(from, from + held);
        for (let i = 0; i < held; i++) {
          const record = records[i]!;
          if (scores[record] === 0) touched.push(record);
          scores[record]! += rare * counts[i]!;
        }
      }
      const best = highest(touched, scores, limit);
      for (const record of touched) scores[record] = 0;
      return best.map((record) => ids[record]!);
    },
    table: () => table,
    replace(kept) {
      table = kept;
    },
  };
}

/** The records of the highest scores, best first; of two that are as good the first one. */
function highest(touched: readonly number[], scores: Float64Array, limit: number): number[] {
  const best: number[] = [];
  const isBefore = (a: number, b: number) => scores[a]! > scores[b]! || (scores[a] === scores[b] && a < b);
  for (const record of touched) {
    if (best.length === limit && !isBefore(record, best[limit - 1]!)) continue;
    let at = best.length;
    while (at > 0 && isBefore(record, best[at - 1]!)) at--;
    best.splice(at, 0, record);
    if (best.length > limit) best.pop();
  }
  return best;
}

function fill(all: Iterable<IndexRecord>, ids: string[]): IndexTable {
  const numbering = createNumbering();
  const held: { records: number[]; counts: number[] }[] = [];
  const lengths: number[] = [];
  for (const { id, heading, body } of all) {
    const record = ids.push(id) - 1;
    let length = 0;
    for (const [text, count] of [
      [heading, HEADING],
      [body, 1],
    ] as const)
      for (const term of text.split(' ')) {
        if (term === '') continue;
        length++;
        const number = numbering.numberOf(term);
        const own = held[number] ?? { records: [], counts: [] };
        held[number] = own;
        const last = own.records.length - 1;
        if (own.records[last] === record) own.counts[last]! += count;
        else {
          own.records.push(record);
          own.counts.push(count);
        }
      }
    lengths.push(length);
  }
  const usual = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const starts = new Uint32Array(held.length + 1);
  held.forEach((own, term) => {
    starts[term + 1] = starts[term]! + own.records.length;
  });
  const total = starts[held.length]!;
  const records = new Uint32Array(total);
  const counts = new Float32Array(total);
  held.forEach((own, term) => {
    records.set(own.records, starts[term]);
    own.counts.forEach((count, i) => {
      const length = lengths[own.records[i]!]! / usual;
      counts[starts[term]! + i] = (count * (K1 + 1)) / (count + K1 * (1 - B + B * length));
    });
  });
  const postings: IndexTable['postings'] = (from, to) => ({ records: records.subarray(from, to), counts: counts.subarray(from, to) });
  return { vocabulary: numbering, starts, postings };
}

/** Inverse document frequency as BM25 has it, of a term that `holders` of `size` records hold. */
export function rarity(holders: number, size: number): number {
  return Math.max(1e-6, Math.log(1 + (size - holders + 0.5) / (holders + 0.5)));
}
