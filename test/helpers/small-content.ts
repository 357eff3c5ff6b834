import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TOPICS = join(import.meta.dirname, '../../content/topics');

/** A content folder with one real topic and the decks given as YAML, so that a program over it starts at once. */
export function smallContent(decks: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'content-'));
  cpSync(join(TOPICS, 'batch-size'), join(folder, 'topics/batch-size'), { recursive: true });
  mkdirSync(join(folder, 'decks'));
  for (const [id, text] of Object.entries(decks)) writeFileSync(join(folder, 'decks', `${id}.yaml`), text);
  return folder;
}
