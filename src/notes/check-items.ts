import { join } from 'node:path';
import { LOCALES } from '../core/locale.ts';
import { misconceptionsOf, type Question } from '../quiz/question.ts';
import type { Problem } from './content.ts';
import type { LoadedContent } from './load.ts';
import { lineOf } from './text-lines.ts';

/** What is wrong with a question's hints: a language is missing, or the answer stands in one. */
export function hintFaults(question: Question): string[] {
  return (question.hints ?? []).flatMap((hint, index) => {
    const name = `hint ${index + 1}`;
    return LOCALES.flatMap((locale) => {
      const text = hint[locale];
      if (!text) return [`${name} is missing in ${locale}`];
      const told = keysOf(question).find((key) => mentions(text, key));
      return told === undefined ? [] : [`${name} (${locale}) gives the answer away: “${told}”`];
    });
  });
}

/** Texts that answer a question, in every language; none where no words of the answer are fixed (true or false, an order, a run). */
function keysOf(question: Question): string[] {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return question.choices.flatMap(({ correct, text }) => (correct ? LOCALES.flatMap((locale) => text[locale] ?? []) : []));
    case 'term':
      return [...question.accept.en, ...question.accept.zh];
    case 'numeric':
      return [String(question.answer)];
    default:
      return [];
  }
}

/** Whether a text holds a key as words of its own: “no” is not in “know”, nor 2 in 1.25 or x^2. */
function mentions(text: string, key: string): boolean {
  const wanted = plain(key);
  // A single character (是, 否) stands in nearly every sentence.
  if (/^\p{Script=Han}?$/u.test(wanted)) return false;
  const before = /^\p{Script=Han}/u.test(wanted) ? '' : String.raw`(?<![\p{Script=Latin}\p{N}.^/])`;
  const after = /\p{Script=Han}$/u.test(wanted) ? '' : String.raw`(?![\p{Script=Latin}\p{N}]|[.,/]\p{N})`;
  const literal = wanted.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return new RegExp(before + literal + after, 'u').test(plain(text));
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('$', '')
    .replace(/[-_\s]+/g, ' ')
    .replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '')
    .trim();
}

/** Ids of misconceptions on a right choice, or on one item only: nothing could tell such a one apart. */
export function checkMisconceptions({ questions }: Pick<LoadedContent, 'questions'>, folder: string): Problem[] {
  const items = new Map<string, Question[]>();
  const problems: Problem[] = [];
  const error = (question: Question, message: string) => {
    const file = question.deck ? join(folder, 'decks', `${question.deck}.yaml`) : join(folder, 'topics', question.topic, 'quiz.yaml');
    problems.push({ severity: 'error', file, line: lineOf(file, question.id), message: `${question.id}: ${message}` });
  };
  for (const question of questions.values()) {
    const choices = 'choices' in question && question.kind !== 'chart' ? question.choices : [];
    for (const { correct, misconception } of choices)
      if (correct && misconception) error(question, `a right choice has no misconception (“${misconception}”)`);
    for (const id of misconceptionsOf(question)) items.set(id, [...(items.get(id) ?? []), question]);
  }
  for (const [id, [question, ...others]] of items)
    if (others.length === 0)
      error(question!, `no other question has the misconception “${id}”; whoever picks it is asked another that has it`);
  return problems;
}
