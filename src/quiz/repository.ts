import { sql, type Transaction } from 'kysely';
import { channelOf } from '../cluster/channel.ts';
import type { MessageRef, RoomRef } from '../core/request.ts';
import type { Db } from '../store/database.ts';
import type { AnswerRow, QuizRow } from '../store/quiz-rows.ts';
import type { Schema } from '../store/schema.ts';
import type { PersonRow } from '../store/score-rows.ts';
import { isPostgres } from '../store/transact.ts';
import { type Instance, isEmpty } from './grade.ts';
import type { StoredEvent } from './live.ts';
import { addScores } from './score-sums.ts';
import type { Graded, QuizEvent, QuizSettings } from './state.ts';

export interface StoredQuiz {
  id: string;
  room: RoomRef;
  settings: QuizSettings;
  createdAt: number;
  questions: { questionId: string; topic: string; instance: Instance }[];
}

/** A question that an event closes: every answer to it is graded now, once. */
export interface Closed {
  position: number;
  results: readonly Graded[];
  at: number;
}

/** An event with what it changes. */
export interface Append {
  quiz: StoredQuiz;
  seq: number;
  event: QuizEvent;
  delivery: string | null;
  /** The new phase, where it is another one. */
  phase?: string;
  /** The person is new to this quiz. */
  newcomer: boolean;
  /** A quiz over days closes all its questions at once. */
  closed: readonly Closed[];
}

/** Writes quizzes; everything that an effect depends on is one transaction. For what was, see history.ts. */
export interface QuizRepository {
  /** @returns the id of the quiz that this request made, now or before; undefined when the room has a running quiz. */
  create(quiz: StoredQuiz, request: string, worker?: string): Promise<string | undefined>;
  /** Stores events, of one quiz or many, in one transaction: all or none. */
  append(appends: readonly Append[]): Promise<void>;
  /**
   * What has happened in a quiz since an event, while no other process adds to it; what the work appends is stored in
   * the same transaction and told to the other processes.
   * @returns what the work returns; undefined when the quiz is over
   */
  exclusively<T>(
    quizId: string,
    from: number,
    work: (events: StoredEvent[], append: QuizRepository['append']) => Promise<T>,
  ): Promise<T | undefined>;
  /** What has happened in a quiz from this event on; undefined when it is over. */
  since(quizId: string, from: number): Promise<StoredEvent[] | undefined>;
  setInstance(quizId: string, position: number, instance: Instance): Promise<void>;
  message(quizId: string, key: string): Promise<MessageRef | undefined>;
  setMessage(quizId: string, key: string, message: MessageRef): Promise<void>;
  /** Messages of the quizzes that run in a room. */
  messages(room: RoomRef): Promise<MessageRef[]>;
  finish(quizId: string, at: number): Promise<void>;
  /** Ids of quizzes that are not over, of one room or of all. */
  running(room?: RoomRef): Promise<string[]>;
  /** A quiz that is not over, with what has happened in it. */
  open(quizId: string): Promise<{ quiz: StoredQuiz; events: StoredEvent[] } | undefined>;
}

/** Takes the graded answers of a closed question, inside the transaction that closes it. */
export type OnClosed = (trx: Transaction<Schema>, quiz: StoredQuiz, closed: Closed) => Promise<void>;

