import { sql, type Transaction } from 'kysely';
import type { MessageRef, RoomRef } from '../core/request.ts';
import type { Db } from '../store/database.ts';
import type { Schema } from '../store/schema.ts';
import type { Instance } from './grade.ts';
import type { Graded, QuizEvent, QuizSettings } from './state.ts';

export interface StoredQuiz {
  id: string;
  room: RoomRef;
  settings: QuizSettings;
  createdAt: number;
  questions: { questionId: string; topic: string; instance: Instance }[];
}

/** Points of a question that an event closes. */
export interface Closed {
  position: number;
  results: readonly Graded[];
  /** UTC day that the points count for. */
  day: string;
}

/** Reads and writes quizzes; every write that an effect depends on is one transaction. */
export interface QuizRepository {
  /** @returns false when the room has a running quiz or the same request was stored before. */
  create(quiz: StoredQuiz, request: string): Promise<boolean>;
  /** Stores an event, with what it changes in the projections. @returns false for a delivery seen before. */
  append(quiz: StoredQuiz, seq: number, event: QuizEvent, phase: string, delivery: string | null, closed?: Closed): Promise<boolean>;
  setInstance(quizId: string, position: number, instance: Instance): Promise<void>;
  message(quizId: string, key: string): Promise<MessageRef | undefined>;
  setMessage(quizId: string, key: string, message: MessageRef): Promise<void>;
  finish(quizId: string, at: number): Promise<void>;
  running(): Promise<{ quiz: StoredQuiz; events: { event: QuizEvent; delivery: string | null }[] }[]>;
  /** The last finished quiz of a room, for the rematch. */
  last(room: RoomRef): Promise<StoredQuiz | undefined>;
  /** Questions of a quiz that somebody got wrong or nobody answered, worst first. */
  missed(quizId: string): Promise<string[]>;
  /** Question ids that this room has seen, newest first. */
  recent(room: RoomRef, limit: number): Promise<string[]>;
}

/** Hands the graded answers of a closed question on, inside the transaction that closes it. */
export type OnClosed = (trx: Transaction<Schema>, quiz: StoredQuiz, closed: Closed, at: number) => Promise<void>;

