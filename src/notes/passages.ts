import type { Section } from './content.ts';
import type { Indexed, SearchIndex } from './search-index.ts';

type Counts = ReadonlyMap<string, number>;

interface Counted {
  names: readonly Counts[];
  questions: readonly Counts[];
  whole: Counts;
  passages: readonly { id: string; counts: Counts; length: number }[];
  /** Mean length of its passages. */
  average: number;
}

const HEADING_WEIGHT = 4;
const K1 = 1.2;
const B = 0.5;
/** IDF of about three rare words. */
const ENOUGH = 12;

const counted = new WeakMap<Indexed, Counted>();

/** What of a question a topic holds, 0–1; unless said otherwise, as a share of the question's IDF sum. */
export interface Fit {
  /** Likeness to its title or one of its aliases: cosine of the IDF-weighted terms. */
  names: number;
  /** Likeness to one of the questions that its author wrote. */
  question: number;
  /** In one of its passages, by BM25. */
  passage: number;
  /** In the whole note, by BM25. */
  note: number;
  /** Anywhere in it. */
  known: number;
  /** In any note at all: words of other subjects stand in none. */
  familiar: number;
  /** How much was asked at all: one common word (what time is it) says little. */
  asked: number;
}

/** Holds a question against a topic; what is rare and what is known at all is the whole index's word. */
export function fitOf(topic: Indexed, terms: readonly string[], { idf, frequency }: Pick<SearchIndex, 'idf' | 'frequency'>): Fit {
  const { names, questions, whole, passages, average } = countsOf(topic);
  const asked = [...new Set(terms)].map((term) => ({ term, weight: idf(term) }));
  const total = asked.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return { names: 0, question: 0, passage: 0, note: 0, known: 0, familiar: 0, asked: 0 };
  const share = (value: (term: string) => number) => asked.reduce((sum, { term, weight }) => sum + weight * value(term), 0) / total;
  const likeness = (other: Counts) => {
    const size = [...other.keys()].reduce((sum, term) => sum + idf(term), 0);
    return size > 0 ? share((term) => (other.has(term) ? 1 : 0)) * Math.sqrt(total / size) : 0;
  };
  const everything = [...names, ...questions, whole];
  return {
    names: Math.max(0, ...names.map(likeness)),
    question: Math.max(0, ...questions.map(likeness)),
    passage: Math.max(0, ...passages.map(({ counts, length }) => share((term) => saturated(counts.get(term) ?? 0, length / average)))),
    note: share((term) => saturated(whole.get(term) ?? 0, passages.length)),
    familiar: share((term) => (frequency(term) > 0 ? 1 : 0)),
    asked: Math.min(1, total / ENOUGH),
    known: share((term) => (everything.some((counts) => counts.has(term)) ? 1 : 0)),
  };
}

/**
 * The section of a topic that a question is about: BM25 over the topic's own sections, languages paired by id.
 * @returns undefined when no section stands out, so that the caller shows the idea.
 */
export function bestSection(topic: Indexed, terms: readonly string[]): string | undefined {
  const { passages, average } = countsOf(topic);
  const unique = [...new Set(terms)].map((term) => {
    const holders = passages.filter(({ counts }) => counts.has(term)).length;
    return { term, idf: Math.log(1 + (passages.length - holders + 0.5) / (holders + 0.5)) };
  });
  const scores = passages.map(({ id, counts, length }) => ({
    id,
    score: unique.reduce((sum, { term, idf }) => sum + idf * saturated(counts.get(term) ?? 0, length / average), 0),
  }));
  scores.sort((a, b) => b.score - a.score);
  return scores[0] && scores[0].score > 0 ? scores[0].id : undefined;
}

/** The section whose heading holds all the terms; undefined when none does. */
export function headed({ passages }: Indexed, terms: readonly string[]): string | undefined {
  if (terms.length === 0) return undefined;
  return passages.find(({ heading }) => {
    const held = new Set(split(heading));
    return terms.every((term) => held.has(term));
  })?.id;
}

/** The section in one text, by id; the first one when it is missing there. */
export function sectionOf(sections: readonly Section[], id: string): Section | undefined {
  return sections.find((section) => section.id === id) ?? sections[0];
}

/** BM25's share of a term that occurs `count` times in a text of `length` times the usual length, 0–1. */
function saturated(count: number, length: number): number {
  return count / (count + K1 * (1 - B + B * length));
}

function countsOf(topic: Indexed): Counted {
  const known = counted.get(topic);
  if (known) return known;
  const passages = topic.passages.map(({ id, heading, body }) => {
    const bodyTerms = split(body);
    const counts = new Map<string, number>();
    for (const term of split(heading)) counts.set(term, (counts.get(term) ?? 0) + HEADING_WEIGHT);
    for (const term of bodyTerms) counts.set(term, (counts.get(term) ?? 0) + 1);
    return { id, counts, length: bodyTerms.length };
  });
  const average = Math.max(1, passages.reduce((sum, { length }) => sum + length, 0) / Math.max(1, passages.length));
  const whole = new Map<string, number>();
  for (const { counts } of passages) for (const [term, count] of counts) whole.set(term, (whole.get(term) ?? 0) + count);
  const result = { names: topic.names.map(tally), questions: topic.questions.map(tally), whole, passages, average };
  counted.set(topic, result);
  return result;
}

function split(terms: string): string[] {
  return terms === '' ? [] : terms.split(' ');
}

function tally(terms: string): Counts {
  const counts = new Map<string, number>();
  for (const term of split(terms)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
