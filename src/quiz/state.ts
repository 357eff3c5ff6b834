import type { Value } from './grade.ts';

export const MODES = ['calm', 'speed', 'exam'] as const;
export type Mode = (typeof MODES)[number];
export type Phase = 'lobby' | 'open' | 'reveal' | 'paused' | 'ended';

export interface QuizSettings {
  mode: Mode;
  /** Answering time of a question. */
  seconds: number;
  lobbySeconds: number;
  revealSeconds: number;
  /** User id of who started it. */
  host: string;
  locale: 'en' | 'zh';
  topic: string | null;
  total: number;
  /** Players are split into this many teams; 0 for none. */
  teams: number;
}

export interface Player {
  id: string;
  name: string;
  team: number | null;
  score: number;
  correct: number;
  answered: number;
}

export interface GivenAnswer {
  value: Value;
  /** 0–1. */
  credit: number;
  at: number;
}

export interface QuizState {
  settings: QuizSettings;
  phase: Phase;
  /** −1 before the first question. */
  position: number;
  /** When the current phase ends; null while a question's message is not confirmed yet. */
  deadline: number | null;
  /** When the open question's message was confirmed. */
  openedAt: number | null;
  paused: { phase: 'open' | 'reveal'; remaining: number } | null;
  players: ReadonlyMap<string, Player>;
  /** Answers to the current question. */
  answers: ReadonlyMap<string, GivenAnswer>;
  /** Share of credit by question, for the rematch of missed ones. */
  credits: readonly number[];
  /** Questions in a row that nobody answered. */
  idle: number;
}

export type QuizEvent =
  | { type: 'join'; at: number; user: { id: string; name: string } }
  | { type: 'begin'; at: number }
  | { type: 'posted'; at: number; position: number }
  | {
      type: 'answer';
      at: number;
      position: number;
      user: { id: string; name: string };
      value: Value;
      credit: number;
    }
  | { type: 'deadline'; at: number }
  | { type: 'next' | 'skip' | 'pause' | 'resume' | 'stop'; at: number };

/** What must happen outside after the event is stored. */
export type Effect =
  | { type: 'show-lobby' | 'show-podium' }
  | { type: 'post-question' | 'show-reveal'; position: number }
  | { type: 'refresh-board' }
  /** Points of a closed question. */
  | { type: 'record'; position: number; results: Graded[] };

export interface Graded {
  user: string;
  credit: number;
  points: number;
}

export function initialState(settings: QuizSettings, now: number): QuizState {
  return {
    settings,
    phase: 'lobby',
    position: -1,
    deadline: now + settings.lobbySeconds * 1000,
    openedAt: null,
    paused: null,
    players: new Map(),
    answers: new Map(),
    credits: [],
    idle: 0,
  };
}
