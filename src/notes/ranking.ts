import { setImmediate } from 'node:timers/promises';
import { type AliasIndex, createAliasIndex } from './aliases.ts';
import type { Topic } from './content.ts';
import { createWeigher, type Evidence, type Weigher } from './evidence.ts';
import { sentencesOf } from './excerpt.ts';
import type { KeptAnswers, Learnt } from './kept-answers.ts';
import { kindsOf } from './kinds.ts';
import { partsOf } from './parts.ts';
import type { Prepared, Unit } from './prepare.ts';
import { createSearchIndex, type IndexRecord, rarity, type SearchIndex } from './search-index.ts';
import { readNumbers } from './telling-numbers.ts';
import { flat, knownWords, type Terms, termsOf, weighted } from './terms.ts';
import { CONFIDENCE, RANKING, type Weights } from './weights.ts';
import { createDefined, createWritten } from './written.ts';

/** Units that the index proposes. */
const CANDIDATES = 40;
/** Longer questions are cut: what matters stands in the beginning, and work stays bounded. */
const MAX_QUESTION = 1_000;
/** From so many characters on a question may be a story; only so many of its sentences are looked at. */
const LONG = 40;
const MAX_SENTENCES = 8;
const MIN_TERMS = 3;
/** Topics whose names stand in the question propose all their units. */
const MAX_NAMED = 4;
/** IDF of about three rare words. */
const ENOUGH = 12;
/** What is left of the probability that one word alone gives. */
const COINCIDENCE = 0.1;
/** What speaks for a unit of the topic that was spoken of, when a question leans on it. */
const SPOKEN_OF = 2;
/** Sure, but not a request, which is 1. */
const WRITTEN = 0.99;

/** What says how sure the first unit is: what speaks for it, and its standing among the others; each 0–1. */
export interface ConfidenceEvidence extends Evidence {
  /** Share of the first unit's topic among all that was found, by the exponential of their strengths. */
  topicMass: number;
  /** The first unit's own share. */
  unitMass: number;
  /** Halved for each Latin word that no note knows: names of other subjects mostly are such words, also in Chinese questions. */
  plain: number;
  /** How much was asked at all: one common word (what time is it) says little. */
  enough: number;
}

export interface Found {
  topic: string;
  unit: string;
  evidence: Evidence;
  strength: number;
}

export interface Ranking {
  /** Units by what speaks for them, best first. */
  found: Found[];
  /** How probable it is that the first one answers; 0 where there is none. */
  probability: number;
  confidence: ConfidenceEvidence | undefined;
  /** The question as terms, typos mended. */
  terms: Terms;
  /** Topics whose names stand in the question, those that take most of it first. */
  named: readonly string[];
  /** What each question of a message with several came to. */
  parts?: readonly Ranking[];
}

export interface RankOptions {
  /** The topic that was spoken of, and its names, for a question without its subject: they count for less than what is asked now. */
  context?: { topic: string; text: string } | undefined;
  /** The rest of what was said around a question: it counts for less than the question itself. */
  around?: string | undefined;
}

export interface Ranker {
  rank(text: string, options?: RankOptions): Ranking;
  aliases: AliasIndex;
  /** What a layer of other topics over these needs. */
  parts: Parts;
  /**
   * Makes ready what the first questions after a start would wait for, a part at a time, between other work, and keeps it.
   * @param again another process may have learnt and kept it meanwhile
   */
  warm(again?: boolean): Promise<void>;
  close(): void;
}

interface Parts {
  index: SearchIndex;
  weigher: Weigher;
  /** Ids of the topics' units. */
  units: ReadonlyMap<string, readonly string[]>;
  /** The unit of a phrasing that an author wrote down, or that defines the subject. */
  written: (text: string, subject: string | undefined) => string | undefined;
  titles: ReadonlyMap<string, readonly string[]>;
}

/**
 * Index, names and weights over the topics of one version of the content.
 * @param below what the topics are laid over: its topics are found too, but for those whose id is here. Nothing of it
 * is copied, and what speaks for its topics stays what it is without the layer.
 * @param kept what was learnt from these topics before; without it, it is learnt anew and not kept
 */
