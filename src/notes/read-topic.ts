import { z } from 'zod';
import { LOCALES, type Locale } from '../core/locale.ts';
import type { Question } from '../quiz/question.ts';
import { readAnswers } from './answers-file.ts';
import type { Claim, Problem, Source, Topic, TopicText } from './content.ts';
import { type FrontMatter, frontMatter, openYaml } from './front-matter.ts';
import { type LocatedSection, parseBody } from './markdown.ts';
import { type Prepared, prepare } from './prepare.ts';
import { belongingTo, readQuestionList } from './question-file.ts';

const quizFile = z.strictObject({ questions: z.array(z.unknown()) });

/** One language's file as read, with the lines that later checks point at. */
export interface NoteFile {
  file: string;
  front: FrontMatter;
  sections: LocatedSection[];
}

/** A text file of a topic's folder: where it stands and what it holds. */
export interface TextFile {
  file: string;
  text: string;
}

/** What one topic's folder came to. Plain data, so that it can be kept on disk. */
export interface ReadTopic {
  notes: Partial<Record<Locale, NoteFile>>;
  /** Missing when no language could be read whole. */
  topic?: Topic;
  prepared?: Prepared;
  questions: Question[];
  problems: Problem[];
}

/** What may stand beside a note. */
interface Beside {
  quiz?: TextFile | undefined;
  answers?: TextFile | undefined;
}

/**
 * Reads a topic from the texts of its files. Never throws for what they hold: what cannot be read is left out and
 * becomes a problem with file and line.
 */
export function readTopic(id: string, notes: Partial<Record<Locale, TextFile>>, beside: Beside = {}): ReadTopic {
  const read = readParts(id, notes, beside);
  return read.topic ? { ...read, prepared: prepare(read.topic, read.questions) } : read;
}

/** The same without what search needs of it. */
export function readParts(
  id: string,
  notes: Partial<Record<Locale, TextFile>>,
  { quiz, answers }: Beside = {},
): Omit<ReadTopic, 'prepared'> {
  const problems: Problem[] = [];
  const read: Partial<Record<Locale, NoteFile>> = {};
  for (const locale of LOCALES) {
    const source = notes[locale];
    const note = source && readNote(source, problems);
    // A topic with a broken language is left out whole, so that it does not change its language unnoticed.
    if (source && !note) return { notes: {}, questions: [], problems };
    if (note) read[locale] = note;
  }
  const topic = { ...mergeTopic(id, read, problems), answers: answers ? readAnswers(answers, id, problems) : [] };
  const questions = quiz ? belongingTo(readQuestionList(quiz, quizFile, problems).questions, id) : [];
  return { notes: read, topic, questions, problems };
}

function readNote({ file, text }: TextFile, problems: Problem[]): NoteFile | undefined {
  const match = /^---\n([\s\S]*?)\n---[ \t]*(?:\n|$)/.exec(text);
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
  if (front.questions)
    problems.push({
      severity: 'warning',
      file,
      line: 2 + match[1]!.split('\n').findIndex((line) => line.startsWith('questions:')),
      message: 'questions: is no longer read; write answered questions into answers.yaml (docs/authoring.md)',
    });
  const bodyLine = match[0].split('\n').length;
  const { sections, html, pictures } = parseBody(text.slice(match[0].length), bodyLine);
  for (const line of html) problems.push({ severity: 'warning', file, line, message: 'raw HTML is left out of notes; its text stays' });
  for (const { line, url } of pictures)
    problems.push({ severity: 'warning', file, line, message: `the picture ${url.slice(0, 60)} is not shown` });
  const ids = front.sources.map((source) => source.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i)))
    problems.push({ severity: 'error', file, line: 1, message: `two sources have the id ${id}; only the last is kept` });
  return { file, front, sections };
}

interface ClaimParts {
  file: string;
  claim: Partial<Claim>;
  text: Partial<Record<Locale, string>>;
  formula: Partial<Record<Locale, string>>;
}

/** Joins the languages: neutral fields may stand in either file, wording is taken from each. */
function mergeTopic(id: string, notes: Partial<Record<Locale, NoteFile>>, problems: Problem[]): Omit<Topic, 'answers'> {
  const present = LOCALES.flatMap((locale) => (notes[locale] ? [{ locale, ...notes[locale] }] : []));
  const sources = new Map<string, { file: string; source: Partial<Source> & { id: string }; supports: Partial<Record<Locale, string>> }>();
  const claims = new Map<string, ClaimParts>();
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
    for (const { text, formula, ...rest } of front.claims) {
      const entry = claims.get(rest.id) ?? { file, claim: {}, text: {}, formula: {} };
      Object.assign(entry.claim, rest);
      entry.text[locale] = text;
      if (formula) entry.formula[locale] = formula;
      claims.set(rest.id, entry);
    }
  }
  const report = (file: string, message: string) => void problems.push({ severity: 'error', file, message });
  const texts: Partial<Record<Locale, TopicText>> = {};
  for (const { locale, front, sections } of present) {
    const { title, aliases, reviewed } = front;
    texts[locale] = {
      title,
      aliases,
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
    needs: [...new Set(present.flatMap(({ front }) => front.needs))],
    texts,
    sources: [...sources.values()].flatMap(({ file, source, supports }) => {
      if (!source.title || !source.url) return (report(file, `source ${source.id} needs a title and a url`) as unknown as Source[]) ?? [];
      return [{ ...source, supports: bilingual(supports) } as Source];
    }),
    claims: [...claims.values()].flatMap(({ file, claim, text, formula }) => {
      const decided = claim.range !== undefined || (claim.predicted !== undefined && claim.tolerance !== undefined);
      if (!claim.demo || !claim.measure || !decided) {
        return (report(file, `claim ${claim.id} needs demo, measure, and predicted with tolerance (or range)`) as unknown as Claim[]) ?? [];
      }
      const given = Object.keys(formula).length > 0 && { formula: bilingual(formula) };
      return [{ params: {}, ...claim, ...given, text: bilingual(text) } as Claim];
    }),
  };
}

function bilingual(text: Partial<Record<Locale, string>>): { en: string } & Partial<Record<Locale, string>> {
  return { ...text, en: text.en ?? text.zh ?? '' };
}
