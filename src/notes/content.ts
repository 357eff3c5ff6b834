import type { Locale, Localized } from '../core/locale.ts';
import type { Question } from '../quiz/question.ts';

/** The file format is docs/authoring.md; `load.ts` reads it. */
export interface Source {
  id: string;
  title: string;
  author?: string;
  year?: number;
  url: string;
  supports: Localized;
}

/** A claim that a number can decide: run `demo` with `params`, look at `measure`. */
export interface Claim {
  id: string;
  text: Localized;
  demo: string;
  params: Record<string, unknown>;
  /** Key of the demo's measures. */
  measure: string;
  /** How the predicted value comes about; its words are in the reader's language. */
  formula?: Localized;
  /** Either a predicted value with an absolute tolerance, or a range. */
  predicted?: number;
  tolerance?: number;
  range?: [number, number];
}

/** One passage: a heading's section in one language. The id pairs the languages. */
export interface Section {
  id: string;
  heading: string;
  /** CommonMark with LaTeX in $…$ and citations [@source]. */
  body: string;
}

/** A question that learners ask, and its answer: `answers.yaml`. */
export interface AnsweredQuestion {
  /** `<topic>.<name>`, never reused. */
  id: string;
  /** Ways in which it is asked; the first one names the thing and stands above the answer. */
  ask: Partial<Record<Locale, string[]>>;
  /** Stands alone, the first sentence answers. Markdown with formulas. */
  answer: Partial<Record<Locale, string>>;
  /** A few lines of code, where the question is "how do I". */
  code?: string;
  /** Where the note says more. */
  section?: string;
  /** Ids of the topic's sources. */
  sources: string[];
  /** Id of the topic's claim that decides it. */
  claim?: string;
}

/** What one language's file says. */
export interface TopicText {
  title: string;
  aliases: string[];
  reviewed?: string;
  sections: Section[];
}

export interface Topic {
  id: string;
  area: string;
  related: string[];
  /** Ids of topics to read first. */
  needs: string[];
  sources: Source[];
  claims: Claim[];
  answers: AnsweredQuestion[];
  /** At least one language. */
  texts: Partial<Record<Locale, TopicText>>;
}

/** A set of questions from outside the notes: `decks/<id>.yaml`. */
export interface Deck {
  id: string;
  title: Localized;
  /** The topic whose note answers the questions. */
  topic?: string | undefined;
  /** Where it comes from and under which terms. */
  source?: string | undefined;
  license?: string | undefined;
}

/** Something that is wrong in a content file. */
export interface Problem {
  severity: 'error' | 'warning';
  file: string;
  line?: number;
  message: string;
}

export interface Content {
  topics: ReadonlyMap<string, Topic>;
  decks: ReadonlyMap<string, Deck>;
  /** By question id. */
  questions: ReadonlyMap<string, Question>;
  problems: readonly Problem[];
}

/** The topic's text in `locale`, else in whatever language it has. */
export function textOf(topic: Topic, locale: Locale): TopicText {
  const text = topic.texts[locale] ?? topic.texts.en ?? topic.texts.zh;
  if (!text) throw new Error(`topic ${topic.id} has no text`);
  return text;
}
