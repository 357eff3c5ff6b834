import { sql, type Transaction } from 'kysely';
import { periodKeys } from '../../quiz/score-sums.ts';
import type { Schema } from '../../store/schema.ts';

type Trx = Transaction<Schema>;

const WEB = { platform: 'web', space: 'local' } as const;

/**
 * Two people of the playground become one: the browsers of `from`, what it said and what was said to it, its points,
 * answers and votes. Where both answered one question of one quiz, who stays keeps theirs, and those points alone.
 */
export async function foldPlayground(trx: Trx, from: string, to: string): Promise<void> {
  if (from === to) return;
  await dropDoubleAnswers(trx, from, to);
  await trx.updateTable('answers').set({ user_id: to }).where('user_id', '=', from).where('quiz_id', 'in', quizzes(trx)).execute();
  await foldScores(trx, from, to);
  await foldVotes(trx, from, to);
  await foldName(trx, from, to);
  await trx.updateTable('web_sessions').set({ person: to }).where('person', '=', from).execute();
  await trx.updateTable('web_messages').set({ author_id: to }).where('author_id', '=', from).where('bot', '=', 0).execute();
  await trx.updateTable('web_messages').set({ audience: to }).where('audience', '=', from).execute();
  await trx
    .updateTable('web_messages')
    .set({ room: `@${to}` })
    .where('room', '=', `@${from}`)
    .execute();
}

function quizzes(trx: Trx) {
  return trx
    .selectFrom('quizzes')
    .select('id')
    .where((eb) => eb.and({ ...WEB }));
}

async function dropDoubleAnswers(trx: Trx, from: string, to: string): Promise<void> {
  const doubles = await trx
    .selectFrom('answers as theirs')
    .innerJoin('answers as own', (join) => join.onRef('own.quiz_id', '=', 'theirs.quiz_id').onRef('own.position', '=', 'theirs.position'))
    .innerJoin('quizzes', 'quizzes.id', 'theirs.quiz_id')
    .innerJoin('quiz_questions', (join) =>
      join.onRef('quiz_questions.quiz_id', '=', 'theirs.quiz_id').onRef('quiz_questions.position', '=', 'theirs.position'),
    )
    .select(['theirs.quiz_id', 'theirs.position', 'theirs.points', 'theirs.credit', 'theirs.at', 'quizzes.room', 'quiz_questions.topic'])
    .where('theirs.user_id', '=', from)
    .where('own.user_id', '=', to)
    .where('quizzes.platform', '=', WEB.platform)
    .where('quizzes.space', '=', WEB.space)
    .execute();
  for (const { quiz_id, position, points, credit, at, room, topic } of doubles) {
    await trx
      .deleteFrom('answers')
      .where((eb) => eb.and({ quiz_id, position, user_id: from }))
      .execute();
    if (points === null) continue;
    const { count } = await trx
      .selectFrom('seasons')
      .select(({ fn }) => fn.countAll().as('count'))
      .where((eb) => eb.and({ ...WEB }))
      .where('closed_at', '<=', at)
      .executeTakeFirstOrThrow();
    const right = credit === 1 ? 1 : 0;
    await trx
      .updateTable('score_sums')
      .set({ points: sql`points - ${points}`, correct: sql`correct - ${right}`, answered: sql`answered - 1` })
      .where((eb) => eb.and({ ...WEB, user_id: from }))
      .where('room', 'in', [room, ''])
      .where('topic', 'in', [topic, ''])
      .where('period', 'in', Object.values(periodKeys(at, Number(count) + 1)))
      .execute();
  }
}

async function foldScores(trx: Trx, from: string, to: string): Promise<void> {
  await sql`
    insert into score_sums (platform, space, room, topic, period, user_id, points, correct, answered)
    select platform, space, room, topic, period, ${to}, points, correct, answered from score_sums
    where platform = ${WEB.platform} and space = ${WEB.space} and user_id = ${from} and answered > 0
    on conflict (platform, space, room, topic, period, user_id) do update set
      points = score_sums.points + excluded.points,
      correct = score_sums.correct + excluded.correct,
      answered = score_sums.answered + excluded.answered
  `.execute(trx);
  await trx
    .deleteFrom('score_sums')
    .where((eb) => eb.and({ ...WEB, user_id: from }))
    .execute();
}

async function foldVotes(trx: Trx, from: string, to: string): Promise<void> {
  const own = trx
    .selectFrom('prediction_votes')
    .select('prediction_id')
    .where((eb) => eb.and({ ...WEB, user_id: to }));
  await trx
    .deleteFrom('prediction_votes')
    .where((eb) => eb.and({ ...WEB, user_id: from }))
    .where('prediction_id', 'in', own)
    .execute();
  for (const table of ['prediction_votes', 'predictions'] as const) {
    await trx
      .updateTable(table)
      .set({ user_id: to })
      .where((eb) => eb.and({ ...WEB, user_id: from }))
      .execute();
  }
}

/** Who did not want to be named stays unnamed; a language of one's own goes before the other's. */
async function foldName(trx: Trx, from: string, to: string): Promise<void> {
  const of = (id: string) =>
    trx
      .selectFrom('people')
      .selectAll()
      .where((eb) => eb.and({ ...WEB, user_id: id }))
      .executeTakeFirst();
  const [theirs, own] = [await of(from), await of(to)];
  if (theirs) {
    await trx
      .deleteFrom('people')
      .where((eb) => eb.and({ ...WEB, user_id: from }))
      .execute();
    const called = await trx.selectFrom('web_people').select('name').where('id', '=', to).executeTakeFirst();
    const hidden = Math.max(theirs.hidden, own?.hidden ?? 0);
    await trx
      .insertInto('people')
      .values({ ...WEB, user_id: to, name: own?.name ?? called?.name ?? theirs.name, hidden })
      .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet({ hidden }))
      .execute();
  }
  const spoken = (id: string) =>
    trx
      .selectFrom('locales')
      .select('locale')
      .where((eb) => eb.and({ ...WEB, kind: 'user', id }));
  if (await spoken(to).executeTakeFirst()) {
    await trx
      .deleteFrom('locales')
      .where((eb) => eb.and({ ...WEB, kind: 'user', id: from }))
      .execute();
  } else {
    await trx
      .updateTable('locales')
      .set({ id: to })
      .where((eb) => eb.and({ ...WEB, kind: 'user', id: from }))
      .execute();
  }
}
