export interface PersonRow {
  platform: string;
  space: string;
  user_id: string;
  name: string;
  /** 1 for people who are not to be shown on leaderboards. */
  hidden: number;
}

/** One person on one board. */
export interface ScoreSumRow {
  platform: string;
  space: string;
  /** Empty for the whole server. */
  room: string;
  /** Empty for all topics. */
  topic: string;
  /** `all`, `season-2`, the month `2026-11`, the day `d2026-11-24`, or the week by its Monday, `w2026-11-23` (UTC). */
  period: string;
  user_id: string;
  points: number;
  correct: number;
  answered: number;
}

/** A season that was closed; the one after the last is running. */
export interface SeasonRow {
  platform: string;
  space: string;
  number: number;
  name: string;
  closed_at: number;
}
