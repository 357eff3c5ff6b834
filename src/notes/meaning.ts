/** What a unit is asked for and says: its terms with how much each counts. */
export type Bag = ReadonlyMap<string, number>;

/** Directions in which words differ by meaning. More of them tell words apart again instead of likening them. */
const RANK = 64;
/** Rounds of subspace iteration; further ones change no likeness that matters. */
const ROUNDS = 5;
/** The directions are learnt from so many units at most, evenly drawn, so that the work is bounded. */
const MAX_UNITS = 3_000;
/** Rows that are dealt with at a stretch, so that replies are not held up. */
const ROWS = 2_000;

export interface Meaning {
  /** The place of a text, at length one; undefined where no term of it is known. */
  of(bag: Bag): Float32Array | undefined;
  /** Does a part of the work that `of` would wait for; false when there is nothing left to do. */
  step(): boolean;
  /** Once `step` has nothing left to do. */
  learnt(): Directions | undefined;
}

/**
 * Latent semantic analysis (Deerwester et al. 1990) over the units: terms that stand in for one another, in whichever
 * language, lie in like directions, because the phrasings of one answer use them. The dominant subspace is found by orthogonal iteration
 * (Golub & Van Loan, §8.2.4); any basis of it gives the same likenesses, so no singular vectors are computed.
 * @param bags makes the bags, called once, when meaning is first needed
 * @param before what was learnt from the same bags at an earlier start
 */
export function createMeaning(bags: () => Iterable<Bag>, before?: Directions): Meaning & { replace(kept: Directions): void } {
  let work: Generator<void, Directions> | undefined = before ? undefined : learn(bags);
  let learnt = before;
  const step = (): boolean => {
    if (!work) return false;
    const { done, value } = work.next();
    if (!done) return true;
    learnt = value;
    work = undefined;
    return false;
  };
  return {
    step,
    learnt: () => learnt,
    replace(kept) {
      work = undefined;
      learnt = kept;
    },
    of(bag) {
      while (step());
      return learnt && place(bag, learnt);
    },
  };
}

/** What was learnt. */
export interface Directions {
  rank: number;
  /** The `rank` numbers of a term; undefined for one that is not known. The columns that they make are orthonormal. */
  row(term: string): Float32Array | undefined;
  /** All that are known. */
  terms(): readonly string[];
  /** The numbers of all of them, one behind the other. */
  whole(): Float32Array;
}

/** Units by terms, row after row. */
interface Sparse {
  starts: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

function* learn(bags: () => Iterable<Bag>): Generator<void, Directions> {
  const all = [...bags()];
  yield;
  const every = Math.max(1, all.length / MAX_UNITS);
  const drawn = Array.from({ length: Math.min(all.length, MAX_UNITS) }, (_, i) => all[Math.floor(i * every)]!);
  const rows = new Map<string, number>();
  const matrix = sparse(drawn, rows);
  const rank = Math.min(RANK, drawn.length);
  // Neighbouring units, mostly of one topic, begin as one direction each.
  let units: Float32Array = new Float32Array(drawn.length * rank);
  for (let i = 0; i < drawn.length; i++) units[i * rank + Math.floor((i * rank) / drawn.length)] = 1;
  for (let round = 0; round < ROUNDS; round++) {
    yield;
    const terms = multiply(matrix, units, rank, rows.size, true);
    yield;
    const next = multiply(matrix, terms, rank, drawn.length, false);
    yield;
    units = yield* orthonormal(next, rank);
  }
  yield;
  const basis = multiply(matrix, units, rank, rows.size, true);
  yield;
  const whole = yield* orthonormal(basis, rank);
  const rowOf = (term: string) => {
    const row = rows.get(term);
    return row === undefined ? undefined : whole.subarray(row * rank, (row + 1) * rank);
  };
  return { rank, row: rowOf, terms: () => [...rows.keys()], whole: () => whole };
}

/** Rows of length one. */
function sparse(bags: readonly Bag[], rows: Map<string, number>): Sparse {
  const size = bags.reduce((sum, bag) => sum + bag.size, 0);
  const matrix = { starts: new Int32Array(bags.length + 1), columns: new Int32Array(size), values: new Float32Array(size) };
  let at = 0;
  bags.forEach((bag, i) => {
    let squares = 0;
    for (const weight of bag.values()) squares += weight * weight;
    const length = Math.sqrt(squares) || 1;
    for (const [term, weight] of bag) {
      const row = rows.get(term) ?? rows.size;
      rows.set(term, row);
      matrix.columns[at] = row;
      matrix.values[at++] = weight / length;
    }
    matrix.starts[i + 1] = at;
  });
  return matrix;
}

/** The matrix, or its transpose, times a dense one of `rank` columns. */
function multiply({ starts, columns, values }: Sparse, dense: Float32Array, rank: number, size: number, transposed: boolean): Float32Array {
  const result = new Float32Array(size * rank);
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const from = (transposed ? row : columns[at]!) * rank;
      const to = (transposed ? columns[at]! : row) * rank;
      const value = values[at]!;
      for (let k = 0; k < rank; k++) result[to + k]! += value * dense[from + k]!;
    }
  }
  return result;
}

