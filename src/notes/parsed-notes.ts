import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from '../core/write-whole.ts';
import { codeHash } from './code-hash.ts';
import type { ReadTopic } from './read-topic.ts';

/** Parsed notes of the last start, by the hash of what they were made from. */
export interface ParsedNotes {
  /** The topic made from `sources`, from the file or else by `read`. */
  get(sources: unknown, read: () => ReadTopic): ReadTopic;
  /** The topic made from `sources`, where the file has it. */
  find(sources: unknown): ReadTopic | undefined;
  /** Writes down what was asked for since the last save, and forgets the rest. */
  save(): void;
}

// What is inside was written by this same code, which is part of every key.
const schema = z.record(
  z.string(),
  z.custom<ReadTopic>((value) => typeof value === 'object' && value !== null),
);

/**
 * Keeps parsed notes in one JSON file: parsing Markdown and YAML and analysing Chinese takes most of the start.
 * A file that is missing, damaged or cannot be written only costs time.
 */
export function openParsedNotes(file: string, onError: (error: unknown) => void): ParsedNotes {
  // Held only while notes are read: what is still in use of it stays by itself.
  let before: Record<string, ReadTopic> | undefined;
  const code = codeHash();
  let now: Record<string, ReadTopic> = {};
  let changed = false;
  const keyOf = (sources: unknown) => createHash('sha256').update(code).update(JSON.stringify(sources)).digest('base64url');
  const stored = (): Record<string, ReadTopic> => {
    before ??= readStored(file);
    return before;
  };
  const known = (key: string) => (Object.hasOwn(stored(), key) ? stored()[key] : undefined);
  return {
    find: (sources) => known(keyOf(sources)),
    get(sources, read) {
      const key = keyOf(sources);
      const found = known(key);
      changed ||= found === undefined;
      const topic = found ?? read();
      now[key] = topic;
      stored()[key] = topic;
      return topic;
    },
    save() {
      const entries = now;
      now = {};
      before = undefined;
      if (!changed) return;
      changed = false;
      try {
        writeWhole(file, JSON.stringify(entries));
      } catch (error) {
        onError(error);
      }
    },
  };
}

function readStored(file: string): Record<string, ReadTopic> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
