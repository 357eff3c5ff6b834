import { Packed } from './packed.ts';
import type { Numbering, Vocabulary } from './vocabulary.ts';

/** In front: how many columns, and how many numbers of vectors there are. */
const FRONT = 2 * Uint32Array.BYTES_PER_ELEMENT;
const AMOUNTS = '$amounts';
const MAP = '$map';
const PLACE = '$place';

/**
 * Turns plain objects, arrays, Maps and vectors of one length into bytes: Maps of numbers become rows of one table of
 * numbered terms, vectors rows of one array, and the rest JSON, which is read many times quicker than V8's own format.
 * @param rank length of the vectors
 */
export function freeze(value: unknown, rank: number, { numberOf }: Numbering): Buffer {
  const columns: number[] = [];
  const amounts: number[] = [];
  const places: Float32Array[] = [];
  const plain = (part: unknown): unknown => {
    if (part instanceof Float32Array) return { [PLACE]: places.push(part) - 1 };
    if (isAmounts(part)) {
      const from = columns.length;
      const pairs = [...part].map(([term, amount]) => [numberOf(term), amount] as const).sort((a, b) => a[0] - b[0]);
      for (const [id, amount] of pairs) {
        columns.push(id);
        amounts.push(amount);
      }
      return { [AMOUNTS]: [from, columns.length] };
    }
    if (part instanceof Map) return { [MAP]: [...part].map(([key, one]) => [key, plain(one)]) };
    if (Array.isArray(part)) return part.map(plain);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, plain(one)]));
  };
  const root = JSON.stringify(plain(value));
  const rows = new Float32Array(places.length * rank);
  places.forEach((place, row) => {
    rows.set(place, row * rank);
  });
  const parts = [Uint32Array.of(columns.length, rows.length), Uint32Array.from(columns), Float32Array.from(amounts), rows];
  return Buffer.concat([...parts.map(({ buffer }) => new Uint8Array(buffer)), Buffer.from(root)]);
}

/** The same again; Maps of numbers are packed, and vectors share one buffer. */
export function thaw(bytes: Buffer, rank: number, vocabulary: Vocabulary): unknown {
  const [held, numbers] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  const end = FRONT + held * 8 + numbers * 4;
  // The text behind the numbers is not held on to.
  const own = new Uint8Array(bytes.subarray(FRONT, end)).buffer;
  const table = { vocabulary, columns: new Uint32Array(own, 0, held), amounts: new Float32Array(own, held * 4, held) };
  const places = new Float32Array(own, held * 8, numbers);
  const whole = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(whole);
    if (typeof part !== 'object' || part === null) return part;
    const fields = part as Record<string, unknown>;
    if (AMOUNTS in fields) return new Packed(table, ...(fields[AMOUNTS] as [number, number]));
    if (PLACE in fields) return places.subarray((fields[PLACE] as number) * rank, ((fields[PLACE] as number) + 1) * rank);
    if (MAP in fields) return new Map((fields[MAP] as [unknown, unknown][]).map(([key, one]) => [key, whole(one)]));
    // In place: the next object of the kind has the same shape, as it would not after `Object.fromEntries`.
    for (const key of Object.keys(fields)) {
      const one = fields[key];
      if (typeof one === 'object' && one !== null) fields[key] = whole(one);
    }
    return fields;
  };
  return whole(JSON.parse(bytes.toString('utf8', end)));
}

function isAmounts(value: unknown): value is ReadonlyMap<string, number> {
  return value instanceof Packed || (value instanceof Map && [...value.values()].every((one) => typeof one === 'number'));
}
