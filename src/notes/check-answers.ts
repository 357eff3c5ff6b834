import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCALES } from '../core/locale.ts';
import { squeeze } from './analyse.ts';
import type { Problem, Topic } from './content.ts';

const MIN_ANSWERS = 12;
const MIN_PHRASINGS = 3;

/**
 * What the reader of one `answers.yaml` cannot see: sections, sources and claims that the topic does not have, a
 * phrasing that two answers claim, a language that is missing. A topic without the file is in order.
 */
export function checkAnswers(topics: Iterable<Topic>, folder: string): Problem[] {
  const problems: Problem[] = [];
  const asked = new Map<string, string>();
  for (const topic of topics) {
    if (topic.answers.length === 0) continue;
    const file = join(folder, 'topics', topic.id, 'answers.yaml');
    const lines = readFileSync(file, 'utf8').split('\n');
    const error = (id: string | undefined, needle: string, message: string) =>
      void problems.push({ severity: 'error', file, line: lineOf(lines, id, needle), message: id ? `${id}: ${message}` : message });
    const sections = new Set(Object.values(topic.texts).flatMap((text) => text.sections.map(({ id }) => id)));
    const sources = new Set(topic.sources.map(({ id }) => id));
    const claims = new Set(topic.claims.map(({ id }) => id));
    if (topic.answers.length < MIN_ANSWERS)
      error(undefined, '', `${topic.answers.length} answered questions; a topic has at least ${MIN_ANSWERS}`);
    for (const answer of topic.answers) {
      const { id } = answer;
      if (answer.section && !sections.has(answer.section)) error(id, answer.section, `the section ${answer.section} does not exist`);
      for (const source of answer.sources) if (!sources.has(source)) error(id, source, `${source} is not among the sources`);
      for (const text of Object.values(answer.answer))
        for (const [, cited] of text.matchAll(/\[@([a-z0-9-]+)\]/g))
          if (!sources.has(cited!)) error(id, cited!, `[@${cited}] is not among the sources`);
      if (answer.claim && !claims.has(answer.claim)) error(id, answer.claim, `the claim ${answer.claim} does not exist`);
      for (const locale of LOCALES) {
        if (!answer.answer[locale]) error(id, 'answer:', `the answer is missing in ${locale}`);
        const phrasings = answer.ask[locale] ?? [];
        if (phrasings.length < MIN_PHRASINGS) error(id, 'ask:', `${phrasings.length} phrasings in ${locale}; at least ${MIN_PHRASINGS}`);
        for (const phrasing of phrasings) {
          const owner = asked.get(squeeze(phrasing));
          if (owner === undefined) asked.set(squeeze(phrasing), id);
          else error(id, phrasing, `“${phrasing}” is asked by ${owner === id ? 'this very answer' : owner} already`);
        }
      }
    }
  }
  return problems;
}

/** First line from the answer's own on that holds `needle`; its own line where none does. */
function lineOf(lines: readonly string[], id: string | undefined, needle: string): number {
  const start =
    id === undefined
      ? 0
      : Math.max(
          0,
          lines.findIndex((line) => line.trimEnd().endsWith(`id: ${id}`)),
        );
  const at = lines.findIndex((line, i) => i >= start && line.includes(needle));
  return (at < 0 ? start : at) + 1;
}
