import type { Transaction } from 'kysely';
import type { Locale } from '../core/locale.ts';
import type { RoomRef } from '../core/request.ts';
import type { Closed } from '../quiz/appending.ts';
import type { Instance, Value } from '../quiz/grade.ts';
import type { Question } from '../quiz/question.ts';
import type { StoredQuiz } from '../quiz/repository.ts';
import type { Schema } from '../store/schema.ts';
import type { ClassView } from './class.ts';
import type { Asker } from './person.ts';
import type { Streak } from './streak.ts';

/** One learner; the key in every table. */
export interface Person {
  platform: string;
  space: string;
  user_id: string;
}

/** A question that is shown to one person, in an order of its own. */
export interface Turn {
  id: string;
  person: Person;
  question: Question;
  instance: Instance;
  /** What is picked so far, or the final answer. */
  value: Value | undefined;
  /** How often help was asked for: first the hints, then the passage. */
  helps: number;
  /** The personal quiz that asks it; null for a review. */
  quiz: string | null;
  answeredAt: number | null;
  openedAt: number;
}

export interface Reviews {
  /**
   * The open question of this person, else the one that is most overdue, else (with a topic) one that is new to
   * them, near the probability at which learning is best. Asking twice gives the same one.
   */
  next(person: Person, topic?: string): Promise<Turn | undefined>;
  /** The next question of a personal quiz, none of `without`. */
  ask(person: Person, wish: { quiz: string; topic?: string | undefined; without: ReadonlySet<string> }): Promise<Turn | undefined>;
  /** The open question, for an answer that is typed. */
  open(person: Person): Promise<Turn | undefined>;
  /** @throws UserError `stale-button` for a turn of another person, or one whose question is gone. */
  find(person: Person, turnId: string): Promise<Turn>;
  /** Changes what is picked so far, where an answer has several parts; the same delivery again changes nothing. */
  pick(turn: Turn, change: (picked: number[]) => number[], delivery: string): Promise<Value>;
  /** Remembers that help was given, for the how-manieth time: a right answer then counts as hard. */
  help(turn: Turn, number: number): Promise<void>;
  /** Grades and stores, once: a second answer to the same turn gets what the first one got. */
  answer(turn: Turn, value: Value): Promise<Outcome>;
  /** What is due now and when the next one comes. */
  status(person: Person): Promise<ReviewStatus>;
}

export interface Outcome {
  turn: Turn;
  value: Value;
  credit: number;
  due: number;
}

export interface ReviewStatus {
  due: number;
  /** Questions that would tell a misconception, which the person has shown, from what is right. */
  apart: number;
  /** Moment of the next review after those; null when there is none. */
  nextAt: number | null;
  /** Topics and decks with questions that are new to this person, with their number. */
  fresh: { topic: string; count: number }[];
}

/** A quiz of one person. */
export interface PersonalQuiz {
  id: string;
  person: Person;
  topic: string | null;
  total: number;
  /** Ids of the questions that were answered, in order. */
  asked: string[];
  right: number;
  missed: string[];
  over: boolean;
}

export interface PersonalQuizzes {
  /** The one that is under way on this topic, else a new one. */
  begin(person: Person, topic: string | null, total: number): Promise<PersonalQuiz>;
  find(person: Person, id: string): Promise<PersonalQuiz | undefined>;
  /** Its open or next question; no turn when it is over, which it then is. Undefined when it is somebody else's. */
  next(person: Person, id: string): Promise<{ quiz: PersonalQuiz; turn: Turn | undefined } | undefined>;
}

export interface TopicMastery {
  /** Id of a topic or deck. */
  topic: string;
  /** Questions there are, those answered at least once, those answered right the last time. */
  total: number;
  seen: number;
  known: number;
  /** 0–1: expected share of the topic's questions that would be answered right now. */
  mastery: number;
}

export interface Progress {
  zone: string;
  topics: TopicMastery[];
  /** Expected share of what is known now that is still known in `day` days without a review; empty when nothing is. */
  forecast: { day: number; retention: number }[];
  /** Reviews by local day, today first; overdue ones count as today's. */
  due: { day: string; count: number }[];
  /** Answers of the last 14 days, today last. */
  activity: { day: string; count: number }[];
  streak: Streak;
  /** Answers ever given, and right ones. */
  answered: number;
  right: number;
}

export interface ReminderSettings {
  zone: string;
  /** Whether the person has said so; else it is taken to be UTC. */
  isKnown: boolean;
  hour: number | null;
  /** Direct messages were refused; nothing is sent until reminders are switched on again. */
  refused: boolean;
}

export interface Reminders {
  get(person: Person): Promise<ReminderSettings>;
  /** @param via the account that asks: reminders go there. */
  set(
    person: Person,
    change: { locale: Locale; zone?: string | undefined; hour?: number | null | undefined },
    via?: Person,
  ): Promise<ReminderSettings>;
  /** Arms the clock; called once adapters are up. */
  start(): void;
  /** Resolves when those that were due have been sent. */
  idle(): Promise<void>;
  /** Waits for the messages under way. */
  stop(): Promise<void>;
}

/** What learning adds to Services. */
export interface Learning {
  /** The learner behind a request; `there` is the space that a button names. */
  personOf(asker: Asker, there?: string): Promise<Person>;
  reviews: Reviews;
  personalQuizzes: PersonalQuizzes;
  reminders: Reminders;
  progress(person: Person): Promise<Progress>;
  /** Everyone of a space together, nobody by name. */
  classOf(space: Pick<Person, 'platform' | 'space'>): Promise<ClassView>;
  /** Takes the answers of a closed quiz question; inside the transaction that closes it. */
  record(trx: Transaction<Schema>, quiz: StoredQuiz, closed: Closed): Promise<void>;
  /** Ranks questions for a room: 0 is best. See selectQuestions. */
  ranking(room: RoomRef): Promise<(question: Question) => number>;
  /** Everything that is stored about a person. */
  dataOf(person: Person): Promise<Record<string, unknown>>;
  /** Questions that a person has met; `missed`: those answered wrong the last time. */
  met(person: Person, missed: boolean): Promise<Question[]>;
  /** Deletes a person everywhere. @throws UserError `forget-quiz-running`. */
  forget(person: Person): Promise<void>;
}
