import type { Topic } from './content.ts';
import { readBack } from './follow-up.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { LoadedContent } from './load.ts';
import { answerUnit } from './prepare.ts';
import { unitOf } from './present-answer.ts';
import { createRanker, type Found, type Ranker, type Ranking } from './ranking.ts';
import type { Hit, Outcome, Spoken } from './service.ts';
import { weighted } from './terms.ts';

/** Probabilities from which on a reply is given as the answer, as the closest, or as a question back. */
export const THRESHOLDS = { answer: 0.9, likely: 0.25, maybe: 0.08 };
/** Shown below a reply as what else may have been meant. */
const ALTERNATIVES = 3;
const READINGS = 2;
/** What share of all that was found must be of one topic for it to stand out. */
const STANDS_OUT = 0.5;
/** How probable a message's second question must be answered to be answered at all. */
const SECOND = 0.4;
/** Difference in strength within which the second unit comes as near as the first; from another topic it would rather confuse. */
const NEAR = { sameTopic: 2.5, otherTopic: 1 };

export interface Search {
  ranker: Ranker;
  topic(id: string): Topic | undefined;
  ask(text: string, previous?: Spoken): Outcome;
  named(text: string): Topic | undefined;
  hit(topic: string, unit: string): Hit | undefined;
  /** Topics by what speaks for them, best first. */
  topics(text: string): string[];
  complete(typed: string): string[];
  /** See Ranker. */
  warm: Ranker['warm'];
  close(): void;
}

/**
 * Index and rules over one version of the content.
 * @param below what it is laid over; its topics are found too, but for those whose id is here
 * @param kept see `createRanker`
 */
export function createSearch(
  { topics, prepared }: Pick<LoadedContent, 'topics' | 'prepared'>,
  { below, kept }: { below?: Search | undefined; kept?: KeptAnswers | undefined } = {},
): Search {
  const ranker = createRanker([...topics.values()], prepared, { below: below?.ranker, kept });
  const topicOf = (id: string): Topic | undefined => topics.get(id) ?? below?.topic(id);

  const hit = (id: string, unit: string, terms?: ReadonlyMap<string, number>): Hit | undefined => {
    const topic = topicOf(id);
    if (!topic) return undefined;
    if (unit.startsWith('#')) {
      const section = unit.slice(1);
      const exists = Object.values(topic.texts).some(({ sections }) => sections.some((other) => other.id === section));
      return exists ? { topic, kind: 'section', section, ...(terms && { terms }) } : undefined;
    }
    const answer = topic.answers.find((one) => answerUnit(one.id) === unit);
    return answer && { topic, kind: 'answer', answer };
  };

  const outcomeOf = (ranking: Ranking): Outcome => {
    const several = severalOf(ranking);
    const { found, probability, confidence, terms, named } = several?.[0] ?? ranking;
    const asked = weighted(terms);
    const hits = distinct(found).flatMap(({ topic, unit }) => hit(topic, unit, asked) ?? []);
    const [best, ...others] = hits;
    if (!best || probability < THRESHOLDS.maybe) {
      // What the question names comes first, however little of the rest its note knows; a topic is named once.
      const own = named
        .flatMap((id) => found.find(({ topic }) => topic === id) ?? [])
        .flatMap(({ topic, unit }) => hit(topic, unit, asked) ?? []);
      const near = new Map([...own, ...hits].toReversed().map((one) => [one.topic.id, one]));
      const order = [...new Set([...own, ...hits].map(({ topic }) => topic.id))];
      return { kind: 'none', alternatives: order.map((id) => near.get(id)!).slice(0, ALTERNATIVES), probability };
    }
    const isUnsure = probability < THRESHOLDS.likely;
    const standsOut = named.length > 0 || (confidence?.topicMass ?? 0) >= STANDS_OUT;
    if (isUnsure && !standsOut) return { kind: 'did-you-mean', alternatives: hits.slice(0, READINGS), probability };
    const further = others.filter((other) => !isFurther(best, other));
    const second = several?.[1];
    const sure = Math.min(probability, second?.probability ?? 1);
    const kind = sure < THRESHOLDS.answer ? 'likely' : 'answer';
    const also = second ? secondOf(second) : kind === 'likely' && (isUnsure || isNear(found, further[0])) ? further[0] : undefined;
    const alternatives = further.filter((other) => !also || !isSameHit(other, also)).slice(0, ALTERNATIVES);
    return {
      kind,
      hit: best,
      ...(also && { also: { hit: also, why: second ? 'asked-too' : isUnsure ? 'unsure' : 'as-near' } }),
      alternatives,
      probability: sure,
    };
  };
  const secondOf = ({ found, terms }: Ranking): Hit | undefined => hit(found[0]!.topic, found[0]!.unit, weighted(terms));

  return {
    ranker,
    topic: topicOf,
    ask(text, previous) {
      const spoken = previous && hit(previous.topic, previous.unit);
      if (!spoken) return outcomeOf(ranker.rank(text));
      return readBack(text, spoken, {
        hit: (unit) => hit(spoken.topic.id, unit),
        rank: (question, context) => ranker.rank(question, { context }),
        isNamed: (question) => ranker.aliases.find(question).length > 0,
        outcomeOf,
      });
    },
    named(text) {
      const [match] = ranker.aliases.whole(text);
      return match && topicOf(match.topic);
    },
    hit,
    topics: (text) => [...new Set(ranker.rank(text).found.map(({ topic }) => topic))],
    complete: ranker.aliases.complete,
    warm: ranker.warm,
    close: ranker.close,
  };
}

/** The section behind an answer is no other reading of the question: the answer's own button leads there. */
function isFurther(best: Hit, other: Hit): boolean {
  if (best.kind !== 'answer' || other.kind !== 'section' || best.topic.id !== other.topic.id) return false;
  return (best.answer.section ?? onlySection(best.topic)) === other.section;
}

/** Where a note is one section, its answered question is that section in other words. */
function onlySection({ texts }: Topic): string | undefined {
  const ids = new Set(Object.values(texts).flatMap(({ sections }) => sections.map(({ id }) => id)));
  return ids.size === 1 ? [...ids][0] : undefined;
}

/**
 * Where a message asks several things that different units answer: the rankings of two of its questions. A question that
 * comes to little by itself is left to the whole.
 */
function severalOf({ probability, parts = [] }: Ranking): readonly Ranking[] | undefined {
  const telling = parts.filter((part) => part.probability >= THRESHOLDS.likely);
  const [lead] = telling;
  if (!lead) return undefined;
  const name = ({ found: [first] }: Ranking) => `${first!.topic}${first!.unit}`;
  const second = telling.find((part) => name(part) !== name(lead) && part.probability >= SECOND);
  return second ? [lead, second] : lead.probability >= probability ? [lead] : undefined;
}

/** The second unit comes about as near as the first. */
function isNear(found: readonly Found[], second: Hit | undefined): boolean {
  const [first] = found;
  if (!first || !second) return false;
  const name = unitOf(second);
  const other = found.find(({ topic, unit }) => topic === second.topic.id && unit === name);
  return other !== undefined && first.strength - other.strength < (other.topic === first.topic ? NEAR.sameTopic : NEAR.otherTopic);
}

function isSameHit(a: Hit, b: Hit): boolean {
  return a.topic.id === b.topic.id && unitOf(a) === unitOf(b);
}

/** Far weaker ones are no readings of the question. */
function distinct(found: readonly Found[]): readonly Found[] {
  const [first] = found;
  return first ? found.filter(({ strength }) => strength > first.strength / 3) : [];
}
