import type { Problem } from './content.ts';
import type { LoadedContent } from './load.ts';
import { lineOf } from './text-lines.ts';

/** What `needs:` gets wrong: topics that do not exist, and topics that need each other in a circle. */
export function checkNeeds({ topics, files }: Pick<LoadedContent, 'topics' | 'files'>): Problem[] {
  const problems: Problem[] = [];
  const error = (id: string, message: string) => {
    const { en, zh } = files.get(id) ?? {};
    const note = [en, zh].find((one) => (one?.front.needs.length ?? 0) > 0);
    if (note) problems.push({ severity: 'error', file: note.file, line: lineOf(note.file, 'needs:'), message });
  };
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) {
      const circle = [...path.slice(path.indexOf(id)), id];
      error(id, `needs: goes in a circle: ${circle.join(' → ')}`);
      return;
    }
    if (done.has(id)) return;
    for (const other of topics.get(id)?.needs ?? []) {
      if (topics.has(other)) visit(other, [...path, id]);
      else error(id, `needs: the topic “${other}” does not exist`);
    }
    done.add(id);
  };
  for (const id of topics.keys()) visit(id, []);
  return problems;
}
