import type { Rng } from '../demos/random.ts';
import type { Instance } from './grade.ts';
import type { Question } from './question.ts';

/**
 * Picks `count` questions: those the room has not seen lately first, among them the nearest to what suits the room
 * (`far`: 0 is best), then chance.
 */
export function selectQuestions(
  pool: readonly Question[],
  count: number,
  recent: readonly string[],
  rng: Rng,
  far: (question: Question) => number = () => 0,
): Question[] {
  // A smaller index is more recent; questions never seen come first.
  const age = new Map([...recent].reverse().map((id, i) => [id, recent.length - i] as const));
  const shuffled = rng.permutation(pool.length).map((i) => pool[i]!);
  const rank = (question: Question) => -(age.get(question.id) ?? Number.POSITIVE_INFINITY);
  // Two infinities differ by NaN, which counts as equal.
  return shuffled.sort((a, b) => rank(a) - rank(b) || far(a) - far(b)).slice(0, count);
}

/** Fixes the order in which the choices or items are shown. True/false keeps its order. */
export function instantiate(question: Question, rng: Rng): Instance {
  const count = question.kind === 'ordering' ? question.items.length : 'choices' in question ? (question.choices?.length ?? 0) : 0;
  let order = rng.permutation(count);
  // An ordering question that shows the right order already asks nothing.
  while (question.kind === 'ordering' && order.every((index, i) => index === i)) order = rng.permutation(count);
  return { order };
}
