import { z } from 'zod';
import type { Localized } from '../core/locale.ts';

/** Text in both languages, or in one for a group's own deck. */
export const localized = z.union([
  z.strictObject({ en: z.string().trim().min(1), zh: z.string().trim().min(1).optional() }),
  // A deck in Chinese only: the Chinese text serves both.
  z.strictObject({ zh: z.string().trim().min(1) }).transform(({ zh }): Localized => ({ en: zh, zh })),
]);

const base = {
  id: z.string().regex(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/, 'ids are lower-case words joined by - or .'),
  difficulty: z.number().int().min(1).max(3).default(2),
  /** Section of the topic's note that answers it. */
  section: z.string().optional(),
  prompt: localized,
  explanation: localized,
  /** What helps without giving the answer away; the second says more than the first. */
  hints: z.array(localized).min(1).max(2).optional(),
};

const choice = z.strictObject({
  text: localized,
  correct: z.boolean().default(false),
  why: localized.optional(),
  /** What somebody who picks this wrong choice believes. Items that share the id tell it from what is right. */
  misconception: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'misconceptions are lower-case words joined by hyphens')
    .max(40)
    .optional(),
});
const measured = z.strictObject({ text: localized, measure: z.string() });

/** One question of a quiz.yaml; see docs/authoring.md. `topic` is added by the loader. */
export const questionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single'), ...base, choices: z.array(choice).min(2).max(5) }),
  z.strictObject({ kind: z.literal('multiple'), ...base, choices: z.array(choice).min(3).max(5) }),
  z.strictObject({ kind: z.literal('boolean'), ...base, answer: z.boolean(), why: localized.optional() }),
  z.strictObject({
    kind: z.literal('numeric'),
    ...base,
    answer: z.number(),
    tolerance: z.number().nonnegative(),
  }),
  z.strictObject({
    kind: z.literal('term'),
    ...base,
    accept: z.strictObject({ en: z.array(z.string()).default([]), zh: z.array(z.string()).default([]) }),
  }),
  z.strictObject({ kind: z.literal('ordering'), ...base, items: z.array(localized).min(3).max(5) }),
  z.strictObject({
    kind: z.literal('chart'),
    ...base,
    demo: z.string(),
    params: z.record(z.string(), z.unknown()).default({}),
    measure: z.string().optional(),
    tolerance: z.number().positive().optional(),
    pick: z.enum(['largest', 'smallest']).optional(),
    choices: z.array(measured).min(2).max(5).optional(),
  }),
]);

/** A question as a file holds it; the topic is where the file stands. */
export type BareQuestion = z.output<typeof questionSchema>;

/** `topic` is the note that answers it; in a deck that belongs to no note, the deck itself stands there. */
export type Question = BareQuestion & { topic: string; deck?: string };

/** What the wrong choices of a question stand for: ids of misconceptions. */
export function misconceptionsOf(question: BareQuestion): string[] {
  if (question.kind !== 'single' && question.kind !== 'multiple') return [];
  return [...new Set(question.choices.flatMap(({ correct, misconception }) => (correct ? [] : (misconception ?? []))))];
}

/** Whether people can vote on it: there are choices, and one vote is one set of letters. */
export function isForDiscussion(question: BareQuestion): boolean {
  return question.kind === 'boolean' || (question.kind !== 'ordering' && 'choices' in question && question.choices !== undefined);
}

/** Whether there is a note to read on in. */
export function hasNote({ topic, deck }: Question): boolean {
  return topic !== deck;
}
