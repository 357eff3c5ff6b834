import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 1.79,
  names: 1.63,
  note: 3.5,
  rest: 0.34,
  near: 2.29,
  usual: 2.22,
  told: 4.42,
  covered: 0.96,
  definition: 1.08,
  body: 1.55,
  meaning: 5.07,
  sense: 0.23,
  kind: 0.57,
  answer: 0.75,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -7.22,
  named: 1.53,
  names: 0.15,
  note: 1.21,
  rest: 0.69,
  near: 0.81,
  usual: 1.56,
  covered: 0.35,
  definition: 0.21,
  meaning: 1.42,
  sense: 1.37,
  kind: 0.22,
  topicMass: 1,
  unitMass: 1.55,
  plain: 1.29,
  enough: 0.29,
};