export function createQuizRepository(db: Db, onClosed: OnClosed): QuizRepository {
  const read = async (row: {
    id: string;
    platform: string;
    space: string;
    room: string;
    settings: string;
    created_at: number;
  }): Promise<StoredQuiz> => {
    const questions = await db.selectFrom('quiz_questions').selectAll().where('quiz_id', '=', row.id).orderBy('position').execute();
    return {
      id: row.id,
      room: { platform: row.platform as RoomRef['platform'], space: row.space, room: row.room },
      settings: JSON.parse(row.settings),
      createdAt: row.created_at,
      questions: questions.map((q) => ({
        questionId: q.question_id,
        topic: q.topic,
        instance: JSON.parse(q.instance),
      })),
    };
  };
  return {
    create: (quiz, request) =>
      db.transaction().execute(async (trx) => {
        const { numInsertedOrUpdatedRows: inserted } = await trx
          .insertInto('quizzes')
          .values({
            id: quiz.id,
            ...quiz.room,
            request,
            settings: JSON.stringify(quiz.settings),
            phase: 'lobby',
            created_at: quiz.createdAt,
            finished_at: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        if (inserted !== 1n) return false;
        const rows = quiz.questions.map((question, position) => ({
          quiz_id: quiz.id,
          position,
          question_id: question.questionId,
          topic: question.topic,
          instance: JSON.stringify(question.instance),
        }));
        await trx.insertInto('quiz_questions').values(rows).execute();
        return true;
      }),

    append: (quiz, seq, event, phase, delivery, closed) =>
      db.transaction().execute(async (trx) => {
        const { numInsertedOrUpdatedRows: inserted } = await trx
          .insertInto('quiz_events')
          .values({ quiz_id: quiz.id, seq, delivery, event: JSON.stringify(event) })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        if (inserted !== 1n) return false;
        if (event.type === 'join' || event.type === 'answer') {
          const { platform, space } = quiz.room;
          await trx
            .insertInto('people')
            .values({ platform, space, user_id: event.user.id, name: event.user.name, hidden: 0 })
            .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet({ name: event.user.name }))
            .execute();
        }
        if (event.type === 'answer') {
          const value = JSON.stringify(event.value);
          await trx
            .insertInto('answers')
            .values({
              quiz_id: quiz.id,
              position: event.position,
              user_id: event.user.id,
              value,
              credit: event.credit,
              points: null,
              at: event.at,
            })
            .onConflict((conflict) =>
              conflict.columns(['quiz_id', 'position', 'user_id']).doUpdateSet({ value, credit: event.credit, at: event.at }),
            )
            .execute();
        } else {
          await trx.updateTable('quizzes').set({ phase }).where('id', '=', quiz.id).execute();
        }
        if (closed) {
          await record(trx, quiz, closed);
          await onClosed(trx, quiz, closed, event.at);
        }
        return true;
      }),

    async setInstance(quizId, position, instance) {
      await db
        .updateTable('quiz_questions')
        .set({ instance: JSON.stringify(instance) })
        .where('quiz_id', '=', quizId)
        .where('position', '=', position)
        .execute();
    },

    async message(quizId, key) {
      const row = await db
        .selectFrom('quiz_posts')
        .select('message')
        .where('quiz_id', '=', quizId)
        .where('key', '=', key)
        .executeTakeFirst();
      return row && (JSON.parse(row.message) as MessageRef);
    },

    async setMessage(quizId, key, message) {
      await db
        .insertInto('quiz_posts')
        .values({ quiz_id: quizId, key, message: JSON.stringify(message) })
        .onConflict((conflict) => conflict.columns(['quiz_id', 'key']).doUpdateSet({ message: JSON.stringify(message) }))
        .execute();
    },

    async finish(quizId, at) {
      await db.updateTable('quizzes').set({ finished_at: at, phase: 'ended' }).where('id', '=', quizId).execute();
    },

    async running() {
      const rows = await db.selectFrom('quizzes').selectAll().where('finished_at', 'is', null).execute();
      return Promise.all(
        rows.map(async (row) => {
          const events = await db
            .selectFrom('quiz_events')
            .select(['event', 'delivery'])
            .where('quiz_id', '=', row.id)
            .orderBy('seq')
            .execute();
          return {
            quiz: await read(row),
            events: events.map(({ event, delivery }) => ({
              event: JSON.parse(event) as QuizEvent,
              delivery,
            })),
          };
        }),
      );
    },

    async last(room) {
      const row = await db
        .selectFrom('quizzes')
        .selectAll()
        .where((eb) => eb.and({ platform: room.platform, space: room.space, room: room.room }))
        .where('finished_at', 'is not', null)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && read(row);
    },

    async missed(quizId) {
      const rows = await db
        .selectFrom('quiz_questions')
        .leftJoin('answers', (join) =>
          join.onRef('answers.quiz_id', '=', 'quiz_questions.quiz_id').onRef('answers.position', '=', 'quiz_questions.position'),
        )
        .select(['question_id', sql<number>`coalesce(avg(credit), 0)`.as('credit')])
        .where('quiz_questions.quiz_id', '=', quizId)
        .groupBy('question_id')
        .orderBy('credit')
        .execute();
      return rows.filter(({ credit }) => credit < 1).map((row) => row.question_id);
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
  };
}

async function record(trx: Transaction<Schema>, quiz: StoredQuiz, { position, results, day }: Closed): Promise<void> {
  const topic = quiz.questions[position]!.topic;
  for (const { user, credit, points } of results) {
    await trx
      .updateTable('answers')
      .set({ points })
      .where('quiz_id', '=', quiz.id)
      .where('position', '=', position)
      .where('user_id', '=', user)
      .execute();
    const correct = credit === 1 ? 1 : 0;
    await trx
      .insertInto('score_days')
      .values({ ...quiz.room, day, user_id: user, topic, points, correct, answered: 1 })
      .onConflict((conflict) =>
        conflict.columns(['platform', 'space', 'room', 'day', 'user_id', 'topic']).doUpdateSet((eb) => ({
          points: eb('score_days.points', '+', points),
          correct: eb('score_days.correct', '+', correct),
          answered: eb('score_days.answered', '+', 1),
        })),
      )
      .execute();
  }
}
