import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted to the dev half of test/eval/answers.yaml, the questions far away, and questions of learners and forums that do
// not belong to the repository (409 + 512 with a right unit among ours); never to the half that is reported. `kind` is held
// at .5 and `answer` at 1.7 at least: it costs nothing in cross-validation. How sure the first one is, is fitted on questions
// that the ranking was not fitted on. `npm run eval -- --fit` fits to what the repository has.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 2.24,
  names: 1.52,
  note: 5.75,
  near: 1.49,
  usual: 2.7,
  told: 2.06,
  covered: 1.08,
  definition: 2.25,
  alike: 0.93,
  wanted: 0.64,
  plainly: 0.19,
  body: 1.99,
  meaning: 4.79,
  sense: 4.13,
  kind: 0.5,
  symptom: 1.87,
  answer: 1.7,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -7.62,
  named: 0.27,
  same: 0.4,
  near: 0.16,
  usual: 0.29,
  told: 0.66,
  covered: 0.61,
  definition: 0.78,
  wanted: 0.7,
  plainly: 0.84,
  body: 0.21,
  meaning: 1.76,
  sense: 1.66,
  kind: 0.05,
  symptom: 0.28,
  answer: 0.32,
  topicMass: 0.92,
  unitMass: 1.55,
  plain: 1.11,
  enough: 1.25,
};
