import { randomBytes } from 'node:crypto';
import type { Db } from '../store/database.ts';
import type { PersonalQuizRow } from '../store/learn-rows.ts';
import type { Person, PersonalQuiz, PersonalQuizzes, Reviews } from './service.ts';

/**
 * A quiz of one person: a fixed number of questions one after the other, apart from the room's. Each question is a
 * review turn of its own, so that all that answers a review answers it, and a restart forgets nothing.
 */
export function createPersonalQuizzes(db: Db, now: () => number, reviews: Reviews): PersonalQuizzes {
  const openOf = (person: Person) =>
    db
      .selectFrom('personal_quizzes')
      .selectAll()
      .where((eb) => eb.and({ ...person }))
      .where('finished_at', 'is', null)
      .executeTakeFirst();

  const standing = async (row: PersonalQuizRow): Promise<PersonalQuiz> => {
    const rows = await db
      .selectFrom('review_turns')
      .select(['id', 'question_id'])
      .where('quiz', '=', row.id)
      .where('answered_at', 'is not', null)
      .execute();
    const sources = rows.map(({ id }) => `review/${id}`);
    const credits = await db
      .selectFrom('review_log')
      .select(['question_id', 'credit'])
      .where('source', 'in', [...sources, ''])
      .execute();
    return {
      id: row.id,
      person: { platform: row.platform, space: row.space, user_id: row.user_id },
      topic: row.topic,
      total: row.total,
      asked: rows.map(({ question_id }) => question_id),
      right: credits.filter(({ credit }) => credit === 1).length,
      missed: credits.filter(({ credit }) => credit < 1).map(({ question_id }) => question_id),
      over: row.finished_at !== null,
    };
  };

  const finish = (id: string) =>
    db.updateTable('personal_quizzes').set({ finished_at: now() }).where('id', '=', id).where('finished_at', 'is', null).execute();

  const byId = async (person: Person, id: string): Promise<PersonalQuiz | undefined> => {
    const row = await db
      .selectFrom('personal_quizzes')
      .selectAll()
      .where((eb) => eb.and({ ...person, id }))
      .executeTakeFirst();
    return row && standing(row);
  };

  return {
    find: byId,
    async begin(person, topic, total) {
      const before = await openOf(person);
      // Asked for again it goes on; asked for something else, the one before is over.
      if (before && before.topic === topic) return standing(before);
      if (before) await finish(before.id);
      const row = { id: randomBytes(6).toString('base64url'), ...person, topic, total, started_at: now(), finished_at: null };
      await db
        .insertInto('personal_quizzes')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      // Another device may have been first.
      return standing((await openOf(person)) ?? row);
    },
    async next(person, id) {
      const quiz = await byId(person, id);
      if (!quiz) return undefined;
      const turn =
        quiz.over || quiz.asked.length >= quiz.total
          ? undefined
          : await reviews.ask(person, { quiz: id, topic: quiz.topic ?? undefined, without: new Set(quiz.asked) });
      if (!turn && !quiz.over) await finish(id);
      return { quiz, turn };
    },
  };
}
