import { sql, type Transaction } from 'kysely';
import type { AnswerRow } from '../store/quiz-rows.ts';
import type { Schema } from '../store/schema.ts';
import type { PersonRow } from '../store/score-rows.ts';
import { isEmpty } from './grade.ts';
import type { StoredQuiz } from './repository.ts';
import { addScores } from './score-sums.ts';
import type { Graded, QuizEvent } from './state.ts';

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

/** Takes the graded answers of a closed question, inside the transaction that closes it. */
export type OnClosed = (trx: Transaction<Schema>, quiz: StoredQuiz, closed: Closed) => Promise<void>;

/** A statement a table, however many events: the time of a press is mostly the time of its statements. */
export async function append(trx: Transaction<Schema>, appends: readonly Append[], onClosed: OnClosed): Promise<void> {
  const events = appends.map(({ quiz, seq, delivery, event }) => ({ quiz_id: quiz.id, seq, delivery, event: JSON.stringify(event) }));
  await trx.insertInto('quiz_events').values(events).execute();
  await storeAnswers(trx, appends);
  await storePeople(trx, appends);
  const phases = new Map(appends.flatMap(({ quiz, phase }) => (phase === undefined ? [] : [[quiz.id, phase]])));
  for (const phase of new Set(phases.values())) {
    const ids = [...phases].filter(([, one]) => one === phase).map(([id]) => id);
    await trx.updateTable('quizzes').set({ phase }).where('id', 'in', ids).execute();
  }
  const unanswered = appends.flatMap(({ quiz, closed }) =>
    closed.flatMap(({ position, results }) => (results.length > 0 ? [] : [{ quiz, position }])),
  );
  if (unanswered.length > 0) {
    const questions = unanswered.map(({ quiz, position }) => sql`(${quiz.id}, cast(${position} as integer))`);
    await sql`update quiz_questions set credit = 0 where (quiz_id, position) in (values ${sql.join(questions)})`.execute(trx);
  }
  for (const { quiz, closed } of appends) for (const one of closed) if (one.results.length > 0) await record(trx, quiz, one, onClosed);
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
    // In the order of their keys: transactions of two quizzes with the same people must not wait for each other.
    .values([...people].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, person]) => person))
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
  const mean = results.reduce((sum, { credit }) => sum + credit, 0) / results.length;
  await trx
    .updateTable('quiz_questions')
    .set({ credit: mean })
    .where((eb) => eb.and({ quiz_id: quiz.id, position }))
    .execute();
  const graded = sql.join(results.map(({ user, points }) => sql`(${user}, cast(${points} as integer))`));
  await sql`
    with graded (person, points) as (values ${graded})
    update answers set points = (select graded.points from graded where person = user_id)
    where quiz_id = ${quiz.id} and position = ${position}
  `.execute(trx);
  await addScores(trx, quiz.room, { quizId: quiz.id, position, topic: quiz.questions[position]!.topic, at });
  await onClosed(trx, quiz, closed);
}