/**
 * Makes the columns orthonormal, in place and row after row, which is how they lie in memory: A = QR by the Cholesky
 * factor of AᵀA (Golub & Van Loan, §5.2). A column that the ones before it hold becomes zero.
 */
function* orthonormal(matrix: Float32Array, rank: number): Generator<void, Float32Array> {
  const gram = new Float64Array(rank * rank);
  for (let start = 0; start < matrix.length; start += ROWS * rank) {
    const end = Math.min(matrix.length, start + ROWS * rank);
    for (let at = start; at < end; at += rank)
      for (let k = 0; k < rank; k++) {
        const value = matrix[at + k]!;
        if (value === 0) continue;
        for (let other = k; other < rank; other++) gram[k * rank + other]! += value * matrix[at + other]!;
      }
    yield;
  }
  const factor = cholesky(gram, rank);
  for (let start = 0; start < matrix.length; start += ROWS * rank) {
    const end = Math.min(matrix.length, start + ROWS * rank);
    for (let at = start; at < end; at += rank)
      for (let k = 0; k < rank; k++) {
        const pivot = factor[k * rank + k]!;
        const value = pivot === 0 ? 0 : matrix[at + k]! / pivot;
        matrix[at + k] = value;
        if (value === 0) continue;
        for (let other = k + 1; other < rank; other++) matrix[at + other]! -= value * factor[k * rank + other]!;
      }
    yield;
  }
  return matrix;
}

/** The upper factor R of a symmetric matrix RᵀR, given by its upper half; a row of zeros where a pivot is all but zero. */
function cholesky(gram: Float64Array, rank: number): Float64Array {
  const factor = gram.slice();
  for (let k = 0; k < rank; k++) {
    const pivot = factor[k * rank + k]!;
    // Relative to the column's own length: what is left of it after the others.
    const scale = pivot > 1e-8 * gram[k * rank + k]! ? 1 / Math.sqrt(pivot) : 0;
    for (let other = k; other < rank; other++) factor[k * rank + other]! *= scale;
    for (let row = k + 1; row < rank; row++) {
      const share = factor[k * rank + row]!;
      if (share === 0) continue;
      for (let other = row; other < rank; other++) factor[row * rank + other]! -= share * factor[k * rank + other]!;
    }
  }
  return factor;
}

function place(bag: Bag, { row, rank }: Directions): Float32Array | undefined {
  const sum = new Float32Array(rank);
  for (const [term, weight] of bag) {
    const direction = row(term);
    if (!direction) continue;
    for (let k = 0; k < rank; k++) sum[k]! += weight * direction[k]!;
  }
  let squares = 0;
  for (const value of sum) squares += value * value;
  if (squares === 0) return undefined;
  const factor = 1 / Math.sqrt(squares);
  for (let k = 0; k < rank; k++) sum[k]! *= factor;
  return sum;
}

/** Cosine of two places; 0 where one is unknown or they point apart. */
export function likeness(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return 0;
  let product = 0;
  for (let k = 0; k < a.length; k++) product += a[k]! * b[k]!;
  return Math.max(0, product);
}
