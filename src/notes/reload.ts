import { relative, sep } from 'node:path';
import type { Problem } from './content.ts';
import type { LoadedContent } from './load.ts';

/**
 * What to serve after the folder changed: the new version, but for topics that have errors now and had none
 * before, which stay as they were, with their questions.
 * @returns `content`: its problems are those of what is served, so that a kept topic still counts as good next time; `kept`: ids of the topics that stay in their last good version
 */
export function mergeReload(before: LoadedContent, next: LoadedContent, folder: string): { content: LoadedContent; kept: string[] } {
  const wasBroken = brokenTopics(before.problems, folder);
  // A folder that cannot be read at all takes nothing away.
  const broken = next.topics.size === 0 ? new Set(before.topics.keys()) : brokenTopics(next.problems, folder);
  const kept = [...broken].filter((id) => before.topics.has(id) && !wasBroken.has(id));
  if (kept.length === 0) return { content: next, kept };
  const topics = new Map(next.topics);
  const files = new Map(next.files);
  const prepared = new Map(next.prepared);
  const questions = new Map([...next.questions].filter(([, { topic }]) => !kept.includes(topic)));
  for (const id of kept) {
    topics.set(id, before.topics.get(id)!);
    files.set(id, before.files.get(id)!);
    prepared.set(id, before.prepared.get(id)!);
  }
  for (const [id, question] of before.questions) if (kept.includes(question.topic)) questions.set(id, question);
  const problems = next.problems.filter((problem) => !kept.includes(topicOf(problem, folder) ?? ''));
  return { content: { topics, files, prepared, questions, problems }, kept };
}

/** Ids of the topic folders in which something is wrong. */
function brokenTopics(problems: readonly Problem[], folder: string): Set<string> {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return new Set(errors.flatMap((problem) => topicOf(problem, folder) ?? []));
}

/** `topics/<id>/en.md` → `<id>`. */
function topicOf({ file }: Problem, folder: string): string | undefined {
  return relative(folder, file).split(sep)[1];
}
