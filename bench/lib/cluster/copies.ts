import { randomUUID } from 'node:crypto';
import { createPeople } from '../../../test/helpers/cluster.ts';
import { type Fleet, waitFor } from './fleet.ts';

type Row = Record<string, unknown>;

/** A quiz of the playground that was opened through the program, and what it is made of. */
export interface Template {
  quiz: Row;
  questions: Row[];
  events: { quiz_id: string; seq: number; delivery: string | null; event: string }[];
}

/** Opens a quiz in a room through the program, up to its first question, and ends it there for everybody else. */
export async function openTemplate({ watched, ships }: Fleet, topic: string): Promise<Template> {
  const { say } = createPeople();
  await say(ships[0]!, 'host', `/quiz start topic:${topic} questions:5 lobby:0 seconds:600`, randomUUID());
  const isOpen = async () => (await watched.rows(`select 1 from quiz_events where event like '{"type":"posted"%'`)).length > 0;
  await waitFor('the first question', isOpen);
  const [quiz] = await watched.rows<Row>('select * from quizzes');
  const questions = await watched.rows<Row>('select * from quiz_questions order by position');
  const events = await watched.rows<Template['events'][number]>('select * from quiz_events order by seq');
  await watched.rows('update quizzes set finished_at = created_at');
  return { quiz: quiz!, questions, events };
}

/**
 * Puts quizzes like that into the database, as if other processes had left them in mid-question: each in a room of its
 * own, its first question closing at a moment of its own.
 * @param closes when the question of the i-th closes, milliseconds since the epoch
 * @returns their ids; the room of the i-th is `name-i`
 */
export async function copyQuizzes(
  { watched }: Fleet,
  { quiz, questions, events }: Template,
  name: string,
  count: number,
  seconds: number,
  closes: (i: number) => number,
): Promise<string[]> {
  const posted = JSON.parse(events.findLast(({ event }) => event.startsWith('{"type":"posted"'))!.event) as { at: number };
  const ids: string[] = [];
  const insert = (table: string, rows: readonly Row[]) =>
    watched.rows(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [JSON.stringify(rows)]);
  for (let from = 0; from < count; from += 1000) {
    const some = Array.from({ length: Math.min(1000, count - from) }, (_, i) => ({ id: randomUUID(), i: from + i }));
    ids.push(...some.map(({ id }) => id));
    const settings = JSON.stringify({ ...(JSON.parse(quiz.settings as string) as Row), seconds });
    await watched.rows('begin');
    const shift = (i: number) => Math.round(closes(i) - seconds * 1000 - posted.at);
    await insert(
      'quizzes',
      some.map(({ id, i }) => ({
        ...quiz,
        ...{ id, room: `${name}-${i}`, request: id, settings, worker: null, finished_at: null },
        created_at: Number(quiz.created_at) + shift(i),
      })),
    );
    await insert(
      'quiz_questions',
      some.flatMap(({ id }) => questions.map((question) => ({ ...question, quiz_id: id }))),
    );
    await insert(
      'quiz_events',
      some.flatMap(({ id, i }) =>
        events.map((row) => {
          const event = JSON.parse(row.event) as { at: number };
          return { ...row, quiz_id: id, event: JSON.stringify({ ...event, at: event.at + shift(i) }) };
        }),
      ),
    );
    await watched.rows('commit');
  }
  await watched.rows('analyze');
  return ids;
}

/** How many of these quizzes are shown by a process that is alive. */
export async function shown({ watched }: Fleet, ids: readonly string[]): Promise<number> {
  const [row] = await watched.rows<{ n: number }>(
    `select count(*)::int as n from quizzes join processes on processes.id = worker
     where until > extract(epoch from clock_timestamp()) * 1000 and quizzes.id = any($1)`,
    [ids],
  );
  return row!.n;
}
