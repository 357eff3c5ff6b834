import { cutTalk, isHan, isStopWord, normalise, stem, words } from './analyse.ts';
import { directionsIn } from './directions.ts';
import { type Lexicon, readLexicon } from './lexicon.ts';

/**
 * Index terms of a text. Known expressions (`lr`, 学习率, learning rate) become one term of the lexicon; what they
 * are made of counts for less, so that half an expression still finds the whole one.
 */
export interface Terms {
  /** Terms joined by spaces. */
  main: string;
  inner: string;
}

/** How much a term of a kind says: a single Han character is a part of many words. */
const HAN_CHARACTER = 0.3;
const INNER = 0.25;

const lexicon: Lexicon = readLexicon(tokensOf, (text) => words(text).filter((word) => !isHan(word)));

/** The group of the lexicon that a term stands for, as the table of word vectors names it. */
export function groupOf(term: string): string | undefined {
  const name = lexicon.names.get(term);
  return name && `=${name}`;
}

/** Single Han characters and stemmed Latin words, in order. */
function tokensOf(text: string): string[] {
  return words(text).flatMap((word) => (isHan(word) ? [...word] : [stem(word)]));
}

/** Latin words of known expressions, so that a typo in one can be mended. */
export const knownWords: ReadonlySet<string> = lexicon.words;

/** Han runs lose the words that only ask or join; Han is taken one by one and in pairs, Latin stemmed, stop words left out. */
export function termsOf(text: string): Terms {
  const main: string[] = [];
  const inner: string[] = [];
  // Token by token, with what each was in the text: stop words are looked up before stemming.
  const tokens: { token: string; word: string; run: number }[] = [];
  words(text).forEach((word, run) => {
    if (isHan(word)) for (const char of word) tokens.push({ token: char, word: char, run });
    else tokens.push({ token: stem(word), word, run });
  });
  const sequence = tokens.map(({ token }) => token);
  let free: string[] = [];
  const flush = (): void => {
    for (const part of cutTalk(free.join('')).split(' ')) han(part, main);
    free = [];
  };
  for (let i = 0; i < tokens.length; ) {
    const found = lexicon.at(sequence, i);
    const { token, word, run } = tokens[i]!;
    if (found) {
      flush();
      main.push(found.concept);
      const parts = tokens.slice(i, i + found.length);
      han(
        parts
          .filter((part) => isHan(part.token))
          .map((part) => part.token)
          .join(''),
        inner,
      );
      for (const part of parts) if (!isHan(part.token) && !isStopWord(part.word)) inner.push(part.token);
      i += found.length;
      continue;
    }
    if (isHan(token)) {
      if (free.length > 0 && tokens[i - 1]?.run !== run) flush();
      free.push(token);
    } else {
      flush();
      if (!isStopWord(word)) main.push(token);
    }
    i++;
  }
  flush();
  main.push(...directionsIn(normalise(text)));
  return { main: main.join(' '), inner: inner.join(' ') };
}

function han(run: string, into: string[]): void {
  const chars = [...run];
  chars.forEach((char, i) => {
    into.push(char);
    if (i + 1 < chars.length) into.push(char + chars[i + 1]!);
  });
}

/** Every term with how much it says, 0–1. */
export function weighted({ main, inner }: Terms): Map<string, number> {
  const terms = new Map<string, number>();
  const add = (list: string, factor: number) => {
    if (list === '') return;
    for (const term of list.split(' ')) {
      const weight = factor * (term.length === 1 && isHan(term) ? HAN_CHARACTER : 1);
      if ((terms.get(term) ?? 0) < weight) terms.set(term, weight);
    }
  };
  add(main, 1);
  add(inner, INNER);
  return terms;
}

/** All terms for a full-text index. */
export function flat(terms: readonly Terms[]): string {
  return terms
    .flatMap(({ main, inner }) => [main, inner])
    .filter(Boolean)
    .join(' ');
}
