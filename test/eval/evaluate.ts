import { createRng } from '../../src/demos/random.ts';
import type { LoadedContent } from '../../src/notes/load.ts';
import { unitOf } from '../../src/notes/present-answer.ts';
import { createSearch, type Search } from '../../src/notes/search.ts';
import type { Hit, Outcome, Spoken } from '../../src/notes/service.ts';
import { type ExamQuestion, judgedPassages } from './exam.ts';
import { type Estimate, estimate } from './measures.ts';

/** What a question came to, held against its labels. */
export interface Judged {
  question: ExamQuestion;
  outcome: Outcome['kind'];
  probability: number;
  /** `topic?answer` of what the first reply showed in full; two where the message asked two things or two came as near. */
  shown: string[];
  /** What can be seen at all: the reply and the lines below it. */
  visible: string[];
  /** The best unit is one of the labelled passages, whether it was shown in full or not: what the probability speaks of. */
  best: boolean;
  /** The first reply holds one of the labelled passages (or, unlabelled, of an accepted topic). */
  holds: boolean;
  /** The first reply is from an accepted topic. */
  rightTopic: boolean;
  seen: boolean;
  /** What stands first is of a topic that was written after the labels: whether it answers, nobody has judged. */
  unjudged: boolean;
}

/** Shares of a group of questions; undefined where the group has none that a measure applies to. */
export interface Report {
  name: string;
  count: number;
  /** Over questions that the notes answer. */
  topic: Estimate | undefined;
  holds: Estimate | undefined;
  seen: Estimate | undefined;
  saidNo: Estimate | undefined;
  /** Over all that is judged: given as the answer, and not it. */
  sureWrong: Estimate | undefined;
  /** Over questions that the notes do not answer, as far as is judged: answered all the same; or shown as “the closest”. */
  answered: Estimate | undefined;
  closest: Estimate | undefined;
  /** Replies that hold two answers. */
  two: Estimate | undefined;
}

/** Asks every question through the bot's own search; a follow-up after the question before it. */
export function evaluate(content: Pick<LoadedContent, 'topics' | 'prepared'>, questions: readonly ExamQuestion[]): Judged[] {
  const search = createSearch(content);
  const isJudged = judgedPassages();
  const judged = questions.map((question) => judge(search, question, isJudged));
  search.close();
  return judged;
}

function judge(search: Search, question: ExamQuestion, isJudged: (passage: string) => boolean): Judged {
  const before = question.after === undefined ? undefined : search.ask(question.after);
  const outcome = search.ask(question.q, before && spokenOf(before));
  const first = 'hit' in outcome ? [outcome.hit, ...(outcome.also ? [outcome.also.hit] : [])] : [];
  const hits = [...first, ...outcome.alternatives];
  return {
    question,
    outcome: outcome.kind,
    probability: outcome.probability,
    shown: first.map(nameOf),
    visible: hits.map(nameOf),
    best: hits[0] !== undefined && accepts(question, hits[0]),
    holds: first.some((hit) => accepts(question, hit)),
    rightTopic: first.some(({ topic }) => question.topics.includes(topic.id)),
    seen: hits.some((hit) => accepts(question, hit)),
    unjudged: hits[0] !== undefined && !isJudged(nameOf(hits[0])),
  };
}

function spokenOf(outcome: Outcome): Spoken | undefined {
  return 'hit' in outcome ? { topic: outcome.hit.topic.id, unit: unitOf(outcome.hit) } : undefined;
}

function nameOf(hit: Hit): string {
  return `${hit.topic.id}${unitOf(hit)}`;
}

function accepts({ accept, topics }: ExamQuestion, hit: Hit): boolean {
  return accept ? accept.includes(nameOf(hit)) : topics.includes(hit.topic.id);
}

/** The notes hold an answer, by the labels where there are any. */
export function isAnswerable({ accept, topics }: ExamQuestion): boolean {
  return (accept ?? topics).length > 0;
}

/** One line for each half, kind and language. Intervals come from a seeded bootstrap. */
export function summarise(judged: readonly Judged[], halves: readonly ExamQuestion['half'][] = ['dev', 'report']): Report[] {
  const pick = (name: string, holds: (question: ExamQuestion) => boolean) =>
    report(
      name,
      judged.filter(({ question }) => holds(question)),
    );
  const kinds = [...new Set(judged.map(({ question }) => question.kind))];
  return [
    ...halves.map((half) => pick(`${half} half`, (question) => question.half === half)),
    ...(['en', 'zh', 'mixed'] as const).map((lang) => pick(lang, (question) => question.lang === lang)),
    ...kinds.map((kind) => pick(kind, (question) => question.kind === kind)),
  ].filter(({ count }) => count > 0);
}

function report(name: string, judged: readonly Judged[]): Report {
  const rng = createRng(1);
  const inside = judged.filter(({ question }) => isAnswerable(question));
  const outside = judged.filter(({ question, unjudged }) => !isAnswerable(question) && !unjudged);
  const share = (group: readonly Judged[], holds: (one: Judged) => boolean) =>
    estimate(
      group.map((one) => Number(holds(one))),
      rng,
    );
  return {
    name,
    count: judged.length,
    topic: share(inside, ({ rightTopic }) => rightTopic),
    holds: share(inside, ({ holds }) => holds),
    seen: share(inside, ({ seen }) => seen),
    saidNo: share(inside, ({ outcome }) => outcome === 'none'),
    sureWrong: share(
      judged.filter(({ unjudged }) => !unjudged),
      ({ outcome, holds }) => outcome === 'answer' && !holds,
    ),
    answered: share(outside, ({ outcome }) => outcome === 'answer'),
    closest: share(outside, ({ outcome }) => outcome === 'likely'),
    two: share(judged, ({ shown }) => shown.length > 1),
  };
}

export interface Bin {
  /** Mean probability that was claimed, and the share that held. */
  claimed: number;
  held: number;
  count: number;
}

/** Reliability in ten bins of claimed probability (Guo et al. 2017). Requests that need no search, and what nobody judged, are left out. */
export function reliability(judged: readonly Judged[]): Bin[] {
  const bins = Array.from({ length: 10 }, () => ({ claimed: 0, held: 0, count: 0 }));
  for (const one of judged) {
    if (one.probability === 1 || one.unjudged) continue;
    const bin = bins[Math.min(9, Math.floor(one.probability * 10))]!;
    bin.claimed += one.probability;
    bin.held += Number(one.best);
    bin.count++;
  }
  return bins.filter(({ count }) => count > 0).map(({ claimed, held, count }) => ({ claimed: claimed / count, held: held / count, count }));
}

/** Expected calibration error: the mean gap between claimed and held, weighted by count. */
export function calibrationError(bins: readonly Bin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, { claimed, held, count }) => sum + (count / total) * Math.abs(claimed - held), 0);
}
