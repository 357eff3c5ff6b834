import type { Locale } from '../core/locale.ts';
import { type AliasIndex, createAliasIndex } from './aliases.ts';
import { analyse, queryTerms, withoutFunctionWords } from './analyse.ts';
import { type Topic, textOf } from './content.ts';
import type { LoadedContent } from './load.ts';
import { bestSection, type Fit, fitOf, headed, sectionOf } from './passages.ts';
import type { Prepared } from './prepare.ts';
import { createSearchIndex, type Ranked, type SearchIndex } from './search-index.ts';
import type { Hit, SearchOutcome } from './service.ts';

/** Set on the dev half of test/eval/questions.yaml; `npm run eval` reports the other half. */
const THRESHOLDS = { answer: 0.6, maybe: 0.25 };
/** What puts a topic in front of another; fitted on the dev half by `npm run eval -- --fit`. */
const RANKING: Weights<RankingEvidence> = {
  named: 2.87,
  names: 2.94,
  question: 3.84,
  passage: 2.55,
  note: 1.98,
  known: 2.24,
  asked: 0,
  familiar: 0,
};
/** How sure the first one is, from the same; fitted there too. */
const CONFIDENCE: Weights<Evidence> & { bias: number } = {
  bias: -6.04,
  named: 1.89,
  names: 1.68,
  question: 2.38,
  passage: 0.57,
  note: 0.39,
  known: 2.02,
  familiar: 2.11,
  asked: 1.59,
  margin: 0.92,
};
const CANDIDATES = 10;
/** Longer questions are cut: what matters stands in the beginning, and work stays bounded. */
const MAX_QUESTION = 1_000;

/** What speaks for a topic, each 0–1. */
export interface RankingEvidence extends Fit {
  /** Square root of the question's share that names of the topic take. */
  named: number;
}
export interface Evidence extends RankingEvidence {
  /** Relative lead over the next topic. */
  margin: number;
}
export type Weights<E> = { [K in keyof E]: number };

export interface Found extends Ranked {
  evidence: Evidence;
}

export interface Search {
  /** Topics by what speaks for them, best first; scores are confidences, 0–1. */
  rank(text: string): Found[];
  search(text: string, locale: Locale, mode: 'explain' | 'ask'): SearchOutcome;
  complete(typed: string): string[];
  close(): void;
}

/** Index and rules over one version of the content. */
export function createSearch(content: LoadedContent): Search {
  const index = createSearchIndex(content.prepared);
  const aliases = createAliasIndex(content.topics.values(), content.prepared);
  const find = (text: string) => rank(content, index, aliases, text.slice(0, MAX_QUESTION));
  return {
    rank: (text) => find(text).ranked,
    search(text, locale, mode) {
      const { ranked, terms } = find(text);
      const hits = ranked.flatMap((entry): Hit[] => hitFor(content, entry, terms, locale, mode));
      const [best] = hits;
      if (!best || best.score < THRESHOLDS.maybe) return { kind: 'none', alternatives: hits.slice(0, 3) };
      if (best.score < THRESHOLDS.answer) return { kind: 'did-you-mean', alternatives: hits.slice(0, 3) };
      return { kind: 'answer', hit: best, alternatives: hits.slice(1, 4) };
    },
    complete: aliases.complete,
    close: index.close,
  };
}

/** The index proposes topics, names in the question propose more; all of them are held against the question. */
function rank(content: LoadedContent, index: SearchIndex, aliases: AliasIndex, text: string): { ranked: Found[]; terms: string[] } {
  const isKnown = (word: string) => analyse(word).every((term) => index.frequency(term) > 0);
  const written = aliases.find(text);
  const certain = written.find(({ how }) => how === 'exact' || how === 'pinyin');
  const corrected = certain ? text : aliases.correct(text, isKnown);
  // 梯度会消失 holds the name 梯度消失 once the words that only join are gone.
  const matches = certain ? written : [text, corrected, withoutFunctionWords(text)].flatMap(aliases.find);
  const terms = queryTerms(corrected);
  const named = new Map<string, number>();
  for (const { topic, share } of matches) named.set(topic, Math.max(named.get(topic) ?? 0, Math.sqrt(share)));
  const candidates = [...new Set([...index.rank(terms, CANDIDATES).map(({ topic }) => topic), ...named.keys()])].map((topic) => {
    const evidence = { ...fitOf(content.prepared.get(topic)!, terms, index), named: named.get(topic) ?? 0 };
    return { topic, evidence, strength: weigh(RANKING, evidence) };
  });
  candidates.sort((a, b) => b.strength - a.strength);
  const ranked = candidates.map(({ topic, evidence, strength }, i): Found => {
    const margin = strength > 0 ? (strength - (candidates[i + 1]?.strength ?? 0)) / strength : 0;
    const all = { ...evidence, margin };
    return { topic, score: 1 / (1 + Math.exp(-CONFIDENCE.bias - weigh(CONFIDENCE, all))), evidence: all };
  });
  // A question that is nothing but a topic's name, however spelt, is that topic.
  const whole = certain ?? matches.find(({ how }) => how === 'exact');
  const at = ranked.findIndex(({ topic }) => topic === whole?.topic);
  if (at >= 0) ranked.unshift({ ...ranked.splice(at, 1)[0]!, score: 1 });
  return { ranked, terms };
}

function weigh<E extends object>(weights: Weights<E>, evidence: E): number {
  return (Object.keys(evidence) as (keyof E)[]).reduce((sum, name) => sum + weights[name] * (evidence[name] as number), 0);
}

function hitFor(
  content: LoadedContent,
  { topic: id, score }: Ranked,
  terms: readonly string[],
  locale: Locale,
  mode: 'explain' | 'ask',
): Hit[] {
  const topic = content.topics.get(id);
  const prepared = content.prepared.get(id);
  if (!topic || !prepared) return [];
  const section = sectionOf(textOf(topic, locale).sections, askedSection(topic, prepared, terms, mode) ?? 'idea');
  return section ? [{ topic, section, score }] : [];
}

/** Once the topic is known, its own names say nothing about which section is meant, unless a section goes by one. */
function askedSection(topic: Topic, prepared: Prepared, terms: readonly string[], mode: 'explain' | 'ask'): string | undefined {
  const names = new Set(prepared.names.join(' ').split(' '));
  const rest = terms.filter((term) => !names.has(term));
  if (rest.length > 0) return bestSection(prepared, rest);
  if (mode === 'explain') return undefined;
  const titles = new Set(Object.values(topic.texts).flatMap(({ title }) => analyse(title)));
  return headed(
    prepared,
    terms.filter((term) => !titles.has(term)),
  );
}
