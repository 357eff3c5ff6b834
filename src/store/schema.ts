import type { Generated } from 'kysely';
import type { DeliveryRow, GatewayIdentifyRow, GatewayShardRow, ProcessRow } from './cluster-rows.ts';
import type { AnswerReviewRow, AnswerVoteRow, DigestRow, GapRow, SpaceDayRow, SpaceSettingRow } from './gaps-rows.ts';
import type { LabAskRow, LabResultRow, LabRunRow } from './lab-rows.ts';
import type {
  AbilityRow,
  AccountRow,
  CardRow,
  ItemRatingRow,
  LearnerRow,
  LinkCodeRow,
  PersonalQuizRow,
  ReviewLogRow,
  ReviewTurnRow,
} from './learn-rows.ts';
import type { AnsweredThreadRow, UnderWayRow } from './message-rows.ts';
import type { LeftSpaceRow, NoteManagerRow, NoteRow, NoteSpaceRow, NoteVersionRow } from './own-notes-rows.ts';
import type { DiscordFormRow, DiscordPageRow, LocaleRow, SecretRow, SlackInstallationRow } from './platform-rows.ts';
import type {
  AnswerRow,
  PredictionRow,
  PredictionVoteRow,
  QuizCodeRow,
  QuizEventRow,
  QuizPostRow,
  QuizQuestionRow,
  QuizRow,
  ScheduleRow,
} from './quiz-rows.ts';
import type { PersonRow, ScoreSumRow, SeasonRow } from './score-rows.ts';
import type { WebMessageRow, WebOldNameRow, WebPersonRow, WebSessionRow } from './web-rows.ts';

/** Tables as Kysely sees them. Text, integer and real only, so that the same queries run on Postgres. */
export interface Schema {
  processes: ProcessRow;
  gateway_shards: GatewayShardRow;
  gateway_identifies: GatewayIdentifyRow;
  deliveries: DeliveryRow;
  locales: LocaleRow;
  quizzes: QuizRow;
  quiz_questions: QuizQuestionRow;
  quiz_events: QuizEventRow;
  quiz_posts: QuizPostRow;
  quiz_codes: QuizCodeRow;
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
  discord_forms: DiscordFormRow;
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
  // Only on Postgres.
  'lab.runs': Omit<LabRunRow, 'seq'> & { seq: Generated<number> };
  'lab.asks': LabAskRow;
  'lab.results': LabResultRow;
}
