import type { RoomRef } from '../core/request.ts';
import type { Db } from '../store/database.ts';
import type { Value } from './grade.ts';
import { readQuiz, type StoredQuiz } from './repository.ts';

export interface OwnAnswer {
  position: number;
  value: Value;
  credit: number;
  points: number;
}

/** Reads quizzes that were. */
export interface QuizHistory {
  find(quizId: string): Promise<StoredQuiz | undefined>;
  /** Questions of a quiz that somebody got wrong or nobody answered, worst first. */
  missed(quizId: string): Promise<string[]>;
  /** One person's graded answers. */
  answers(quizId: string, user: string): Promise<OwnAnswer[]>;
  /** Question ids that this room has seen, newest first. */
  recent(room: RoomRef, limit: number): Promise<string[]>;
  /** Who has answered in this room since then, and when last. */
  playersSince(room: RoomRef, since: number): Promise<{ id: string; at: number }[]>;
  /** Which of these people do not want to be named on boards. */
  hidden(room: RoomRef, users: Iterable<string>): Promise<Set<string>>;
}

export function createQuizHistory(db: Db): QuizHistory {
  return {
    async find(quizId) {
      const row = await db.selectFrom('quizzes').selectAll().where('id', '=', quizId).executeTakeFirst();
      return row && readQuiz(db, row);
    },

    async missed(quizId) {
      const rows = await db
        .selectFrom('quiz_questions')
        .select('question_id')
        .where('quiz_id', '=', quizId)
        .where('credit', '<', 1)
        .orderBy('credit')
        .orderBy('position')
        .execute();
      return rows.map((row) => row.question_id);
    },

    async answers(quizId, user) {
      const rows = await db
        .selectFrom('answers')
        .select(['position', 'value', 'credit', 'points'])
        .where('quiz_id', '=', quizId)
        .where('user_id', '=', user)
        .orderBy('position')
        .execute();
      return rows.flatMap(({ points, value, ...row }) => (points === null ? [] : [{ ...row, points, value: JSON.parse(value) as Value }]));
    },

    async recent(room, limit) {
      const rows = await db
        .selectFrom('quiz_questions')
        .innerJoin('quizzes', 'quizzes.id', 'quiz_questions.quiz_id')
        .select('question_id')
        .where((eb) => eb.and({ platform: room.platform, space: room.space, room: room.room }))
        .orderBy('quizzes.created_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => row.question_id);
    },

    async playersSince({ platform, space, room }, since) {
      const rows = await db
        .selectFrom('quizzes')
        .innerJoin('answers', 'answers.quiz_id', 'quizzes.id')
        .select(({ fn }) => ['user_id', fn.max('at').as('at')])
        .where((eb) => eb.and({ platform, space, room }))
        .where('finished_at', '>=', since)
        .where('at', '>=', since)
        .groupBy('user_id')
        .execute();
      return rows.map(({ user_id, at }) => ({ id: user_id, at: Number(at) }));
    },

    async hidden({ platform, space }, users) {
      const rows = await db
        .selectFrom('people')
        .select('user_id')
        .where((eb) => eb.and({ platform, space, hidden: 1 }))
        .where('user_id', 'in', [...users, ''])
        .execute();
      return new Set(rows.map((row) => row.user_id));
    },
  };
}
