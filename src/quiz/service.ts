import type { Locale } from '../core/locale.ts';
import type { Reply } from '../core/reply.ts';
import type { RoomRef, User } from '../core/request.ts';
import type { Standing } from '../core/result.ts';
import type { Instance, Value } from './grade.ts';
import type { LiveQuiz } from './live.ts';
import type { Question } from './question.ts';
import type { Control, Mode, Pace, Phase, QuizSettings, Reason } from './state.ts';
import type { Timetable } from './timetable/service.ts';

/** What the quiz side adds to Services. */
export interface QuizServices {
  quiz: Quiz;
  timetable: Timetable;
  scores: Scores;
}

export interface StartOptions {
  room: RoomRef;
  host: User;
  /** Delivery id: the same start twice makes one quiz. */
  request: string;
  locale: Locale;
  topic: string | null;
  total: number;
  seconds: number;
  lobbySeconds: number;
  mode: Mode;
  teams: number;
  lock: boolean;
  /** A quiz over days, and when it closes; beside the one that the room plays. */
  pace?: Pace;
  closesAt?: number;
  /** Only these questions, e.g. the missed ones of a rematch. */
  only?: readonly string[];
}

/** A question that is being answered: what is asked, and the answer that the person has given so far. */
export interface Asked {
  question: Question;
  instance: Instance;
  before: Value | undefined;
}

export interface Quiz {
  /** @throws UserError when the room has a running quiz or there is no question. */
  start(options: StartOptions): Promise<LiveQuiz>;
  /** The running quiz of a room, as far as it has been taken up. */
  inRoom(room: RoomRef): LiveQuiz | undefined;
  /** The running quiz of a room; one that the process before left is taken up now. */
  open(room: RoomRef): Promise<LiveQuiz | undefined>;
  /** The same by its id. @throws UserError `quiz-not-here` for quizzes that have ended or run in another room. */
  find(quizId: string, room: RoomRef): Promise<LiveQuiz>;
  /** @returns false when the person is in already. */
  join(live: LiveQuiz, user: User, delivery: string): Promise<boolean>;
  /**
   * Grades and stores an answer to the question at `position`.
   * @param change builds the value from the question and the person's answer so far; it may throw to refuse
   * @param done the person says that this is all, see `isComplete`
   * @throws UserError when it is too late, or when the answer could not be stored
   */
  answer(live: LiveQuiz, user: User, position: number, change: (asked: Asked) => Value, delivery: string, done?: boolean): Promise<Value>;
  /**
   * Counts the next hint of the open question as asked for.
   * @returns how many hints the person may see now; the same delivery again, or one hint too many, adds none
   * @throws UserError when there is no hint, or the question is over
   */
  hint(live: LiveQuiz, user: User, position: number, delivery: string): Promise<number>;
  /** Stores why somebody voted as they did, while people talk. @returns false when that is not possible now */
  reason(live: LiveQuiz, user: User, position: number, reason: Reason, delivery: string): Promise<boolean>;
  /**
   * @param meant the question and phase that it was said of; it does nothing when these are over
   * @returns false when that is not possible now
   */
  control(live: LiveQuiz, what: Control, delivery: string, meant?: { position?: number; phase?: Phase }): Promise<boolean>;
  /** Settings of a quiz of this room that is over, for another one like it. @throws UserError `quiz-not-here`. */
  settings(quizId: string, room: RoomRef): Promise<QuizSettings>;
  /** Questions of that quiz that somebody got wrong or nobody answered, worst first. */
  missed(quizId: string): Promise<string[]>;
  /** A person's own answers beside the right ones. @throws UserError `quiz-not-over` while others may still be asked. */
  own(quizId: string, room: RoomRef, user: User, locale: Locale): Promise<Reply>;
  /**
   * What came of the person's last answer, where it could not be shown to them when it was revealed; said once.
   * Remembers the language to speak to them in.
   */
  owed(live: LiveQuiz, user: User, locale: Locale): string | undefined;
  /** Whether a message is one of a quiz that runs in the room. */
  isBoard(room: RoomRef, message: string): Promise<boolean>;
  /** The board as it is now, for someone who asks. */
  board(live: LiveQuiz): Promise<Reply | undefined>;
  /**
   * Takes up what was running when the process stopped, on the platforms that are connected. Harmless when called
   * again, so an adapter that connects late may call it too.
   */
  resume(): Promise<void>;
  /** Resolves when all that is due has been stored and sent. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export const PERIODS = ['today', 'week', 'month', 'season', 'all'] as const;
export type Period = (typeof PERIODS)[number];

export interface Where {
  platform: string;
  space: string;
  /** Null for the whole server. */
  room: string | null;
}

export interface BoardQuery {
  where: Where;
  /** A period, or the number of a season. */
  period: Period | number;
  topic: string | null;
}

/** A season that was closed. */
export interface Season {
  number: number;
  name: string;
  closedAt: number;
}

export interface Scores {
  /** Best first, ties sharing a rank, up to rank `limit`. People who do not want to be named are left out. */
  board(query: BoardQuery, limit: number): Promise<Standing[]>;
  /** Where one person stands; undefined when they have no points there or do not want to be named. */
  place(query: BoardQuery, user: string): Promise<Standing | undefined>;
  /** Number of the running season. */
  season(where: Pick<Where, 'platform' | 'space'>): Promise<number>;
  /** The seasons that were closed, newest first. */
  seasons(where: Pick<Where, 'platform' | 'space'>): Promise<Season[]>;
  /** Keeps the running season's boards and begins the next. @param expected its number, so that two hosts close it once */
  closeSeason(where: Pick<Where, 'platform' | 'space'>, name: string, expected: number): Promise<Season | undefined>;
  isHidden(where: Pick<Where, 'platform' | 'space'>, user: string): Promise<boolean>;
  setHidden(where: Pick<Where, 'platform' | 'space'>, user: User, hidden: boolean): Promise<void>;
}
