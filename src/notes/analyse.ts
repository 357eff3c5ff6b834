import { Converter } from 'opencc-js/t2cn';
import snowball from 'snowball-stemmers';

const toSimplified = Converter({ from: 'tw', to: 'cn' });
const stemmer = snowball.newStemmer('english');
const HAN = /\p{Script=Han}/u;
/** Han runs and runs of other letters, also where they touch: `batch大小` is two words. */
const WORDS = /\p{Script=Han}+|[[\p{L}\p{N}]--\p{Script=Han}]+/gv;

/** Words that say nothing about the subject, in English. Chinese needs none: its bigrams are rare enough. */
const STOP = new Set(
  'a an and any are as at be been but by can could did do does for from had has have how i if in into is it its just me my no not of on or our out over she so some such than that the their them then there these they this to too was we were what when where which while who whom whose why will with would you your'.split(
    ' ',
  ),
);

/** NFKC, lower case, Traditional to Simplified: the form in which texts are compared. */
export function normalise(text: string): string {
  return toSimplified(text.normalize('NFKC').toLowerCase());
}

/** Only letters and digits, so that `batch-norm`, `Batch Norm` and `batchnorm` are one name. */
export function squeeze(text: string): string {
  return normalise(text).replace(/[^\p{L}\p{N}]/gu, '');
}

/** Words of a text in order: Latin words whole, Han runs whole. Not stopped, not stemmed. */
export function words(text: string): string[] {
  return normalise(text).match(WORDS) ?? [];
}

/**
 * Index terms: Han characters one by one and in pairs, Latin words without stop words, stemmed (Snowball).
 * The recipe measured best for Chinese and English together; see docs on search in ARCHITECTURE.md.
 */
export function analyse(text: string): string[] {
  const terms: string[] = [];
  for (const word of words(text)) {
    if (HAN.test(word)) {
      const chars = [...word];
      chars.forEach((char, i) => {
        terms.push(char);
        if (i + 1 < chars.length) terms.push(char + chars[i + 1]!);
      });
    } else if (!STOP.has(word)) terms.push(stem(word));
  }
  return terms;
}

/** Words that ask or join and say nothing about the subject, in Chinese; longest first. */
const FUNCTION_WORDS =
  /为什么|为什麽|什么样|什么|怎么样|怎么办|怎么|怎样|如何|哪些|哪个|哪种|多少|是不是|会不会|能不能|可不可以|可以|应该|需要|是否|有没有|请问|一下|的话|[我你他她它谁的了吗呢吧啊是在和与及或也都就才又被把对从到会能要有个这那么]/gu;

/**
 * Terms of a question: like `analyse`, but Chinese runs are cut at function words first. Pairs across such a word
 * (么梯 in 为什么梯度…) stand in no note and would only make a good question look strange.
 */
export function queryTerms(text: string): string[] {
  return analyse(cutFunctionWords(normalise(text)));
}

/** A normalised text with a space in place of each Chinese word that only asks or joins. */
export function cutFunctionWords(text: string): string {
  return text.replace(FUNCTION_WORDS, ' ');
}

/** An English word that says nothing about the subject. */
export function isStopWord(word: string): boolean {
  return STOP.has(word);
}

/** -ise and -ize are one ending; that noise becomes noize on both sides does no harm. */
const BRITISH = /is(e|es|ed|er|ers|ing|ation|ations)$/;

const stems = new Map<string, string>();

/** Snowball's stem. Stemming is the slowest step and vocabulary repeats, so stems are kept. */
export function stem(word: string): string {
  let found = stems.get(word);
  if (found === undefined) {
    if (stems.size > 50_000) stems.clear();
    found = stemmer.stem(word.replace(BRITISH, 'iz$1'));
    stems.set(word, found);
  }
  return found;
}

export function isHan(text: string): boolean {
  return HAN.test(text);
}
