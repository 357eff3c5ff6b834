import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 1.68,
  names: 3.67,
  note: 7.21,
  ask: 0.2,
  rest: 7.51,
  definition: 0.98,
  known: 2.6,
  body: 2.78,
  said: 0.83,
  kind: 0.88,
  answer: 1.78,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -5.77,
  named: 1.56,
  names: 0.84,
  asked: 1.11,
  rest: 1.97,
  definition: 0.17,
  known: 0.61,
  body: 0.78,
  mass: 1.33,
  topicMass: 1.3,
  plain: 0.91,
  enough: 1.05,
};
