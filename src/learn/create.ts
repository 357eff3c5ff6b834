import { sql } from 'kysely';
import { inOwnOrder } from '../quiz/grade.ts';
import type { Question } from '../quiz/question.ts';
import type { Services } from '../services.ts';
import { classOf } from './class.ts';
import { distance, type Rated } from './elo.ts';
import { learnersOf } from './learners.ts';
import { personOf } from './person.ts';
import { createPersonalData } from './personal-data.ts';
import { createPersonalQuizzes } from './personal-quiz.ts';
import { progressOf } from './progress.ts';
import { recordAnswers } from './record.ts';
import { createReminders } from './reminders.ts';
import { createReviews } from './reviews.ts';
import type { Learning } from './service.ts';

export type LearnDeps = Pick<
  Services,
  'clock' | 'config' | 'log' | 'i18n' | 'outbox' | 'settings' | 'ownNotes' | 'demos' | 'store' | 'freshSeed' | 'changes'
>;

/** A quiz is for learning: three in four should be right, guesses included. */
const GROUP_TARGET = 0.75;

/** Builds the learning side of Services over the store. */
export function createLearning(deps: LearnDeps): Learning {
  const { clock, ownNotes, store } = deps;
  const { db } = store;
  const zoneOf = async (person: Parameters<Learning['progress']>[0]) => (await reminders.get(person)).zone;
  const reviews = createReviews({ ...deps, zoneOf });
  const reminders = createReminders(deps, reviews);
  return {
    async personOf(asker, there) {
      const person = await personOf(db, asker, there);
      await ownNotes.ready(person);
      return person;
    },
    reviews,
    personalQuizzes: createPersonalQuizzes(db, () => clock.now(), reviews),
    reminders,
    progress: async (person) =>
      progressOf({ db, content: ownNotes.of(person).content(), now: clock.now(), zone: await zoneOf(person) }, person),
    classOf: ({ platform, space }) => classOf(db, { platform, space }, ownNotes.of({ platform, space }).content(), clock.now()),
    async record(trx, quiz, { position, results, at }) {
      const { questionId, instance } = quiz.questions[position]!;
      // What was voted alone, where people talked about it afterwards: that is what they knew.
      const known = results.map(({ alone, ...one }) => ({ ...one, ...alone }));
      const values = new Map(known.map(({ user, value }) => [user, JSON.stringify(inOwnOrder(instance, value))]));
      const hinted = new Set(known.flatMap((one) => (one.hinted ? one.user : [])));
      const learners = await learnersOf(trx, quiz.room, known);
      for (const { platform, space, answers } of learners) {
        await recordAnswers(trx, {
          platform,
          space,
          source: `quiz/${quiz.id}/${position}`,
          questionId,
          question: ownNotes.of(quiz.room).content().questions.get(questionId),
          at,
          answers: answers.map(({ account, user, credit }) => ({
            user,
            credit,
            hinted: hinted.has(account),
            given: values.get(account) ?? null,
          })),
        });
      }
    },
    async ranking({ platform, space, room }) {
      const players = db
        .selectFrom('score_sums')
        .select('user_id')
        .where((eb) => eb.and({ platform, space, room, topic: '', period: 'all' }));
      const group = await db
        .selectFrom('abilities')
        .select(sql<number | null>`avg(ability)`.as('ability'))
        .where((eb) => eb.and({ platform, space }))
        .where('user_id', 'in', players)
        .executeTakeFirst();
      const items = await db.selectFrom('item_ratings').select(['question_id', 'difficulty as rating', 'n']).execute();
      const rated = new Map<string, Rated>(items.map(({ question_id, rating, n }) => [question_id, { rating, n }]));
      return (one: Question) => distance(group?.ability ?? 0, rated.get(one.id), one, GROUP_TARGET);
    },
    ...createPersonalData(deps),
  };
}
