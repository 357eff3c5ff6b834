import type { Learnt } from './kept-answers.ts';
import type { Kind } from './kinds.ts';
import type { Prepared } from './prepare.ts';
import type { SearchIndex } from './search-index.ts';
import { type Terms, weighted } from './terms.ts';
import { isName, isNarrower, subjectOf, type VectorTopic, type VectorUnit, vectorTopic } from './unit-vectors.ts';
import { cosine, rarity, shareOf, sumOf, type Vector, vectorOf } from './vectors.ts';
import { likeness, placeOf } from './word-vectors.ts';

/** What speaks for a unit as the answer to a question, each 0–1 (`kind` −1–1). Shares are of the question's IDF sum. */
export interface Evidence {
  /** Square root of the question's share of letters that a name of the unit's topic takes. */
  named: number;
  /** Likeness of the question to a name of the topic. */
  names: number;
  /** How much of the question the topic's units speak of: a word that many of them use counts in full. */
  note: number;
  /** Likeness to the nearest phrasing by what is rare within the topic: which of the topic's questions is it? */
  rest: number;
  /** Its fourth power: nearly the same words count for more than twice half of them. */
  same: number;
  /** The mean of it over the three nearest. */
  near: number;
  /** How usual the question's words are in the phrasings, by what is rare within the topic. */
  usual: number;
  /** Share of what is rare in the question that all of its phrasings and its text hold together. */
  told: number;
  /** Share of what is rare in the nearest phrasing that the question holds. */
  covered: number;
  /** The question asks what something is: 1 where a phrasing asks the same, half where it is but a name of the topic, and the unit says what that is. */
  definition: number;
  /** Likeness to the nearest phrasing that also wants to be told the same kind of thing. */
  alike: number;
  /** How usual it is that the unit is asked for what is asked: the reason, a remedy, a choice. */
  wanted: number;
  /** Mean share of its phrasings that the question holds: a unit asked for in plain words before one about a special case. */
  plainly: number;
  /** Share of the question in what the unit says, by BM25. */
  body: number;
  /** Likeness in meaning to the unit as a whole, and to its nearest phrasing: other words for the same. */
  meaning: number;
  sense: number;
  /** Does it tell what is asked for: the reason, a value, a comparison? */
  kind: number;
  /** Told as a symptom, and the unit is asked for with symptoms: share of its phrasings. */
  symptom: number;
  /** An answered question, rather than a section. */
  answer: number;
}

export interface Query extends Vector {
  /** Terms with how much each says by its form. */
  factors: ReadonlyMap<string, number>;
  /** Sum of the weights. */
  sum: number;
  kinds: readonly Kind[];
  terms: Terms;
  place: Float32Array | undefined;
  /** What it asks the meaning of, if that is all it asks. */
  subject: string | undefined;
}

export interface Weigher {
  query(terms: Terms, kinds: readonly Kind[]): Query;
  /**
   * Holds a question against a topic; the result tells what speaks for a unit of it.
   * @param named see Evidence
   */
  against(query: Query, topicId: string, named: number): (unitId: string) => Evidence;
  /** Does a part of what the first questions would wait for; false when all is done. */
  warm(): boolean;
  /** Once `warm` has nothing left to do. */
  learnt(): WeigherLearnt | undefined;
  /** Goes on with the same as it was kept. */
  replace(kept: WeigherLearnt): void;
}

type WeigherLearnt = Pick<Learnt, 'topics'>;

const K1 = 1.2;
const B = 0.5;
/** So many units that speak of a word make it half the topic's own; fewer in a topic of few. */
const SPEAK = { most: 3, share: 1 / 8 };
/** Phrasings whose mean likeness counts. */
const NEAREST = 3;
/** What likeness is left where something else is asked than what is told. */
const OTHER_KIND = 0.5;
/** What a definition of the topic says for the meaning of one of its names. */
const HALF = 0.5;
/** Usual length of what a unit says, in terms. */
const USUAL_LENGTH = 250;

/**
 * Holds questions against units. Vectors are made when a topic is first looked at, so that a start is quick; once all
 * are kept, the texts' terms that they are made from are let go.
 * @param before what was learnt from the same notes at an earlier start
 */
export function createWeigher(prepared: ReadonlyMap<string, Prepared>, { idf }: Pick<SearchIndex, 'idf'>, before?: WeigherLearnt): Weigher {
  const count = prepared.size;
  let sources: ReadonlyMap<string, Prepared> = before ? new Map() : prepared;
  let kept = before?.topics;
  const topics = new Map<string, VectorTopic>();
  const topicOf = (id: string): VectorTopic => {
    const known = kept?.get(id) ?? topics.get(id);
    if (known) return known;
    const made = vectorTopic(sources.get(id)!, idf);
    topics.set(id, made);
    return made;
  };
  const waiting = [...sources.keys()];
  return {
    query(terms, kinds) {
      const factors = weighted(terms);
      const vector = vectorOf(factors, idf);
      const asksWhat = kinds.every((kind) => kind === 'what');
      const subject = asksWhat ? subjectOf(terms) || undefined : undefined;
      return { ...vector, terms, factors, kinds, sum: sumOf(vector.weights), place: placeOf(factors), subject };
    },
    warm() {
      const id = waiting.shift();
      if (id !== undefined) topicOf(id);
      return id !== undefined;
    },
    learnt() {
      return topics.size === count ? { topics } : undefined;
    },
    replace(learnt) {
      kept = learnt.topics;
      sources = new Map();
      waiting.length = 0;
      topics.clear();
    },
    against(query, topicId, named) {
      const topic = topicOf(topicId);
      const held = hold(query, topic, named);
      return (unitId) => evidenceOf(held, topic.units.get(unitId)!, unitId.startsWith('?'));
    },
  };
}

