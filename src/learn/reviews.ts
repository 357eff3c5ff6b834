import { randomBytes } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import { createRng } from '../demos/random.ts';
import { grade, type Instance, inOwnOrder, instanceFits, type Value } from '../quiz/grade.ts';
import { runChartQuestion } from '../quiz/prepare.ts';
import type { Question } from '../quiz/question.ts';
import { instantiate } from '../quiz/select.ts';
import type { Services } from '../services.ts';
import type { ReviewTurnRow } from '../store/learn-rows.ts';
import { scopeOf, transact } from '../store/transact.ts';
import { createChoosing } from './choosing.ts';
import { inSpace } from './person.ts';
import { recordAnswers } from './record.ts';
import type { Person, ReviewStatus, Reviews, Turn } from './service.ts';

export type ReviewDeps = Pick<Services, 'clock' | 'log' | 'ownNotes' | 'demos' | 'store' | 'freshSeed'> & {
  zoneOf(person: Person): Promise<string>;
};

const DAY = 86_400_000;
/** Answered turns are kept this long, so that a late second press still finds its feedback. */
const KEPT = 30 * DAY;

/** One person's reviews, one question at a time; the open one is a row, so that any process can go on with it. */
export function createReviews(deps: ReviewDeps): Reviews {
  const { clock, store } = deps;
  const { db } = store;
  const { askable, inPlay, dueToday, fresh, nearTarget, apart, metBefore } = createChoosing(deps);

  const toTurn = (row: ReviewTurnRow): Turn | undefined => {
    const person = { platform: row.platform, space: row.space, user_id: row.user_id };
    const question = askable(person, row.question_id);
    const instance = JSON.parse(row.instance) as Instance;
    if (!question || !instanceFits(question, instance)) return undefined;
    return {
      id: row.id,
      person,
      question,
      instance,
      value: row.picked === null ? undefined : (JSON.parse(row.picked) as Value),
      helps: row.hinted,
      quiz: row.quiz,
      answeredAt: row.answered_at,
      openedAt: row.opened_at,
    };
  };

  /** The turn that waits for an answer. */
  const waitingOf = async (person: Person): Promise<Turn | undefined> => {
    const row = await db
      .selectFrom('review_turns')
      .selectAll()
      .where((eb) => eb.and({ ...person }))
      .where('answered_at', 'is', null)
      .executeTakeFirst();
    if (!row) return undefined;
    const turn = toTurn(row);
    // The question was taken out of the notes: nobody can answer it any more.
    if (!turn) await db.deleteFrom('review_turns').where('id', '=', row.id).execute();
    return turn;
  };

  /** An order of its own, and for a chart question a run of its own; undefined when the run decides nothing. */
  const instanceOf = async (question: Question): Promise<Instance | undefined> => {
    const instance = instantiate(question, createRng(deps.freshSeed()));
    if (question.kind !== 'chart') return instance;
    const run = await runChartQuestion(deps.demos, question, deps.freshSeed(), 'review');
    return run && { ...instance, run };
  };

  const start = async (person: Person, question: Question, quiz: string | null): Promise<Turn | undefined> => {
    const now = clock.now();
    const instance = await instanceOf(question);
    if (!instance) return undefined;
    await db
      .deleteFrom('review_turns')
      .where((eb) => eb.and({ ...person }))
      .where('answered_at', '<', now - KEPT)
      .execute();
    const row = {
      question_id: question.id,
      instance: JSON.stringify(instance),
      picked: null,
      delivery: null,
      hinted: 0,
      opened_at: now,
      answered_at: null,
      quiz,
    };
    await db
      .insertInto('review_turns')
      .values({ id: randomBytes(9).toString('base64url'), ...person, ...row })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    // Another device may have been first: then that one's question is the open one.
    return waitingOf(person);
  };

  const refuseInPlay = async (turn: Turn): Promise<void> => {
    if (turn.answeredAt === null && (await inPlay(turn.person)).has(turn.question.id)) throw new UserError('review-in-play');
  };

  /** The open question gives way to what is asked for now; it comes back, since it is still due. */
  const startFirst = async (
    person: Person,
    candidates: readonly Question[],
    waiting: Turn | undefined,
    quiz: string | null,
  ): Promise<Turn | undefined> => {
    if (candidates.length === 0) return undefined;
    if (waiting) await db.deleteFrom('review_turns').where('id', '=', waiting.id).where('answered_at', 'is', null).execute();
    for (const question of candidates) {
      const turn = await start(person, question, quiz);
      if (turn) return turn;
      deps.log.warn({ question: question.id }, 'the run of this chart question decides nothing; another is asked');
    }
    return undefined;
  };

  const reviews: Reviews = {
    async open(person) {
      const turn = await waitingOf(person);
      if (turn) await refuseInPlay(turn);
      return turn;
    },
    async next(person, topic) {
      const waiting = await waitingOf(person);
      const usable = waiting && waiting.quiz === null && !(await inPlay(person)).has(waiting.question.id);
      if (usable && (topic === undefined || waiting.question.topic === topic)) return waiting;
      const due = (await dueToday(person)).map(({ question }) => question).filter((one) => topic === undefined || one.topic === topic);
      const candidates = [
        ...(await apart(person, topic)),
        ...due,
        ...(topic === undefined ? [] : await nearTarget(person, await fresh(person, topic))),
      ];
      return startFirst(person, candidates, waiting, null);
    },

    async ask(person, { quiz, topic, without }) {
      const waiting = await waitingOf(person);
      if (waiting && waiting.quiz === quiz && !(await inPlay(person)).has(waiting.question.id)) return waiting;
      const due = (await dueToday(person)).map(({ question }) => question).filter((one) => topic === undefined || one.topic === topic);
      const candidates = [
        ...(await apart(person, topic)),
        ...due,
        ...(await nearTarget(person, await fresh(person, topic))),
        ...(await metBefore(person, topic)),
      ];
      const wanted = [...new Set(candidates)].filter(({ id }) => !without.has(id));
      return startFirst(person, wanted, waiting, quiz);
    },

    async find(person, turnId) {
      const row = await db.selectFrom('review_turns').selectAll().where('id', '=', turnId).executeTakeFirst();
      const own =
        row && row.platform === person.platform && row.user_id === person.user_id && inSpace(person, row.space).space === row.space;
      const turn = own ? toTurn(row) : undefined;
      if (!turn) throw new UserError('stale-button');
      await refuseInPlay(turn);
      return turn;
    },

    async pick({ id }, change, delivery) {
      return transact(db, scopeOf('turn', id), async (trx) => {
        const row = await trx.selectFrom('review_turns').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
        const before = row.picked === null ? [] : (JSON.parse(row.picked) as { picked: number[] }).picked;
        if (row.answered_at !== null || row.delivery === delivery) return { picked: before };
        const value = { picked: change(before) };
        await trx
          .updateTable('review_turns')
          .set({ picked: JSON.stringify(value), delivery })
          .where('id', '=', id)
          .execute();
        return value;
      });
    },

    async help({ id }, number) {
      const row = db.updateTable('review_turns').set({ hinted: number }).where('id', '=', id);
      await row.where('answered_at', 'is', null).where('hinted', '<', number).execute();
    },

    async answer(turn, value) {
      const { person, question, instance } = turn;
      const at = clock.now();
      await transact(db, scopeOf('turn', turn.id), async (trx) => {
        const row = await trx
          .updateTable('review_turns')
          .set({ picked: JSON.stringify(value), answered_at: at })
          .where('id', '=', turn.id)
          .where('answered_at', 'is', null)
          .returning('hinted')
          .executeTakeFirst();
        if (!row) return;
        const given = JSON.stringify(inOwnOrder(instance, value));
        await recordAnswers(trx, {
          platform: person.platform,
          space: person.space,
          source: `review/${turn.id}`,
          questionId: question.id,
          question,
          at,
          answers: [{ user: person.user_id, credit: grade(question, instance, value), hinted: row.hinted > 0, given }],
        });
      });
      const answered = await reviews.find(person, turn.id);
      const card = await db
        .selectFrom('cards')
        .select('due')
        .where((eb) => eb.and({ ...person, question_id: question.id }))
        .executeTakeFirstOrThrow();
      const final = answered.value ?? value;
      return { turn: answered, value: final, credit: grade(question, instance, final), due: card.due };
    },

    async status(person): Promise<ReviewStatus> {
      const due = await dueToday(person);
      const ids = new Set(due.map(({ question }) => question.id));
      const later = await db
        .selectFrom('cards')
        .select(['question_id', 'due'])
        .where((eb) => eb.and({ ...person }))
        .orderBy('due')
        .execute();
      const next = later.find(({ question_id }) => !ids.has(question_id) && askable(person, question_id));
      const counts = new Map<string, number>();
      for (const { topic } of await fresh(person)) counts.set(topic, (counts.get(topic) ?? 0) + 1);
      const { length: untold } = await apart(person);
      return { due: due.length, apart: untold, nextAt: next?.due ?? null, fresh: [...counts].map(([topic, count]) => ({ topic, count })) };
    },
  };
  return reviews;
}
