import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { type Question, questionSchema } from '../quiz/question.ts';
import type { Problem } from './content.ts';
import { openYaml } from './front-matter.ts';
import { readText } from './read-text.ts';

export type WithoutTopic = z.output<typeof questionSchema>;

/** The questions of a file with the topic they belong to. */
export function belongingTo(questions: readonly WithoutTopic[], topic: string, deck?: string): Question[] {
  return questions.map((question) => ({ ...question, topic, ...(deck !== undefined && { deck }) }));
}

/**
 * Reads a YAML file that lists questions; `schema` checks the whole, and each question is checked by itself, so that
 * one mistake does not take the others away.
 * @returns undefined, with problems, when the file is missing or cannot be read at all.
 */
export function readQuestionFile<Whole extends { questions: unknown[] }>(
  root: string,
  file: string,
  schema: z.ZodType<Whole>,
  problems: Problem[],
  limit?: number,
): { whole: Whole; questions: WithoutTopic[] } | undefined {
  if (!existsSync(file)) return undefined;
  const text = readText(root, file, problems, limit);
  if (text === undefined) return undefined;
  const yaml = openYaml(text);
  const { value: whole, problems: faults } = yaml.check(schema);
  const found = [...yaml.problems, ...faults];
  const questions = (whole?.questions ?? []).flatMap((_, index) => {
    const one = yaml.check(questionSchema, ['questions', index]);
    found.push(...one.problems);
    return one.value ?? [];
  });
  problems.push(...found.map((problem) => ({ severity: 'error' as const, file, ...problem })));
  return whole && { whole, questions };
}
