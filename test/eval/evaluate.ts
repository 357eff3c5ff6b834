import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { detectLocale } from '../../src/core/locale.ts';
import { createRng } from '../../src/demos/random.ts';
import type { LoadedContent } from '../../src/notes/load.ts';
import { createSearch, type Found } from '../../src/notes/search.ts';
import type { SearchOutcome } from '../../src/notes/service.ts';
import { auroc, type Estimate, estimate, ndcg, reciprocalRank } from './measures.ts';

const schema = z.array(
  z.strictObject({
    q: z.string(),
    kind: z.enum(['term', 'question', 'paraphrase', 'mixed', 'typo', 'pinyin', 'near-miss', 'near-miss-ml', 'out-of-scope']),
    topic: z.union([z.string(), z.array(z.string()), z.null()]),
  }),
);

export interface Question {
  q: string;
  kind: string;
  /** Any of these is right; empty: the notes do not answer. */
  topics: string[];
  half: 'dev' | 'report';
}

export interface Result {
  question: Question;
  outcome: SearchOutcome['kind'];
  /** Topics in order, with what speaks for them. */
  found: Found[];
  score: number;
  /** Answered with a right topic; declined or asked back where the notes do not answer. */
  ok: boolean;
}

/** Measures of a group of questions; undefined where the group has none that a measure applies to. */
export interface Report {
  name: string;
  count: number;
  /** Over the questions that the notes answer. */
  recall: Estimate | undefined;
  mrr: Estimate | undefined;
  ndcg: Estimate | undefined;
  /** Answered at all, and answered right. */
  answered: Estimate | undefined;
  right: Estimate | undefined;
  /** Over the questions that the notes do not answer: answered all the same, or said no outright. */
  wrong: Estimate | undefined;
  declined: Estimate | undefined;
  /** Does the score tell the two apart? */
  auroc: number | undefined;
}

/** Reads the questions; the half of each is decided by a hash of its text, so that adding one moves no other. */
export function loadQuestions(file: string): Question[] {
  return schema.parse(parse(readFileSync(file, 'utf8'))).map(({ q, kind, topic }) => ({
    q,
    kind,
    topics: topic === null ? [] : [topic].flat(),
    half: createHash('sha256').update(`half:${q}`).digest()[0]! % 2 === 0 ? 'dev' : 'report',
  }));
}

/** Asks every question through the same code as the bot. */
export function evaluate(content: LoadedContent, questions: readonly Question[]): Result[] {
  const search = createSearch(content);
  const results = questions.map((question): Result => {
    const outcome = search.search(question.q, detectLocale(question.q) ?? 'en', 'ask');
    const found = search.rank(question.q);
    const answers = question.topics.length > 0;
    const right = outcome.kind === 'answer' && question.topics.includes(outcome.hit.topic.id);
    return { question, outcome: outcome.kind, found, score: found[0]?.score ?? 0, ok: answers ? right : outcome.kind !== 'answer' };
  });
  search.close();
  return results;
}

/** One line for each half and each kind. Intervals come from a seeded bootstrap. */
export function summarise(results: readonly Result[]): Report[] {
  const kinds = [...new Set(results.map(({ question }) => question.kind))];
  const pick = (name: string, holds: (question: Question) => boolean) =>
    report(
      name,
      results.filter(({ question }) => holds(question)),
    );
  return [
    pick('dev half', ({ half }) => half === 'dev'),
    pick('report half', ({ half }) => half === 'report'),
    ...kinds.map((kind) => pick(kind, (question) => question.kind === kind)),
  ];
}

function report(name: string, results: readonly Result[]): Report {
  const rng = createRng(1);
  const inside = results.filter(({ question }) => question.topics.length > 0);
  const outside = results.filter(({ question }) => question.topics.length === 0);
  const over = (group: readonly Result[], of: (result: Result) => number) => estimate(group.map(of), rng);
  return {
    name,
    count: results.length,
    recall: over(inside, (result) => reciprocalRank(topicsOf(result), result.question.topics, 1)),
    mrr: over(inside, (result) => reciprocalRank(topicsOf(result), result.question.topics)),
    ndcg: over(inside, (result) => ndcg(topicsOf(result), result.question.topics)),
    answered: over(inside, ({ outcome }) => Number(outcome === 'answer')),
    right: over(inside, ({ ok }) => Number(ok)),
    wrong: over(outside, ({ ok }) => Number(!ok)),
    declined: over(outside, ({ outcome }) => Number(outcome === 'none')),
    auroc: auroc(
      inside.map(({ score }) => score),
      outside.map(({ score }) => score),
    ),
  };
}

export function topicsOf({ found }: Result): string[] {
  return found.map(({ topic }) => topic);
}
