import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** Our content with questions of one kind (single choice) only in the topic batch-size, so that a test knows what to press. */
export function choiceContent(wanted = 'single'): string {
  const folder = mkdtempSync(join(tmpdir(), 'content-'));
  cpSync(join(import.meta.dirname, '../../content'), folder, { recursive: true });
  const file = join(folder, 'topics/batch-size/quiz.yaml');
  const { questions } = parse(readFileSync(file, 'utf8')) as { questions: { kind: string }[] };
  writeFileSync(file, stringify({ questions: questions.filter(({ kind }) => kind === wanted) }));
  return folder;
}
