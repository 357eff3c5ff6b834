import type { Question } from '../quiz/question.ts';

/** A rating with the number of answers behind it. */
export interface Rated {
  rating: number;
  n: number;
}

/** Answers until a question's difficulty is taken seriously. */
const KNOWN_AFTER = 5;

/** Where a rating starts: people at 0, questions at what their author says (−1, 0 or 1). */
export function startingDifficulty(question: Question | undefined): Rated {
  return { rating: (question?.difficulty ?? 2) - 2, n: 0 };
}

/** Chance of being right by guessing: 1/k among k choices, 0 where the answer is typed or built. */
export function guessing(question: Question | undefined): number {
  switch (question?.kind) {
    case 'single':
      return 1 / question.choices.length;
    case 'boolean':
      return 1 / 2;
    case 'chart':
      return question.choices ? 1 / question.choices.length : 0;
    default:
      return 0;
  }
}

/** p = g + (1 − g)·σ(θ − d): Pelánek 2016 with a guessing floor g = 1/k. */
export function probability(ability: number, difficulty: number, guess: number): number {
  return guess + (1 - guess) / (1 + Math.exp(difficulty - ability));
}

/** Step of an update: large for the unknown, small for the well known. */
function step(n: number): number {
  return 1 / (1 + 0.05 * n);
}

/** Both ratings after one first answer of credit `y` (0–1). */
export function update(person: Rated, item: Rated, y: number, guess: number): { person: Rated; item: Rated } {
  const surprise = y - probability(person.rating, item.rating, guess);
  return {
    person: { rating: person.rating + step(person.n) * surprise, n: person.n + 1 },
    item: { rating: item.rating - step(item.n) * surprise, n: item.n + 1 },
  };
}

/**
 * How far a question is from the wanted probability, in steps of 5 %: within a step chance decides, so that the
 * same room does not get the same quiz. A question that few have met counts as right on target: that is how its
 * difficulty becomes known.
 */
export function distance(ability: number, item: Rated | undefined, question: Question, target: number): number {
  if (!item || item.n < KNOWN_AFTER) return 0;
  return Math.round(Math.abs(probability(ability, item.rating, guessing(question)) - target) / 0.05);
}
