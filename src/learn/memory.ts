import { type Card, createEmptyCard, type FSRS, fsrs, type Grade, Rating } from 'ts-fsrs';

/** The three grades that an answer can have: whether it was right is all that a quiz knows. */
export const GRADES = { again: Rating.Again, hard: Rating.Hard, good: Rating.Good } as const;

/**
 * FSRS-6 with its default weights. No fuzz, so that the same answers give the same days on every machine, and no
 * learning steps of minutes: what was missed comes back the next day, not while it is still on the screen.
 */
const scheduler: FSRS = fsrs({ request_retention: 0.9, enable_fuzz: false, learning_steps: [], relearning_steps: [] });

const DAY = 86_400_000;

/** Wrong is Again, right is Good, right after a hint is Hard. Half right is not right. */
export function gradeOf(credit: number, hinted: boolean): Grade {
  if (credit < 1) return Rating.Again;
  return hinted ? Rating.Hard : Rating.Good;
}

export interface Repetition {
  /** JSON of the card as it is to be stored. */
  card: string;
  /** JSON of the log entry. */
  log: string;
  due: number;
}

/** The card after an answer at `at`; `stored` is its JSON so far, undefined for a question never met before. */
export function repeat(stored: string | undefined, grade: Grade, at: number): Repetition {
  const before = stored === undefined ? createEmptyCard(at) : readCard(stored);
  // The last answer was given under a clock that was ahead: how long ago, nobody knows. Days count from now on.
  if (before.last_review && before.last_review.getTime() > at) before.last_review = new Date(at);
  const { card, log } = scheduler.next(before, at, grade);
  return { card: JSON.stringify(card), log: JSON.stringify(log), due: card.due.getTime() };
}

/** Probability that the person still knows it at `at`. */
export function retrievability(stored: string, at: number): number {
  const { stability, last_review } = readCard(stored);
  const days = Math.max(0, at - (last_review?.getTime() ?? at)) / DAY;
  return scheduler.forgetting_curve(days, stability);
}

function readCard(stored: string): Card {
  const card = JSON.parse(stored) as Card;
  return { ...card, due: new Date(card.due), ...(card.last_review && { last_review: new Date(card.last_review) }) };
}
