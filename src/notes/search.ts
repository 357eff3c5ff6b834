import type { Locale } from '../core/locale.ts';
import { type AliasIndex, createAliasIndex } from './aliases.ts';
import { analyse } from './analyse.ts';
import { type Content, textOf } from './content.ts';
import type { LoadedContent } from './load.ts';
import { bestSection, sectionOf } from './passages.ts';
import { createSearchIndex, type Ranked, type SearchIndex } from './search-index.ts';
import type { Hit, SearchOutcome } from './service.ts';

/** Set on the dev half of test/eval/questions.yaml; `npm run eval` reports the other half. */
const THRESHOLDS = { answer: 0.55, maybe: 0.35 };
/** How much a name inside the question adds, times the share of the question it takes. */
const ALIAS_BONUS = 0.5;
const CANDIDATES = 10;
/** Longer questions are cut: what matters stands in the beginning, and work stays bounded. */
const MAX_QUESTION = 1_000;

export interface Search {
  /** Topics by confidence, best first. The first one's score includes its lead over the second. */
  rank(text: string): Ranked[];
  search(text: string, locale: Locale, mode: 'explain' | 'ask'): SearchOutcome;
  complete(typed: string): string[];
  close(): void;
}

/** Index and rules over one version of the content. */
export function createSearch(content: LoadedContent): Search {
  const index = createSearchIndex(content.prepared);
  const aliases = createAliasIndex(content.topics.values(), content.prepared);
  return {
    rank: (text) => rank(index, aliases, text.slice(0, MAX_QUESTION)).ranked,
    search(text, locale, mode) {
      const { ranked, terms } = rank(index, aliases, text.slice(0, MAX_QUESTION));
      const hits = ranked.flatMap((entry): Hit[] => hitFor(content, entry, terms, locale, mode));
      const [best] = hits;
      const alternatives = hits.slice(1, 4);
      if (!best || best.score < THRESHOLDS.maybe) return { kind: 'none', alternatives: hits.slice(0, 3) };
      if (best.score < THRESHOLDS.answer) return { kind: 'did-you-mean', alternatives: hits.slice(0, 3) };
      return { kind: 'answer', hit: best, alternatives };
    },
    complete: aliases.complete,
    close: index.close,
  };
}

function rank(index: SearchIndex, aliases: AliasIndex, text: string): { ranked: Ranked[]; terms: string[] } {
  const isKnown = (word: string) => analyse(word).every((term) => index.frequency(term) > 0);
  const named = aliases.find(text);
  const certain = named.find(({ how }) => how === 'exact' || how === 'pinyin');
  const corrected = certain ? text : aliases.correct(text, isKnown);
  const matches = certain ? named : [...named, ...aliases.find(corrected).map((match) => ({ ...match, how: 'typo' as const }))];
  const terms = analyse(corrected);
  const scores = new Map(index.rank(terms, CANDIDATES).map(({ topic, score }) => [topic, score] as const));
  const bonus = new Map<string, number>();
  for (const { topic, share } of matches) bonus.set(topic, Math.max(bonus.get(topic) ?? 0, share));
  for (const [topic, share] of bonus) scores.set(topic, (scores.get(topic) ?? 0) + ALIAS_BONUS * Math.sqrt(share));
  const ranked = [...scores].map(([topic, score]) => ({ topic, score })).sort((a, b) => b.score - a.score);
  const [first, second] = ranked;
  if (first) {
    const sure = certain?.topic === first.topic || (corrected !== text && aliases.find(corrected)[0]?.how === 'exact');
    const margin = (first.score - (second?.score ?? 0)) / first.score;
    first.score = certain && !sure ? first.score : first.score + 0.5 * margin * Math.min(1, first.score);
    if (sure) first.score = Math.max(first.score, 1);
  }
  if (certain && ranked[0]?.topic !== certain.topic) {
    const at = ranked.findIndex(({ topic }) => topic === certain.topic);
    if (at >= 0) ranked.splice(at, 1);
    ranked.unshift({ topic: certain.topic, score: 1 });
  }
  return { ranked: ranked.map(({ topic, score }) => ({ topic, score: Math.min(1, score) })), terms };
}

function hitFor(content: Content, { topic: id, score }: Ranked, terms: readonly string[], locale: Locale, mode: 'explain' | 'ask'): Hit[] {
  const topic = content.topics.get(id);
  if (!topic) return [];
  const { sections, title } = textOf(topic, locale);
  const name = new Set([title, ...Object.values(topic.texts).flatMap((text) => [text.title, ...text.aliases])].flatMap(analyse));
  // Once the topic is known, its own name says nothing about which section is meant.
  const rest = terms.filter((term) => !name.has(term));
  const best = bestSection(topic, rest.length > 0 ? rest : mode === 'ask' ? terms : []);
  const section = sectionOf(sections, best?.id ?? 'idea');
  return section ? [{ topic, section, score }] : [];
}