export function createRanker(
  topics: readonly Topic[],
  prepared: ReadonlyMap<string, Prepared>,
  { below, kept }: { below?: Ranker | undefined; kept?: KeptAnswers | undefined } = {},
): Ranker {
  const before = kept?.take();
  const isNew = !before;
  const index = createSearchIndex(records(prepared), before?.index);
  const frequency = (term: string) => index.frequency(term) + (below?.parts.index.frequency(term) ?? 0);
  const size = index.size + (below?.parts.index.size ?? 0);
  const weigher = createWeigher(prepared, { idf: (term) => rarity(frequency(term), size) }, before);
  const aliases = createAliasIndex(topics, prepared, knownWords, below?.aliases);
  const phrased = createWritten(topics);
  const defined = createDefined(prepared);
  const written = (text: string, subject: string | undefined) => phrased(text) ?? (subject === undefined ? undefined : defined(subject));
  const units = new Map([...prepared].map(([id, topic]) => [id, topic.units.map((unit) => unit.id)]));
  const titles = new Map(topics.map((topic) => [topic.id, Object.values(topic.texts).map(({ title }) => title)]));
  const isKnown = (word: string) => [...weighted(termsOf(word)).keys()].every((term) => frequency(term) > 0);
  const unitsOf = (topic: string) => units.get(topic) ?? below?.parts.units.get(topic) ?? [];
  const titlesOf = (topic: string) => titles.get(topic) ?? below?.parts.titles.get(topic) ?? [];
  const writtenAs = (text: string, subject: string | undefined): string | undefined => {
    const own = written(text, subject);
    if (own !== undefined) return own;
    const unit = below?.parts.written(text, subject);
    return unit !== undefined && units.has(splitId(unit).topic) ? undefined : unit;
  };
  /** Units that the words of a question propose, of both layers. */
  const proposedBy = (terms: readonly string[]) => {
    const shipped = below?.parts.index.rank(terms, CANDIDATES).map(splitId) ?? [];
    return [...index.rank(terms, CANDIDATES).map(splitId), ...shipped.filter(({ topic }) => !units.has(topic))];
  };

  const rankOne = (typed: string, { context, around }: RankOptions = {}): Ranking => {
    const text = typed.slice(0, MAX_QUESTION);
    // What is typed in pinyin is read as the name it spells.
    const spelt = aliases.find(text).filter(({ how }) => how === 'pinyin');
    const corrected = [aliases.correct(readNumbers(text, isKnown), isKnown), ...spelt.flatMap(({ topic }) => titlesOf(topic))].join(' ');
    const terms = termsOf(corrected);
    const behind = [context?.text, around].filter((part) => part !== undefined);
    const asked = behind.length === 0 ? terms : { main: terms.main, inner: [terms.inner, flat(behind.map(termsOf))].join(' ').trim() };
    const kinds = kindsOf(text);
    const query = weigher.query(asked, kinds);
    const shippedQuery = below?.parts.weigher.query(asked, kinds);
    const named = namedIn([text, corrected, ...behind], aliases);
    const proposed = proposedBy([...query.factors.keys()]);
    const byTopic = new Map<string, Set<string>>();
    const propose = (topic: string, units: readonly string[]) => {
      const set = byTopic.get(topic) ?? new Set();
      for (const unit of units) set.add(unit);
      byTopic.set(topic, set);
    };
    for (const { topic, unit } of proposed) propose(topic, [unit]);
    const strongest = [...named].sort(([, a], [, b]) => b - a).slice(0, MAX_NAMED);
    for (const [topic] of strongest) propose(topic, unitsOf(topic));
    const found = [...byTopic].flatMap(([topic, proposed]) => {
      const share = named.get(topic) ?? 0;
      const weigh =
        units.has(topic) || !below ? weigher.against(query, topic, share) : below.parts.weigher.against(shippedQuery!, topic, share);
      return [...proposed].map((unit): Found => {
        const evidence = weigh(unit);
        const strength = weighed(RANKING, evidence) + (topic === context?.topic ? SPOKEN_OF : 0);
        return { topic, unit, evidence, strength };
      });
    });
    found.sort((a, b) => b.strength - a.strength);
    // A question that an author wrote down as it stands needs no guessing.
    const own = context === undefined ? writtenAs(text, query.subject) : undefined;
    const at = own === undefined ? -1 : found.findIndex(({ topic, unit }) => `${topic}${unit}` === own);
    if (at >= 0) found.unshift(...found.splice(at, 1));
    const confidence = confidenceOf(found, {
      plain: 0.5 ** [...query.weights.keys()].filter((term) => /^[a-z]{3,}/.test(term) && frequency(term) === 0).length,
      enough: Math.min(1, (shippedQuery ?? query).sum / ENOUGH),
    });
    const likely = confidence ? 1 / (1 + Math.exp(-CONFIDENCE.bias - weighed(CONFIDENCE, confidence))) : 0;
    // One word that the notes know among others that they do not, or that nobody asks for, is a coincidence: Cook’s
    // distance and cooking rice, or 天气 in an example.
    const main = terms.main.split(' ');
    const told = main.filter((term) => frequency(term) > 0);
    // A group's own words are its own subject: “project” there is no chance.
    const ours = below !== undefined && units.has(found[0]?.topic ?? '');
    const alone = !ours && named.size === 0 && told.filter((term) => term.length > 1).length === 1;
    const chance = alone && (told.length < main.length || found[0]?.evidence.near === 0) ? COINCIDENCE : 1;
    const probability = at >= 0 ? WRITTEN : likely * chance;
    return { found, probability, confidence, terms, named: strongest.map(([topic]) => topic) };
  };
  // A story with a question in it: each sentence is held against the notes by itself, with the story behind it.
  const rank = (typed: string, options: RankOptions = {}): Ranking => {
    const text = typed.slice(0, MAX_QUESTION);
    const whole = rankOne(text, options);
    if (options.context || whole.probability === WRITTEN) return whole;
    const asked = partsOf(text);
    if (asked.length > 1) return { ...whole, parts: asked.map((part) => rankOne(part, { around: text })) };
    const sentences = text.length < LONG ? [] : sentencesOf(text).slice(0, MAX_SENTENCES);
    if (sentences.length < 2) return whole;
    // “Could you explain how that works?” asks nothing by itself.
    const telling = sentences.filter((sentence) => termsOf(sentence).main.split(' ').length >= MIN_TERMS);
    const parts = telling.map((sentence) => rankOne(sentence, { around: text }));
    return parts.reduce((best, part) => (part.probability > best.probability ? part : best), whole);
  };
  let closed = false;
  let openFile = before?.close;
  const goOn = (learnt: Learnt): void => {
    openFile = learnt.close;
    index.replace(learnt.index);
    weigher.replace(learnt);
  };
  const keep = async (where: KeptAnswers): Promise<void> => {
    const learnt = weigher.learnt();
    if (!learnt) return;
    const again = await where.keep({ ...learnt, index: index.table() });
    if (closed) return again.close();
    goOn(again);
  };
  const warm = async (again = false): Promise<void> => {
    const there = again && isNew ? kept?.take() : undefined;
    if (there) goOn(there);
    while (weigher.warm()) {
      await setImmediate();
      if (closed) return;
    }
    if (kept && isNew && !there) await keep(kept);
  };
  const close = (): void => {
    closed = true;
    openFile?.();
  };
  return { rank, aliases, parts: { index, weigher, units, written, titles }, warm, close };
}

