import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { codeHash } from './code-hash.ts';
import { freeze, thaw } from './frozen.ts';
import type { Prepared } from './prepare.ts';
import type { IndexTable } from './search-index.ts';
import { DamagedFile, openSections, type Sections, writeSections } from './sections.ts';
import type { VectorTopic, VectorUnit } from './unit-vectors.ts';
import { createNumbering, type Vocabulary } from './vocabulary.ts';
import { RANK, VECTORS_FILE } from './word-vectors.ts';

/** What is learnt from the notes, and slow to learn. */
export interface Learnt {
  index: IndexTable;
  /** Topics as they are held against questions. */
  topics: Topics;
  /** Gives back what it is read from. */
  close(): void;
}

export type Topics = Pick<ReadonlyMap<string, VectorTopic>, 'get' | 'has' | 'keys' | 'size'>;

/** What was learnt at an earlier start, in one file. */
export interface KeptAnswers {
  /** Is there what `take` would give? */
  isThere(): boolean;
  /**
   * What is there, to be asked for once: it is not held on to. Undefined where there is nothing yet, or it was learnt
   * from other notes or by other code.
   */
  take(): Learnt | undefined;
  /** Writes it for the next start; what it returns says the same and takes less memory. */
  keep(learnt: Omit<Learnt, 'close'>): Promise<Learnt>;
}

/** So many of each stay in memory, those asked for last: a question looks into a hundred units, the next into much the same. */
const OUT = { topics: 64, units: 600, postings: 400 };
const WORD = Uint32Array.BYTES_PER_ELEMENT;
const POSTING = 2 * WORD;

/**
 * Opens what is kept for these notes. A file that is missing, damaged or cannot be written only costs time.
 * @param onError what kept it from being written
 */
export function openKeptAnswers(file: string, prepared: ReadonlyMap<string, Prepared>, onError: (error: unknown) => void): KeptAnswers {
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
        return sections && learntFrom(sections, ids);
      } catch (error) {
        sections?.close();
        if (error instanceof DamagedFile) return undefined;
        throw error;
      }
    },
    async keep(learnt) {
      const sections: Record<string, Buffer> = {};
      for (const part of frozen(learnt)) {
        Object.assign(sections, part);
        // Replies are not held up.
        await setImmediate();
      }
      await writeSections(file, key, sections).catch(onError);
      return learntFrom(openSections(file, key) ?? inMemory(sections), ids);
    },
  };
}

/** What is written, a part at a time. */
function* frozen({ index, topics }: Omit<Learnt, 'close'>): Generator<Record<string, Buffer>> {
  const { vocabulary, starts, postings } = index;
  const numbering = createNumbering(vocabulary.terms);
  yield {
    starts: bytesOf(starts),
    postings: Buffer.concat(
      Array.from({ length: starts.length - 1 }, (_, term) => {
        const { records, counts } = postings(starts[term]!, starts[term + 1]!);
        return Buffer.concat([bytesOf(records), bytesOf(counts)]);
      }),
    ),
  };
  for (const id of topics.keys()) {
    const { units, ...head } = topics.get(id)!;
    const parts = [...units.keys()].map((unit) => [`unit ${id}${unit}`, freeze(units.get(unit), RANK, numbering)] as const);
    yield { [`topic ${id}`]: freeze({ ...head, units: [...units.keys()] }, RANK, numbering), ...Object.fromEntries(parts) };
  }
  yield { vocabulary: Buffer.from(numbering.terms.join('\n')) };
}

/** Where they cannot be written. */
function inMemory(sections: Record<string, Buffer>): Sections {
  return { read: (name, from, to) => Buffer.from(new Uint8Array(sections[name]!.subarray(from, to)).buffer), close: () => undefined };
}

function learntFrom(sections: Sections, ids: readonly string[]): Learnt {
  const vocabulary = createNumbering(String(sections.read('vocabulary')).split('\n'));
  const known = new Set(ids);
  const unit = remembering(OUT.units, (name: string) => thaw(sections.read(`unit ${name}`), RANK, vocabulary) as VectorUnit);
  const topic = remembering(OUT.topics, (id: string): VectorTopic => {
    const head = thaw(sections.read(`topic ${id}`), RANK, vocabulary) as Omit<VectorTopic, 'units'> & { units: string[] };
    const units = new Set(head.units);
    return {
      ...head,
      units: { get: (name) => (units.has(name) ? unit(id + name) : undefined), keys: () => units.keys(), size: units.size },
    };
  });
  return {
    index: indexFrom(sections, vocabulary),
    topics: {
      get: (id) => (known.has(id) ? topic(id) : undefined),
      has: (id) => known.has(id),
      keys: () => known.keys(),
      size: known.size,
    },
    close: sections.close,
  };
}

function indexFrom(sections: Sections, vocabulary: Vocabulary): IndexTable {
  const postings = remembering(OUT.postings, (range: string) => {
    const [from, to] = range.split(' ').map(Number) as [number, number];
    const bytes = sections.read('postings', from * POSTING, to * POSTING).buffer as ArrayBuffer;
    return { records: new Uint32Array(bytes, 0, to - from), counts: new Float32Array(bytes, (to - from) * WORD) };
  });
  return {
    vocabulary,
    starts: new Uint32Array(sections.read('starts').buffer as ArrayBuffer),
    postings: (from, to) => postings(`${from} ${to}`),
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

/** In memory of its own. */
function bytesOf(array: Float32Array | Uint32Array): Buffer {
  return Buffer.from(new Uint8Array(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)).buffer);
}

/** All that is learnt depends on the terms, the words' vectors and the code alone. */
function keyOf(prepared: ReadonlyMap<string, Prepared>): string {
  const hash = createHash('sha256').update(codeHash()).update(readFileSync(VECTORS_FILE));
  for (const [id, topic] of prepared) hash.update(JSON.stringify([id, topic]));
  return hash.digest('base64url');
}
