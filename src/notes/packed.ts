import type { Vocabulary } from './vocabulary.ts';

/** Amounts of terms, many sets one behind the other. */
export interface Table {
  vocabulary: Vocabulary;
  /** Numbers of terms, ascending within a set. */
  columns: Uint32Array;
  amounts: Float32Array;
}

/**
 * One set of a table, to be read like a Map. It takes a tenth of what a Map takes, and the notes need tens of thousands.
 * Amounts are rounded to single precision.
 */
export class Packed implements ReadonlyMap<string, number> {
  readonly table: Table;
  readonly from: number;
  readonly to: number;

  constructor(table: Table, from: number, to: number) {
    this.table = table;
    this.from = from;
    this.to = to;
  }

  get size(): number {
    return this.to - this.from;
  }

  get(term: string): number | undefined {
    const { vocabulary, columns, amounts } = this.table;
    const id = vocabulary.ids.get(term);
    if (id === undefined) return undefined;
    let low = this.from;
    let high = this.to - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = columns[middle]!;
      if (found === id) return amounts[middle];
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  has(term: string): boolean {
    return this.get(term) !== undefined;
  }

  forEach(each: (amount: number, term: string, all: ReadonlyMap<string, number>) => void): void {
    const { vocabulary, columns, amounts } = this.table;
    for (let at = this.from; at < this.to; at++) each(amounts[at]!, vocabulary.terms[columns[at]!]!, this);
  }

  entries(): MapIterator<[string, number]> {
    return this.list().entries();
  }

  keys(): MapIterator<string> {
    return this.list().keys();
  }

  values(): MapIterator<number> {
    return this.list().values();
  }

  [Symbol.iterator](): MapIterator<[string, number]> {
    return this.entries();
  }

  private list(): Map<string, number> {
    const map = new Map<string, number>();
    this.forEach((amount, term) => void map.set(term, amount));
    return map;
  }
}
