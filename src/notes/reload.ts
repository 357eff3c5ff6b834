import { relative, sep } from 'node:path';
import type { Question } from '../quiz/question.ts';
import type { Content, Problem } from './content.ts';
import type { LoadedContent } from './load.ts';
import { prepare } from './prepare.ts';

/**
 * What to serve after the folder changed: the new version, but for topics and decks that have errors now and had none
 * before, which stay as they were, with their questions.
 * @returns `content`: its problems are those of what is served, so that a kept topic still counts as good next time; `kept`: ids of the topics and decks that stay in their last good version
 */
export function mergeReload(before: Content, next: LoadedContent, folder: string): { content: LoadedContent; kept: string[] } {
  const wasBroken = brokenParts(before.problems, folder);
  // A folder that cannot be read at all takes nothing away.
  const broken = next.topics.size === 0 ? new Set([...before.topics.keys(), ...before.decks.keys()]) : brokenParts(next.problems, folder);
  const kept = [...broken].filter((id) => (before.topics.has(id) || before.decks.has(id)) && !wasBroken.has(id));
  if (kept.length === 0) return { content: next, kept };
  const topics = new Map(next.topics);
  const decks = new Map(next.decks);
  const prepared = new Map(next.prepared);
  const isKept = ({ topic, deck }: Question) => kept.includes(deck ?? topic);
  const questions = new Map([...next.questions].filter(([, question]) => !isKept(question)));
  for (const id of kept) {
    if (before.decks.has(id)) decks.set(id, before.decks.get(id)!);
    if (!before.topics.has(id)) continue;
    const topic = before.topics.get(id)!;
    topics.set(id, topic);
    const quiz = [...before.questions.values()].filter((question) => question.topic === id && question.deck === undefined);
    prepared.set(id, prepare(topic, quiz));
  }
  for (const [id, question] of before.questions) if (isKept(question)) questions.set(id, question);
  const problems = next.problems.filter((problem) => !kept.includes(partOf(problem, folder) ?? ''));
  return { content: { ...next, topics, decks, prepared, questions, problems }, kept };
}

/** Ids of the topics and decks in which something is wrong. */
function brokenParts(problems: readonly Problem[], folder: string): Set<string> {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return new Set(errors.flatMap((problem) => partOf(problem, folder) ?? []));
}

/** `topics/<id>/en.md` or `decks/<id>.yaml` → `<id>`. */
function partOf({ file }: Problem, folder: string): string | undefined {
  return relative(folder, file)
    .split(sep)[1]
    ?.replace(/\.yaml$/, '');
}
