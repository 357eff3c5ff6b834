/** One person's memory of one question. */
export interface CardRow {
  platform: string;
  space: string;
  user_id: string;
  question_id: string;
  due: number;
  /** Of the last answer: 1 again, 2 hard, 3 good. */
  rating: number;
  /** JSON of ts-fsrs's Card. */
  card: string;
}

/** A graded answer; rows are added and never changed. */
export interface ReviewLogRow {
  platform: string;
  space: string;
  user_id: string;
  /** Where it was given: `quiz/<id>/<position>` or `review/<turn>`. */
  source: string;
  question_id: string;
  at: number;
  rating: number;
  credit: number;
  /** 1 for the person's first answer to the question. */
  first: number;
  /** JSON of Value in the question's own order; null when it is not known. */
  given: string | null;
  /** JSON of ts-fsrs's ReviewLog. */
  log: string;
}

/** A question shown to one person for review. */
export interface ReviewTurnRow {
  id: string;
  platform: string;
  space: string;
  user_id: string;
  question_id: string;
  /** JSON of Instance. */
  instance: string;
  /** JSON of the answer so far, or the final one. */
  picked: string | null;
  /** Delivery id of the last pick: the same one again changes nothing. */
  delivery: string | null;
  /** How often help was asked for: the hints, then the passage. */
  hinted: number;
  opened_at: number;
  answered_at: number | null;
  /** The personal quiz that asks it; null for a review. */
  quiz: string | null;
}

/** A quiz of one person, apart from the room's. */
export interface PersonalQuizRow {
  id: string;
  platform: string;
  space: string;
  user_id: string;
  /** Null for all topics. */
  topic: string | null;
  total: number;
  started_at: number;
  finished_at: number | null;
}

/** What a person has set for reviews. */
export interface LearnerRow {
  platform: string;
  space: string;
  user_id: string;
  /** IANA name. */
  zone: string | null;
  /** Language of reminders: that of who switched them on. */
  locale: string | null;
  /** Local hour of the reminder; null for none. */
  remind_hour: number | null;
  /** Local day of the last reminder. */
  reminded_day: string | null;
  /** JSON of the account that switched the reminder on, where that is another than the person's key. */
  via: string | null;
  /** When a direct message was refused; no more are sent until reminders are switched on again. */
  refused_at: number | null;
}

/** Elo rating of a person. */
export interface AbilityRow {
  platform: string;
  space: string;
  user_id: string;
  ability: number;
  /** First answers that it rests on. */
  n: number;
}

/** Elo rating of a question, over everyone. */
export interface ItemRatingRow {
  question_id: string;
  difficulty: number;
  n: number;
}

/** An account that belongs to a person whose key is another; `space` is empty where an id names the same person everywhere. */
export interface AccountRow {
  platform: string;
  space: string;
  user_id: string;
  person_platform: string;
  person_space: string;
  person_id: string;
}

/** A code that joins another account to this one, once. */
export interface LinkCodeRow {
  /** SHA-256 of the code. */
  hash: string;
  platform: string;
  space: string;
  user_id: string;
  name: string;
  expires_at: number;
}
