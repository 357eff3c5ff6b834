import { createPacker, Packed, type Table } from './packed.ts';

/** Plain data in which Maps of numbers are rows of one table and vectors rows of one array. */
export interface Frozen {
  terms: string;
  columns: Uint32Array;
  amounts: Float32Array;
  places: Float32Array;
  /** Numbers of a vector. */
  rank: number;
  /** JSON, which is read many times quicker than V8's own format. */
  root: string;
}

/** Term lists are kept as one text; no term holds a line end. */
const BETWEEN = '\n';
const AMOUNTS = '$amounts';
const MAP = '$map';
const PLACE = '$place';

/**
 * Turns plain objects, arrays, Maps and vectors of one length into what can be written to a file.
 * @param rank length of the vectors
 */
export function freeze(value: unknown, rank: number): Frozen {
  const packer = createPacker();
  const places: Float32Array[] = [];
  const plain = (part: unknown): unknown => {
    if (part instanceof Float32Array) return { [PLACE]: places.push(part) - 1 };
    if (isAmounts(part)) return { [AMOUNTS]: packer.add(part) };
    if (part instanceof Map) return { [MAP]: [...part].map(([key, one]) => [key, plain(one)]) };
    if (Array.isArray(part)) return part.map(plain);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, plain(one)]));
  };
  const root = plain(value);
  const { terms, columns, amounts } = packer.table();
  const rows = new Float32Array(places.length * rank);
  places.forEach((place, row) => {
    rows.set(place, row * rank);
  });
  return { terms: terms.join(BETWEEN), columns, amounts, places: rows, rank, root: JSON.stringify(root) };
}

/** The same again; Maps of numbers are packed, and vectors share one buffer. */
export function thaw({ terms, columns, amounts, places, rank, root }: Frozen): unknown {
  const list = terms.split(BETWEEN);
  const table: Table = {
    terms: list,
    ids: new Map(list.map((term, id) => [term, id])),
    columns: columns.slice(),
    amounts: amounts.slice(),
  };
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
  return whole(JSON.parse(root));
}

function isAmounts(value: unknown): value is ReadonlyMap<string, number> {
  return value instanceof Packed || (value instanceof Map && [...value.values()].every((one) => typeof one === 'number'));
}
