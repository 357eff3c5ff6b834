import type { Reply } from '../core/reply.ts';
import type { RoomRef, User } from '../core/request.ts';
import type { Standing } from '../core/result.ts';
import type { Value } from './grade.ts';
import type { LiveQuiz } from './live.ts';
import type { Mode } from './state.ts';

/** What the quiz side adds to Services. */
export interface QuizServices {
  quiz: Quiz;
  scores: Scores;
}

export interface StartOptions {
  room: RoomRef;
  host: User;
  /** Delivery id: the same start twice makes one quiz. */
  request: string;
  locale: 'en' | 'zh';
  topic: string | null;
  total: number;
  seconds: number;
  lobbySeconds: number;
  mode: Mode;
  teams: number;
  /** Only these questions, e.g. the missed ones of a rematch. */
  only?: readonly string[];
}

export interface Quiz {
  /** @throws UserError when the room has a running quiz or there is no question. */
  start(options: StartOptions): Promise<LiveQuiz>;
  /** The running quiz of a room. */
  inRoom(room: RoomRef): LiveQuiz | undefined;
  /** @throws UserError `quiz-not-here` for quizzes that have ended or run in another room. */
  find(quizId: string, room: RoomRef): LiveQuiz;
  join(live: LiveQuiz, user: User, delivery: string): Promise<boolean>;
  /** Grades and stores an answer. `change` builds the new value from the one given before. @throws UserError when it is too late. */
  answer(live: LiveQuiz, user: User, position: number, change: (before: Value | undefined) => Value, delivery: string): Promise<Value>;
  control(live: LiveQuiz, what: 'begin' | 'next' | 'skip' | 'pause' | 'resume' | 'stop', delivery: string): Promise<boolean>;
  /** Questions that the last quiz of the room got wrong most, for the rematch. */
  missed(room: RoomRef): Promise<string[]>;
  /** The board as it is now, for someone who asks. */
  board(live: LiveQuiz): Promise<Reply>;
  /** Re-arms what was running when the process stopped. Called once adapters are up. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export const PERIODS = ['today', 'week', 'month', 'all'] as const;
export type Period = (typeof PERIODS)[number];

export interface Scores {
  /** Leaderboard of a room or (`room: null`) of the whole server, best first, ties sharing a rank. */
  board(
    where: { platform: string; space: string; room: string | null },
    period: Period,
    topic: string | null,
    limit: number,
  ): Promise<Standing[]>;
}
