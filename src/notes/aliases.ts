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
  /** What another layer of names looks up behind its own. */
  tables: AliasTables;
}

interface AliasTables {
  /** Topics by squeezed name. */
  names: ReadonlyMap<string, string>;
  /** Topics by pinyin. */
  spelt: ReadonlyMap<string, string>;
  /** Words into which a typo may be mended. */
  vocabulary: ReadonlySet<string>;
  /** Letters of the longest name. */
  longest: number;
}

const LONGEST_ALIAS_WORDS = 6;
/** Shorter ones are English words too. */
const MIN_PINYIN = 8;

/**
 * @param known further words into which a typo may be mended
 * @param below names that hold where the topics have none of the kind: a space's names stand over the shipped ones
 */
export function createAliasIndex(
  topics: Iterable<Topic>,
  prepared: ReadonlyMap<string, Prepared>,
  known: ReadonlySet<string> = new Set(),
  below?: AliasIndex,
): AliasIndex {
  const names = new Map<string, string>();
  const spelt = new Map<string, string>();
  const vocabulary = new Set(known);
  for (const topic of topics) {
    for (const name of namesOf(topic)) {
      const key = squeeze(name);
      if (key.length < 2) continue;
      if (!names.has(key)) names.set(key, topic.id);
      for (const word of words(name)) if (!isHan(word) && word.length >= 3) vocabulary.add(word);
      if (!isHan(key) && key.length >= 3) vocabulary.add(key);
    }
    for (const form of prepared.get(topic.id)?.spelt ?? []) if (!spelt.has(form)) spelt.set(form, topic.id);
  }
  // The shorter the name, the more of it has been typed.
  const entries = [...names, ...spelt].sort(([a], [b]) => a.length - b.length);
  const longest = Math.max(below?.tables.longest ?? 2, ...[...names.keys()].map((key) => key.length));
  const nameOf = (key: string) => names.get(key) ?? below?.tables.names.get(key);
  const spelling = (key: string) => spelt.get(key) ?? below?.tables.spelt.get(key);

  const exact = (text: string): AliasMatch[] => {
    const whole = squeeze(text);
    const topic = nameOf(whole);
    if (topic) return [{ topic, alias: whole, how: 'exact', share: 1 }];
    const byPinyin = /^[a-z\s]+$/.test(normalise(text)) ? spelling(whole) : undefined;
    return byPinyin ? [{ topic: byPinyin, alias: whole, how: 'pinyin', share: 1 }] : [];
  };

  const find = (text: string): AliasMatch[] => {
    const whole = exact(text);
    return whole.length > 0 ? whole : contained(text, squeeze(text).length);
  };

  const vocabularies = below ? [vocabulary, below.tables.vocabulary] : [vocabulary];
  const correct = (text: string, isKnown: (word: string) => boolean): string =>
    words(text)
      .map((word) => {
        const stands = isHan(word) || word.length < 3 || isKnown(word) || vocabularies.some((known) => known.has(word));
        return stands ? word : (nearestWord(word, vocabularies) ?? word);
      })
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
        const topic = alias.length >= 2 ? nameOf(alias) : undefined;
        const byPinyin = !topic && alias.length >= MIN_PINYIN && !isHan(alias) ? spelling(alias) : undefined;
        if (topic) add(alias, topic, 'contained');
        else if (byPinyin) add(alias, byPinyin, 'pinyin');
        if (topic || byPinyin) taken = n;
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
      return [...new Set([...starts, ...holds, ...(below?.complete(typed) ?? [])])];
    },
    tables: { names, spelt, vocabulary, longest },
  };
}

/** Single Han characters and whole Latin words. */
function tokens(text: string): string[] {
  return words(text).flatMap((word) => (isHan(word) ? [...word] : [word]));
}

/** Below this many letters a word that begins otherwise is another word: rice is not dice. */
const FIRST_LETTER_MAY_DIFFER = 6;

/** Of three letters the same ones, however often and in whatever order: KTT is KKT, GPS is not GPT. */
function isSameLetters(a: string, b: string): boolean {
  return a.length === b.length && [...a].every((letter) => b.includes(letter)) && [...b].every((letter) => a.includes(letter));
}

/** One edit for words of 3–7 letters, two from 8 on; swapped neighbours count as one. Short words keep their first letter, or have it swapped with the second. */
function nearestWord(word: string, vocabularies: readonly ReadonlySet<string>[]): string | undefined {
  const limit = word.length >= 8 ? 2 : 1;
  let best: { candidate: string; steps: number } | undefined;
  for (const vocabulary of vocabularies)
    for (const candidate of vocabulary) {
      if (Math.abs(candidate.length - word.length) > limit) continue;
      if (word.length === 3 && !isSameLetters(word, candidate)) continue;
      if (word.length < FIRST_LETTER_MAY_DIFFER && candidate[0] !== word[0] && candidate[0] !== word[1]) continue;
      const { steps } = damerauLevenshtein(word, candidate);
      if (steps <= limit && (!best || steps < best.steps)) best = { candidate, steps };
    }
  return best?.candidate;
}
