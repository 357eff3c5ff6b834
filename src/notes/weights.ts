import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 1.66,
  names: 2.61,
  note: 9.68,
  rest: 4.55,
  told: 3.42,
  covered: 1.02,
  definition: 1.69,
  body: 2.28,
  kind: 0.77,
  answer: 2.66,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -6.84,
  named: 1.38,
  names: 0.9,
  asked: 0.77,
  told: 2.37,
  covered: 3.46,
  kind: 0.09,
  topicMass: 1.33,
  plain: 0.83,
  enough: 0.42,
};
