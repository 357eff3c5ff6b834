import { setImmediate as breathe } from 'node:timers/promises';
import { LOCALES } from '../core/locale.ts';
import { isHan } from '../notes/analyse.ts';
import type { Content } from '../notes/content.ts';
import { questionOf } from '../notes/present.ts';
import { unitOf } from '../notes/present-answer.ts';
import type { Outcome } from '../notes/service.ts';
import { termsOf, weighted } from '../notes/terms.ts';
import type { OwnNotes, Space } from '../own-notes/service.ts';
import type { Collision, Gaps } from './service.ts';

/** Searches between two turns of everybody else. */
const BATCH = 8;

/**
 * The fixed set: the first phrasing, in every language, of every answered question that the space sees, shipped or its
 * own. Only those that share a word with the new answer can be found by it, so only those are asked before and after.
 * What came after is what stands before the next answer, so it is kept until the space's notes change otherwise.
 */
export function createCollisionCheck(ownNotes: OwnNotes): Gaps['collisions'] {
  const known = new WeakMap<Content, Map<string, string>>();
  const hits = async (space: Space, questions: readonly string[]): Promise<string[]> => {
    const content = ownNotes.of(space).content();
    const kept = known.get(content) ?? new Map<string, string>();
    known.set(content, kept);
    const found: string[] = [];
    for (const [i, question] of questions.entries()) {
      if (i % BATCH === 0) await breathe();
      const hit = kept.get(question) ?? hitOf(ownNotes.search(space, question));
      // Somebody else may have published meanwhile.
      if (ownNotes.of(space).content() === content) kept.set(question, hit);
      found.push(hit);
    }
    return found;
  };
  return async (space, texts, write, topicOf) => {
    const words = new Set(texts.flatMap(wordsOf));
    const asked = phrasings(ownNotes, space).filter(({ question }) => wordsOf(question).some((word) => words.has(word)));
    const questions = asked.map(({ question }) => question);
    const before = await hits(space, questions);
    const written = await write();
    const topic = topicOf(written);
    const after = await hits(space, questions);
    const collisions = asked.flatMap(({ question, owner, title }, i): Collision[] => {
      const [old, now] = [before[i]!, after[i]!];
      // A question of the answer's own, in an earlier version of it.
      if (owner === topic || old === now) return [];
      return old.startsWith(`${topic} `) ? [] : [{ question, before: title }];
    });
    return { written, collisions, checked: asked.length };
  };
}

/** Terms that can bring an answer up; a single Han character is a part of too many words to do so. */
function wordsOf(text: string): string[] {
  return [...weighted(termsOf(text)).keys()].filter((term) => term.length > 1 || !isHan(term));
}

function phrasings(ownNotes: OwnNotes, space: Space): { question: string; owner: string; title: string }[] {
  return [...ownNotes.of(space).content().topics.values()].flatMap(({ id, answers }) =>
    answers.flatMap((answer) =>
      LOCALES.flatMap((locale) =>
        answer.ask[locale]?.[0] ? [{ question: answer.ask[locale][0], owner: id, title: questionOf(answer, locale) }] : [],
      ),
    ),
  );
}

/** `topic unit` of what a question comes to. */
function hitOf(outcome: Outcome): string {
  return 'hit' in outcome ? `${outcome.hit.topic.id} ${unitOf(outcome.hit)}` : outcome.kind;
}

/** Which of these ways of asking find an answered question of the topic. */
export function findsTopic(
  ownNotes: OwnNotes,
  space: Space,
  topic: string,
  questions: readonly string[],
): { found: string[]; lost: string[] } {
  const isFound = (question: string) => {
    const outcome = ownNotes.search(space, question);
    return 'hit' in outcome && outcome.hit.topic.id === topic;
  };
  const found = questions.filter(isFound);
  return { found, lost: questions.filter((question) => !found.includes(question)) };
}