export function createQuizRepository(db: Db, onClosed: OnClosed): QuizRepository {
  return {
    create: (quiz, request, worker) =>
      db.transaction().execute(async (trx) => {
        const { numInsertedOrUpdatedRows: inserted } = await trx
          .insertInto('quizzes')
          .values({
            id: quiz.id,
            ...quiz.room,
            request,
            settings: JSON.stringify(quiz.settings),
            phase: 'lobby',
            lane: quiz.settings.pace ?? '',
            created_at: quiz.createdAt,
            finished_at: null,
            worker: worker ?? null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        if (inserted !== 1n) {
          const { platform, space } = quiz.room;
          const before = trx
            .selectFrom('quizzes')
            .select('id')
            .where((eb) => eb.and({ platform, space, request }));
          return (await before.executeTakeFirst())?.id;
        }
        const rows = quiz.questions.map((question, position) => ({
          quiz_id: quiz.id,
          position,
          question_id: question.questionId,
          topic: question.topic,
          instance: JSON.stringify(question.instance),
          credit: null,
        }));
        await trx.insertInto('quiz_questions').values(rows).execute();
        return quiz.id;
      }),

    append: (appends) => db.transaction().execute((trx) => append(trx, appends, onClosed)),

    exclusively: (quizId, from, work) =>
      db.transaction().execute(async (trx) => {
        const row = await trx.selectFrom('quizzes').select('finished_at').where('id', '=', quizId).forUpdate().executeTakeFirst();
        if (!row || row.finished_at !== null) return undefined;
        return work(await eventsFrom(trx, quizId, from), async (appends) => {
          await append(trx, appends, onClosed);
          await sql`select pg_notify(${channelOf('quiz')}, ${quizId})`.execute(trx);
        });
      }),

    async since(quizId, from) {
      const row = await db.selectFrom('quizzes').select('finished_at').where('id', '=', quizId).executeTakeFirst();
      return !row || row.finished_at !== null ? undefined : eventsFrom(db, quizId, from);
    },

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

    async messages({ platform, space, room }) {
      const rows = await db
        .selectFrom('quiz_posts')
        .innerJoin('quizzes', 'quizzes.id', 'quiz_posts.quiz_id')
        .select('message')
        .where((eb) => eb.and({ platform, space, room }))
        .where('finished_at', 'is', null)
        .execute();
      return rows.map(({ message }) => JSON.parse(message) as MessageRef);
    },

    async finish(quizId, at) {
      await db.updateTable('quizzes').set({ finished_at: at, phase: 'ended' }).where('id', '=', quizId).execute();
      if (isPostgres(db)) await sql`select pg_notify(${channelOf('quiz')}, ${quizId})`.execute(db);
    },

    async running(room) {
      const all = db.selectFrom('quizzes').select('id').where('finished_at', 'is', null);
      const rows = room ? all.where((eb) => eb.and({ platform: room.platform, space: room.space, room: room.room })) : all;
      return (await rows.execute()).map(({ id }) => id);
    },

    async open(quizId) {
      const row = await db.selectFrom('quizzes').selectAll().where('id', '=', quizId).where('finished_at', 'is', null).executeTakeFirst();
      if (!row) return undefined;
      const quiz = await readQuiz(db, row);
      return { quiz, events: await eventsFrom(db, row.id, 0) };
    },
  };
}

async function eventsFrom(db: Pick<Db, 'selectFrom'>, quizId: string, from: number): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('quiz_events')
    .select(['event', 'delivery', 'seq'])
    .where('quiz_id', '=', quizId)
    .where('seq', '>=', from)
    .orderBy('seq')
    .execute();
  return rows.map(({ event, delivery, seq }) => ({ event: JSON.parse(event) as QuizEvent, delivery, seq }));
}

/** A quiz with its questions. */
export async function readQuiz(db: Db, row: QuizRow): Promise<StoredQuiz> {
  const questions = await db.selectFrom('quiz_questions').selectAll().where('quiz_id', '=', row.id).orderBy('position').execute();
  return {
    id: row.id,
    room: { platform: row.platform as RoomRef['platform'], space: row.space, room: row.room },
    settings: JSON.parse(row.settings),
    createdAt: row.created_at,
    questions: questions.map((q) => ({ questionId: q.question_id, topic: q.topic, instance: JSON.parse(q.instance) })),
  };
}

/** A statement a table, however many events: the time of a press is mostly the time of its statements. */
async function append(trx: Transaction<Schema>, appends: readonly Append[], onClosed: OnClosed): Promise<void> {
  const events = appends.map(({ quiz, seq, delivery, event }) => ({ quiz_id: quiz.id, seq, delivery, event: JSON.stringify(event) }));
  await trx.insertInto('quiz_events').values(events).execute();
  await storePeople(trx, appends);
  await storeAnswers(trx, appends);
  for (const { quiz, phase, closed } of appends) {
    if (phase !== undefined) await trx.updateTable('quizzes').set({ phase }).where('id', '=', quiz.id).execute();
    for (const one of closed) await record(trx, quiz, one, onClosed);
  }
}

async function storePeople(trx: Transaction<Schema>, appends: readonly Append[]): Promise<void> {
  const people = new Map<string, PersonRow>();
  for (const { quiz, event, newcomer } of appends) {
    if (!newcomer || !('user' in event)) continue;
    const { platform, space } = quiz.room;
    const { id, name } = event.user;
    people.set(JSON.stringify([platform, space, id]), { platform, space, user_id: id, name, hidden: 0 });
  }
  if (people.size === 0) return;
  await trx
    .insertInto('people')
    .values([...people.values()])
    .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet((eb) => ({ name: eb.ref('excluded.name') })))
    .execute();
}

/** Of several answers of one person to one question the last counts; one that was taken back leaves nothing. */
async function storeAnswers(trx: Transaction<Schema>, appends: readonly Append[]): Promise<void> {
  const answers = new Map<string, AnswerRow | { quiz_id: string; position: number; user_id: string; value: null }>();
  for (const { quiz, event } of appends) {
    if (event.type !== 'answer') continue;
    const { position, credit, at } = event;
    const key = { quiz_id: quiz.id, position, user_id: event.user.id };
    const row = isEmpty(event.value) ? { ...key, value: null } : { ...key, value: JSON.stringify(event.value), credit, points: null, at };
    answers.set(JSON.stringify(key), row);
  }
  const rows = [...answers.values()];
  const given = rows.filter((row) => row.value !== null);
  for (const { quiz_id, position, user_id } of rows.filter((row) => row.value === null)) {
    await trx
      .deleteFrom('answers')
      .where((eb) => eb.and({ quiz_id, position, user_id }))
      .execute();
  }
  if (given.length === 0) return;
  await trx
    .insertInto('answers')
    .values(given)
    .onConflict((conflict) =>
      conflict
        .columns(['quiz_id', 'position', 'user_id'])
        .doUpdateSet((eb) => ({ value: eb.ref('excluded.value'), credit: eb.ref('excluded.credit'), at: eb.ref('excluded.at') })),
    )
    .execute();
}

/**
 * What follows from the answers to a question that has just been closed, in the transaction of the event that closed
 * it: their points, the question's outcome, the leaderboards, and what learning makes of them. The one place that is handed
 * every graded answer.
 */
async function record(trx: Transaction<Schema>, quiz: StoredQuiz, closed: Closed, onClosed: OnClosed): Promise<void> {
  const { position, results, at } = closed;
  const mean = results.length === 0 ? 0 : results.reduce((sum, { credit }) => sum + credit, 0) / results.length;
  await trx
    .updateTable('quiz_questions')
    .set({ credit: mean })
    .where((eb) => eb.and({ quiz_id: quiz.id, position }))
    .execute();
  if (results.length === 0) return;
  const graded = sql.join(results.map(({ user, points }) => sql`(${user}, cast(${points} as integer))`));
  await sql`
    with graded (person, points) as (values ${graded})
    update answers set points = (select graded.points from graded where person = user_id)
    where quiz_id = ${quiz.id} and position = ${position}
  `.execute(trx);
  await addScores(trx, quiz.room, { quizId: quiz.id, position, topic: quiz.questions[position]!.topic, at });
  await onClosed(trx, quiz, closed);
}
