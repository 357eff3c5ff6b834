import type { Choice } from '../core/command.ts';
import type { Locale } from '../core/locale.ts';
import type { Content, Section, Topic } from './content.ts';

/** One passage that was found, in the language to answer in. */
export interface Hit {
  topic: Topic;
  section: Section;
  /** 0–1: BM25 ÷ the query's IDF sum with the relative margin; 1 for an exact alias. */
  score: number;
}

export type SearchOutcome =
  | { kind: 'answer'; hit: Hit; alternatives: Hit[] }
  | { kind: 'did-you-mean'; alternatives: Hit[] }
  | { kind: 'none'; alternatives: Hit[] };

export interface Notes {
  /** The newest content that loaded without errors. Read it anew each time: it changes when files change. */
  content(): Content;
  topic(id: string): Topic | undefined;
  /**
   * Finds the passage that answers. `explain` prefers whole topics (aliases, pinyin, typos), `ask` passages.
   * Never throws, whatever the text.
   */
  search(text: string, locale: Locale, mode: 'explain' | 'ask'): SearchOutcome;
  /** Topics for autocomplete, nearest first; all of them for an empty text. At most 25. */
  suggest(typed: string, locale: Locale): Choice[];
  /** Problems of the last reading of the content folder, also of a version that was refused. */
  problems(): Content['problems'];
  close(): void;
}
