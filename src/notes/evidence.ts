import type { Kind } from './kinds.ts';
import type { Prepared } from './prepare.ts';
import type { SearchIndex } from './search-index.ts';
import { type Terms, weighted } from './terms.ts';

/** What speaks for a unit as the answer to a question, each 0–1 (`kind` −1–1). Shares are of the question's IDF sum. */
export interface Evidence {
  /** Square root of the question's share of letters that a name of the unit's topic takes. */
  named: number;
  /** Likeness of the question to a name of the topic. */
  names: number;
  /** Share of the question that the topic's notes know at all. */
  note: number;
  /** Likeness to the nearest phrasing (or heading): cosine of the IDF-weighted terms. */
  ask: number;
  /** Share of the question that this phrasing holds. */
  asked: number;
  /** The same likeness by what is rare within the topic: which of the topic's questions is it? */
  rest: number;
  /** Share of what is rare in the question that all of its phrasings and its text hold together. */
  told: number;
  /** Share of what is rare in the nearest phrasing that the question holds. */
  covered: number;
  /** The question is nothing but a name of the topic, and the unit says what the thing is. */
  definition: number;
  /** Share of the question in what the unit says, by BM25. */
  body: number;
  /** Does it tell what is asked for: the reason, a value, a comparison? */
  kind: number;
  /** An answered question, rather than a section. */
  answer: number;
}

export interface Query {
  /** Terms with how much each says by its form. */
  factors: ReadonlyMap<string, number>;
  /** IDF-weighted terms. */
  vector: ReadonlyMap<string, number>;
  /** Sum and Euclidean length of the weights. */
  sum: number;
  length: number;
  kinds: readonly Kind[];
}

/** Weight of a term by how rare it is. */
type Idf = (term: string) => number;

interface Vector {
  weights: ReadonlyMap<string, number>;
  length: number;
}

interface VectorAsk extends Vector {
  /** By what is rare within the topic. */
  local: Vector;
  localSum: number;
  kinds: readonly Kind[];
}

interface VectorUnit {
  asks: readonly VectorAsk[];
  counts: ReadonlyMap<string, number>;
  words: number;
  kinds: readonly Kind[];
  definition: boolean;
}

interface VectorTopic {
  names: readonly Vector[];
  all: ReadonlySet<string>;
  /** Rarity among what the topic's units are asked for. */
  rareAsked: Idf;
  units: ReadonlyMap<string, VectorUnit>;
}

export interface Weigher {
  query(terms: Terms, kinds: readonly Kind[]): Query;
  /**
   * Holds a question against a topic; the result tells what speaks for a unit of it.
   * @param named see Evidence
   */
  against(query: Query, topicId: string, named: number): (unitId: string, without?: number) => Evidence;
  /** Makes a topic's vectors before they are asked for. */
  warm(topicId: string): void;
}

const K1 = 1.2;
const B = 0.5;
/** What likeness is left where something else is asked than what is told. */
const OTHER_KIND = 0.5;
/** Usual length of what a unit says, in terms. */
const USUAL_LENGTH = 250;

/** Holds questions against units. Vectors are made when a topic is first looked at, so that a start is quick. */
export function createWeigher(prepared: ReadonlyMap<string, Prepared>, { idf }: Pick<SearchIndex, 'idf'>): Weigher {
  const topics = new Map<string, VectorTopic>();
  const topicOf = (id: string): VectorTopic => {
    const known = topics.get(id);
    if (known) return known;
    const made = vectorTopic(prepared.get(id)!, idf);
    topics.set(id, made);
    return made;
  };
  return {
    query(terms, kinds) {
      const factors = weighted(terms);
      const { weights, length } = vectorOf(factors, idf);
      return { factors, vector: weights, length, kinds, sum: sumOf(weights) };
    },
    warm: (topicId) => void topicOf(topicId),
    against(query, topicId, named) {
      const topic = topicOf(topicId);
      const held = hold(query, topic, named);
      return (unitId, without) => evidenceOf(held, topic.units.get(unitId)!, unitId.startsWith('?'), without);
    },
  };
}

function vectorOf(factors: ReadonlyMap<string, number>, idf: Idf): Vector {
  const weights = new Map<string, number>();
  let squares = 0;
  for (const [term, factor] of factors) {
    const weight = factor * idf(term);
    weights.set(term, weight);
    squares += weight * weight;
  }
  return { weights, length: Math.sqrt(squares) };
}

function vectorTopic({ names, prompts, units }: Prepared, idf: Idf): VectorTopic {
  const written = units.map((unit) => ({ unit, asks: unit.asks.map(({ terms }) => weighted(terms)), counts: countsOf(unit.body) }));
  const rareAsked = rarity(written.map(({ asks }) => new Set(asks.flatMap((ask) => [...ask.keys()]))));
  const nameVectors = names.map((name) => vectorOf(weighted(name), idf));
  const all = new Set([...nameVectors.flatMap(({ weights }) => [...weights.keys()]), ...weighted(prompts).keys()]);
  const vectors = written.map(({ unit, asks, counts }): [string, VectorUnit] => {
    for (const terms of [...asks, counts]) for (const term of terms.keys()) all.add(term);
    const phrasings = asks.map((terms, i): VectorAsk => {
      const local = vectorOf(terms, rareAsked);
      return { ...vectorOf(terms, idf), local, localSum: sumOf(local.weights), kinds: unit.asks[i]!.kinds };
    });
    const definition =
      unit.id === '#idea' || phrasings.some(({ weights, kinds }) => kinds.includes('what') && isName(weights, nameVectors));
    const words = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return [unit.id, { asks: phrasings, counts, words, kinds: unit.kinds, definition }];
  });
  return { names: nameVectors, all, rareAsked, units: new Map(vectors) };
}

