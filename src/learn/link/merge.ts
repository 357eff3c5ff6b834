import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../store/schema.ts';
import { repeat } from '../memory.ts';
import { isSame, isSameEverywhere } from '../person.ts';
import type { Person } from '../service.ts';

type Trx = Transaction<Schema>;

/** Tables of what somebody has learnt; each row belongs to one person. */
const LEARNT = ['cards', 'review_log', 'review_turns', 'personal_quizzes', 'learners', 'abilities'] as const;

/**
 * Everything that `from` has learnt becomes `to`'s, in every space where the id is the same person's. What both have
 * answered is replayed in the order of the answers, so that the memory is what it would be had one person given all
 * of them; of two answers to one question of one quiz the earlier counts.
 */
export async function mergeLearning(trx: Trx, from: Person, to: Person): Promise<void> {
  for (const space of await spacesOf(trx, from)) {
    const one = { ...from, space };
    if (isSame(one, to)) continue;
    await mergeLog(trx, one, to);
    await mergeCards(trx, one, to);
    await mergeTurns(trx, one, to);
    await mergeQuizzes(trx, one, to);
    await mergeAbility(trx, one, to);
    await mergeSettings(trx, one, to);
  }
}

async function spacesOf(trx: Trx, { platform, space, user_id }: Person): Promise<string[]> {
  if (!isSameEverywhere(platform)) return [space];
  const found = new Set<string>();
  for (const table of LEARNT) {
    const rows = await trx
      .selectFrom(table)
      .select('space')
      .distinct()
      .where('platform', '=', platform)
      .where('user_id', '=', user_id)
      .execute();
    for (const row of rows) found.add(row.space);
  }
  return [...found];
}

async function mergeLog(trx: Trx, from: Person, to: Person): Promise<void> {
  const of = (person: Person) =>
    trx
      .selectFrom('review_log')
      .select(['source', 'at'])
      .where((eb) => eb.and({ ...person }))
      .execute();
  const theirs = new Map((await of(from)).map(({ source, at }) => [source, at]));
  for (const { source, at } of await of(to)) {
    const other = theirs.get(source);
    if (other === undefined) continue;
    const later = other < at ? to : from;
    await trx
      .deleteFrom('review_log')
      .where((eb) => eb.and({ ...later, source }))
      .execute();
  }
  await trx
    .updateTable('review_log')
    .set(to)
    .where((eb) => eb.and({ ...from }))
    .execute();
  // Of one person's answers to a question only the first tells how hard it is.
  const { platform, space, user_id } = to;
  await sql`
    update review_log set first = case when exists (
      select 1 from review_log as before
      where before.platform = ${platform} and before.space = ${space} and before.user_id = ${user_id}
        and before.question_id = review_log.question_id
        and (before.at < review_log.at or (before.at = review_log.at and before.source < review_log.source))
    ) then 0 else 1 end
    where platform = ${platform} and space = ${space} and user_id = ${user_id}
  `.execute(trx);
}

/** After the log has been merged. */
async function mergeCards(trx: Trx, from: Person, to: Person): Promise<void> {
  const of = (person: Person) =>
    trx
      .selectFrom('cards')
      .select('question_id')
      .where((eb) => eb.and({ ...person }))
      .execute();
  const theirs = new Set((await of(from)).map(({ question_id }) => question_id));
  const both = (await of(to)).map(({ question_id }) => question_id).filter((id) => theirs.has(id));
  for (const question_id of both) {
    await trx
      .deleteFrom('cards')
      .where((eb) => eb.and({ ...from, question_id }))
      .execute();
    const log = await trx
      .selectFrom('review_log')
      .select(['at', 'rating'])
      .where((eb) => eb.and({ ...to, question_id }))
      .orderBy('at')
      .orderBy('source')
      .execute();
    let card: { card: string; due: number } | undefined;
    for (const { at, rating } of log) card = repeat(card?.card, rating, at);
    if (!card) continue;
    await trx
      .updateTable('cards')
      .set({ card: card.card, due: card.due, rating: log.at(-1)!.rating })
      .where((eb) => eb.and({ ...to, question_id }))
      .execute();
  }
  await trx
    .updateTable('cards')
    .set(to)
    .where((eb) => eb.and({ ...from }))
    .execute();
}

/** One question can be open; that of the person who stays is. */
async function mergeTurns(trx: Trx, from: Person, to: Person): Promise<void> {
  const open = await trx
    .selectFrom('review_turns')
    .select('id')
    .where((eb) => eb.and({ ...to }))
    .where('answered_at', 'is', null)
    .executeTakeFirst();
  if (open) {
    await trx
      .deleteFrom('review_turns')
      .where((eb) => eb.and({ ...from }))
      .where('answered_at', 'is', null)
      .execute();
  }
  await trx
    .updateTable('review_turns')
    .set(to)
    .where((eb) => eb.and({ ...from }))
    .execute();
}

/** One personal quiz can be under way; that of the person who stays is. */
async function mergeQuizzes(trx: Trx, from: Person, to: Person): Promise<void> {
  const open = await trx
    .selectFrom('personal_quizzes')
    .select('started_at')
    .where((eb) => eb.and({ ...to }))
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  if (open) {
    await trx
      .updateTable('personal_quizzes')
      .set((eb) => ({ finished_at: eb.ref('started_at') }))
      .where((eb) => eb.and({ ...from }))
      .where('finished_at', 'is', null)
      .execute();
  }
  await trx
    .updateTable('personal_quizzes')
    .set(to)
    .where((eb) => eb.and({ ...from }))
    .execute();
}

/** The mean of both, weighed by the answers behind each. */
async function mergeAbility(trx: Trx, from: Person, to: Person): Promise<void> {
  const of = (person: Person) =>
    trx
      .selectFrom('abilities')
      .select(['ability', 'n'])
      .where((eb) => eb.and({ ...person }))
      .executeTakeFirst();
  const [theirs, own] = [await of(from), await of(to)];
  await trx
    .deleteFrom('abilities')
    .where((eb) => eb.and({ ...from }))
    .execute();
  if (!theirs) return;
  const n = theirs.n + (own?.n ?? 0);
  const ability = n === 0 ? 0 : (theirs.ability * theirs.n + (own?.ability ?? 0) * (own?.n ?? 0)) / n;
  await trx
    .insertInto('abilities')
    .values({ ...to, ability, n })
    .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet({ ability, n }))
    .execute();
}

/** Who stays keeps their time zone and reminder; where they have none, that of the other one goes on. */
async function mergeSettings(trx: Trx, from: Person, to: Person): Promise<void> {
  const of = (person: Person) =>
    trx
      .selectFrom('learners')
      .selectAll()
      .where((eb) => eb.and({ ...person }))
      .executeTakeFirst();
  const [theirs, own] = [await of(from), await of(to)];
  await trx
    .deleteFrom('learners')
    .where((eb) => eb.and({ ...from }))
    .execute();
  if (!theirs) return;
  const { zone, locale, remind_hour, reminded_day, refused_at, via } = theirs;
  const reminder = { remind_hour, reminded_day, refused_at, via: via ?? JSON.stringify(from) };
  const row = {
    ...to,
    zone: own?.zone ?? zone,
    locale: own?.locale ?? locale,
    ...(own && own.remind_hour !== null
      ? { remind_hour: own.remind_hour, reminded_day: own.reminded_day, refused_at: own.refused_at, via: own.via }
      : reminder),
  };
  await trx
    .insertInto('learners')
    .values(row)
    .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet(row))
    .execute();
}
