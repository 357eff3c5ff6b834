import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 1.54,
  names: 1.51,
  note: 3.59,
  rest: 0.28,
  same: 1.38,
  near: 1.53,
  usual: 1.65,
  told: 5.09,
  covered: 1.35,
  definition: 1.58,
  body: 0.94,
  meaning: 4.67,
  sense: 0.95,
  kind: 0.61,
  answer: 1.55,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -4.88,
  named: 0.64,
  names: 0.22,
  rest: 0.45,
  near: 1.56,
  usual: 0.62,
  covered: 0.42,
  definition: 0.47,
  meaning: 0.81,
  kind: 0.22,
  topicMass: 1.81,
  unitMass: 1.77,
  plain: 0.39,
  enough: 0.79,
};
