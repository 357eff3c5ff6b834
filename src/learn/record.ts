import type { Transaction } from 'kysely';
import type { Question } from '../quiz/question.ts';
import type { Schema } from '../store/schema.ts';
import { oneAtATime, scopeOf } from '../store/transact.ts';
import { guessing, type Rated, startingDifficulty, update } from './elo.ts';
import { gradeOf, repeat } from './memory.ts';

/** One person's graded answer. */
export interface GradedAnswer {
  user: string;
  /** 0–1. */
  credit: number;
  hinted: boolean;
  /** JSON of Value in the question's own order. */
  given: string | null;
}

/** Answers to one question, given in one place. */
export interface GradedQuestion {
  platform: string;
  space: string;
  /** See ReviewLogRow. */
  source: string;
  questionId: string;
  /** Undefined when the content no longer holds it. */
  question: Question | undefined;
  at: number;
  answers: readonly GradedAnswer[];
}

/** People in one statement: SQLite takes 32,766 values, Postgres 65,535. */
const AT_ONCE = 500;

/**
 * Cards, log and ratings of everyone who answered, in a handful of statements whatever the number of people,
 * since it stands inside the transaction that closes a question.
 */
export async function recordAnswers(trx: Transaction<Schema>, graded: GradedQuestion): Promise<void> {
  // Cards and ratings follow from those before: of a space and of a question one after the other, in this order.
  await oneAtATime(trx, scopeOf('learning', graded.platform, graded.space));
  await oneAtATime(trx, scopeOf('learning', graded.questionId));
  for (let from = 0; from < graded.answers.length; from += AT_ONCE) {
    await recordSome(trx, { ...graded, answers: graded.answers.slice(from, from + AT_ONCE) });
  }
}

async function recordSome(trx: Transaction<Schema>, graded: GradedQuestion): Promise<void> {
  const { platform, space, questionId, at } = graded;
  const users = graded.answers.map(({ user }) => user);
  const known = await trx
    .selectFrom('cards')
    .select(['user_id', 'card'])
    .where((eb) => eb.and({ platform, space, question_id: questionId }))
    .where('user_id', 'in', users)
    .execute();
  const cards = new Map(known.map(({ user_id, card }) => [user_id, card]));
  const person = (user: string) => ({ platform, space, user_id: user, question_id: questionId });
  const repetitions = graded.answers.map((answer) => {
    const rating = gradeOf(answer.credit, answer.hinted);
    return { answer, rating, ...repeat(cards.get(answer.user), rating, at) };
  });
  await trx
    .insertInto('cards')
    .values(repetitions.map(({ answer, rating, card, due }) => ({ ...person(answer.user), due, rating, card })))
    .onConflict((conflict) =>
      conflict.columns(['platform', 'space', 'user_id', 'question_id']).doUpdateSet((eb) => ({
        due: eb.ref('excluded.due'),
        rating: eb.ref('excluded.rating'),
        card: eb.ref('excluded.card'),
      })),
    )
    .execute();
  await trx
    .insertInto('review_log')
    .values(
      repetitions.map(({ answer, rating, log }) => ({
        ...person(answer.user),
        source: graded.source,
        at,
        rating,
        credit: answer.credit,
        first: cards.has(answer.user) ? 0 : 1,
        given: answer.given,
        log,
      })),
    )
    .execute();
  await rate(
    trx,
    graded,
    graded.answers.filter(({ user }) => !cards.has(user)),
  );
}

/** Elo on first exposures only: later answers tell of learning, not of difficulty. */
async function rate(trx: Transaction<Schema>, graded: GradedQuestion, first: readonly GradedAnswer[]): Promise<void> {
  if (first.length === 0) return;
  const { platform, space, questionId, question } = graded;
  const people = await trx
    .selectFrom('abilities')
    .select(['user_id', 'ability as rating', 'n'])
    .where((eb) => eb.and({ platform, space }))
    .where(
      'user_id',
      'in',
      first.map(({ user }) => user),
    )
    .execute();
  const abilities = new Map<string, Rated>(people.map(({ user_id, rating, n }) => [user_id, { rating, n }]));
  const stored = await trx
    .selectFrom('item_ratings')
    .select(['difficulty as rating', 'n'])
    .where('question_id', '=', questionId)
    .executeTakeFirst();
  let item: Rated = stored ?? startingDifficulty(question);
  const rows = first.map(({ user, credit }) => {
    const after = update(abilities.get(user) ?? { rating: 0, n: 0 }, item, credit, guessing(question));
    item = after.item;
    return { platform, space, user_id: user, ability: after.person.rating, n: after.person.n };
  });
  await trx
    .insertInto('abilities')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['platform', 'space', 'user_id'])
        .doUpdateSet((eb) => ({ ability: eb.ref('excluded.ability'), n: eb.ref('excluded.n') })),
    )
    .execute();
  await trx
    .insertInto('item_ratings')
    .values({ question_id: questionId, difficulty: item.rating, n: item.n })
    .onConflict((conflict) => conflict.column('question_id').doUpdateSet({ difficulty: item.rating, n: item.n }))
    .execute();
}
