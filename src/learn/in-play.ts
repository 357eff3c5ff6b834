import type { QuizSettings } from '../quiz/state.ts';
import type { Db } from '../store/database.ts';
import type { Person } from './service.ts';

/**
 * Questions of quizzes that run in the person's space and whose answers are not told yet: a review, an export or the
 * progress would tell them. What was revealed counts at once; an exam reveals nothing before its end.
 */
export async function questionsInPlay(db: Db, { platform, space }: Pick<Person, 'platform' | 'space'>): Promise<Set<string>> {
  const rows = await db
    .selectFrom('quiz_questions')
    .innerJoin('quizzes', 'quizzes.id', 'quiz_questions.quiz_id')
    .select(['question_id', 'credit', 'settings'])
    .where((eb) => eb.and({ platform, space }))
    .where('finished_at', 'is', null)
    .execute();
  const told = ({ credit, settings }: (typeof rows)[number]) => credit !== null && (JSON.parse(settings) as QuizSettings).mode !== 'exam';
  return new Set(rows.flatMap((row) => (told(row) ? [] : [row.question_id])));
}
