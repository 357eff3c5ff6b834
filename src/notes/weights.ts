import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 1.87,
  names: 1.16,
  note: 4.02,
  same: 0.95,
  near: 1.15,
  usual: 0.64,
  told: 4.75,
  covered: 1.03,
  definition: 1.63,
  alike: 2.63,
  wanted: 1.59,
  plainly: 1.29,
  body: 1.02,
  meaning: 3.67,
  sense: 0.44,
  kind: 0.25,
  answer: 2.28,
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
