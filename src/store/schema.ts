/** Tables as Kysely sees them. Text, integer and real only, so that the same queries run on Postgres. */
export interface Schema {
  locales: LocaleRow;
  quizzes: QuizRow;
  quiz_questions: QuizQuestionRow;
  quiz_events: QuizEventRow;
  quiz_posts: QuizPostRow;
  people: PersonRow;
  answers: AnswerRow;
  score_days: ScoreDayRow;
  web_messages: WebMessageRow;
  discord_pages: DiscordPageRow;
}

/** `/lang` of a person (`kind: user`) or a room (`kind: room`). */
export interface LocaleRow {
  platform: string;
  space: string;
  kind: 'user' | 'room';
  id: string;
  locale: string;
}

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
  created_at: number;
  /** Set once the last message is out; until then a restart goes on with it. */
  finished_at: number | null;
}

export interface QuizQuestionRow {
  quiz_id: string;
  position: number;
  question_id: string;
  topic: string;
  /** JSON of Instance: choice order, seed and key of a chart question. */
  instance: string;
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

export interface PersonRow {
  platform: string;
  space: string;
  user_id: string;
  name: string;
  /** 1 for people who are not to be shown on leaderboards. */
  hidden: number;
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

export interface ScoreDayRow {
  platform: string;
  space: string;
  room: string;
  /** UTC, `YYYY-MM-DD`. */
  day: string;
  user_id: string;
  topic: string;
  points: number;
  correct: number;
  answered: number;
}

/** A message of the playground. */
export interface WebMessageRow {
  id: string;
  room: string;
  /** Place in the room; never changes. */
  seq: number;
  /** Grows with every new or edited message of any room; what a reader has seen is one number. */
  revision: number;
  author_id: string;
  author_name: string;
  bot: number;
  /** The only person who sees it; null for everyone. */
  audience: string | null;
  /** What was said as text, or JSON of the Reply with places of its images. */
  body: string;
  at: number;
}

/** A reply of several pages on Discord. */
export interface DiscordPageRow {
  key: string;
  /** JSON of the Reply, pictures in base64. */
  reply: string;
  used_at: number;
}
