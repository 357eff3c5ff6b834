import type { Evidence } from './evidence.ts';
import type { ConfidenceEvidence } from './ranking.ts';

export type Weights<E> = { readonly [K in keyof E]?: number };

// Fitted by `npm run eval -- --fit`, on phrasings held out one by one and on the dev half of test/eval/answers.yaml;
// never on the half that is reported.

/** What puts a unit in front of another. */
export const RANKING: Weights<Evidence> = {
  named: 2.23,
  names: 2.77,
  note: 13.82,
  rest: 8.11,
  definition: 2,
  known: 1.34,
  body: 2.97,
  said: 1.88,
  kind: 0.94,
  answer: 5.49,
};
/** How sure the first one is. */
export const CONFIDENCE: Weights<ConfidenceEvidence> & { bias: number } = {
  bias: -2.84,
  named: 2.33,
  names: 2.31,
  asked: 0.7,
  rest: 0.71,
  definition: 0.04,
  known: 1.39,
  body: 1,
  lead: 0.6,
  familiar: 0.25,
  enough: 0.42,
};
