// What the server sends, as far as the page reads it; page-message.ts and docs/openapi.yaml describe all of it.

export interface Person {
  id: string;
  name: string;
}

export interface Form {
  title: string;
  label: string;
  placeholder?: string;
  maxLength: number;
  lines?: boolean;
  value?: string;
}

export interface Button {
  id: string;
  label: string;
  style?: string;
  disabled?: boolean;
  form?: Form;
}

export interface Source {
  title: string;
  author?: string;
  year?: number;
  url: string;
  supports?: string;
}

export interface ImageBlock {
  type: 'image';
  url: string;
  alt: string;
  name: string;
  width: number;
  height: number;
  /** The address of what it was drawn from. */
  chart?: string;
}

export type Block =
  | { type: 'heading'; text: string }
  | { type: 'markdown'; text: string; html: string }
  | { type: 'note'; text: string; tone?: string }
  | { type: 'fields'; items: { name: string; value: string }[] }
  | { type: 'table'; columns: string[]; rows: string[][] }
  | ImageBlock
  | { type: 'file'; name: string; url: string }
  | { type: 'buttons'; items: Button[] }
  | { type: 'rows'; items: { html: string; button: Button }[] }
  | { type: 'sources'; label: string; items: Source[] }
  | { type: 'deadline'; text: string; at: number }
  | { type: 'divider' };

/** The numbers behind an experiment's chart. */
export interface DemoNumbers {
  demo: string;
  params: Record<string, number | string | boolean | (number | string)[]>;
  seed: number;
  series: { name: string; x: number[]; y: number[]; low?: number[]; high?: number[] }[];
  measures: Record<string, number>;
  names?: Record<string, string>;
}

export interface Verdict {
  position: number;
  credit: number | null;
  points: number;
  score?: number;
  place?: number;
  of?: number;
  answer?: string | undefined;
  right?: string | undefined;
}

/** What a message says of a quiz, for a page that draws it by itself. */
export interface QuizPart {
  id: string;
  /** The phase when the message was last changed. */
  state: string;
  /** Which of the quiz's messages to the room this is: `lobby`, `q0`, `q0b` (a second vote), `t0` (talk), `r0`, `a0`, `podium`. */
  board?: string;
  /** A quiz over days. */
  pace?: string;
  kind?: string;
  position?: number;
  total?: number;
  /** What stands on a question's buttons. */
  choices: { id: string; html: string }[];
  /** The order of the presses counts. */
  ordered: boolean;
  answered?: number;
  players?: number;
  deadline?: number | null;
  /** Once it is over: which choices are right (of an order, in order), or what is, and how many took each. */
  picks?: number[];
  right?: string;
  split?: number[];
  /** What came of the reader's own answer; what they said and what is right, as HTML. */
  verdict?: Verdict;
}

export interface Message {
  id: string;
  seq: number;
  revision: number;
  at: number;
  author: Person & { bot: boolean };
  private: boolean;
  text?: string;
  blocks?: Block[];
  demo?: DemoNumbers;
  /** Where the page shows the whole note. */
  note?: string;
  quiz?: QuizPart;
  /** Under way: an answer will come in its place. */
  working?: boolean;
}

/** A reply as programs and the page get it. */
export interface ReplyJson {
  text: string;
  visibility: 'public' | 'private';
  blocks: Block[];
  result?: { kind: string; code?: string; message?: string; recorded?: string; forgotten?: boolean; linked?: boolean };
}
