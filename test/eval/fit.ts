import type { Evidence, RankingEvidence } from '../../src/notes/search.ts';
import type { Result } from './evaluate.ts';

const RANKING = ['named', 'names', 'question', 'passage', 'note', 'known'] as const satisfies (keyof RankingEvidence)[];
const CONFIDENCE = [...RANKING, 'familiar', 'asked', 'margin'] as const satisfies (keyof Evidence)[];
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

/** Weights under which the right topic stands first: softmax over the candidates of each question (ListNet, Cao et al. 2007). */
export function fitRanking(results: readonly Result[]): Record<string, number> {
  const lists = undecided(results).flatMap(({ question, found }) => {
    const rows = found.map(
      ({ topic, evidence }): Row => ({ x: RANKING.map((name) => evidence[name]), y: question.topics.includes(topic) ? 1 : 0 }),
    );
    return rows.some(({ y }) => y === 1) ? [rows] : [];
  });
  const slope = (weights: readonly number[]) => {
    const sum = new Array<number>(weights.length).fill(0);
    for (const rows of lists) {
      const powers = rows.map(({ x }) => Math.exp(dot(weights, x)));
      const all = powers.reduce((total, power) => total + power, 0);
      const right = rows.reduce((total, { y }, i) => total + y * powers[i]!, 0);
      rows.forEach(({ x, y }, i) => {
        const error = powers[i]! / all - (y * powers[i]!) / right;
        x.forEach((value, k) => {
          sum[k]! += error * value;
        });
      });
    }
    return sum;
  };
  return named(RANKING, descend(slope, RANKING.length, 0, lists.length));
}

/** Logistic regression of "the first topic is right" on what speaks for it. */
export function fitConfidence(results: readonly Result[]): Record<string, number> {
  const rows = undecided(results).map(({ question, found: [first] }): Row => {
    return { x: [1, ...CONFIDENCE.map((name) => first!.evidence[name])], y: question.topics.includes(first!.topic) ? 1 : 0 };
  });
  const slope = (weights: readonly number[]) => {
    const sum = new Array<number>(weights.length).fill(0);
    for (const { x, y } of rows) {
      const error = 1 / (1 + Math.exp(-dot(weights, x))) - y;
      x.forEach((value, k) => {
        sum[k]! += error * value;
      });
    }
    return sum;
  };
  return named(['bias', ...CONFIDENCE], descend(slope, CONFIDENCE.length + 1, 1, rows.length));
}

/** Gradient descent; the first `free` weights are not held back. Evidence counts for a topic, never against it. */
function descend(slope: (weights: readonly number[]) => number[], size: number, free: number, count: number): number[] {
  const weights = new Array<number>(size).fill(0);
  for (let step = 0; step < STEPS; step++) {
    slope(weights).forEach((value, i) => {
      const next = weights[i]! - (RATE / count) * (value + (i >= free ? RIDGE * weights[i]! : 0));
      weights[i] = i >= free ? Math.max(0, next) : next;
    });
  }
  return weights;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function named(names: readonly string[], weights: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, Number(weights[i]!.toFixed(2))]));
}
