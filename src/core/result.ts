import type { Locale } from './locale.ts';

/** One number held against theory. */
export interface Check {
  /** Key of the demo's `measures`. */
  id: string;
  /** The claim in the reader's language. */
  claim: string;
  measured: number;
  predicted: number;
  /** Absolute: ok means |measured − predicted| ≤ tolerance. */
  tolerance: number;
  /** Where a range was predicted; `predicted` is its middle then, `tolerance` half its width. */
  range?: readonly [low: number, high: number];
  ok: boolean;
}

/** Names values along one axis; `low`/`high` is the band over seeds. */
export interface Series {
  name: string;
  x: number[];
  y: number[];
  low?: number[];
  high?: number[];
}

export interface SourceLink {
  title: string;
  author?: string;
  year?: number;
  url: string;
  supports?: string;
}

export interface Standing {
  rank: number;
  user: { id: string; name: string };
  score: number;
  correct: number;
  answered: number;
}

export type AnswerResult = {
  kind: 'answer';
  topic: string | null;
  answered: boolean;
  /** `likely`: shown as the closest, not as the answer. */
  outcome: 'answer' | 'likely' | 'did-you-mean' | 'none';
  /** What was shown: `?name` of an answered question or `#id` of a section. */
  unit?: string;
  /** A second answer in the same reply: the message asked two things, or two answers come equally near. */
  also?: { topic: string; unit: string };
  /** How probable it is that it answers, 0–1, calibrated; see src/notes. */
  score: number;
  lang: Locale;
  /** The answered question, where one fitted. */
  asked?: { id: string; question: string; answer: string };
  passage?: { heading: string; section: string; text: string };
  sources: SourceLink[];
  /** What else may have been meant. */
  alternatives: { topic: string; unit: string }[];
};

export type DemoResult = {
  kind: 'demo';
  demo: string;
  params: Record<string, unknown>;
  seed: number;
  backend: string;
  ms: number;
  cached?: boolean;
  series: Series[];
  measures: Record<string, number>;
  /** Names of series and measures in the reader's language, by their keys. */
  names: Record<string, string>;
  checks: Check[];
  /** Runs that end worse than they began, and from which step on; see `Outcome`. */
  diverged?: { name: string; step: number }[];
  /** File name of the image block that shows it. */
  image: string;
  /** What a room had voted before: the option that the run bore out, votes by option, and who was right. */
  prediction?: { id: string; right: string; votes: Record<string, number>; names: string[] };
};

export type QuizResult = {
  kind: 'quiz';
  quizId: string;
  state: string;
  question?: Record<string, unknown>;
  standings?: Standing[];
  [more: string]: unknown;
};

export type ScoresResult = { kind: 'scores'; period: string; rows: Standing[]; you?: Standing };
export type ErrorResult = { kind: 'error'; code: string; message: string; hint: string };
/** Anything that is not one of the named outcomes: help, settings, topics, progress, exports. */
export type OtherResult = { kind: 'info'; [more: string]: unknown };

export type Result = AnswerResult | DemoResult | QuizResult | ScoresResult | ErrorResult | OtherResult;
