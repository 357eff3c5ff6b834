import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { LOCALES, type Locale } from '../core/locale.ts';
import type { Question } from '../quiz/question.ts';
import type { Content, Problem, Topic } from './content.ts';
import type { ParsedNotes } from './parsed-notes.ts';
import type { Prepared } from './prepare.ts';
import { type NoteFile, type ReadTopic, readTopic, type TextFile } from './read-topic.ts';

/** A note larger than this is a mistake, and would make search and chat slow. */
export const MAX_FILE = 512 * 1024;

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Content, with the files behind it for the checks of `content:check`, and what search needs of each topic. */
export interface LoadedContent extends Content {
  files: ReadonlyMap<string, Partial<Record<Locale, NoteFile>>>;
  prepared: ReadonlyMap<string, Prepared>;
}

/**
 * Reads `<folder>/topics/*`. Never throws for what a file holds: a topic or question that cannot be read is left
 * out and becomes a problem with file and line.
 * @param parsed what was read before, so that unchanged files need not be parsed again
 */
export function loadContent(folder: string, parsed?: ParsedNotes): LoadedContent {
  const topics = new Map<string, Topic>();
  const prepared = new Map<string, Prepared>();
  const questions = new Map<string, Question>();
  const files = new Map<string, Partial<Record<Locale, NoteFile>>>();
  const problems: Problem[] = [];
  const report = (file: string, message: string) => void problems.push({ severity: 'error', file, message });
  const root = join(folder, 'topics');
  if (!existsSync(root)) {
    report(root, 'this folder is missing; CONTENT_DIR must hold topics/');
    return { topics, prepared, questions, files, problems };
  }
  for (const id of readdirSync(root).sort()) {
    const path = join(root, id);
    if (id.startsWith('.') || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
    if (!ID.test(id)) {
      report(path, 'folder names are topic ids: lower-case words joined by hyphens');
      continue;
    }
    const read = readFolder(root, id, report, parsed);
    if (!read) continue;
    problems.push(...read.problems);
    if (!read.topic || !read.prepared) continue;
    topics.set(id, read.topic);
    prepared.set(id, read.prepared);
    files.set(id, read.notes);
    for (const question of read.questions) {
      if (questions.has(question.id)) report(join(path, 'quiz.yaml'), `question id ${question.id} is used twice`);
      else questions.set(question.id, question);
    }
  }
  parsed?.save();
  return { topics, prepared, questions, files, problems };
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
  const quizFile = join(root, id, 'quiz.yaml');
  const quizText = existsSync(quizFile) ? readText(root, quizFile, report) : undefined;
  const quiz = quizText === undefined ? undefined : { file: quizFile, text: quizText };
  const read = () => readTopic(id, notes, quiz);
  return parsed ? parsed.get([notes, quiz ?? null], read) : read();
}

type Report = (file: string, message: string) => void;

/** Reads a text file inside `root`. @returns undefined, with a problem, when it is too large, outside or binary. */
function readText(root: string, file: string, report: Report): string | undefined {
  // The folder above may be a link too, so the whole path is resolved.
  if (!realpathSync(file).startsWith(`${realpathSync(root)}${sep}`)) {
    report(file, 'this link leads out of the content folder; it was not read');
    return undefined;
  }
  const { size } = statSync(file);
  if (size > MAX_FILE) {
    report(file, `the file has ${Math.round(size / 1024)} kB; a note may have ${MAX_FILE / 1024} kB. Split it into topics`);
    return undefined;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    if (text.includes('\0')) throw new TypeError('NUL');
    return text;
  } catch {
    report(file, 'this is not UTF-8 text');
    return undefined;
  }
}
