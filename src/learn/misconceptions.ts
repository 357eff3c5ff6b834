import type { Value } from '../quiz/grade.ts';
import { misconceptionsOf, type Question } from '../quiz/question.ts';
import type { Db } from '../store/database.ts';
import type { Person } from './service.ts';

/** A belief is looked for in answers of so long; */
const REMEMBERED = 30 * 86_400_000;
/** and an item that was answered is not asked again at once. */
const REST = 20 * 3_600_000;

/** An answer as `review_log` has it. */
interface Answered {
  question_id: string;
  at: number;
  credit: number;
  given: string | null;
}

/** Misconceptions that the picked wrong choices stand for; `given` is JSON of Value in the question's own order. */
function shownBy(question: Question, given: string | null): string[] {
  if (given === null || (question.kind !== 'single' && question.kind !== 'multiple')) return [];
  const value = JSON.parse(given) as Value;
  if (!('picked' in value)) return [];
  return value.picked.flatMap((index) => {
    const choice = question.choices[index];
    return choice && !choice.correct ? (choice.misconception ?? []) : [];
  });
}

/**
 * Beliefs that somebody showed and has not overcome since: a wrong choice that stands for one, and no right answer
 * after it to an item that tells it apart.
 * @returns ids, the one shown last first
 */
export function heldBy(log: readonly Answered[], questions: ReadonlyMap<string, Question>): string[] {
  const held = new Map<string, number>();
  for (const { question_id, at, credit, given } of log.toSorted((a, b) => a.at - b.at)) {
    const question = questions.get(question_id);
    if (!question) continue;
    if (credit === 1) for (const id of misconceptionsOf(question)) held.delete(id);
    else for (const id of shownBy(question, given)) held.set(id, at);
  }
  return [...held].sort(([, a], [, b]) => b - a).map(([id]) => id);
}

/** Items that tell somebody's misconceptions from what is right, the belief that was shown last first. */
export async function itemsApart(db: Db, person: Person, questions: ReadonlyMap<string, Question>, now: number): Promise<Question[]> {
  const log = await db
    .selectFrom('review_log')
    .select(['question_id', 'at', 'credit', 'given'])
    .where((eb) => eb.and({ ...person }))
    .where('at', '>=', now - REMEMBERED)
    .execute();
  const rested = new Set(log.filter(({ at }) => now - at < REST).map(({ question_id }) => question_id));
  const found = heldBy(log, questions).flatMap((id) =>
    [...questions.values()].filter((question) => !rested.has(question.id) && misconceptionsOf(question).includes(id)),
  );
  return [...new Set(found)];
}
