import type { QuizSettings } from '../quiz/state.ts';
import type { Db } from '../store/database.ts';
import { accountsOf, isSameEverywhere } from './person.ts';
import type { Person } from './service.ts';

/**
 * Questions of quizzes that run where the person is and whose answers are not told yet: a review, an export or the
 * progress would tell them. What was revealed counts at once; an exam reveals nothing before its end.
 */
export async function questionsInPlay(db: Db, person: Person): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { platform, space, user_id } of [person, ...(await accountsOf(db, person))]) {
    const rows = await db
      .selectFrom('quiz_questions')
      .innerJoin('quizzes', 'quizzes.id', 'quiz_questions.quiz_id')
      .select(['question_id', 'credit', 'settings'])
      .where('platform', '=', platform)
      .$if(space !== '' || !isSameEverywhere(platform), (query) => query.where('space', '=', space))
      // An account that is the same everywhere is where it has played.
      .$if(space === '' && isSameEverywhere(platform), (query) =>
        query.where('space', 'in', db.selectFrom('people').select('space').where('platform', '=', platform).where('user_id', '=', user_id)),
      )
      .where('finished_at', 'is', null)
      .execute();
    const told = ({ credit, settings }: (typeof rows)[number]) => credit !== null && (JSON.parse(settings) as QuizSettings).mode !== 'exam';
    for (const row of rows) if (!told(row)) found.add(row.question_id);
  }
  return found;
}
