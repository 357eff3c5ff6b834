import type { Choice } from '../core/command.ts';
import type { Locale } from '../core/locale.ts';
import type { Question } from '../quiz/question.ts';
import type { AnsweredQuestion, Content, Deck, Topic } from './content.ts';
import type { Prepared } from './prepare.ts';

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
      /** A second answer in the same reply: to the message's other question, one that comes as near as the first, or the next one where neither is likely to be meant. */
      also?: { hit: Hit; why: 'asked-too' | 'as-near' | 'unsure' };
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

/** Notes as one place sees them. */
export interface NotesView {
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
}

/** Topics and questions that a space has of its own. */
export interface OwnContent {
  topics: ReadonlyMap<string, Topic>;
  prepared: ReadonlyMap<string, Prepared>;
  questions: ReadonlyMap<string, Question>;
  decks?: ReadonlyMap<string, Deck>;
}

/** A space's topics over the shipped ones. Whoever makes one closes it. */
export interface NotesLayer extends NotesView {
  close(): void;
}

/** The shipped notes. */
export interface Notes extends NotesView {
  /**
   * The same engine over these topics and the shipped ones as they are now; the layer's win where both have an id or
   * a name. Costs what the layer's own topics cost: nothing of the shipped index is copied.
   */
  over(own: OwnContent): NotesLayer;
  /** Problems of the last reading of the content folder, also of a version that was refused. */
  problems(): Content['problems'];
  close(): void;
}
