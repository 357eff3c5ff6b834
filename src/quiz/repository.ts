import { sql } from 'kysely';
import { channelOf } from '../cluster/channel.ts';
import type { MessageRef, RoomRef } from '../core/request.ts';
import type { Db } from '../store/database.ts';
import type { QuizRow } from '../store/quiz-rows.ts';
import { isPostgres } from '../store/transact.ts';
import { type Append, append, type OnClosed } from './appending.ts';
import type { Instance } from './grade.ts';
import type { StoredEvent } from './live.ts';
import type { QuizEvent, QuizSettings } from './state.ts';

export interface StoredQuiz {
  id: string;
  room: RoomRef;
  settings: QuizSettings;
  createdAt: number;
  questions: { questionId: string; topic: string; instance: Instance }[];
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
  /**
   * The same for many quizzes in one transaction. Those that another process is at in this moment are left out, and
   * those that are over.
   * @param from the first event that is not known, by quiz
   */
  together<T>(
    from: ReadonlyMap<string, number>,
    work: (events: ReadonlyMap<string, StoredEvent[]>, append: QuizRepository['append']) => Promise<T>,
  ): Promise<T>;
  /** What has happened in quizzes from an event on each; those that are over are left out. */
  since(from: ReadonlyMap<string, number>): Promise<Map<string, StoredEvent[]>>;
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

    together: (from, work) =>
      db.transaction().execute(async (trx) => {
        const free = await trx
          .selectFrom('quizzes')
          .select('id')
          .where('id', 'in', [...from.keys()])
          .where('finished_at', 'is', null)
          .orderBy('id')
          .forUpdate()
          .skipLocked()
          .execute();
        const known = new Map(free.map(({ id }) => [id, from.get(id)!]));
        return work(known.size === 0 ? new Map() : await eventsOf(trx, known), async (appends) => {
          await append(trx, appends, onClosed);
          const told = [...new Set(appends.map(({ quiz }) => quiz.id))].map((id) => sql`(cast(${id} as text))`);
          await sql`select pg_notify(${channelOf('quiz')}, id) from (values ${sql.join(told)}) as told (id)`.execute(trx);
        });
      }),

    since: (from) => eventsOf(db, from),

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

/** On Postgres, in one statement; nothing of quizzes that are over. */
async function eventsOf(db: Db, from: ReadonlyMap<string, number>): Promise<Map<string, StoredEvent[]>> {
  const asked = [...from].map(([id, seq]) => sql`(cast(${id} as text), cast(${seq} as bigint))`);
  const { rows } = await sql<{ id: string; event: string | null; delivery: string | null; seq: number }>`
    select q.id, e.event, e.delivery, e.seq
    from (values ${sql.join(asked)}) as asked (id, seq)
    join quizzes q on q.id = asked.id and q.finished_at is null
    left join quiz_events e on e.quiz_id = asked.id and e.seq >= asked.seq
    order by q.id, e.seq
  `.execute(db);
  const found = new Map<string, StoredEvent[]>();
  for (const { id, event, delivery, seq } of rows) {
    const events = found.get(id) ?? [];
    found.set(id, events);
    if (event !== null) events.push({ event: JSON.parse(event) as QuizEvent, delivery, seq });
  }
  return found;
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
