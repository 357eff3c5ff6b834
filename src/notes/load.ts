import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LOCALES, type Locale } from '../core/locale.ts';
import type { Question } from '../quiz/question.ts';
import type { Claim, Content, Deck, Problem, Source, Topic, TopicText } from './content.ts';
import { type FrontMatter, frontMatter, openYaml } from './front-matter.ts';
import { readDecks } from './load-decks.ts';
import { type LocatedSection, parseBody } from './markdown.ts';
import { belongingTo, readQuestionFile } from './question-file.ts';
import { readText } from './read-text.ts';

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const quizFile = z.strictObject({ questions: z.array(z.unknown()) });

/** One language's file as read, with the lines that later checks point at. */
export interface NoteFile {
  file: string;
  front: FrontMatter;
  sections: LocatedSection[];
}

/** Content, with the files behind it for the checks of `content:check`. */
export interface LoadedContent extends Content {
  files: ReadonlyMap<string, Partial<Record<Locale, NoteFile>>>;
}

/**
 * Reads `<folder>/topics/*` and `<folder>/decks/*`. Never throws for what a file holds: a topic or question that cannot be read is left
 * out and becomes a problem with file and line.
 */
export function loadContent(folder: string): LoadedContent {
  const topics = new Map<string, Topic>();
  const questions = new Map<string, Question>();
  const files = new Map<string, Partial<Record<Locale, NoteFile>>>();
  const problems: Problem[] = [];
  const root = join(folder, 'topics');
  if (!existsSync(root)) {
    problems.push({
      severity: 'error',
      file: root,
      message: 'this folder is missing; CONTENT_DIR must hold topics/',
    });
    return { topics, decks: new Map(), questions, files, problems };
  }
  for (const id of readdirSync(root).sort()) {
    const path = join(root, id);
    if (id.startsWith('.') || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
    if (!ID.test(id)) {
      problems.push({
        severity: 'error',
        file: path,
        message: 'folder names are topic ids: lower-case words joined by hyphens',
      });
      continue;
    }
    const notes = readNotes(root, id, problems);
    const topic = notes && mergeTopic(id, notes, problems);
    if (!notes || !topic) continue;
    topics.set(id, topic);
    files.set(id, notes);
    const quiz = join(path, 'quiz.yaml');
    const own = readQuestionFile(root, quiz, quizFile, problems)?.questions ?? [];
    addQuestions(questions, belongingTo(own, id), quiz, problems);
  }
  const decks = new Map<string, Deck>();
  for (const { deck, file, questions: own } of readDecks(join(folder, 'decks'), topics, problems)) {
    decks.set(deck.id, deck);
    addQuestions(questions, own, file, problems);
  }
  return { topics, decks, questions, files, problems };
}

function addQuestions(all: Map<string, Question>, own: readonly Question[], file: string, problems: Problem[]): void {
  for (const question of own) {
    if (all.has(question.id)) problems.push({ severity: 'error', file, message: `question id ${question.id} is used twice` });
    else all.set(question.id, question);
  }
}

function readNotes(root: string, id: string, problems: Problem[]): Partial<Record<Locale, NoteFile>> | undefined {
  const notes: Partial<Record<Locale, NoteFile>> = {};
  for (const locale of LOCALES) {
    const file = join(root, id, `${locale}.md`);
    if (!existsSync(file)) continue;
    const text = readText(root, file, problems);
    const note = text === undefined ? undefined : readNote(file, text, problems);
    if (!note) return undefined;
    notes[locale] = note;
  }
  if (Object.keys(notes).length === 0) {
    problems.push({
      severity: 'error',
      file: join(root, id),
      message: `no note: expected ${LOCALES.map((locale) => `${locale}.md`).join(' and ')}`,
    });
    return undefined;
  }
  return notes;
}

function readNote(file: string, text: string, problems: Problem[]): NoteFile | undefined {
  const match = /^---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!match) {
    problems.push({
      severity: 'error',
      file,
      line: 1,
      message: 'the file must begin with front matter between two lines of ---',
    });
    return undefined;
  }
  const yaml = openYaml(match[1]!, 2);
  const { value: front, problems: found } = yaml.check(frontMatter);
  problems.push(...[...yaml.problems, ...found].map((problem) => ({ severity: 'error' as const, file, ...problem })));
  if (!front) return undefined;
  const bodyLine = match[0].split('\n').length;
  const { sections, html } = parseBody(text.slice(match[0].length), bodyLine);
  for (const line of html) problems.push({ severity: 'warning', file, line, message: 'raw HTML is left out of notes' });
  return { file, front, sections };
}

/** Joins the languages: neutral fields may stand in either file, wording is taken from each. */
function mergeTopic(id: string, notes: Partial<Record<Locale, NoteFile>>, problems: Problem[]): Topic | undefined {
  const present = LOCALES.flatMap((locale) => (notes[locale] ? [{ locale, ...notes[locale] }] : []));
  const sources = new Map<string, { file: string; source: Partial<Source> & { id: string }; supports: Partial<Record<Locale, string>> }>();
  const claims = new Map<string, { file: string; claim: Partial<Claim> & { id: string }; text: Partial<Record<Locale, string>> }>();
  for (const { locale, file, front } of present) {
    for (const { supports, ...rest } of front.sources) {
      const entry = sources.get(rest.id) ?? {
        file,
        source: rest as Partial<Source> & { id: string },
        supports: {},
      };
      Object.assign(entry.source, rest);
      if (supports) entry.supports[locale] = supports;
      sources.set(rest.id, entry);
    }
    for (const { text, ...rest } of front.claims) {
      const entry = claims.get(rest.id) ?? { file, claim: rest as Partial<Claim> & { id: string }, text: {} };
      Object.assign(entry.claim, rest);
      entry.text[locale] = text;
      claims.set(rest.id, entry);
    }
  }
  const report = (file: string, message: string) => void problems.push({ severity: 'error', file, message });
  const texts: Partial<Record<Locale, TopicText>> = {};
  for (const { locale, front, sections } of present) {
    const { title, aliases, questions, reviewed } = front;
    texts[locale] = {
      title,
      aliases,
      questions,
      ...(reviewed && { reviewed }),
      sections: sections.map(({ id: section, heading, body }) => ({
        id: section,
        heading: heading || title,
        body,
      })),
    };
  }
  const area = present.map(({ front }) => front.area).find(Boolean);
  return {
    id,
    area: area ?? 'other',
    related: [...new Set(present.flatMap(({ front }) => front.related))],
    texts,
    sources: [...sources.values()].flatMap(({ file, source, supports }) => {
      if (!source.title || !source.url) return (report(file, `source ${source.id} needs a title and a url`) as unknown as Source[]) ?? [];
      return [{ ...source, supports: bilingual(supports) } as Source];
    }),
    claims: [...claims.values()].flatMap(({ file, claim, text }) => {
      const decided = claim.range !== undefined || (claim.predicted !== undefined && claim.tolerance !== undefined);
      if (!claim.demo || !claim.measure || !decided) {
        return (report(file, `claim ${claim.id} needs demo, measure, and predicted with tolerance (or range)`) as unknown as Claim[]) ?? [];
      }
      return [{ params: {}, ...claim, text: bilingual(text) } as Claim];
    }),
  };
}

function bilingual(text: Partial<Record<Locale, string>>): { en: string } & Partial<Record<Locale, string>> {
  return { ...text, en: text.en ?? text.zh ?? '' };
}
