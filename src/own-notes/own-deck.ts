import { createHash } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import { type Locale, type Localized, localize } from '../core/locale.ts';
import { type Draft, type DraftOptions, named } from '../learn/decks/draft.ts';
import { DeckError } from '../learn/decks/errors.ts';
import { byFrequency, deckIdOf } from '../learn/decks/import-deck.ts';
import { readDeck } from '../learn/decks/read-deck.ts';
import { writeYaml } from '../learn/decks/write-others.ts';
import type { Content, Deck, Problem } from '../notes/content.ts';
import { deckSchema, MAX_DECK_FILE, MAX_DECK_QUESTIONS } from '../notes/load-decks.ts';
import { belongingTo, readQuestionList } from '../notes/question-file.ts';
import type { BareQuestion, Question } from '../quiz/question.ts';
import { freeId } from './create.ts';
import type { ReadFile } from './drafts.ts';
import type { NoteEntry, Space } from './service.ts';

export interface ReadDeckOptions {
  /** File name: tells the format, and names the deck. */
  name: string;
  lang?: Locale | undefined;
  /** The language of whoever gives it. */
  locale: Locale;
  space: Space;
  /** What the space reads now. */
  content: Content;
  own: readonly NoteEntry[];
}

/**
 * Turns a file of questions (GIFT, Anki text, mdbook-quiz, Open Trivia, our YAML) into the draft of a deck. The same
 * file given again is a new version of the same deck, and its questions keep their ids.
 * @throws UserError `deck-unreadable`, `deck-too-long`
 */
export function readFileDeck(source: string, { name, lang, locale, space, content, own }: ReadDeckOptions): ReadFile {
  if (Buffer.byteLength(source) > MAX_DECK_FILE) throw new UserError('deck-too-long', { limit: MAX_DECK_QUESTIONS });
  const stem = deckIdOf(name) || 'deck';
  const known = own.find(({ kind, topic }) => kind === 'deck' && (topic === stem || topic === `${stem}-deck`));
  const id = known?.topic ?? freeId(content.topics.has(stem) ? `${stem}-deck` : stem, content, new Set(own.map(({ topic }) => topic)));
  const {
    title = named(id),
    topic,
    source: from,
    license,
    questions,
    remarks,
  } = readOrTell(name, source, { deck: id, locale: lang }, locale);
  if (questions.length === 0) throw unreadable(name, byFrequency(remarks), locale);
  const text = writeYaml(
    { title, ...(topic !== undefined && content.topics.has(topic) && { topic }), source: from, license },
    questions.map((question) => ({ ...question, id: idOf(space, id, question, content) })),
  );
  const shown = typeof title === 'string' ? title : localize(title, lang ?? 'en');
  return {
    drafts: [{ topic: id, kind: 'deck', locale: known?.locale ?? lang ?? 'en', title: shown, text }],
    remarks: remarks.map(({ what, ...remark }) => ({ ...remark, text: what })),
    leftOut: 0,
    size: { of: 'questions', count: questions.length },
  };
}

function readOrTell(name: string, source: string, options: DraftOptions, locale: Locale): Draft {
  try {
    return readDeck(name, source, options);
  } catch (error) {
    if (error instanceof DeckError) throw unreadable(name, error.text, locale);
    throw error;
  }
}

function unreadable(name: string, problem: Localized, locale: Locale): UserError {
  return new UserError('deck-unreadable', { name: name.slice(0, 60), problem: localize(problem, locale).slice(0, 300) });
}

/** Ids are keys of what people have learnt, in every space alike: the same file in two spaces must not share them. */
function idOf({ platform, space }: Space, deck: string, { id }: BareQuestion, content: Content): string {
  if (content.questions.get(id)?.deck === deck) return id;
  return `own-${createHash('sha256')
    .update(JSON.stringify([platform, space, deck, id]))
    .digest('hex')
    .slice(0, 12)}`;
}

interface OpenedDeck {
  deck: Deck | undefined;
  questions: readonly Question[];
  problems: readonly Problem[];
}

/** Decks that were read lately, by what stands in them: a preview is turned over page by page. */
const opened = new Map<string, OpenedDeck>();
const KEPT = 8;

/** A published deck of a space as its quizzes use it, read once. Never throws for what the text holds. */
export function openDeck(id: string, text: string): OpenedDeck {
  const key = createHash('sha256')
    .update(JSON.stringify([id, text]))
    .digest('base64');
  const deck = opened.get(key) ?? readOpen(id, text);
  opened.delete(key);
  opened.set(key, deck);
  if (opened.size > KEPT) opened.delete(opened.keys().next().value!);
  return deck;
}

function readOpen(id: string, text: string): OpenedDeck {
  const problems: Problem[] = [];
  const { whole, questions } = readQuestionList({ file: `${id}.yaml`, text }, deckSchema, problems);
  if (!whole) return { deck: undefined, questions: [], problems };
  const { questions: _, ...head } = whole;
  return { deck: { id, ...head }, questions: belongingTo(questions, head.topic ?? id, id), problems };
}
