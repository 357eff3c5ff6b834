import { LOCALES, type Locale } from '../../src/core/locale.ts';
import type { Topic } from '../../src/notes/content.ts';
import type { Evidence } from '../../src/notes/evidence.ts';
import type { LoadedContent } from '../../src/notes/load.ts';
import { answerUnit, prepare } from '../../src/notes/prepare.ts';
import { type ConfidenceEvidence, createRanker, type Found, type Ranker } from '../../src/notes/ranking.ts';
import { type ExamQuestion, judgedPassages } from './exam.ts';

const RANKING = [
  'named',
  'names',
  'note',
  'rest',
  'same',
  'near',
  'usual',
  'told',
  'covered',
  'definition',
  'alike',
  'wanted',
  'plainly',
  'body',
  'meaning',
  'sense',
  'kind',
  'symptom',
  'answer',
] as const satisfies (keyof Evidence)[];
const CONFIDENCE = [...RANKING, 'topicMass', 'unitMass', 'plain', 'enough'] as const satisfies (keyof ConfidenceEvidence)[];
/** Keeps the weights of a few hundred questions from growing without need. */
const RIDGE = 0.3;
const STEPS = 1_000;
const RATE = 0.5;
/** A question of the exam says more than a phrasing of the author's own. */
const EXAM_WEIGHT = 10;

/** What one question offers, and which of it is right. */
export interface List {
  found: readonly Found[];
  right: ReadonlySet<string>;
  weight: number;
}

/** One phrasing of so many is held out. */
const HELD_OUT = 6;

/**
 * Phrasings as questions to the others: authors' own words, each in turn taken out of the notes altogether. What is
 * learnt from the notes must not have seen them, or its evidence looks better than it is.
 */
export function heldOut({ topics, questions }: Pick<LoadedContent, 'topics' | 'questions'>): List[] {
  const asked: { phrasing: string; unit: string }[] = [];
  const kept = [...topics.values()].map((topic): Topic => {
    const answers = topic.answers.map((answer) => {
      const ask = Object.fromEntries(
        LOCALES.map((locale) => [locale, answer.ask[locale]?.filter((_, i) => (i + answer.id.length) % HELD_OUT !== 0 || i === 0)]),
      );
      const unit = `${topic.id}${answerUnit(answer.id)}`;
      for (const locale of LOCALES) {
        const left = ask[locale] ?? [];
        for (const phrasing of answer.ask[locale] ?? []) if (!left.includes(phrasing)) asked.push({ phrasing, unit });
        // Somebody may also ask nearly what an author wrote.
        if (left[0] !== undefined) asked.push({ phrasing: shortened(left[0], locale), unit });
      }
      return { ...answer, ask };
    });
    return { ...topic, answers };
  });
  const prepared = kept.map(
    (topic) =>
      [
        topic.id,
        prepare(
          topic,
          [...questions.values()].filter((quiz) => quiz.topic === topic.id),
        ),
      ] as const,
  );
  const ranker = createRanker(kept, new Map(prepared));
  const lists = asked.map(({ phrasing, unit }): List => ({ found: ranker.rank(phrasing).found, right: new Set([unit]), weight: 1 }));
  ranker.close();
  return lists;
}

/** The same a word short, or two characters, about the middle. */
function shortened(phrasing: string, locale: Locale): string {
  const parts = locale === 'zh' ? [...phrasing] : phrasing.split(' ');
  parts.splice(Math.floor(parts.length / 2), locale === 'zh' ? 2 : 1);
  return parts.join(locale === 'zh' ? '' : ' ');
}

/** The labelled questions of the exam that stand for themselves. */
export function examLists(exam: readonly ExamQuestion[], ranker: Ranker): List[] {
  // A topic written after the labels may answer without being labelled, so it is no wrong answer to learn from.
  const isJudged = judgedPassages();
  return exam
    .filter(({ after, accept }) => after === undefined && accept && accept.length > 0)
    .map(({ q, accept }) => ({
      found: ranker.rank(q).found.filter(({ topic, unit }) => isJudged(`${topic}${unit}`)),
      right: new Set(accept),
      weight: EXAM_WEIGHT,
    }));
}

/** Weights under which a right unit stands first: softmax over the candidates of each question (ListNet, Cao et al. 2007). */
export function fitRanking(all: readonly List[]): Record<string, number> {
  const lists = all.flatMap(({ found, right, weight }) => {
    const rows = found.map(({ topic, unit, evidence }) => ({
      x: RANKING.map((name) => evidence[name]),
      y: right.has(`${topic}${unit}`) ? 1 : 0,
    }));
    return rows.some(({ y }) => y === 1) ? [{ rows, weight }] : [];
  });
  const total = lists.reduce((sum, { weight }) => sum + weight, 0);
  const slope = (weights: readonly number[]) => {
    const sum = new Array<number>(weights.length).fill(0);
    for (const { rows, weight } of lists) {
      const scores = rows.map(({ x }) => dot(weights, x));
      const highest = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - highest));
      const whole = powers.reduce((a, b) => a + b, 0);
      const right = rows.reduce((a, { y }, i) => a + y * powers[i]!, 0);
      rows.forEach(({ x, y }, i) => {
        const error = weight * (powers[i]! / whole - (y * powers[i]!) / right);
        for (let k = 0; k < x.length; k++) sum[k]! += error * x[k]!;
      });
    }
    return sum;
  };
  return named(RANKING, descend(slope, RANKING.length, 0, total));
}

/** Logistic regression of "the first unit answers" on what speaks for it. */
export function fitConfidence(rows: readonly { confidence: ConfidenceEvidence; right: boolean }[]): Record<string, number> {
  const data = rows.map(({ confidence, right }) => ({ x: [1, ...CONFIDENCE.map((name) => confidence[name])], y: right ? 1 : 0 }));
  const slope = (weights: readonly number[]) => {
    const sum = new Array<number>(weights.length).fill(0);
    for (const { x, y } of data) {
      const error = 1 / (1 + Math.exp(-dot(weights, x))) - y;
      for (let k = 0; k < x.length; k++) sum[k]! += error * x[k]!;
    }
    return sum;
  };
  return named(['bias', ...CONFIDENCE], descend(slope, CONFIDENCE.length + 1, 1, data.length));
}

/**
 * Accelerated projected gradient descent (Beck & Teboulle 2009): evidence that speaks of nearly the same thing makes plain
 * descent stop long before it is there. The first `free` weights are not held back; evidence counts for a unit, never
 * against it.
 */
function descend(slope: (weights: readonly number[]) => number[], size: number, free: number, count: number): number[] {
  let weights = new Array<number>(size).fill(0);
  let ahead = weights;
  let pace = 1;
  for (let step = 0; step < STEPS; step++) {
    const down = slope(ahead).map((value, i) => {
      const next = ahead[i]! - (RATE / count) * (value + (i >= free ? RIDGE * ahead[i]! : 0));
      return i >= free ? Math.max(0, next) : next;
    });
    const faster = (1 + Math.sqrt(1 + 4 * pace * pace)) / 2;
    const before = weights;
    ahead = down.map((value, i) => value + ((pace - 1) / faster) * (value - before[i]!));
    weights = down;
    pace = faster;
  }
  return weights;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function named(names: readonly string[], weights: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, Number(weights[i]!.toFixed(2))]));
}
