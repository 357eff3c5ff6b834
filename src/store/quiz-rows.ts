export interface QuizRow {
  id: string;
  platform: string;
  space: string;
  room: string;
  /** Delivery id of the /quiz start that made it. */
  request: string;
  /** JSON of QuizSettings. */
  settings: string;
  phase: string;
  /** The pace of a quiz over days; empty for the one that the room plays now. One of each runs in a room. */
  lane: string;
  created_at: number;
  /** Set once the last message is out; until then a restart goes on with it. */
  finished_at: number | null;
  /** The process that shows it, where several share the database. */
  worker: string | null;
}

export interface QuizQuestionRow {
  quiz_id: string;
  position: number;
  question_id: string;
  topic: string;
  /** JSON of Instance: choice order, seed and key of a chart question. */
  instance: string;
  /** Mean credit of those who answered, set when the question closes; null when it was never asked. */
  credit: number | null;
}

export interface QuizEventRow {
  quiz_id: string;
  seq: number;
  delivery: string | null;
  /** JSON of QuizEvent. */
  event: string;
}

export interface QuizPostRow {
  quiz_id: string;
  /** `lobby`, `q0`, `r0`, `podium`. */
  key: string;
  /** JSON of MessageRef. */
  message: string;
}

export interface QuizCodeRow {
  /** Six letters and digits. */
  code: string;
  quiz_id: string;
}

export interface AnswerRow {
  quiz_id: string;
  position: number;
  user_id: string;
  /** JSON of Value. */
  value: string;
  credit: number;
  /** Set when the question closes. */
  points: number | null;
  at: number;
}

/** A quiz, or a question a day, that starts by itself. */
export interface ScheduleRow {
  id: string;
  platform: string;
  space: string;
  room: string;
  /** Who made it; it goes when they are forgotten. */
  user_id: string;
  /** Delivery id of the command that made it. */
  request: string;
  kind: string;
  locale: string;
  /** IANA name. */
  zone: string;
  /** Local time of the first one, `2026-12-04T18:00`; the others follow from it. */
  anchor: string;
  /** `none`, `weekly` or `daily`. */
  repeat: string;
  /** JSON of what /quiz start was told. */
  wish: string;
  /** Moment of the next one. */
  next_at: number;
  /** The process that holds it just now, where several share the database. */
  worker: string | null;
}

/** A vote on what an experiment will show. */
export interface PredictionRow {
  id: string;
  platform: string;
  space: string;
  room: string;
  /** Who asked for it. */
  user_id: string;
  /** Delivery id of the /demo that made it. */
  request: string;
  locale: string;
  demo: string;
  /** JSON of the experiment's parameters. */
  params: string;
  seed: number;
  seconds: number;
  phase: string;
  /** Set once the question is out. */
  deadline: number | null;
  /** JSON of the question's MessageRef. */
  message: string | null;
  created_at: number;
  /** The process that goes on with it, where several share the database. */
  worker: string | null;
}

export interface PredictionVoteRow {
  prediction_id: string;
  platform: string;
  space: string;
  user_id: string;
  name: string;
  /** Id of one of the experiment's options. */
  choice: string;
  at: number;
}
