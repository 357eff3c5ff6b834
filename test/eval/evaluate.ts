import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { detectLocale } from '../../src/core/locale.ts';
import { loadContent } from '../../src/notes/load.ts';
import { createSearch } from '../../src/notes/search.ts';

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
  /** `answer x`, `did-you-mean x, y` or `none`. */
  got: string;
  outcome: 'answer' | 'did-you-mean' | 'none';
  /** Topics in order, the answered one first. */
  ranked: string[];
  score: number;
  ok: boolean;
}

/** Shares of a group of questions; undefined where the group has none that it applies to. */
export interface Report {
  name: string;
  count: number;
  recall: number | undefined;
  mrr: number | undefined;
  right: number | undefined;
  offered: number | undefined;
  declined: number | undefined;
  wrong: number | undefined;
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
export function evaluate(contentDir: string, questions: readonly Question[]): Result[] {
  const search = createSearch(loadContent(contentDir));
  const results = questions.map((question): Result => {
    const outcome = search.search(question.q, detectLocale(question.q) ?? 'en', 'ask');
    const ranked = [...(outcome.kind === 'answer' ? [outcome.hit] : []), ...outcome.alternatives].map(({ topic }) => topic.id);
    const score = (outcome.kind === 'answer' ? outcome.hit : outcome.alternatives[0])?.score ?? 0;
    const hit = question.topics.includes(ranked[0] ?? '');
    const ok = question.topics.length > 0 ? outcome.kind === 'answer' && hit : outcome.kind === 'none';
    return {
      question,
      outcome: outcome.kind,
      ranked,
      score,
      ok,
      got: `${outcome.kind} ${ranked.join(', ')}`,
    };
  });
  search.close();
  return results;
}

/** One line a half and a kind. */
export function summarise(results: readonly Result[]): Report[] {
  const kinds = [...new Set(results.map(({ question }) => question.kind))];
  const halves = ['dev', 'report'] as const;
  return [
    report('all', results),
    ...halves.map((half) =>
      report(
        half,
        results.filter(({ question }) => question.half === half),
      ),
    ),
    ...kinds.map((kind) =>
      report(
        kind,
        results.filter(({ question }) => question.kind === kind),
      ),
    ),
  ];
}

function report(name: string, results: readonly Result[]): Report {
  const inside = results.filter(({ question }) => question.topics.length > 0);
  const outside = results.filter(({ question }) => question.topics.length === 0);
  const place = ({ question, ranked }: Result) => ranked.slice(0, 3).findIndex((topic) => question.topics.includes(topic)) + 1;
  return {
    name,
    count: results.length,
    recall: share(inside, (result) => place(result) === 1),
    mrr:
      inside.length > 0 ? inside.reduce((sum, result) => sum + (place(result) > 0 ? 1 / place(result) : 0), 0) / inside.length : undefined,
    right: share(inside, ({ ok }) => ok),
    offered: share(inside, (result) => result.outcome === 'did-you-mean' && place(result) > 0),
    declined: share(outside, ({ outcome }) => outcome === 'none'),
    wrong: share(results, ({ outcome, ok }) => outcome === 'answer' && !ok),
  };
}

function share(results: readonly Result[], holds: (result: Result) => boolean): number | undefined {
  return results.length > 0 ? results.filter(holds).length / results.length : undefined;
}
