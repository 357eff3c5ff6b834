import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted to the dev half of test/eval/answers.yaml, the questions far away, and questions of learners and forums that do
// not belong to the repository (409 + 512 with a right unit among ours); never to the half that is reported. `kind` is held
// at .5 at least: it costs nothing in cross-validation. How sure the first one is, is fitted on questions that the ranking
// was not fitted on. `npm run eval -- --fit` fits to what the repository has.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 2.31,
  names: 1.43,
  note: 5.75,
  near: 1.3,
  usual: 3.55,
  told: 1.92,
  covered: 1.23,
  definition: 2.25,
  alike: 1.1,
  wanted: 0.6,
  body: 1.95,
  meaning: 4.42,
  sense: 4.24,
  kind: 0.5,
  symptom: 1.79,
  answer: 0.2,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -7.96,
  named: 0.24,
  rest: 0.01,
  same: 0.43,
  near: 0.21,
  usual: 0.22,
  told: 0.72,
  covered: 0.49,
  definition: 0.79,
  wanted: 0.7,
  plainly: 0.9,
  body: 0.12,
  meaning: 1.85,
  sense: 1.55,
  kind: 0.04,
  symptom: 0.25,
  answer: 0.79,
  topicMass: 1.07,
  unitMass: 1.46,
  plain: 1.03,
  enough: 1.23,
};
