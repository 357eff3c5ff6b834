import { termsOf, weighted } from '../notes/terms.ts';

/** Cosine of two questions' terms from which on they are one question. */
const ALIKE = 0.6;
/** Words that stand in more families than this say too little to look all of them up. */
const MAX_POSTINGS = 2_000;

type Vector = ReadonlyMap<string, number>;

/**
 * Families of questions, by the terms of the search engine: stems, Chinese in ones and pairs, one term for every group
 * of synonyms in either language.
 */
export interface Grouping {
  /** The family that a question belongs to. */
  find(question: string): number | undefined;
  add(family: number, question: string): void;
}

export function createGrouping(): Grouping {
  const postings = new Map<string, { family: number; vector: Vector }[]>();
  return {
    find(question) {
      const vector = unit(question);
      const best = { family: undefined as number | undefined, likeness: ALIKE };
      const seen = new Set<Vector>();
      // A question that is alike shares one of the rarer terms.
      const terms = [...vector].filter(([term]) => (postings.get(term)?.length ?? 0) <= MAX_POSTINGS);
      for (const [term] of terms)
        for (const other of postings.get(term) ?? []) {
          if (seen.has(other.vector)) continue;
          seen.add(other.vector);
          const likeness = dot(vector, other.vector);
          if (likeness >= best.likeness) Object.assign(best, { family: other.family, likeness });
        }
      return best.family;
    },
    add(family, question) {
      const vector = unit(question);
      for (const [term] of vector) {
        const list = postings.get(term);
        if (list) list.push({ family, vector });
        else postings.set(term, [{ family, vector }]);
      }
    },
  };
}

/** Terms of length 1 together; a question of mere talk is told apart by its letters. */
function unit(question: string): Vector {
  const terms = weighted(termsOf(question));
  if (terms.size === 0) terms.set(` ${question.toLowerCase().trim()}`, 1);
  const length = Math.sqrt([...terms.values()].reduce((sum, weight) => sum + weight * weight, 0));
  return new Map([...terms].map(([term, weight]) => [term, weight / length]));
}

function dot(one: Vector, other: Vector): number {
  let sum = 0;
  for (const [term, weight] of one) sum += weight * (other.get(term) ?? 0);
  return sum;
}
