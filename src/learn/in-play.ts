import type { Db } from '../store/database.ts';
import type { Person } from './service.ts';

/** Questions of quizzes that run in the person's space: a review or an export would tell their answers. */
export async function questionsInPlay(db: Db, { platform, space }: Pick<Person, 'platform' | 'space'>): Promise<Set<string>> {
  const rows = await db
    .selectFrom('quiz_questions')
    .innerJoin('quizzes', 'quizzes.id', 'quiz_questions.quiz_id')
    .select('question_id')
    .where((eb) => eb.and({ platform, space }))
    .where('finished_at', 'is', null)
    .execute();
  return new Set(rows.map(({ question_id }) => question_id));
}
