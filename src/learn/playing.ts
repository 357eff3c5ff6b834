import type { QuizSettings } from '../quiz/state.ts';
import type { Db } from '../store/database.ts';
import { holds } from './anonymise.ts';
import { isSameEverywhere } from './person.ts';
import type { Person } from './service.ts';

type Reader = Pick<Db, 'selectFrom'>;

/** Quizzes that the account can be in. */
export function quizzesOf(db: Reader, { platform, space }: Person) {
  return db
    .selectFrom('quizzes')
    .select('id')
    .where('platform', '=', platform)
    .$if(!isSameEverywhere(platform), (query) => query.where('space', '=', space));
}

/** Events that may name the account; JSON is looked into afterwards, since LIKE is no exact match. */
export function eventsOf(db: Reader, account: Person) {
  return db
    .selectFrom('quiz_events')
    .innerJoin('quizzes', 'quizzes.id', 'quiz_events.quiz_id')
    .select(['quiz_id', 'seq', 'event', 'finished_at'])
    .where('quiz_id', 'in', quizzesOf(db, account))
    .where('event', 'like', `%${JSON.stringify(account.user_id)}%`)
    .execute();
}

/** Settings of quizzes that may name the account. */
export function settingsOf(db: Reader, account: Person) {
  return db
    .selectFrom('quizzes')
    .select(['id', 'settings', 'finished_at'])
    .where('id', 'in', quizzesOf(db, account))
    .where('settings', 'like', `%${JSON.stringify(account.user_id)}%`)
    .execute();
}

/**
 * Whether a quiz that runs has the account among its players, or was started by it: it keeps them in memory, and
 * would write them back.
 */
export async function partIn(db: Reader, account: Person, { overDays = false } = {}): Promise<'starter' | 'player' | undefined> {
  const { user_id } = account;
  const running = await db
    .selectFrom('quizzes')
    .select(['id', 'settings'])
    .where('id', 'in', quizzesOf(db, account))
    .where('finished_at', 'is', null)
    // Nobody waits for days to be forgotten: such a quiz is read anew without them.
    .$if(!overDays, (query) => query.where('lane', '=', ''))
    .execute();
  const ids = new Set(running.map(({ id }) => id));
  if (running.some(({ settings }) => (JSON.parse(settings) as QuizSettings).host === user_id)) return 'starter';
  const said = (await eventsOf(db, account)).filter(({ quiz_id }) => ids.has(quiz_id));
  return said.some(({ event }) => holds(JSON.parse(event), user_id)) ? 'player' : undefined;
}
