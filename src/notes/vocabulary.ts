/** Terms by number: what is kept of the notes names a term by its number, so that each stands there once. */
export interface Vocabulary {
  terms: readonly string[];
  ids: ReadonlyMap<string, number>;
}

/** Gives every new term the next number. */
export interface Numbering extends Vocabulary {
  numberOf(term: string): number;
}

/** @param first terms with the numbers from 0 on */
export function createNumbering(first: readonly string[] = []): Numbering {
  const terms = [...first];
  const ids = new Map(terms.map((term, id) => [term, id]));
  return {
    terms,
    ids,
    numberOf(term) {
      const known = ids.get(term);
      if (known !== undefined) return known;
      const id = terms.push(term) - 1;
      ids.set(term, id);
      return id;
    },
  };
}
