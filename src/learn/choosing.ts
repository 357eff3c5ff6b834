import type { Question } from '../quiz/question.ts';
import { distance, type Rated } from './elo.ts';
import { questionsInPlay } from './in-play.ts';
import { itemsApart } from './misconceptions.ts';
import type { ReviewDeps } from './reviews.ts';
import type { Person } from './service.ts';
import { localTime } from './zone.ts';

/** Where learning is best: hard enough to think, easy enough to succeed. */
const TARGET = 0.75;
const DAY = 86_400_000;

/** Which questions suit a person now; none of those whose answers a running quiz still hides. */
export interface Choosing {
  /** The question, where it can be asked: it is one of the person's space, and its experiment is there. */
  askable(person: Person, id: string): Question | undefined;
  inPlay(person: Person): Promise<Set<string>>;
  /** What falls due today may be answered at any hour of it. */
  dueToday(person: Person): Promise<{ question: Question; due: number }[]>;
  /** Questions that are new to the person. */
  fresh(person: Person, topic?: string): Promise<Question[]>;
  /** Those at which learning is best first. */
  nearTarget(person: Person, pool: readonly Question[]): Promise<Question[]>;
  /** Questions that tell a misconception, which the person has shown, from what is right. */
  apart(person: Person, topic?: string): Promise<Question[]>;
  /** Questions of a topic (or of all) that the person has met, the longest ago first. */
  metBefore(person: Person, topic?: string): Promise<Question[]>;
}

export function createChoosing(deps: ReviewDeps): Choosing {
  const { clock } = deps;
  const { db } = deps.store;
  const questions = (person: Person) => deps.ownNotes.of(person).content().questions;

  const inPlay = (person: Person) => questionsInPlay(db, person);

  const askable = (person: Person, id: string): Question | undefined => {
    const question = questions(person).get(id);
    return question && (question.kind !== 'chart' || deps.demos.get(question.demo)) ? question : undefined;
  };

  return {
    askable,
    inPlay,

    async dueToday(person) {
      const zone = await deps.zoneOf(person);
      const today = localTime(clock.now(), zone).day;
      const hidden = await inPlay(person);
      const rows = await db
        .selectFrom('cards')
        .select(['question_id', 'due'])
        .where((eb) => eb.and({ ...person }))
        .where('due', '<', clock.now() + DAY)
        .orderBy('due')
        .orderBy('question_id')
        .execute();
      return rows.flatMap(({ question_id, due }) => {
        const question = askable(person, question_id);
        return question && !hidden.has(question_id) && localTime(due, zone).day <= today ? [{ question, due }] : [];
      });
    },

    async fresh(person, topic) {
      const met = await db
        .selectFrom('cards')
        .select('question_id')
        .where((eb) => eb.and({ ...person }))
        .execute();
      const known = new Set([...met.map(({ question_id }) => question_id), ...(await inPlay(person))]);
      return [...questions(person).values()].filter(
        ({ id, topic: owner }) => !known.has(id) && (topic === undefined || owner === topic) && askable(person, id),
      );
    },

    async nearTarget(person, pool) {
      if (pool.length === 0) return [];
      const ability = await db
        .selectFrom('abilities')
        .select('ability')
        .where((eb) => eb.and({ ...person }))
        .executeTakeFirst();
      const items = await db
        .selectFrom('item_ratings')
        .select(['question_id', 'difficulty as rating', 'n'])
        .where(
          'question_id',
          'in',
          pool.map(({ id }) => id),
        )
        .execute();
      const rated = new Map<string, Rated>(items.map(({ question_id, rating, n }) => [question_id, { rating, n }]));
      const far = (question: Question) => distance(ability?.ability ?? 0, rated.get(question.id), question, TARGET);
      return [...pool].sort((a, b) => far(a) - far(b) || a.difficulty - b.difficulty);
    },

    async apart(person, topic) {
      const found = await itemsApart(db, person, questions(person), clock.now());
      if (found.length === 0) return [];
      const hidden = await inPlay(person);
      return found.filter(({ id, topic: owner }) => !hidden.has(id) && (topic === undefined || owner === topic) && askable(person, id));
    },

    async metBefore(person, topic) {
      const rows = await db
        .selectFrom('review_log')
        .select(({ fn }) => ['question_id', fn.max('at').as('at')])
        .where((eb) => eb.and({ ...person }))
        .groupBy('question_id')
        .orderBy('at')
        .execute();
      const hidden = await inPlay(person);
      return rows.flatMap(({ question_id }) => {
        const question = hidden.has(question_id) ? undefined : askable(person, question_id);
        return question && (topic === undefined || question.topic === topic) ? [question] : [];
      });
    },
  };
}