function countsOf(body: Terms): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of [body.main, body.inner])
    for (const term of list === '' ? [] : list.split(' ')) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** Inverse document frequency among a topic's units. */
function rarity(units: readonly ReadonlySet<string>[]): Idf {
  const holders = new Map<string, number>();
  for (const terms of units) for (const term of terms) holders.set(term, (holders.get(term) ?? 0) + 1);
  return (term) => {
    const held = holders.get(term) ?? 0;
    return Math.log(1 + (units.length - held + 0.5) / (held + 0.5));
  };
}

/** Nothing stands there but one of the names. */
function isName(terms: ReadonlyMap<string, number>, names: readonly Vector[]): boolean {
  return terms.size > 0 && names.some(({ weights }) => [...terms.keys()].every((term) => weights.has(term)));
}

/** A question with what is the same for all of a topic's units. */
interface Held {
  query: Query;
  local: Pick<Query, 'vector' | 'length'>;
  localSum: number;
  shared: Pick<Evidence, 'named' | 'names' | 'note'>;
  /** It asks what something is, or says but its name. */
  asksWhat: boolean;
  /** Apart from what it asks, it says nothing but a name. */
  isName: boolean;
}

function hold(query: Query, topic: VectorTopic, named: number): Held {
  const { weights, length } = vectorOf(query.factors, topic.rareAsked);
  const asksWhat = query.kinds.every((kind) => kind === 'what');
  return {
    query,
    asksWhat,
    local: { vector: weights, length },
    localSum: sumOf(weights),
    shared: {
      named,
      names: Math.max(0, ...topic.names.map((name) => cosine(query, name))),
      note: shareOf(query.vector, query.sum, (term) => (topic.all.has(term) ? 1 : 0)),
    },
    isName: isName(query.vector, topic.names),
  };
}

/** @param without number of a phrasing that does not count, for fitting on the phrasings themselves */
function evidenceOf(held: Held, unit: VectorUnit, answer: boolean, without?: number): Evidence {
  const { query, local, localSum, shared } = held;
  const said = (term: string) => saturated(unit.counts.get(term) ?? 0, unit.words / USUAL_LENGTH);
  const best = { ask: 0, asked: 0, rest: 0, covered: 0 };
  const kinds = new Set(unit.kinds);
  const spoken = new Set<string>();
  unit.asks.forEach((phrasing, i) => {
    if (i === without) return;
    best.ask = Math.max(best.ask, cosine(query, phrasing));
    best.asked = Math.max(
      best.asked,
      shareOf(query.vector, query.sum, (term) => (phrasing.weights.has(term) ? 1 : 0)),
    );
    best.rest = Math.max(best.rest, cosine(local, phrasing.local));
    best.covered = Math.max(
      best.covered,
      shareOf(phrasing.local.weights, phrasing.localSum, (term) => (query.vector.has(term) ? 1 : 0)),
    );
    for (const kind of phrasing.kinds) kinds.add(kind);
    for (const term of phrasing.weights.keys()) spoken.add(term);
  });
  const kind = agreement(query.kinds, kinds);
  // “When does Adam fail” in words that nobody wrote is more than Adam: what it is, is no answer.
  if (held.isName && !held.asksWhat && kind < 0) for (const name of ['ask', 'asked', 'rest', 'covered'] as const) best[name] *= OTHER_KIND;
  // Where a note has no topic of its own for a thing, the section under its name is what tells about it.
  const titled = !answer && held.asksWhat && unit.asks.some(({ weights }) => isSame(weights, query.vector));
  return {
    ...shared,
    ...best,
    names: answer ? shared.names : Math.max(shared.names, best.ask),
    definition: titled || (held.asksWhat && held.isName && unit.definition) ? 1 : 0,
    told: shareOf(local.vector, localSum, (term) => (spoken.has(term) || unit.counts.has(term) ? 1 : 0)),
    body: shareOf(query.vector, query.sum, said),
    kind,
    answer: answer ? 1 : 0,
  };
}

function isSame(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size > 0 && a.size === b.size && [...a.keys()].every((term) => b.has(term));
}

function shareOf(weights: ReadonlyMap<string, number>, total: number, value: (term: string) => number): number {
  if (total === 0) return 0;
  let sum = 0;
  for (const [term, weight] of weights) sum += weight * value(term);
  return sum / total;
}

function sumOf(weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const weight of weights.values()) sum += weight;
  return sum;
}

function cosine({ vector, length }: Pick<Query, 'vector' | 'length'>, other: Vector): number {
  if (length === 0 || other.length === 0) return 0;
  let sum = 0;
  for (const [term, weight] of vector) sum += weight * (other.weights.get(term) ?? 0);
  return sum / (length * other.length);
}

/** BM25's share of a term that occurs `count` times in a text of `length` times the usual length, 0–1. */
function saturated(count: number, length: number): number {
  return count / (count + K1 * (1 - B + B * length));
}

/** 1: all that is asked for is told; −1: nothing of it is. 0 where the question does not say what it wants. */
function agreement(asked: readonly Kind[], told: ReadonlySet<Kind>): number {
  if (asked.length === 0 || told.size === 0) return 0;
  return (2 * asked.filter((kind) => told.has(kind)).length) / asked.length - 1;
}
