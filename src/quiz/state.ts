import type { Value } from './grade.ts';

export const MODES = ['calm', 'speed', 'exam', 'discuss'] as const;
export type Mode = (typeof MODES)[number];
/** `daily`: one question, open for a day. `open`: all questions at once, each at their own pace. Both beside the room's quiz. */
export const PACES = ['daily', 'open'] as const;
export type Pace = (typeof PACES)[number];
export const PHASES = ['lobby', 'open', 'talk', 'reveal', 'paused', 'ended'] as const;
export type Phase = (typeof PHASES)[number];

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
  /** The first answer counts; without it the last one before the deadline does. */
  lock?: boolean;
  /** Discuss mode: how long people talk between the two votes. */
  talkSeconds?: number;
  /** Days rather than seconds; then `closesAt` says when answers are due. */
  pace?: Pace;
  closesAt?: number;
  /** Who answered in this room shortly before the quiz, and when last: they are waited for, see `reduce`. */
  recent?: readonly { id: string; at: number }[];
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
  /** Milliseconds of the answering time that it took; pauses do not count. */
  used: number;
  /** Whether the person is done: an unfinished order or selection is not. */
  final: boolean;
  /** No answer yet: an order that lacks items. */
  partial: boolean;
}

/** Why somebody voted as they did: in their own words, or in those of another. */
export type Reason = { text: string } | { like: string };

/** What came of a question that was closed. */
export interface Asked {
  position: number;
  answered: number;
  right: number;
  /** Mean over those who answered; 0 when nobody did. */
  credit: number;
  results: readonly Graded[];
  /** Whose order lacked items when the time was over: it counts as no answer. */
  unfinished: readonly string[];
  /** Discuss mode: the reasons that were written, and who found one convincing. */
  reasons?: readonly (readonly [string, Reason])[];
}

export interface QuizState {
  settings: QuizSettings;
  phase: Phase;
  /** −1 before the first question. */
  position: number;
  /** When the current phase ends by itself; null while a question's message is not confirmed yet. */
  deadline: number | null;
  /** When the open question's message was confirmed, moved on by pauses. */
  openedAt: number | null;
  /** Since when, and what was going on. */
  paused: { phase: 'open' | 'talk' | 'reveal'; at: number; deadline: number | null } | null;
  players: ReadonlyMap<string, Player>;
  /** Answers to the current question. */
  answers: ReadonlyMap<string, GivenAnswer>;
  /** Who asked for hints to the current question, and how many. */
  hints: ReadonlyMap<string, number>;
  /** Discuss mode: the second vote on the current question. */
  again: boolean;
  /** Discuss mode: the first votes on the current question, once they are in. */
  first: ReadonlyMap<string, GivenAnswer>;
  reasons: ReadonlyMap<string, Reason>;
  /** Own pace: answers to all questions, by position and person. */
  open: ReadonlyMap<number, ReadonlyMap<string, GivenAnswer>>;
  asked: readonly Asked[];
  /** Questions in a row whose time ran out without anybody answering. */
  idle: number;
  /** When each person last joined or had answered a question that is over; pauses do not count. */
  seen: ReadonlyMap<string, number>;
  /** Why the quiz is over. */
  ending: Ending | null;
}

/** Played to the end, nobody answered any more, a pause that nobody ended, stopped by somebody. */
export type Ending = 'complete' | 'idle' | 'forgotten' | 'stopped';

export type Control = 'begin' | 'next' | 'skip' | 'pause' | 'resume' | 'stop';

export type QuizEvent =
  | { type: 'join'; at: number; user: { id: string; name: string } }
  /** `again`: the message of the second vote. */
  | { type: 'posted'; at: number; position: number; again?: boolean }
  | {
      type: 'answer';
      at: number;
      position: number;
      user: { id: string; name: string };
      /** Nothing picked takes the answer back. */
      value: Value;
      credit: number;
      final?: boolean;
      partial?: boolean;
    }
  /** Somebody was shown the hint of this number, from 1. */
  | { type: 'hint'; at: number; position: number; user: { id: string; name: string }; number: number }
  | { type: 'reason'; at: number; position: number; user: { id: string; name: string }; reason: Reason }
  | { type: 'deadline'; at: number }
  /** The question cannot be shown: its note or its experiment is gone. */
  | { type: 'drop'; at: number; position: number }
  /** `position` and `phase`: only while these are on, so that a second press does not act on what came of the first. */
  | { type: Control; at: number; position?: number; phase?: Phase };

/** What must happen outside after the event is stored. */
export type Effect =
  /** `show-answers`: all of an exam's answers. */
  | { type: 'show-lobby' | 'show-answers' | 'show-podium' }
  | { type: 'post-question' | 'show-talk' | 'show-reveal'; position: number }
  | { type: 'refresh-board' }
  /** Points of a closed question; stored in the same transaction as the event. */
  | { type: 'record'; position: number; results: Graded[] };

export interface Graded {
  user: string;
  value: Value;
  credit: number;
  points: number;
  used: number;
  /** Asked for a hint: half the points. */
  hinted?: boolean;
  /** Discuss mode: what the person had voted alone. */
  alone?: { value: Value; credit: number };
}

export function initialState(settings: QuizSettings, now: number): QuizState {
  return {
    settings,
    phase: 'lobby',
    position: -1,
    deadline: isOwnPace(settings) && settings.closesAt !== undefined ? settings.closesAt : now + settings.lobbySeconds * 1000,
    openedAt: null,
    paused: null,
    players: new Map(),
    ...freshQuestion(),
    open: new Map(),
    asked: [],
    idle: 0,
    seen: new Map(settings.recent?.map(({ id, at }) => [id, at])),
    ending: null,
  };
}

/** Whether all questions are open at once: such a quiz is in its lobby until it closes. */
export function isOwnPace({ pace }: Pick<QuizSettings, 'pace'>): boolean {
  return pace === 'open';
}

/** What a question begins with. */
export function freshQuestion(): Pick<QuizState, 'answers' | 'hints' | 'again' | 'first' | 'reasons'> {
  return { answers: new Map(), hints: new Map(), again: false, first: new Map(), reasons: new Map() };
}

/** Answers that are whole: an order that lacks items is none yet. */
export function wholeAnswers({ answers }: Pick<QuizState, 'answers'>): [string, GivenAnswer][] {
  return [...answers].filter(([, { partial }]) => !partial);
}

/** How many are done with the open question. */
export function doneCount({ answers }: Pick<QuizState, 'answers'>): number {
  return [...answers.values()].filter(({ final, partial }) => final && !partial).length;
}

/** The phase that goes on, or would if the clock were not stopped. */
export function underlyingPhase({ phase, paused }: QuizState): Exclude<Phase, 'paused'> {
  return phase === 'paused' ? (paused?.phase ?? 'open') : phase;
}