function* records(prepared: ReadonlyMap<string, Prepared>): Generator<IndexRecord> {
  for (const [topic, { names, units }] of prepared)
    for (const unit of units) {
      const heads =
        unit.id === units.find(isSection)?.id ? [...names, ...unit.asks.map(({ terms }) => terms)] : unit.asks.map(({ terms }) => terms);
      // Texts are made when they are asked for: an index that is kept asks for the names alone.
      yield {
        id: `${topic}${unit.id}`,
        get heading() {
          return flat(heads);
        },
        get body() {
          return flat([unit.body]);
        },
      };
    }
}

function isSection({ id }: Unit): boolean {
  return id.startsWith('#');
}

/** `attention?why-scale` → topic and unit. */
export function splitId(id: string): { topic: string; unit: string } {
  const at = id.search(/[?#]/);
  return { topic: id.slice(0, at), unit: id.slice(at) };
}

/** Topics whose names stand in the texts, with the square root of the share of letters that they take. */
function namedIn(texts: readonly string[], aliases: AliasIndex): Map<string, number> {
  const named = new Map<string, number>();
  // 梯度会消失 holds the name 梯度消失 once the words that only join are gone.
  for (const { topic, share } of [...new Set(texts)].flatMap((text) => [...aliases.find(text), ...aliases.findLoose(text)]))
    named.set(topic, Math.max(named.get(topic) ?? 0, Math.sqrt(share)));
  return named;
}

function confidenceOf(found: readonly Found[], asked: Pick<ConfidenceEvidence, 'plain' | 'enough'>): ConfidenceEvidence | undefined {
  const [first] = found;
  if (!first) return undefined;
  let all = 0;
  let own = 0;
  for (const { topic, strength } of found) {
    const power = Math.exp(strength - first.strength);
    all += power;
    if (topic === first.topic) own += power;
  }
  return { ...first.evidence, topicMass: own / all, unitMass: 1 / all, ...asked };
}

function weighed<E extends object>(weights: Weights<E>, evidence: E): number {
  let sum = 0;
  for (const name of Object.keys(evidence) as (keyof E)[]) sum += (weights[name] ?? 0) * (evidence[name] as number);
  return sum;
}
