import type { Locale } from '../core/locale.ts';
import type { Request, RoomRef, User } from '../core/request.ts';
import type { Outcome } from '../notes/service.ts';
import type { Space } from '../own-notes/service.ts';

/** What a space's managers decide. */
export interface SpaceSettings {
  /** Questions without an answer are kept, without names, for 90 days. Off until somebody switches it on. */
  gaps: boolean;
  /** Answers have 👍 and 👎. */
  feedback: boolean;
  /** Where and when the weekly digest goes; undefined where nobody asked for one. */
  digest: DigestPlan | undefined;
}

export interface DigestPlan {
  room: string;
  /** IANA time zone of the hour. */
  zone: string;
  /** 0–23, on Mondays. */
  hour: number;
  /** Who asked for it: gets it too, as every person does who is named with `/notes managers`. */
  by?: string | undefined;
}

/** Questions that would find each other. */
export interface Family {
  /** Id of its first question. */
  id: number;
  /** How often it was asked. */
  count: number;
  newest: number;
  /** The question that was asked most often, else last. */
  question: string;
  locale: Locale;
}

export interface FamilyDetail extends Family {
  /** Its different wordings, most frequent first. */
  wordings: string[];
  /** What people said was missing, newest first. */
  missing: string[];
}

export interface FamilyPage {
  families: Family[];
  /** From 0. */
  page: number;
  pages: number;
  /** Of all open families. */
  total: number;
  /** Questions in them. */
  questions: number;
}

/** An answer that is shown: the topic and `?question` or `#section`. */
export interface Shown {
  topic: string;
  unit: string;
}

export interface Votes {
  up: number;
  down: number;
}

export interface Review {
  by: string;
  at: number;
}

/** A question whose answer another one takes away. */
export interface Collision {
  question: string;
  /** Title of what answered it before. */
  before: string;
}

export type Asking = Pick<Request, 'platform' | 'space' | 'room' | 'user'>;

/** What could not be answered, and what is done about it. Rows of one space are never read for another. */
export interface Gaps {
  settings(space: Space): Promise<SpaceSettings>;
  set(space: Space, change: Partial<SpaceSettings>): Promise<SpaceSettings>;
  /** Called for every question: counts it, and keeps it where it was not answered and the space keeps gaps. Never throws. */
  asked(asking: Asking, question: string, outcome: Outcome): Promise<void>;
  page(space: Space, page: number, order: 'asked' | 'newest'): Promise<FamilyPage>;
  family(space: Space, id: number): Promise<FamilyDetail | undefined>;
  /** The family is answered by a topic, or `-`: it is no gap. */
  close(space: Space, id: number, topic: string): Promise<void>;
  /** A topic that was withdrawn answers nothing. */
  reopen(space: Space, topic: string): Promise<void>;
  /** The newest open families. */
  open(space: Space, limit: number): Promise<Family[]>;
  /** The last vote of a person counts. `question` is what was asked, where it is known. */
  vote(asking: Asking, shown: Shown, vote: 1 | -1, locale: Locale): Promise<Votes>;
  /** What the person who voted 👎 says is missing. */
  missing(asking: Asking, shown: Shown, text: string, locale: Locale): Promise<void>;
  review(space: Space, shown: Shown, by: User): Promise<Review>;
  reviewOf(space: Space, shown: Shown): Promise<Review | undefined>;
  /** Which questions would be answered by `topic` that something else answered before `write` was run. */
  collisions<T>(
    space: Space,
    texts: readonly string[],
    write: () => Promise<T>,
    topicOf: (written: T) => string,
  ): Promise<{ written: T; collisions: Collision[]; checked: number }>;
  digest: {
    /** Posts what is due, by the clock, from now on. */
    start(): void;
    /** Resolves when what was due has been posted. */
    idle(): Promise<void>;
    stop(): Promise<void>;
    /** What the last seven days held. */
    of(room: RoomRef): Promise<Digest>;
  };
}

export interface Digest {
  asked: number;
  answered: number;
  /** Open families, newest week only, most asked first. */
  gaps: Family[];
  quizzes: number;
  answers: number;
  /** Share of them that was right, 0–1; undefined where there was none. */
  right: number | undefined;
  /** The question that fewest answered right, of those that several did. */
  hardest: { prompt: string; right: number; answers: number } | undefined;
  /** Questions that come back to people in the next seven days, all together; undefined where too few people learn for a sum to hide them. */
  due: number | undefined;
}
