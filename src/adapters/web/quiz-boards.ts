import type { Db } from '../../store/database.ts';
import type { WebMessageRow } from '../../store/web-rows.ts';
import { SPACE } from './space.ts';

/** A talk between two votes, its question and its second vote; an answer and its question. */
const TOGETHER = 3;

/**
 * The boards that a room's newest quiz is at, oldest first, wherever they stand among the messages: the open question
 * stays in sight whatever else is said. Quizzes over days have no open question.
 */
export async function boardsOf(db: Db, room: string): Promise<WebMessageRow[]> {
  const quiz = await db
    .selectFrom('quizzes')
    .select('id')
    .where((eb) => eb.and({ platform: 'web', space: SPACE, room, lane: '' }))
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!quiz) return [];
  const [from, below] = rangeOf(quiz.id);
  const rows = await db
    .selectFrom('web_messages')
    .selectAll()
    .where('id', '>=', from)
    .where('id', '<', below)
    .where('audience', 'is', null)
    .orderBy('seq', 'desc')
    .limit(TOGETHER)
    .execute();
  return rows.reverse();
}

/** The ids of the messages of a room's quizzes that are not over, as ranges: from the first up to, not including, the second. */
export async function goingOn(db: Db, room: string): Promise<[string, string][]> {
  const rows = await db
    .selectFrom('quizzes')
    .select('id')
    .where((eb) => eb.and({ platform: 'web', space: SPACE, room }))
    .where('finished_at', 'is', null)
    .execute();
  return rows.map(({ id }) => rangeOf(id));
}

/** A quiz's messages are `<quiz>:<board>`; the next character after a colon is a semicolon. */
const rangeOf = (quiz: string): [string, string] => [`${quiz}:`, `${quiz};`];
