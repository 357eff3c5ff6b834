import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { codeHash } from './code-hash.ts';
import { freeze, thaw } from './frozen.ts';
import type { Directions } from './meaning.ts';
import type { Prepared } from './prepare.ts';
import { DamagedFile, openSections, type Sections, writeSections } from './sections.ts';

/** What is learnt from the notes, and slow to learn. */
export interface Learnt<T> {
  /** The full-text index, as SQLite writes it. */
  index: Buffer;
  directions: Directions;
  /** Topics as they are held against questions. */
  topics: Topics<T>;
  /** Gives back what it is read from. */
  close(): void;
}

export type Topics<T> = Pick<ReadonlyMap<string, T>, 'get' | 'has' | 'keys' | 'size'>;

/** What was learnt at an earlier start, in one file. */
export interface KeptAnswers<T> {
  /** Is there what `take` would give? */
  isThere(): boolean;
  /**
   * What is there, to be asked for once: it is not held on to. Undefined where there is nothing yet, or it was learnt
   * from other notes or by other code.
   */
  take(): Learnt<T> | undefined;
  /** Writes it for the next start; what it returns says the same and takes less memory. */
  keep(learnt: Omit<Learnt<T>, 'close'>): Promise<Learnt<T>>;
}

/** Topics that stay in memory, those asked for last: a question looks into a dozen, and the next into much the same. */
const TOPICS_OUT = 24;
/** Directions of terms that stay in memory. */
const ROWS_OUT = 4_000;
/** Parts of a frozen topic, each a section of its own. */
const PARTS = ['terms', 'columns', 'amounts', 'places', 'root'] as const;

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
  const ids = [...prepared.keys()];
  // Looked through once for both.
  let opened: Sections | undefined;
  const isThere = () => {
    opened ??= openSections(file, key);
    return opened !== undefined;
  };
  return {
    isThere,
    take() {
      isThere();
      const sections = opened;
      opened = undefined;
      try {
        return sections && learntFrom<T>(sections, ids);
      } catch (error) {
        sections?.close();
        if (error instanceof DamagedFile) return undefined;
        throw error;
      }
    },
    async keep({ index, directions: { rows, whole, rank }, topics }) {
      const sections: Record<string, Buffer> = {
        rank: Buffer.from(String(rank)),
        rows: Buffer.from([...rows.keys()].join('\n')),
        basis: bytesOf(whole()),
        index,
      };
      for (const id of topics.keys()) {
        const frozen = freeze(topics.get(id), rank);
        for (const part of PARTS) {
          const bytes = frozen[part];
          sections[`${part} ${id}`] = typeof bytes === 'string' ? Buffer.from(bytes) : bytesOf(bytes);
        }
        // Replies are not held up.
        await setImmediate();
      }
      await writeSections(file, key, sections).catch(onError);
      return learntFrom<T>(openSections(file, key) ?? inMemory(sections), ids);
    },
  };
}

/** Where they cannot be written. */
function inMemory(sections: Record<string, Buffer>): Sections {
  return { read: (name, from, to) => Buffer.from(new Uint8Array(sections[name]!.subarray(from, to)).buffer), close: () => undefined };
}

function learntFrom<T>(sections: Sections, ids: readonly string[]): Learnt<T> {
  const rank = Number(String(sections.read('rank')));
  const list = String(sections.read('rows')).split('\n');
  const known = new Set(ids);
  const topic = remembering(TOPICS_OUT, (id: string) => {
    const [terms, columns, amounts, places, root] = PARTS.map((part) => sections.read(`${part} ${id}`)) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    const frozen = { terms: String(terms), columns: new Uint32Array(columns.buffer), amounts: floats(amounts), places: floats(places) };
    return thaw({ ...frozen, rank, root: String(root) }) as T;
  });
  const bytes = rank * Float32Array.BYTES_PER_ELEMENT;
  return {
    index: sections.read('index'),
    directions: {
      rows: new Map(list.map((term, row) => [term, row])),
      row: remembering(ROWS_OUT, (row: number) => floats(sections.read('basis', row * bytes, (row + 1) * bytes))),
      whole: () => floats(sections.read('basis')),
      rank,
    },
    topics: {
      get: (id) => (known.has(id) ? topic(id) : undefined),
      has: (id) => known.has(id),
      keys: () => known.keys(),
      size: known.size,
    },
    close: sections.close,
  };
}

/** Makes each thing when it is asked for, and keeps the `most` that were asked for last. */
function remembering<K, V>(most: number, make: (key: K) => V): (key: K) => V {
  const out = new Map<K, V>();
  return (key) => {
    const value = out.get(key) ?? make(key);
    out.delete(key);
    out.set(key, value);
    if (out.size > most) out.delete(out.keys().next().value!);
    return value;
  };
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(bytes.buffer as ArrayBuffer);
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
