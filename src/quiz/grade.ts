import type { Question } from './question.ts';
import { isNear, isSame } from './same.ts';

/** What a person answered: indices into the shown choices (or items), or typed text. */
export type Value = { picked: number[] } | { typed: string };

/** A question as this quiz shows it: fixed once, so that a restart shows and grades the same. */
export interface Instance {
  /** Shown position → index in the question's choices or items. */
  order: number[];
  /** Chart questions: the seed of the run. */
  seed?: number;
  /** Chart questions, once they have been run: what was shown, and the answer that came from it. */
  run?: { seed: number; params: Record<string, unknown>; key: number };
}

/** Whether a value says that the person has no answer. */
export function isEmpty(value: Value): boolean {
  return 'picked' in value && value.picked.length === 0;
}

/** How many choices or items a question shows; 0 when it is answered by typing. */
export function shownCount(question: Question): number {
  if (question.kind === 'boolean') return 2;
  if (question.kind === 'ordering') return question.items.length;
  return 'choices' in question ? (question.choices?.length ?? 0) : 0;
}

/** Whether an instance was made from this question: a note may be rewritten while a quiz runs. */
export function instanceFits(question: Question, { order }: Instance): boolean {
  const count = question.kind === 'boolean' ? 0 : shownCount(question);
  return order.length === count && order.every((index) => index >= 0 && index < count);
}

/** Whether a value is a whole answer; of several choices only the person knows when they are done. */
export function isComplete(question: Question, value: Value): boolean {
  if (!('picked' in value)) return true;
  return question.kind !== 'multiple' && value.picked.length === (question.kind === 'ordering' ? question.items.length : 1);
}

/** Whether a value is no answer yet: an order that lacks items. */
export function isPartial(question: Question, value: Value): boolean {
  return question.kind === 'ordering' && !isEmpty(value) && !isComplete(question, value);
}

/** An answer in the question's own order of choices, as statistics over several instances need it. */
export function inOwnOrder({ order }: Instance, value: Value): Value {
  return 'picked' in value ? { picked: value.picked.map((shown) => order[shown] ?? shown) } : value;
}

/** Shown indices that are right (in the right order for `ordering`), or undefined for typed answers. */
export function rightPicks(question: Question, instance: Instance): number[] | undefined {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return instance.order.flatMap((index, shown) => (question.choices[index]?.correct ? [shown] : []));
    case 'boolean':
      return [question.answer ? 0 : 1];
    case 'ordering':
      return question.items.map((_, index) => instance.order.indexOf(index));
    case 'chart':
      return question.choices ? [instance.order.indexOf(instance.run?.key ?? -1)] : undefined;
    case 'numeric':
    case 'term':
      return undefined;
    default:
      return question satisfies never;
  }
}

/**
 * Credit of an answer, 0–1. Multiple choice: (right picks − wrong picks) ÷ right ones, at least 0. Ordering:
 * Kendall's concordant pairs, with nothing below one half. The rest is right or wrong.
 */
export function grade(question: Question, instance: Instance, value: Value): number {
  const right = rightPicks(question, instance);
  if (right === undefined) return 'typed' in value && gradeTyped(question, instance, value.typed) ? 1 : 0;
  if (!('picked' in value)) return 0;
  const { picked } = value;
  if (question.kind === 'ordering') return gradeOrder(right, picked);
  if (question.kind === 'multiple') {
    const hits = picked.filter((pick) => right.includes(pick)).length;
    return Math.max(0, (hits - (picked.length - hits)) / right.length);
  }
  return picked.length === 1 && picked[0] === right[0] ? 1 : 0;
}

function gradeOrder(right: readonly number[], picked: readonly number[]): number {
  if (picked.length !== right.length) return 0;
  let concordant = 0;
  let pairs = 0;
  for (let i = 0; i < right.length; i++) {
    for (let j = i + 1; j < right.length; j++) {
      pairs++;
      if (picked.indexOf(right[i]!) < picked.indexOf(right[j]!)) concordant++;
    }
  }
  return concordant * 2 < pairs ? 0 : concordant / pairs;
}

function gradeTyped(question: Question, instance: Instance, typed: string): boolean {
  if (question.kind === 'numeric') return isNear(typed, question.answer, question.tolerance);
  if (question.kind === 'chart') return isNear(typed, instance.run?.key ?? Number.NaN, question.tolerance ?? 0);
  if (question.kind === 'term') return [...question.accept.en, ...question.accept.zh].some((term) => isSame(term, typed));
  return false;
}
