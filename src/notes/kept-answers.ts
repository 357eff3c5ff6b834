import { createHash } from 'node:crypto';
import { codeHash } from './code-hash.ts';
import { type Frozen, freeze, thaw } from './frozen.ts';
import type { Directions } from './meaning.ts';
import type { Prepared } from './prepare.ts';
import { readSections, writeSections } from './sections.ts';

/** What is learnt from the notes, and slow to learn. */
export interface Learnt<T> {
  /** The full-text index, as SQLite writes it. */
  index: Buffer;
  directions: Directions;
  /** Topics as they are held against questions. */
  topics: Map<string, T>;
}

type Sections = Record<'rank' | 'rows' | 'basis' | 'terms' | 'columns' | 'amounts' | 'places' | 'root' | 'index', Buffer>;

/** What was learnt at an earlier start, in one file. */
export interface KeptAnswers<T> {
  /**
   * What is there, to be asked for once: it is not held on to. Undefined where there is nothing yet, or it was learnt
   * from other notes or by other code.
   */
  take(): Learnt<T> | undefined;
  /** Writes it for the next start; what it returns says the same and takes less memory. */
  keep(learnt: Learnt<T>): Promise<Learnt<T>>;
}

/**
 * Opens what is kept for these notes. A file that is missing, damaged or cannot be written only costs time.
 * @param onError what kept it from being written
 */
export function openKeptAnswers<T>(
  file: string,
  prepared: ReadonlyMap<string, Prepared>,
  onError: (error: unknown) => void,
): KeptAnswers<T> {
  const key = keyOf(prepared);
  return {
    take() {
      const sections: Sections | undefined = readSections(file, key);
      return sections && learntFrom<T>(sections);
    },
    async keep({ index, directions: { rows, basis, rank }, topics }) {
      const { terms, columns, amounts, places, root } = freeze(topics, rank);
      const text = (value: string) => Buffer.from(value);
      const sections: Sections = {
        rank: text(String(rank)),
        rows: text([...rows.keys()].join('\n')),
        basis: bytesOf(basis),
        terms: text(terms),
        columns: bytesOf(columns),
        amounts: bytesOf(amounts),
        places: bytesOf(places),
        root: text(root),
        index,
      };
      await writeSections(file, key, sections).catch(onError);
      return learntFrom<T>(sections);
    },
  };
}

function learntFrom<T>({ index, rank, rows, basis, terms, columns, amounts, places, root }: Sections): Learnt<T> {
  const list = String(rows).split('\n');
  const frozen: Frozen = {
    terms: String(terms),
    columns: new Uint32Array(columns.buffer),
    amounts: new Float32Array(amounts.buffer),
    places: new Float32Array(places.buffer),
    rank: Number(rank),
    root: String(root),
  };
  return {
    index,
    directions: { rows: new Map(list.map((term, row) => [term, row])), basis: new Float32Array(basis.buffer), rank: Number(rank) },
    topics: thaw(frozen) as Map<string, T>,
  };
}

/** In memory of its own. */
function bytesOf(array: Float32Array | Uint32Array): Buffer {
  return Buffer.from(new Uint8Array(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)).buffer);
}

/** All that is learnt depends on the terms and on the code alone. */
function keyOf(prepared: ReadonlyMap<string, Prepared>): string {
  const hash = createHash('sha256').update(codeHash());
  for (const [id, topic] of prepared) hash.update(JSON.stringify([id, topic]));
  return hash.digest('base64url');
}
