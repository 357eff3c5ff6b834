import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { LOCALES, type Localized } from '../core/locale.ts';
import type { Demo } from '../demos/demo.ts';
import { validateParams } from '../demos/params.ts';
import { answerFaults } from '../quiz/faults.ts';
import type { Question } from '../quiz/question.ts';
import { squeeze } from './analyse.ts';
import { checkAnswers } from './check-answers.ts';
import { checkMisconceptions, hintFaults } from './check-items.ts';
import { checkNeeds } from './check-needs.ts';
import type { Problem } from './content.ts';
import type { LoadedContent } from './load.ts';
import type { NoteFile } from './read-topic.ts';
import { lineOf } from './text-lines.ts';

/** Every topic's sections, in this order; others may stand between them. */
const SECTIONS = ['idea', 'intuition', 'maths', 'example', 'wrong', 'practice'];
const MIN_QUESTIONS = 10;
/** Questions of one kind only test one thing. */
const MIN_KINDS = 4;
const MAX_CHOICE = 80;

/**
 * What the loader cannot see from one file: both languages, names that two topics claim, links and citations that
 * lead nowhere, claims no demo can decide, quiz questions without a right answer. The loader's own problems come first.
 */
export function checkContent(content: LoadedContent, folder: string, demos: readonly Demo[]): Problem[] {
  const problems: Problem[] = [...content.problems];
  const names = new Map<string, string>();
  for (const [id, files] of content.files) {
    const topic = content.topics.get(id)!;
    const error = (file: string, needle: string, message: string) =>
      void problems.push({ severity: 'error', file, line: lineOf(file, needle), message });
    for (const locale of LOCALES) {
      const note = files[locale];
      const path = join(folder, 'topics', id, `${locale}.md`);
      if (!note) {
        problems.push({
          severity: 'error',
          file: path,
          message: `${locale}.md is missing: every topic stands in both languages`,
        });
        continue;
      }
      for (const alias of new Set([note.front.title, ...note.front.aliases])) {
        const owner = names.get(squeeze(alias)) ?? id;
        names.set(squeeze(alias), owner);
        if (owner !== id) error(note.file, alias, `the alias “${alias}” belongs to ${owner} already`);
      }
      for (const other of note.front.related)
        if (!content.topics.has(other)) error(note.file, other, `related topic “${other}” does not exist`);
      checkSections(note, problems);
      const sources = new Set(topic.sources.map((source) => source.id));
      for (const { body, line } of note.sections) {
        for (const [whole, cited] of body.matchAll(/\[@([a-z0-9-]+)\]/g)) {
          if (!sources.has(cited!))
            problems.push({
              severity: 'error',
              file: note.file,
              line: lineOf(note.file, whole, line),
              message: `${whole} is not among the sources`,
            });
        }
      }
    }
    const main = files.en ?? files.zh!;
    for (const source of topic.sources) checkWording(source.supports, main.file, `source ${source.id}: supports`, problems);
    for (const claim of topic.claims) {
      checkWording(claim.text, main.file, `claim ${claim.id}: text`, problems);
      if (claim.formula && WORDS.test(claim.formula.en)) checkWording(claim.formula, main.file, `claim ${claim.id}: formula`, problems);
      const wrong = paramsProblem(demos, claim.demo, claim.params);
      if (wrong) error(main.file, claim.id, `claim ${claim.id}: ${wrong}`);
    }
    const questions = [...content.questions.values()].filter(({ topic: owner }) => owner === id);
    const quiz = join(folder, 'topics', id, 'quiz.yaml');
    if (questions.length < MIN_QUESTIONS)
      problems.push({
        severity: 'error',
        file: quiz,
        message: `${questions.length} questions; a topic has at least ${MIN_QUESTIONS}`,
      });
    const kinds = new Set(questions.map(({ kind }) => kind));
    if (kinds.size < MIN_KINDS)
      problems.push({
        severity: 'error',
        file: quiz,
        message: `${kinds.size} kinds of question (${[...kinds].join(', ')}); a topic has at least ${MIN_KINDS}`,
      });
    const sections = new Set(main.sections.map((section) => section.id));
    for (const question of questions)
      for (const message of questionProblems(question, sections, demos)) error(quiz, question.id, `${question.id}: ${message}`);
  }
  problems.push(...checkAnswers(content.topics.values(), folder), ...checkNeeds(content), ...checkMisconceptions(content, folder));
  return problems;
}

function checkSections({ file, sections }: NoteFile, problems: Problem[]): void {
  const ids = sections.map(({ id }) => id);
  const report = (line: number | undefined, message: string) =>
    void problems.push({ severity: 'error', file, ...(line !== undefined && { line }), message });
  for (const id of SECTIONS) if (!ids.includes(id)) report(undefined, `the section {#${id}} is missing`);
  const order = ids.filter((id) => SECTIONS.includes(id));
  if (order.join() !== SECTIONS.filter((id) => ids.includes(id)).join())
    report(sections[0]?.line, `sections stand in the order ${SECTIONS.join(', ')}`);
  for (const { id, line } of sections) if (ids.indexOf(id) !== ids.lastIndexOf(id)) report(line, `two sections have the id ${id}`);
}

/** `largest root of …`: two words of English in a formula, which a Chinese reader should have in Chinese. */
const WORDS = /\b[a-z]{2,} [a-z]{2,}\b/;

function checkWording(text: Localized, file: string, what: string, problems: Problem[]): void {
  for (const locale of LOCALES)
    if (!text[locale])
      problems.push({
        severity: 'error',
        file,
        line: lineOf(file, what.split(/[ :]/)[1]!),
        message: `${what} is missing in ${locale}`,
      });
}

function paramsProblem(demos: readonly Demo[], name: string, params: Record<string, unknown>): string | undefined {
  const demo = demos.find((known) => known.name === name);
  if (!demo) return `no demo is called ${name}`;
  try {
    validateParams(demo.name, demo.params, params);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${JSON.stringify(error.params)}`;
    throw error;
  }
}

function questionProblems(question: Question, sections: ReadonlySet<string>, demos: readonly Demo[]): string[] {
  const found = [...answerFaults(question), ...hintFaults(question)];
  if (question.section && !sections.has(question.section)) found.push(`the section ${question.section} does not exist`);
  for (const text of [question.prompt, question.explanation])
    for (const locale of LOCALES) if (!text[locale]) found.push(`prompt and explanation are needed in ${locale}`);
  switch (question.kind) {
    case 'single':
    case 'multiple':
      for (const { text, correct, why } of question.choices) {
        for (const locale of LOCALES) {
          if (!text[locale]) found.push(`a choice is missing in ${locale}`);
          else if (text[locale].length > MAX_CHOICE)
            found.push(`the choice “${text[locale].slice(0, 30)}…” is longer than ${MAX_CHOICE} characters`);
        }
        if (correct) continue;
        for (const locale of LOCALES)
          if (!why?.[locale]) found.push(`the wrong choice “${text.en}” does not say in ${locale} why it is wrong`);
      }
      break;
    case 'chart': {
      const wrong = paramsProblem(demos, question.demo, question.params);
      if (wrong) found.push(wrong);
      break;
    }
    case 'boolean':
      for (const locale of LOCALES) if (!question.why?.[locale]) found.push(`why the other answer is wrong is missing in ${locale}`);
      break;
    case 'term':
    case 'numeric':
    case 'ordering':
      break;
    default:
      question satisfies never;
  }
  return [...new Set(found)];
}
