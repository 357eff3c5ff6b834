import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const TOPICS = join(import.meta.dirname, '../../content/topics');

/**
 * A content folder with one real topic, of which five questions with choices, and the decks given as YAML, so that
 * a program over it starts at once and more questions in the notes change no test.
 */
export function smallContent(decks: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'content-'));
  const topic = join(folder, 'topics/batch-size');
  cpSync(join(TOPICS, 'batch-size'), topic, { recursive: true });
  const { questions } = parse(readFileSync(join(topic, 'quiz.yaml'), 'utf8')) as { questions: { kind: string }[] };
  writeFileSync(join(topic, 'quiz.yaml'), stringify({ questions: questions.filter(({ kind }) => kind === 'single').slice(0, 5) }));
  mkdirSync(join(folder, 'decks'));
  for (const [id, text] of Object.entries(decks)) writeFileSync(join(folder, 'decks', `${id}.yaml`), text);
  return folder;
}
