import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 1.45,
  names: 1.49,
  note: 3.41,
  rest: 0.27,
  same: 1.47,
  near: 1.49,
  usual: 1.52,
  told: 5.13,
  covered: 1.28,
  definition: 1.63,
  body: 0.89,
  meaning: 4.48,
  sense: 1.06,
  kind: 0.59,
  answer: 1.56,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -8.1,
  named: 0.5,
  names: 0.04,
  rest: 0.86,
  near: 1.43,
  usual: 0.49,
  covered: 0.05,
  definition: 0.47,
  meaning: 2.19,
  sense: 1.51,
  kind: 0.21,
  topicMass: 1.74,
  unitMass: 1.94,
  plain: 1.4,
  enough: 0.82,
};
