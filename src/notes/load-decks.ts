import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Localized } from '../core/locale.ts';
import { answerFaults } from '../quiz/faults.ts';
import { localized, type Question } from '../quiz/question.ts';
import type { Deck, Problem, Topic } from './content.ts';
import { belongingTo, readQuestionList } from './question-file.ts';
import { readText } from './read-text.ts';

/** A deck with more is refused, here and by the importer: it would make every start and every change of a note slow. */
export const MAX_DECK_QUESTIONS = 2_000;
export const MAX_DECK_FILE = 2 * 1024 * 1024;
/** Deck ids stand in button ids. */
export const DECK_ID = /^(?=.{1,40}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

const line = z.string().trim().min(1).max(300);
/** `decks/<id>.yaml`; see docs/decks.md. */
export const deckSchema = z.strictObject({
  title: z.union([localized, line.transform((title): Localized => ({ en: title, zh: title }))]),
  topic: line.optional(),
  source: line.optional(),
  license: line.optional(),
  questions: z.array(z.unknown()).max(MAX_DECK_QUESTIONS, `a deck has at most ${MAX_DECK_QUESTIONS} questions; split it`),
});

export interface ReadDeck {
  deck: Deck;
  file: string;
  questions: Question[];
}

/** Reads `<folder>/*.yaml`; what cannot be read is left out and reported. */
export function readDecks(folder: string, topics: ReadonlyMap<string, Topic>, problems: Problem[]): ReadDeck[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.startsWith('.'));
  return files.sort().flatMap((name): ReadDeck[] => {
    const file = join(folder, name);
    const id = basename(name, '.yaml');
    const reportOf = (path: string, message: string) => void problems.push({ severity: 'error', file: path, message });
    const report = (message: string) => reportOf(file, message);
    if (!DECK_ID.test(id) || topics.has(id)) {
      report('a deck is named by lower-case words joined by hyphens, at most 40 characters, and not like a topic');
      return [];
    }
    const text = readText(folder, file, reportOf, MAX_DECK_FILE);
    if (text === undefined) return [];
    const read = readQuestionList({ file, text }, deckSchema, problems);
    if (!read.whole) return [];
    const { questions: _, ...head } = read.whole;
    if (head.topic !== undefined && !topics.has(head.topic)) report(`topic “${head.topic}” does not exist`);
    const topic = topics.has(head.topic ?? '') ? head.topic : undefined;
    const sound = belongingTo(read.questions, topic ?? id, id).filter((question) => {
      const faults = answerFaults(question);
      for (const fault of faults) report(`${question.id}: ${fault}`);
      return faults.length === 0;
    });
    return [{ deck: { id, ...head, topic }, file, questions: sound }];
  });
}
