import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { codeHash } from './code-hash.ts';
import { type Frozen, freeze, thaw } from './frozen.ts';
import type { Directions } from './meaning.ts';
import type { Prepared } from './prepare.ts';

/** What is learnt from the notes, and slow to learn. */
export interface Learnt<T> {
  /** The full-text index, as SQLite writes it. */
  index: Buffer;
  directions: Directions;
  /** Topics as they are held against questions. */
  topics: Map<string, T>;
}

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

interface Stored {
  key: string;
  index: Buffer;
  /** Terms of the directions, in the order of their rows. */
  rows: string;
  basis: Float32Array;
  rank: number;
  topics: Frozen;
}

/** Bytes in front of what is kept. */
const CHECKSUM = 4;

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
    take: () => read<T>(file, key),
    async keep({ index, directions, topics }) {
      const { rows, basis, rank } = directions;
      const stored: Stored = { key, index, rows: [...rows.keys()].join('\n'), basis, rank, topics: freeze(topics, rank) };
      const bytes = serialize(stored);
      try {
        mkdirSync(dirname(file), { recursive: true });
        const whole = `${file}.${process.pid}`;
        try {
          await writeFile(whole, [checksumOf(bytes), bytes]);
          renameSync(whole, file);
        } finally {
          rmSync(whole, { force: true });
        }
      } catch (error) {
        onError(error);
      }
      return learntFrom<T>(stored);
    },
  };
}

function read<T>(file: string, key: string): Learnt<T> | undefined {
  try {
    const all = readFileSync(file);
    const bytes = all.subarray(CHECKSUM);
    if (!checksumOf(bytes).equals(all.subarray(0, CHECKSUM))) return undefined;
    const stored = deserialize(bytes) as Stored;
    return stored.key === key ? learntFrom<T>(stored) : undefined;
  } catch {
    return undefined;
  }
}

/** A file that lost its end when the power went still has its name. */
function checksumOf(bytes: Uint8Array): Buffer {
  const checksum = Buffer.alloc(CHECKSUM);
  checksum.writeUInt32LE(crc32(bytes));
  return checksum;
}

function learntFrom<T>({ index, rows, basis, rank, topics }: Stored): Learnt<T> {
  const terms = rows.split('\n');
  // Copied, so that the bytes of the file can go.
  const directions = { rows: new Map(terms.map((term, row) => [term, row])), basis: basis.slice(), rank };
  return { index, directions, topics: thaw(topics) as Map<string, T> };
}

/** All that is learnt depends on the terms and on the code alone. */
function keyOf(prepared: ReadonlyMap<string, Prepared>): string {
  const hash = createHash('sha256').update(codeHash());
  for (const [id, topic] of prepared) hash.update(JSON.stringify([id, topic]));
  return hash.digest('base64url');
}
