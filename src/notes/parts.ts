import { sentencesOf } from './excerpt.ts';
import { type Kind, kindsOf } from './kinds.ts';
import { isConcept } from './lexicon.ts';
import { termsOf } from './terms.ts';

/** More questions in one message are a questionnaire: only the first ones are answered. */
const MAX_PARTS = 3;
/** Kinds that say what is wanted of the subject before, even in one word: “how do I fix it?”. */
const OWN: readonly Kind[] = ['remedy', 'formula', 'example', 'code', 'value', 'choice', 'drawback'];
/** What for, 有什么用: asks of what was named before. */
const PURPOSE = termsOf('purpose').main;

/** Where a question in a sentence may end and another begin: before a joining word and a word that asks, or at a comma between clauses. */
const SEAMS = [
  /[,;]?\s+(?:and|but|also|plus|then|so)\s+(?=(?:also\s+)?(?:what|how|why|when|where|which|who|is|are|does|do|did|can|could|should|would|will)\b)/gi,
  /[;；]\s*/g,
  /\s*[,，、]\s*(?:and\s+|还有|以及|并且|而且|那么|那)?(?=(?:what|how|why|when|which|is|does|do|can|should)\b)/gi,
  /(?<=[^,，\s]{2})\s*[,，]\s*(?:还有|以及|并且|而且|那么|那)?(?=.*(?:什么|怎么|怎样|如何|为什么|为何|为啥|哪|吗|多少|区别|是不是|能不能|会不会|是否))/g,
  /(?:以及|还有|并且)(?=.*(?:什么|怎么|怎样|如何|为什么|为何|为啥|哪|吗|多少))/g,
];

/**
 * The questions that a message asks, in order; one where it asks but one thing. A sentence that tells, and a tail that
 * says nothing by itself (“why?”), is no part of its own: the tail stays with what it follows.
 */
export function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (const clause of sentencesOf(text).flatMap(split)) {
    if (!asks(clause)) continue;
    if (tells(clause)) parts.push(clause);
    else if (parts.length > 0) parts[parts.length - 1] += ` ${clause}`;
  }
  return parts.slice(0, MAX_PARTS);
}

function split(sentence: string): string[] {
  let clauses = [sentence];
  for (const seam of SEAMS)
    clauses = clauses.flatMap((clause) => {
      for (const { index, 0: joint } of clause.matchAll(seam)) {
        const halves = [clause.slice(0, index), clause.slice(index + joint.length)];
        if (halves.every((half) => asks(half) && tells(half))) return halves;
      }
      return [clause];
    });
  return clauses;
}

function asks(clause: string): boolean {
  return (
    /[?？]|^(?:what|how|why|when|where|which|who|is|are|does|do|can|should|could)\b/iu.test(clause.trim()) ||
    kindsOf(clause).some((kind) => kind !== 'symptom')
  );
}

function tells(clause: string): boolean {
  const terms = termsOf(clause)
    .main.split(' ')
    .filter((term) => term !== '' && term !== PURPOSE);
  const isSubject = (term: string) => isConcept(term) || kindsOf(clause).some((kind) => OWN.includes(kind));
  return terms.length > 1 || terms.some(isSubject);
}
