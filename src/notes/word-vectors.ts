import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { lazy } from '../core/lazy.ts';
import { termsOf } from './terms.ts';

/** Part of the program, as the lexicon is; how it is made: scripts/word-vectors.py. */
export const VECTORS_FILE = join(import.meta.dirname, '../../content/word-vectors.bin');
/** Numbers of a vector: two 32-bit hashes give the signs of a word that is not in the table. */
export const RANK = 64;
/** Begins the name of a group of the lexicon, whose number may change. */
const GROUP = '=';

interface Table {
  rows: ReadonlyMap<string, number>;
  /** Row by row, `RANK` each, and what each row is multiplied by. */
  steps: Int8Array;
  scales: Float32Array;
  /** Length of a word that the table does not hold. */
  usual: number;
}

const table = lazy(readTable);

/** A line of JSON (`terms`, `usual`), the scales as little-endian floats, the rows as signed bytes. */
function readTable(): Table {
  const file = readFileSync(VECTORS_FILE);
  const end = file.indexOf('\n');
  const { terms, usual } = JSON.parse(file.toString('utf8', 0, end)) as { terms: string[]; usual: number };
  const scales = Float32Array.from(terms, (_, row) => file.readFloatLE(end + 1 + row * 4));
  const from = end + 1 + terms.length * 4;
  const keys = terms.map((term) => (term.startsWith(GROUP) ? termsOf(term.slice(GROUP.length)).main : term));
  return { rows: new Map(keys.map((key, row) => [key, row])), steps: new Int8Array(file.subarray(from)), scales, usual };
}

/**
 * Where a text lies by meaning: the sum of its words' vectors, at length one. They are such that phrasings of one answer,
 * in whichever language, lie close together. A word that the table does not hold has a direction of its own, by chance.
 * @returns undefined for no words
 */
export function placeOf(factors: ReadonlyMap<string, number>): Float32Array | undefined {
  const { rows, steps, scales, usual } = table();
  const sum = new Float32Array(RANK);
  factors.forEach((factor, term) => {
    const row = rows.get(term);
    if (row === undefined) addByChance(sum, term, factor * usual);
    else {
      const scale = factor * scales[row]!;
      for (let k = 0; k < RANK; k++) sum[k]! += scale * steps[row * RANK + k]!;
    }
  });
  return normalised(sum);
}

function addByChance(sum: Float32Array, term: string, length: number): void {
  const bits = [crc32(term), crc32(`${term} `)];
  const part = length / Math.sqrt(RANK);
  for (let k = 0; k < RANK; k++) sum[k]! += (bits[k >> 5]! >>> (k & 31)) & 1 ? part : -part;
}

/** The place in the middle of others. */
export function middleOf(places: readonly (Float32Array | undefined)[]): Float32Array | undefined {
  const sum = new Float32Array(RANK);
  for (const place of places) if (place) for (let k = 0; k < RANK; k++) sum[k]! += place[k]!;
  return normalised(sum);
}

function normalised(sum: Float32Array): Float32Array | undefined {
  const length = Math.hypot(...sum);
  if (length === 0) return undefined;
  for (let k = 0; k < RANK; k++) sum[k]! /= length;
  return sum;
}

/** Cosine of two places; 0 where one is unknown or they point apart. */
export function likeness(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return 0;
  let product = 0;
  for (let k = 0; k < RANK; k++) product += a[k]! * b[k]!;
  return Math.max(0, product);
}
