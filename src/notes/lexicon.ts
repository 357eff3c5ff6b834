import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';

/** `content/lexicon.yaml`: groups of words that mean the same. Part of the program, whatever CONTENT_DIR is. */
export const LEXICON_FILE = join(import.meta.dirname, '../../content/lexicon.yaml');
const schema = z.array(z.array(z.string()).min(2));

/** What stands for a group in place of its members: a word that no text holds. */
const CONCEPT = 'qqc';

export function isConcept(term: string): boolean {
  return term.startsWith(CONCEPT);
}

/** A member of a group as a sequence of tokens. */
interface Entry {
  tokens: string[];
  concept: string;
}

export interface Lexicon {
  /** The longest member that begins at `tokens[at]`. */
  at(tokens: readonly string[], at: number): { concept: string; length: number } | undefined;
  /** Every Latin word of any member, for mending typos. */
  words: ReadonlySet<string>;
  /** The first member of each group, by the group's concept: what it is called where its number may change. */
  names: ReadonlyMap<string, string>;
}

/**
 * Reads the groups. A group's concept is a word that no text holds (`qqc12`).
 * @param tokenise splits a member as texts are split
 * @throws Error when a word stands in two groups
 */
export function readLexicon(tokenise: (text: string) => string[], wordsOf: (text: string) => string[]): Lexicon {
  const byFirst = new Map<string, Entry[]>();
  const owners = new Map<string, string>();
  const words = new Set<string>();
  const names = new Map<string, string>();
  schema.parse(load(readFileSync(LEXICON_FILE, 'utf8'))).forEach((group, i) => {
    const concept = `${CONCEPT}${i}`;
    names.set(concept, group[0]!);
    for (const member of group) {
      const tokens = tokenise(member);
      const key = tokens.join(' ');
      const owner = owners.get(key);
      if (owner !== undefined && owner !== concept) throw new Error(`content/lexicon.yaml: “${member}” stands in two groups`);
      if (owner !== undefined || tokens.length === 0) continue;
      owners.set(key, concept);
      for (const word of wordsOf(member)) if (word.length >= 5) words.add(word);
      const entries = byFirst.get(tokens[0]!) ?? [];
      entries.push({ tokens, concept });
      byFirst.set(tokens[0]!, entries);
    }
  });
  for (const entries of byFirst.values()) entries.sort((a, b) => b.tokens.length - a.tokens.length);
  return {
    words,
    names,
    at(tokens, at) {
      const entries = byFirst.get(tokens[at] ?? '');
      const found = entries?.find((entry) => entry.tokens.every((token, i) => tokens[at + i] === token));
      return found && { concept: found.concept, length: found.tokens.length };
    },
  };
}
