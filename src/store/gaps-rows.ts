import type { Generated } from 'kysely';

interface Here {
  platform: string;
  space: string;
}

/** What a space's managers switched on or off. */
export interface SpaceSettingRow extends Here {
  name: string;
  value: string;
}

/** A question that was not answered, or not well. Nobody's name is with it. */
export interface GapRow extends Here {
  id: Generated<number>;
  /** Questions that would find each other share the id of the first. */
  family: number;
  question: string;
  locale: string;
  reason: 'unanswered' | 'unhelpful';
  /** What the person said was missing. */
  missing: string | null;
  /** A salted hash of the account that asked, by which `/forget-me` finds its rows. */
  asker: string;
  at: number;
  /** The topic that answers it now, or `-` where it was dismissed. */
  closed: string | null;
}

/** What somebody thought of an answer, last. */
export interface AnswerVoteRow extends Here {
  user_id: string;
  topic: string;
  unit: string;
  /** 1 or -1. */
  vote: number;
  at: number;
}

/** A manager read the answer and found it right. */
export interface AnswerReviewRow extends Here {
  user_id: string;
  name: string;
  topic: string;
  unit: string;
  /** Of the text that was read: the mark is that text's only. */
  hash: string;
  at: number;
}

/** How many questions were asked and answered on a day; only while the space keeps gaps. */
export interface SpaceDayRow extends Here {
  day: string;
  asked: number;
  answered: number;
}

/** A weekly digest that was sent, or begun to be. */
export interface DigestRow extends Here {
  /** The Monday that it was due on. */
  week: string;
  at: number;
}
