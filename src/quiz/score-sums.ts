import { sql, type Transaction } from 'kysely';
import type { RoomRef } from '../core/request.ts';
import type { Schema } from '../store/schema.ts';

const DAY = 86_400_000;
/** Nobody can look at a day or week that is over; the margin is for clocks that are set. */
const KEPT = 40 * DAY;

/** The periods that boards are kept for; weeks begin on Monday, days at midnight UTC. */
export function periodKeys(at: number, season: number): { today: string; week: string; month: string; all: string; season: string } {
  const { today, week } = passingKeys(at);
  return { today, week, month: day(at).slice(0, 7), all: 'all', season: seasonKey(season) };
}

function passingKeys(at: number): { today: string; week: string } {
  return { today: `d${day(at)}`, week: `w${day(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY)}` };
}

export function seasonKey(number: number): string {
  return `season-${number}`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The season that is running: the one after the last that was closed. */
export async function runningSeason(db: Pick<Transaction<Schema>, 'selectFrom'>, platform: string, space: string): Promise<number> {
  const row = await db
    .selectFrom('seasons')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('platform', '=', platform)
    .where('space', '=', space)
    .executeTakeFirst();
  return Number(row?.last ?? 0) + 1;
}

/** Adds the points of a closed question's answers to every board they count for, and forgets days and weeks long past. */
export async function addScores(
  trx: Transaction<Schema>,
  { platform, space, room }: RoomRef,
  { quizId, position, topic, at }: { quizId: string; position: number; topic: string; at: number },
): Promise<void> {
  const periods = Object.values(periodKeys(at, await runningSeason(trx, platform, space)));
  const boards = [room, ''].flatMap((where) =>
    [topic, ''].flatMap((about) => periods.map((period) => sql`(${where}, ${about}, ${period})`)),
  );
  await sql`
    with boards (room, topic, period) as (values ${sql.join(boards)})
    insert into score_sums (platform, space, room, topic, period, user_id, points, correct, answered)
    select ${platform}, ${space}, boards.room, boards.topic, boards.period, answers.user_id,
           answers.points, case when answers.credit = 1 then 1 else 0 end, 1
    from answers cross join boards
    where answers.quiz_id = ${quizId} and answers.position = ${position} and answers.points is not null
    order by 3, 4, 5, 6
    on conflict (platform, space, room, topic, period, user_id) do update set
      points = score_sums.points + excluded.points,
      correct = score_sums.correct + excluded.correct,
      answered = score_sums.answered + excluded.answered
  `.execute(trx);
  const old = passingKeys(at - KEPT);
  for (const [first, last] of [
    ['d', old.today],
    ['w', old.week],
  ] as const) {
    await trx
      .deleteFrom('score_sums')
      .where((eb) => eb.and({ platform, space }))
      .where('room', 'in', [room, ''])
      .where('topic', 'in', [topic, ''])
      .where('period', '>=', first)
      .where('period', '<', last)
      .execute();
  }
}
