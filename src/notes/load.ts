import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_CONTENT_ID } from '../core/ids.ts';
import { LOCALES, type Locale } from '../core/locale.ts';
import type { Question } from '../quiz/question.ts';
import type { Content, Deck, Problem, Topic } from './content.ts';
import { readDecks } from './load-decks.ts';
import type { ParsedNotes } from './parsed-notes.ts';
import type { Prepared } from './prepare.ts';
import { type Report, readText } from './read-text.ts';
import { type NoteFile, type ReadTopic, readTopic, type TextFile } from './read-topic.ts';

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Content, with the files behind it for the checks of `content:check`, and what search needs of each topic. */
export interface LoadedContent extends Content {
  files: ReadonlyMap<string, Partial<Record<Locale, NoteFile>>>;
  prepared: ReadonlyMap<string, Prepared>;
}

/**
 * Reads `<folder>/topics/*` and `<folder>/decks/*`. Never throws for what a file holds: a topic or question that cannot
 * be read is left out and becomes a problem with file and line.
 * @param parsed what was read before, so that unchanged files need not be parsed again
 */
export function loadContent(folder: string, parsed?: ParsedNotes): LoadedContent {
  const topics = new Map<string, Topic>();
  const prepared = new Map<string, Prepared>();
  const questions = new Map<string, Question>();
  const files = new Map<string, Partial<Record<Locale, NoteFile>>>();
  const problems: Problem[] = [];
  const report = (file: string, message: string) => void problems.push({ severity: 'error', file, message });
  const add = (own: readonly Question[], file: string): void => {
    for (const question of own) {
      if (questions.has(question.id)) report(file, `question id ${question.id} is used twice`);
      else questions.set(question.id, question);
    }
  };
  const root = join(folder, 'topics');
  if (!existsSync(root)) {
    report(root, 'this folder is missing; CONTENT_DIR must hold topics/');
    return { topics, decks: new Map(), prepared, questions, files, problems };
  }
  for (const id of readdirSync(root).sort()) {
    const path = join(root, id);
    if (id.startsWith('.') || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
    if (!ID.test(id)) {
      report(path, 'folder names are topic ids: lower-case words joined by hyphens');
      continue;
    }
    if (id.length > MAX_CONTENT_ID) {
      report(path, `folder names are topic ids, of at most ${MAX_CONTENT_ID} characters; rename it`);
      continue;
    }
    const read = readFolder(root, id, report, parsed);
    if (!read) continue;
    problems.push(...read.problems);
    if (!read.topic || !read.prepared) continue;
    topics.set(id, read.topic);
    prepared.set(id, read.prepared);
    files.set(id, read.notes);
    add(read.questions, join(path, 'quiz.yaml'));
  }
  parsed?.save();
  const decks = new Map<string, Deck>();
  for (const read of readDecks(join(folder, 'decks'), topics, problems)) {
    decks.set(read.deck.id, read.deck);
    add(read.questions, read.file);
  }
  return { topics, decks, prepared, questions, files, problems };
}

/**
 * The same where no more than `most` topics have to be parsed, which a start can wait for.
 * @returns undefined where there are more; none has been parsed then
 */
export function loadUnlessMuch(folder: string, parsed: ParsedNotes, most: number): LoadedContent | undefined {
  const unread: ReadTopic = { notes: {}, questions: [], problems: [] };
  let missing = 0;
  const get: ParsedNotes['get'] = (sources) => {
    const found = parsed.find(sources);
    if (!found) missing++;
    return found ?? unread;
  };
  const counted = loadContent(folder, { ...parsed, get, save: () => undefined });
  if (missing === 0) parsed.save();
  return missing === 0 ? counted : missing <= most ? loadContent(folder, parsed) : undefined;
}

function readFolder(root: string, id: string, report: Report, parsed?: ParsedNotes): ReadTopic | undefined {
  const notes: Partial<Record<Locale, TextFile>> = {};
  for (const locale of LOCALES) {
    const file = join(root, id, `${locale}.md`);
    if (!existsSync(file)) continue;
    const text = readText(root, file, report);
    if (text === undefined) return undefined;
    notes[locale] = { file, text };
  }
  if (Object.keys(notes).length === 0) {
    report(join(root, id), `no note: expected ${LOCALES.map((locale) => `${locale}.md`).join(' and ')}`);
    return undefined;
  }
  const optional = (name: string): TextFile | undefined => {
    const file = join(root, id, name);
    const text = existsSync(file) ? readText(root, file, report) : undefined;
    return text === undefined ? undefined : { file, text };
  };
  const beside = { quiz: optional('quiz.yaml'), answers: optional('answers.yaml') };
  const read = () => readTopic(id, notes, beside);
  return parsed ? parsed.get([notes, beside.quiz ?? null, beside.answers ?? null], read) : read();
}
