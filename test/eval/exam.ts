import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { detectLocale } from '../../src/core/locale.ts';

const schema = z.array(
  z.strictObject({
    q: z.string().min(1),
    kind: z.string(),
    lang: z.enum(['en', 'zh', 'mixed']),
    topics: z.array(z.string()),
    want: z.string().optional(),
    /** What was asked before it. */
    after: z.string().optional(),
    /** Every passage that answers it: `topic?answer` or `topic#section`. */
    accept: z.array(z.string().regex(/^[a-z0-9-]+[?#][a-z0-9-]+$/)).optional(),
  }),
);

export interface ExamQuestion {
  q: string;
  kind: string;
  lang: 'en' | 'zh' | 'mixed';
  after?: string | undefined;
  /** Topics that may answer; empty: the notes do not. */
  topics: readonly string[];
  /** Passages that answer; undefined where nobody has labelled it. */
  accept?: readonly string[] | undefined;
  half: 'dev' | 'report';
}

/**
 * Reads the exam. The half of a question is decided by a hash of its text, so that adding one moves no other: weights
 * are fitted on `dev`, figures are told of `report`.
 */
export function loadExam(file: string): ExamQuestion[] {
  return schema.parse(parse(readFileSync(file, 'utf8'))).map(({ want: _, ...question }) => ({
    ...question,
    half: createHash('sha256').update(`half:${question.q}`).digest()[0]! % 2 === 0 ? 'dev' : 'report',
  }));
}

/**
 * Tells whether the labeller has read a passage (`topic?answer`, `topic#section`): a reply that shows one is right or
 * wrong, any other is not judged.
 */
export function judgedPassages(): (passage: string) => boolean {
  const listOf = (file: string) => new Set(z.array(z.string()).parse(parse(readFileSync(join(import.meta.dirname, file), 'utf8'))));
  const topics = listOf('judged-topics.yaml');
  const later = listOf('later-answers.yaml');
  return (passage) => topics.has(passage.split(/[?#]/)[0]!) && !later.has(passage);
}

/** Questions on other subjects, which the notes do not answer. */
export function loadFarAway(): string[] {
  return z.array(z.string()).parse(parse(readFileSync(join(import.meta.dirname, 'far-away.yaml'), 'utf8')));
}

const labels = z.array(z.array(z.string()).nullable());

/**
 * Questions of real learners: lines of accepted topics (`a|b`, or NONE of the first 26), a tab, the question. Their passages are labelled
 * in learner-labels.yaml, by line, since the questions themselves do not belong to the repository. All are for reporting.
 */
export function loadLearners(file: string): ExamQuestion[] {
  const place = join(import.meta.dirname, 'learner-labels.yaml');
  const accepted = existsSync(place) ? labels.parse(parse(readFileSync(place, 'utf8'))) : [];
  const lines = readFileSync(file, 'utf8').split(/\r?\n/).filter(Boolean);
  return lines.map((line, i): ExamQuestion => {
    const [topics = '', q = ''] = line.split('\t');
    const lang = detectLocale(q) ?? 'en';
    const own = topics === 'NONE' ? [] : topics.split('|');
    const held = (accepted[i] ?? []).map((label) => label.split(/[?#]/)[0]!);
    return {
      q,
      kind: own.length > 0 ? 'learner' : held.length > 0 ? 'newer' : 'neighbour',
      lang,
      topics: [...new Set([...own, ...held])],
      half: 'report',
      ...(accepted[i] && { accept: accepted[i] }),
    };
  });
}
