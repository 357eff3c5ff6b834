import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 1.57,
  names: 1.58,
  note: 3.54,
  rest: 0.02,
  same: 1.56,
  near: 1.05,
  usual: 3.01,
  told: 4.8,
  covered: 1.31,
  definition: 1.59,
  body: 0.63,
  meaning: 4.89,
  sense: 0.32,
  kind: 0.67,
  answer: 0.88,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -8.74,
  named: 1.41,
  names: 0.31,
  note: 1.12,
  rest: 0.47,
  near: 1.09,
  usual: 1.63,
  covered: 0.43,
  definition: 0.29,
  meaning: 1.65,
  sense: 1.79,
  kind: 0.28,
  topicMass: 1,
  unitMass: 1.5,
  plain: 1.49,
  enough: 1.06,
};
