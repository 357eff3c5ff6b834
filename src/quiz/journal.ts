import type { Append } from './appending.ts';
import type { LiveQuiz } from './live.ts';
import { reduce } from './reducer.ts';
import type { QuizRepository } from './repository.ts';
import type { Effect, QuizEvent, QuizState } from './state.ts';

/** Events in one transaction; more would make the first wait for the last. */
export const GROUP = 100;

/** What an event has led to; undefined when it does not fit or was delivered before. */
export type Outcome = { event: QuizEvent; effects: Effect[] } | undefined;

export interface Journal {
  /**
   * Resolves once the event is on the disk.
   * @param make builds the event from the newest state, so that two presses at once do not overwrite each other
   * @throws what `make` throws, or the error of the disk, after which everything is as before
   */
  write(live: LiveQuiz, make: (state: QuizState) => QuizEvent, delivery: string | null): Promise<Outcome>;
  /** Resolves when nothing is waiting to be written. */
  idle(): Promise<void>;
}

export interface Entry {
  live: LiveQuiz;
  make: (state: QuizState) => QuizEvent;
  delivery: string | null;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/** A quiz as it will be when the transaction is through. */
export interface Draft {
  state: QuizState;
  seq: number;
  deliveries: Set<string>;
}

/**
 * Stores events in groups: whatever has come while the disk was busy, from however many quizzes, shares the next
 * transaction and its one flush to the disk. An event counts in memory only when it is stored.
 */
export function createJournal(repository: QuizRepository): Journal {
  let waiting: Entry[] = [];
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    // What comes in the same round of the event loop shares the first transaction already.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP);
      waiting = waiting.slice(GROUP);
      await store(repository, group).catch(async (error: unknown) => {
        if (group.length === 1) return group[0]!.reject(error);
        // One of them, or the disk: each alone, so that those that can be stored are.
        for (const entry of group) await store(repository, [entry]).catch(entry.reject);
      });
    }
    writing = undefined;
  };

  return {
    write: (live, make, delivery) =>
      new Promise((resolve, reject) => {
        waiting.push({ live, make, delivery, resolve, reject });
        writing ??= writeAll();
      }),
    async idle() {
      while (writing) await writing;
    },
  };
}

/** Stores a group and then lets it count. @throws when nothing of it was stored. */
async function store(repository: QuizRepository, group: readonly Entry[]): Promise<void> {
  const drafts = new Map<LiveQuiz, Draft>();
  const appends: Append[] = [];
  const settle = group.map((entry) => {
    const { live, resolve, reject } = entry;
    const draft = drafts.get(live) ?? { state: live.state, seq: live.seq, deliveries: new Set() };
    drafts.set(live, draft);
    try {
      const step = next(entry, draft);
      if (step) appends.push(step.append);
      return () => resolve(step && { event: step.append.event, effects: step.effects });
    } catch (error) {
      return () => reject(error);
    }
  });
  if (appends.length > 0) await repository.append(appends);
  for (const [live, { state, seq, deliveries }] of drafts) {
    Object.assign(live, { state, seq });
    for (const delivery of deliveries) live.deliveries.add(delivery);
  }
  for (const done of settle) done();
}

/** Takes the draft one event further; undefined when the event does not fit or was delivered before. */
export function next({ live, make, delivery }: Entry, draft: Draft): { append: Append; effects: Effect[] } | undefined {
  if (delivery !== null && (live.deliveries.has(delivery) || draft.deliveries.has(delivery))) return undefined;
  const { state, seq } = draft;
  const event = make(state);
  const step = reduce(state, event);
  if (!step) return undefined;
  const closed = step.effects.flatMap((effect) => (effect.type === 'record' ? [{ ...effect, at: event.at }] : []));
  draft.state = step.state;
  draft.seq++;
  if (delivery !== null) draft.deliveries.add(delivery);
  const append: Append = {
    ...{ quiz: live.stored, seq, event, delivery },
    newcomer: 'user' in event && !state.players.has(event.user.id),
    ...(step.state.phase !== state.phase && { phase: step.state.phase }),
    closed: closed.map(({ position, results, at }) => ({ position, results, at })),
  };
  return { append, effects: step.effects };
}