/** A question with what is the same for all of a topic's units. */
interface Held {
  query: Query;
  local: Vector;
  localSum: number;
  shared: Pick<Evidence, 'named' | 'names' | 'note'>;
  /** Apart from what it asks, it says nothing but a name. */
  isName: boolean;
}

function hold(query: Query, topic: VectorTopic, named: number): Held {
  const local = vectorOf(query.factors, rarity(topic.asked, topic.units.size));
  const speaking = (term: string) => {
    const units = topic.speak.get(term) ?? 0;
    return units / (units + Math.min(SPEAK.most, SPEAK.share * topic.units.size));
  };
  return {
    query,
    local,
    localSum: sumOf(local.weights),
    shared: {
      named,
      names: Math.max(0, ...topic.names.map((name) => cosine(query, name))),
      note: shareOf(query.weights, query.sum, speaking),
    },
    isName: isName(query.terms, topic.names),
  };
}

function evidenceOf(held: Held, unit: VectorUnit, answer: boolean): Evidence {
  const { query, local, localSum, shared } = held;
  const kinds = new Set(unit.kinds);
  const asksWhat = query.subject !== undefined;
  const likenesses: number[] = [];
  let covered = 0;
  let sense = 0;
  let alike = 0;
  let plainly = 0;
  for (const phrasing of unit.asks) {
    const { near, nearHere, held } = overlap(query, local, phrasing);
    likenesses.push(nearHere);
    alike = Math.max(alike, near === 0 ? 0 : (near * (1 + agreement(query.kinds, phrasing.kinds))) / 2);
    covered = Math.max(covered, held);
    plainly += held / unit.asks.length;
    sense = Math.max(sense, likeness(query.place, phrasing.place));
    for (const kind of phrasing.kinds) kinds.add(kind);
  }
  likenesses.sort((a, b) => b - a);
  const kind = agreement(query.kinds, [...kinds]);
  // “When does Adam fail” in words that nobody wrote is more than Adam: what it is, is no answer.
  const worth = held.isName && !asksWhat && kind < 0 ? OTHER_KIND : 1;
  // Where a note has no topic of its own for a thing, the section under its name is what tells about it.
  const titled = asksWhat && unit.titles.some(({ weights }) => isSame(weights, query.weights));
  const said = (term: string) => saturated(unit.counts.get(term) ?? 0, unit.words / USUAL_LENGTH);
  return {
    ...shared,
    names: Math.max(shared.names, ...unit.titles.map((title) => cosine(query, title))),
    rest: worth * (likenesses[0] ?? 0),
    same: worth * (likenesses[0] ?? 0) ** 4,
    near: (worth * likenesses.slice(0, NEAREST).reduce((a, b) => a + b, 0)) / NEAREST,
    usual: shareOf(local.weights, localSum, (term) => used(unit.uses.get(term) ?? 0)),
    told: shareOf(local.weights, localSum, (term) => (unit.uses.has(term) || unit.counts.has(term) ? 1 : 0)),
    covered: worth * covered,
    definition:
      titled || (asksWhat && unit.defines.includes(query.subject!))
        ? 1
        : asksWhat && held.isName && isDefinition(unit, query.subject!)
          ? HALF
          : 0,
    alike,
    wanted: query.kinds.reduce((sum, one) => sum + Math.sqrt(unit.kindShare.get(one) ?? 0), 0) / Math.max(1, query.kinds.length),
    plainly,
    body: shareOf(query.weights, query.sum, said),
    meaning: likeness(query.place, unit.place),
    sense,
    kind,
    symptom: query.kinds.includes('symptom') ? (unit.kindShare.get('symptom') ?? 0) : 0,
    answer: answer ? 1 : 0,
  };
}

/**
 * Cosines of a question and a phrasing, by what is rare in all notes and within the topic, and the share of the phrasing
 * that the question holds: in one pass over the question's terms, since this is what most of the time goes into.
 */
function overlap(query: Query, local: Vector, phrasing: VectorUnit['asks'][number]): { near: number; nearHere: number; held: number } {
  let near = 0;
  let nearHere = 0;
  let held = 0;
  for (const [term, weight] of query.weights) {
    const there = phrasing.global.weights.get(term);
    if (there === undefined) continue;
    const here = phrasing.local.weights.get(term) ?? 0;
    near += weight * there;
    nearHere += (local.weights.get(term) ?? 0) * here;
    held += here;
  }
  return {
    near: near === 0 ? 0 : near / (query.length * phrasing.global.length),
    nearHere: nearHere === 0 ? 0 : nearHere / (local.length * phrasing.local.length),
    held: held === 0 ? 0 : held / phrasing.localSum,
  };
}

/** It says what the topic is, and not only what a special case of the subject is. */
function isDefinition({ definition, defines }: VectorUnit, subject: string): boolean {
  return definition && (defines.length === 0 || defines.some((own) => !isNarrower(own, subject)));
}

function isSame(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size > 0 && a.size === b.size && [...a.keys()].every((term) => b.has(term));
}

/** How usual a term is that phrasings use so often, 0–1. */
function used(times: number): number {
  return times / (times + 1);
}

/** BM25's share of a term that occurs `count` times in a text of `length` times the usual length, 0–1. */
function saturated(count: number, length: number): number {
  return count / (count + K1 * (1 - B + B * length));
}

/** 1: all that is asked for is told; −1: nothing of it is. 0 where the question does not say what it wants. */
function agreement(asked: readonly Kind[], told: readonly Kind[]): number {
  if (asked.length === 0 || told.length === 0) return 0;
  return (2 * asked.filter((kind) => told.includes(kind)).length) / asked.length - 1;
}
