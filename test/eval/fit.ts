import type { Evidence, RankingEvidence } from '../../src/notes/search.ts';
import type { Result } from './evaluate.ts';

const RANKING = ['named', 'names', 'question', 'passage', 'known'] as const satisfies (keyof RankingEvidence)[];
const CONFIDENCE = [...RANKING, 'asked', 'margin'] as const satisfies (keyof Evidence)[];
/** Keeps the weights of a few hundred questions from growing without need. */
const RIDGE = 0.5;
const STEPS = 5_000;
const RATE = 0.5;

interface Row {
  x: number[];
  y: number;
}

/** Rules that are sure by themselves (score 1: the question is a name) say nothing about the weights and are left out. */
function undecided(results: readonly Result[]): Result[] {
  return results.filter(({ found }) => found[0] && found[0].score !== 1);
}

/** Weights that put a right topic before each wrong one: logistic regression on the differences (RankNet, Burges 2005). */
export function fitRanking(results: readonly Result[]): Record<string, number> {
  const rows = undecided(results).flatMap(({ question, found }): Row[] => {
    const values = ({ evidence }: (typeof found)[number]) => RANKING.map((name) => evidence[name]);
    const right = found.filter(({ topic }) => question.topics.includes(topic)).map(values);
    const wrong = found.filter(({ topic }) => !question.topics.includes(topic)).map(values);
    return right.flatMap((a) => wrong.map((b) => ({ x: a.map((value, i) => value - b[i]!), y: 1 })));
  });
  return named(RANKING, logistic(rows, 0));
}

/** Logistic regression of "the first topic is right" on what speaks for it. */
export function fitConfidence(results: readonly Result[]): Record<string, number> {
  const rows = undecided(results).map(({ question, found: [first] }): Row => {
    return { x: [1, ...CONFIDENCE.map((name) => first!.evidence[name])], y: question.topics.includes(first!.topic) ? 1 : 0 };
  });
  return named(['bias', ...CONFIDENCE], logistic(rows, 1));
}

/** Gradient descent; the first `free` weights are not held back. Evidence counts for a topic, never against it. */
function logistic(rows: readonly Row[], free: number): number[] {
  const weights = new Array<number>(rows[0]!.x.length).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const slope = new Array<number>(weights.length).fill(0);
    for (const { x, y } of rows) {
      const error = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * weights[i]!, 0))) - y;
      x.forEach((value, i) => {
        slope[i]! += error * value;
      });
    }
    slope.forEach((value, i) => {
      const next = weights[i]! - (RATE / rows.length) * (value + (i >= free ? RIDGE * weights[i]! : 0));
      weights[i] = i >= free ? Math.max(0, next) : next;
    });
  }
  return weights;
}

function named(names: readonly string[], weights: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, Number(weights[i]!.toFixed(2))]));
}
