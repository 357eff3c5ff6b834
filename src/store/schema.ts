import type { AnswerReviewRow, AnswerVoteRow, DigestRow, GapRow, SpaceDayRow, SpaceSettingRow } from './gaps-rows.ts';
import type { AnsweredThreadRow, UnderWayRow } from './message-rows.ts';
import type { LeftSpaceRow, NoteManagerRow, NoteRow, NoteSpaceRow, NoteVersionRow } from './own-notes-rows.ts';

/** Tables as Kysely sees them. Text, integer and real only, so that the same queries run on Postgres. */
export interface Schema {
  locales: LocaleRow;
  quizzes: QuizRow;
  quiz_questions: QuizQuestionRow;
  quiz_events: QuizEventRow;
  quiz_posts: QuizPostRow;
  people: PersonRow;
  answers: AnswerRow;
  score_sums: ScoreSumRow;
  seasons: SeasonRow;
  web_messages: WebMessageRow;
  cards: CardRow;
  review_log: ReviewLogRow;
  review_turns: ReviewTurnRow;
  personal_quizzes: PersonalQuizRow;
  schedules: ScheduleRow;
  learners: LearnerRow;
  abilities: AbilityRow;
  item_ratings: ItemRatingRow;
  predictions: PredictionRow;
  prediction_votes: PredictionVoteRow;
  slack_installations: SlackInstallationRow;
  discord_pages: DiscordPageRow;
  secrets: SecretRow;
  web_people: WebPersonRow;
  web_sessions: WebSessionRow;
  web_old_names: WebOldNameRow;
  accounts: AccountRow;
  link_codes: LinkCodeRow;
  under_way: UnderWayRow;
  space_settings: SpaceSettingRow;
  gaps: GapRow;
  answer_votes: AnswerVoteRow;
  answer_reviews: AnswerReviewRow;
  space_days: SpaceDayRow;
  digests: DigestRow;
  answered_threads: AnsweredThreadRow;
  notes: NoteRow;
  note_versions: NoteVersionRow;
  note_spaces: NoteSpaceRow;
  note_managers: NoteManagerRow;
  left_spaces: LeftSpaceRow;
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
  /** The pace of a quiz over days; empty for the one that the room plays now. One of each runs in a room. */
  lane: string;
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

/** A workspace or organisation that installed the Slack app. */
export interface SlackInstallationRow {
  /** Team id, or organisation id where the whole organisation installed it. */
  id: string;
  /** JSON of Bolt's Installation, with the bot token. */
  body: string;
  installed_at: number;
}

/** What this installation keeps to itself: a random name of its own, password hashes. */
export interface SecretRow {
  name: string;
  value: string;
}

/** A person of the playground. */
export interface WebPersonRow {
  id: string;
  /** As shown: a label, told apart from others of the same label by a number. */
  name: string;
  /** The shown name and the bare label as they are compared. */
  name_key: string;
  label_key: string;
  created_at: number;
}

/** A browser or a program that the playground knows by its token. */
export interface WebSessionRow {
  /** SHA-256 of the token. */
  hash: string;
  person: string | null;
  /** 1 when the playground's password was given. */
  access: number;
  /** Until when it may see what is the host's. */
  host_until: number | null;
  seen_at: number;
}

/** What was kept under a mere name, before people had secrets. */
export interface WebOldNameRow {
  name: string;
  /** Key of the person who took it. */
  claimed_by: string | null;
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
