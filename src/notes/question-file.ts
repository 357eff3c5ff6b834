import type { z } from 'zod';
import { type BareQuestion, type Question, questionSchema } from '../quiz/question.ts';
import type { Problem } from './content.ts';
import { openYaml } from './front-matter.ts';

/** The questions with the topic they belong to. */
export function belongingTo(questions: readonly BareQuestion[], topic: string, deck?: string): Question[] {
  return questions.map((question) => ({ ...question, topic, ...(deck !== undefined && { deck }) }));
}

/**
 * Reads YAML that lists questions; `schema` checks the whole, and each question is checked by itself, so that one
 * mistake does not take the others away.
 * @returns `dropped`: the problems of each question that is not among `questions`
 */
export function readQuestionList<Whole extends { questions: unknown[] }>(
  { file, text }: { file: string; text: string },
  schema: z.ZodType<Whole>,
  problems: Problem[],
): { whole: Whole | undefined; questions: BareQuestion[]; dropped: Problem[][] } {
  const yaml = openYaml(text);
  const { value: whole, problems: faults } = yaml.check(schema);
  const report = (found: typeof faults): Problem[] => {
    const told = found.map((problem) => ({ severity: 'error' as const, file, ...problem }));
    problems.push(...told);
    return told;
  };
  report([...yaml.problems, ...faults]);
  const dropped: Problem[][] = [];
  const questions = (whole?.questions ?? []).flatMap((_, index) => {
    const one = yaml.check(questionSchema, ['questions', index]);
    const told = report(one.problems);
    if (!one.value) dropped.push(told);
    return one.value ?? [];
  });
  return { whole, questions, dropped };
}
