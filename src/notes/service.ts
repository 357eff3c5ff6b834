import type { Choice } from '../core/command.ts';
import type { Locale } from '../core/locale.ts';
import type { AnsweredQuestion, Content, Topic } from './content.ts';

/** Something of the notes that can be shown as an answer, in whatever language it is asked for. */
export type Hit = { topic: Topic } & (
  | { kind: 'answer'; answer: AnsweredQuestion }
  | {
      kind: 'section';
      section: string;
      /** What was asked, as terms, to bring the sentences that tell it to the front. */
      terms?: ReadonlyMap<string, number>;
    }
);

/** What a question came to. `probability` says how likely the first hit answers it, calibrated on questions that others wrote. */
export type Outcome =
  | {
      kind: 'answer' | 'likely';
      hit: Hit;
      alternatives: Hit[];
      probability: number;
      /** Asked for: the same again in this language. */
      locale?: Locale;
    }
  | { kind: 'did-you-mean' | 'none'; alternatives: Hit[]; probability: number };

/** What was spoken of last, in the light of which “and at test time?” is read. */
export interface Spoken {
  topic: string;
  /** `?why-scale` or `#maths`. */
  unit: string;
}

export interface Notes {
  /** The newest content that loaded without errors. Read it anew each time: it changes when files change. */
  content(): Content;
  topic(id: string): Topic | undefined;
  /** The topic that a text names and nothing else: any spelling, pinyin, a typo. */
  named(text: string): Topic | undefined;
  /**
   * Finds what answers a question.
   * Never throws, whatever the text.
   */
  ask(text: string, previous?: Spoken): Outcome;
  /** The hit that `Spoken` or a button's id names. */
  hit(topic: string, unit: string): Hit | undefined;
  /** Topics for autocomplete, nearest first; all of them for an empty text. At most 25. */
  suggest(typed: string, locale: Locale): Choice[];
  /** Problems of the last reading of the content folder, also of a version that was refused. */
  problems(): Content['problems'];
  close(): void;
}
