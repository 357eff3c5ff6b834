import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 1.9,
  names: 3.96,
  note: 7.18,
  ask: 0.39,
  rest: 6.34,
  told: 3.85,
  covered: 0.19,
  definition: 1.26,
  body: 2.08,
  kind: 0.88,
  answer: 1.73,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -6.53,
  named: 1.84,
  names: 0.15,
  asked: 0.78,
  rest: 0.32,
  told: 1.63,
  covered: 2.51,
  definition: 0.17,
  mass: 1.26,
  topicMass: 1.45,
  plain: 1.27,
  enough: 0.39,
};
