import damerauLevenshtein from 'damerau-levenshtein';
import { cutFunctionWords, isHan, normalise, squeeze, words } from './analyse.ts';
import type { Topic } from './content.ts';
import { namesOf, type Prepared } from './prepare.ts';

export interface AliasMatch {
  topic: string;
  /** Squeezed alias that was found. */
  alias: string;
  how: 'exact' | 'contained' | 'pinyin' | 'typo';
  /** Share of the question's letters that the name takes, 0–1. */
  share: number;
}

/** Names of topics: titles and aliases in both languages, ids, and the pinyin of the Chinese ones. */
export interface AliasIndex {
  find(text: string): AliasMatch[];
  /** The name that is all of the text, however spelt; at most one. */
  whole(text: string): AliasMatch[];
  /** The same with the Chinese words that only ask or join taken out: 梯度会消失 holds 梯度消失. */
  findLoose(text: string): AliasMatch[];
  /** Replaces misspelt words by the nearest word of any alias; for searching, never shown. */
  correct(text: string, isKnown: (word: string) => boolean): string;
  /** Topics whose name begins with, or holds, what is typed; for autocomplete. */
  complete(typed: string): string[];
}

const LONGEST_ALIAS_WORDS = 6;
/** Shorter ones are English words too. */
const MIN_PINYIN = 8;

/** @param known further words into which a typo may be mended */
export function createAliasIndex(
  topics: Iterable<Topic>,
  prepared: ReadonlyMap<string, Prepared>,
  known: ReadonlySet<string> = new Set(),
): AliasIndex {
  const names = new Map<string, string>();
  const spelt = new Map<string, string>();
  const vocabulary = new Set(known);
  for (const topic of topics) {
    for (const name of namesOf(topic)) {
      const key = squeeze(name);
      if (key.length < 2) continue;
      if (!names.has(key)) names.set(key, topic.id);
      for (const word of words(name)) if (!isHan(word) && word.length >= 4) vocabulary.add(word);
      if (!isHan(key) && key.length >= 4) vocabulary.add(key);
    }
    for (const form of prepared.get(topic.id)?.spelt ?? []) if (!spelt.has(form)) spelt.set(form, topic.id);
  }
  // The shorter the name, the more of it has been typed.
  const entries = [...names, ...spelt].sort(([a], [b]) => a.length - b.length);
  const longest = Math.max(2, ...[...names.keys()].map((key) => key.length));

  const exact = (text: string): AliasMatch[] => {
    const whole = squeeze(text);
    const topic = names.get(whole);
    if (topic) return [{ topic, alias: whole, how: 'exact', share: 1 }];
    const byPinyin = /^[a-z\s]+$/.test(normalise(text)) ? spelt.get(whole) : undefined;
    return byPinyin ? [{ topic: byPinyin, alias: whole, how: 'pinyin', share: 1 }] : [];
  };

  const find = (text: string): AliasMatch[] => {
    const whole = exact(text);
    return whole.length > 0 ? whole : contained(text, squeeze(text).length);
  };

  const correct = (text: string, isKnown: (word: string) => boolean): string =>
    words(text)
      .map((word) =>
        isHan(word) || word.length < 4 || isKnown(word) || vocabulary.has(word) ? word : (nearestWord(word, vocabulary) ?? word),
      )
      .join(' ');

  /** Longest names inside the text: Latin ones on word boundaries, Han ones anywhere. */
  const contained = (text: string, letters: number): AliasMatch[] => {
    const found = new Map<string, AliasMatch>();
    const add = (alias: string, topic: string, how: AliasMatch['how']) => {
      const share = alias.length / Math.max(1, letters);
      const known = found.get(topic);
      if (!known || known.share < share) found.set(topic, { topic, alias, how, share });
    };
    const list = tokens(text);
    for (let i = 0; i < list.length; ) {
      let taken = 0;
      for (let n = Math.min(longest, list.length - i); n > 0 && taken === 0; n--) {
        const slice = list.slice(i, i + n);
        if (slice.filter((token) => !isHan(token)).length > LONGEST_ALIAS_WORDS) continue;
        const alias = slice.join('');
        if (alias.length >= 2 && names.has(alias)) {
          add(alias, names.get(alias)!, 'contained');
          taken = n;
        } else if (alias.length >= MIN_PINYIN && !isHan(alias) && spelt.has(alias)) {
          add(alias, spelt.get(alias)!, 'pinyin');
          taken = n;
        }
      }
      i += Math.max(1, taken);
    }
    return [...found.values()].sort((a, b) => b.alias.length - a.alias.length);
  };

  return {
    find,
    findLoose: (text) => find(cutFunctionWords(normalise(text)).replaceAll(' ', '')),
    whole(text) {
      const found = exact(text);
      return found.length > 0 ? found : exact(correct(text, () => false));
    },
    correct,
    complete(typed) {
      const key = squeeze(typed);
      if (key === '') return [];
      const starts = entries.filter(([name]) => name.startsWith(key)).map(([, topic]) => topic);
      const holds = entries.filter(([name]) => name.includes(key)).map(([, topic]) => topic);
      return [...new Set([...starts, ...holds])];
    },
  };
}

/** Single Han characters and whole Latin words. */
function tokens(text: string): string[] {
  return words(text).flatMap((word) => (isHan(word) ? [...word] : [word]));
}

/** One edit for words of 4–7 letters, two from 8 on; swapped neighbours count as one. */
function nearestWord(word: string, vocabulary: ReadonlySet<string>): string | undefined {
  const limit = word.length >= 8 ? 2 : 1;
  let best: { candidate: string; steps: number } | undefined;
  for (const candidate of vocabulary) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const { steps } = damerauLevenshtein(word, candidate);
    if (steps <= limit && (!best || steps < best.steps)) best = { candidate, steps };
  }
  return best?.candidate;
}
