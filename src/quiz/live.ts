import type { Locale } from '../core/locale.ts';
import type { PostRefused } from '../core/outbox.ts';
import type { ImageBlock, Reply } from '../core/reply.ts';
import { concerned } from './boards/verdict.ts';
import { type Instance, instanceFits } from './grade.ts';
import type { Question } from './question.ts';
import { reduce, type Step } from './reducer.ts';
import type { StoredQuiz } from './repository.ts';
import { type Effect, initialState, type QuizEvent, type QuizState, underlyingPhase } from './state.ts';

/** A running quiz in memory: what its events have made of it. */
export interface LiveQuiz {
  stored: StoredQuiz;
  state: QuizState;
  seq: number;
  /** Another process shows it; here it is only known. */
  guest: boolean;
  deliveries: Set<string>;
  /** The quiz's own time is this far ahead of the clock: the clock was set back while the program was down. */
  ahead: number;
  /** Messages of one quiz go out one after the other. */
  effects: Promise<unknown>;
  cancelTimer: () => void;
  cancelRefresh: (() => void) | undefined;
  /** Charts of the current question, drawn once: `q3` its own, `r3` the split of the votes. */
  charts: Map<string, Promise<ImageBlock | undefined>>;
  /** How each message looked when it was last sent, by key: an edit that changes nothing is not made. */
  shown: Map<string, string>;
  /** The answer that was shown last. */
  revealed?: { position: number; reply: Reply };
  /** People whose last verdict could not be shown to them, with its question: their next receipt says it. */
  owed: Map<string, number>;
  /** The language that each person was last spoken to in. */
  locales: Map<string, Locale>;
  /** Hears once that the first board is there, or why the platform refuses it; nobody listens for long. */
  opened: ((refusal?: PostRefused) => void) | undefined;
  /** Whether a question can be shown, by position; chart questions have an experiment to run first. */
  preparing: Map<number, Promise<boolean>>;
}

export type StoredEvent = { event: QuizEvent; delivery: string | null; seq: number };

export function revive(stored: StoredQuiz, events: readonly StoredEvent[], now: number): LiveQuiz {
  const live: LiveQuiz = {
    stored,
    state: initialState(stored.settings, stored.createdAt),
    // Events of a person who was forgotten are gone.
    seq: (events.at(-1)?.seq ?? -1) + 1,
    guest: false,
    deliveries: new Set(events.flatMap(({ delivery }) => delivery ?? [])),
    ahead: Math.max(0, (events.at(-1)?.event.at ?? stored.createdAt) - now),
    effects: Promise.resolve(),
    cancelTimer: () => {},
    cancelRefresh: undefined,
    charts: new Map(),
    shown: new Map(),
    opened: undefined,
    owed: new Map(),
    locales: new Map(),
    preparing: new Map(),
  };
  for (const { event } of events) live.state = replay(live.state, event).state;
  // Nobody knows what the process before had told already; to hear it twice is better than not at all.
  const last = live.state.settings.mode === 'exam' ? undefined : live.state.asked.at(-1)?.position;
  if (last !== undefined) live.owed = new Map(concerned(live, last).map((user) => [user, last]));
  return live;
}

/** What was stored has happened: a phase that ended by the rules of an older version ends here too. */
export function replay(state: QuizState, event: QuizEvent): Step {
  const ends = event.type === 'deadline' && state.deadline !== null && event.at < state.deadline;
  return reduce(ends ? { ...state, deadline: event.at } : state, event) ?? { state, effects: [] };
}

/** What must be on show in the current phase; carried out again after a restart, where it is idempotent. */
export function pendingEffects(state: QuizState): Effect[] {
  const { position } = state;
  switch (underlyingPhase(state)) {
    case 'lobby':
      return [{ type: 'show-lobby' }];
    case 'open':
      return [{ type: 'post-question', position }];
    case 'talk':
      return [{ type: 'show-talk', position }];
    case 'reveal':
      return [{ type: 'show-reveal', position }];
    case 'ended':
      if (state.settings.mode === 'exam') return [{ type: 'show-answers' }, { type: 'show-podium' }];
      // The question that a stop closed may not have had its answer shown yet.
      return [...(state.asked.at(-1)?.position === position ? [{ type: 'show-reveal', position } as const] : []), { type: 'show-podium' }];
  }
}

/** Key of a question's message; the second vote has one of its own. */
export function questionKey(position: number, again: boolean): string {
  return again ? `q${position}b` : `q${position}`;
}

/** When the phase ends, by the clock. */
export function deadlineOf({ state, ahead }: LiveQuiz): number | null {
  return state.deadline === null ? null : state.deadline - ahead;
}

/** The question at a position as this quiz shows it; undefined when the content no longer holds it, or holds another. */
export function questionAt(
  live: Pick<LiveQuiz, 'stored'>,
  position: number,
  questions: ReadonlyMap<string, Question>,
): { question: Question; instance: Instance } | undefined {
  const slot = live.stored.questions[position];
  const question = slot && questions.get(slot.questionId);
  return slot && question && instanceFits(question, slot.instance) ? { question, instance: slot.instance } : undefined;
}

/** Whether an effect still makes sense after waiting: a question that is over need not be posted any more. */
export function isWanted({ phase, position }: QuizState, effect: Effect): boolean {
  if (effect.type === 'show-lobby') return phase === 'lobby';
  if (effect.type !== 'post-question') return true;
  return position === effect.position && (phase === 'open' || phase === 'paused');
}
