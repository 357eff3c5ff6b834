import type { Instance } from './grade.ts';
import type { Question } from './question.ts';
import { reduce } from './reducer.ts';
import type { QuizRepository, StoredQuiz } from './repository.ts';
import { type Effect, initialState, type QuizEvent, type QuizState } from './state.ts';

/** A running quiz in memory: what its events have made of it. */
export interface LiveQuiz {
  stored: StoredQuiz;
  state: QuizState;
  seq: number;
  deliveries: Set<string>;
  /** Events of one quiz are handled one after the other. */
  queue: Promise<unknown>;
  cancelTimer: () => void;
  cancelRefresh: (() => void) | undefined;
}

export function revive(stored: StoredQuiz, events: readonly { event: QuizEvent; delivery: string | null }[]): LiveQuiz {
  const live: LiveQuiz = {
    stored,
    state: initialState(stored.settings, stored.createdAt),
    seq: 0,
    deliveries: new Set(),
    queue: Promise.resolve(),
    cancelTimer: () => {},
    cancelRefresh: undefined,
  };
  for (const { event, delivery } of events) {
    const step = reduce(live.state, event);
    if (step) live.state = step.state;
    live.seq++;
    if (delivery) live.deliveries.add(delivery);
  }
  return live;
}

/**
 * Applies an event and stores it; effects are returned for the caller to carry out afterwards.
 * @returns undefined when the event does not fit or was delivered before.
 */
export async function applyEvent(
  repository: QuizRepository,
  live: LiveQuiz,
  event: QuizEvent,
  delivery: string | null,
): Promise<Effect[] | undefined> {
  if (delivery !== null && live.deliveries.has(delivery)) return undefined;
  const step = reduce(live.state, event);
  if (!step) return undefined;
  const graded = step.effects.find((effect) => effect.type === 'record');
  const closed = graded && {
    position: graded.position,
    results: graded.results,
    day: new Date(event.at).toISOString().slice(0, 10),
  };
  const stored = await repository.append(live.stored, live.seq, event, step.state.phase, delivery, closed);
  if (!stored) return undefined;
  // Only a stored event counts: had the write failed, the state would be as before.
  live.state = step.state;
  live.seq++;
  if (delivery !== null) live.deliveries.add(delivery);
  return step.effects;
}

/** What must be on show in the current phase; carried out again after a restart, where it is idempotent. */
export function pendingEffects(state: QuizState): Effect[] {
  switch (state.phase) {
    case 'lobby':
      return [{ type: 'show-lobby' }];
    case 'open':
      return [{ type: 'post-question', position: state.position }];
    case 'reveal':
      return [{ type: 'show-reveal', position: state.position }];
    case 'paused':
      return [{ type: 'refresh-board' }];
    case 'ended':
      return [{ type: 'show-podium' }];
    default:
      return state.phase satisfies never;
  }
}

/** The question at a position as this quiz shows it; undefined when the content no longer holds it. */
export function questionAt(
  live: LiveQuiz,
  position: number,
  questions: ReadonlyMap<string, Question>,
): { question: Question; instance: Instance } | undefined {
  const slot = live.stored.questions[position];
  const question = slot && questions.get(slot.questionId);
  return slot && question ? { question, instance: slot.instance } : undefined;
}
