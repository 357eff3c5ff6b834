import damerauLevenshtein from 'damerau-levenshtein';
import { nearest } from '../core/nearest.ts';
import type { Demo } from './demo.ts';

export interface Found<D> {
  /** Every experiment that what was typed may mean; one is meant when there is one. */
  matches: D[];
  /** Where there is none: those that come nearest, best first. */
  near: D[];
  /** The one that was most likely meant and misspelt. */
  slip?: D;
}

type Named = Pick<Demo, 'name' | 'title' | 'topics'>;
const MOST_NEAR = 3;

/**
 * Experiments by name, by title or by words of either, in both languages: `gradient norms`, `norms`, `梯度`. A name or
 * title in full goes before words that others have too, and these before what an experiment's topics are called.
 */
export function findDemos<D extends Named>(demos: readonly D[], typed: string): Found<D> {
  const wanted = plain(typed);
  const exact = demos.find((demo) => namesOf(demo).includes(wanted));
  if (exact) return { matches: [exact], near: [] };
  const words = wordsOf(wanted);
  const titled = demos.filter((demo) => shareOf(words, namesOf(demo)) === 1);
  if (titled.length > 0) return { matches: titled, near: [] };
  const shares = demos.map((demo) => ({ demo, share: shareOf(words, [...namesOf(demo), ...demo.topics.map(plain)]) }));
  const matches = shares.filter(({ share }) => share === 1).map(({ demo }) => demo);
  if (matches.length > 0) return { matches, near: [] };
  const names = new Map(demos.map((demo) => [plain(demo.name), demo]));
  const slip = names.get(nearest(wanted, [...names.keys()]) ?? '');
  const closeness = ({ demo, share }: (typeof shares)[number]) =>
    share + damerauLevenshtein(wanted.slice(0, 64), plain(demo.name)).similarity / 10 + (demo === slip ? 1 : 0);
  const near = [...shares].sort((a, b) => closeness(b) - closeness(a)).slice(0, MOST_NEAR);
  return { matches: [], near: near.map(({ demo }) => demo), ...(slip && { slip }) };
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[-_\s]+/g, ' ')
    .trim();
}

function namesOf({ name, title }: Named): string[] {
  return [name, title.en, title.zh ?? ''].map(plain);
}

/** Latin words, and runs of Han characters, which have no spaces between words. */
function wordsOf(text: string): string[] {
  return text.match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? [];
}

/** Share of the words that some names hold; 0 for no words. */
function shareOf(words: readonly string[], names: readonly string[]): number {
  const text = names.join(' · ');
  const known = wordsOf(text);
  const held = words.map((word) => {
    if (/\p{Script=Han}/u.test(word)) return text.includes(word) ? 1 : bigramShare(word, text);
    // Three letters of a word are enough: grad, norm.
    return known.some((one) => one === word || (word.length >= 3 && one.startsWith(word))) ? 1 : 0;
  });
  return held.reduce((sum, one) => sum + one, 0) / Math.max(1, words.length);
}

/** Of a run of characters that no title holds as a whole: how many of its pairs one does, always less than all. */
function bigramShare(run: string, text: string): number {
  const chars = [...run];
  const pairs = chars.slice(1).map((char, i) => `${chars[i]}${char}`);
  return pairs.length === 0 ? 0 : (pairs.filter((pair) => text.includes(pair)).length / pairs.length) * 0.9;
}
