import { type Draft, type Entry, GROUP, type Journal, next } from './journal.ts';
import { type LiveQuiz, replay } from './live.ts';
import type { Append, QuizRepository } from './repository.ts';
import type { Effect } from './state.ts';

export interface SharedJournal extends Journal {
  /** Brings a quiz up to what other processes have stored. @returns false when it is over */
  follow(live: LiveQuiz): Promise<boolean>;
}

/** What stands in line for one quiz: events to be stored, and those who want to know what there is. */
interface Line {
  entries: Entry[];
  followers: ((there: boolean) => void)[];
  refused: ((error: unknown) => void)[];
  working?: Promise<void>;
}

/**
 * Stores events of quizzes that several processes add to. An event is one transaction: the quiz is locked, what others
 * have stored meanwhile is replayed, the rules are asked, the event is stored. Whatever has come for the same quiz while
 * the disk was busy shares the next transaction.
 * @param followed told the effects of events that others have stored
 */
export function createSharedJournal(repository: QuizRepository, followed: (live: LiveQuiz, effects: Effect[]) => void): SharedJournal {
  const lines = new Map<LiveQuiz, Line>();

  const lineOf = (live: LiveQuiz): Line => {
    const line = lines.get(live) ?? { entries: [], followers: [], refused: [] };
    lines.set(live, line);
    return line;
  };

  const workOff = async (live: LiveQuiz, line: Line): Promise<void> => {
    // What comes in the same round of the event loop shares the first transaction already.
    await new Promise(setImmediate);
    while (line.entries.length > 0 || line.followers.length > 0) {
      const group = line.entries.splice(0, GROUP);
      const followers = line.followers.splice(0);
      const refused = line.refused.splice(0);
      try {
        const there = group.length > 0 ? await store(live, group) : await read(live);
        for (const heard of followers) heard(there);
      } catch (error) {
        for (const refuse of refused) refuse(error);
        if (group.length === 1) group[0]!.reject(error);
        // One of them, or the database: each alone, so that those that can be stored are.
        else for (const entry of group) await store(live, [entry]).catch(entry.reject);
      }
    }
    lines.delete(live);
  };

  const store = async (live: LiveQuiz, group: readonly Entry[]): Promise<boolean> => {
    const done = await repository.exclusively(live.stored.id, live.seq, async (events, append) => {
      const draft: Draft = { state: live.state, seq: live.seq, deliveries: new Set() };
      const others = catchUp(draft, events);
      const appends: Append[] = [];
      const settle = group.map(({ resolve, reject, ...entry }) => {
        try {
          const step = next({ ...entry, resolve, reject }, draft);
          if (step) appends.push(step.append);
          return () => resolve(step && { event: step.append.event, effects: step.effects });
        } catch (error) {
          return () => reject(error);
        }
      });
      if (appends.length > 0) await append(appends);
      return { draft, others, settle };
    });
    if (!done) {
      for (const { resolve } of group) resolve(undefined);
      return false;
    }
    count(live, done.draft);
    if (done.others.length > 0) followed(live, done.others);
    for (const settled of done.settle) settled();
    return true;
  };

  const read = async (live: LiveQuiz): Promise<boolean> => {
    const events = await repository.since(live.stored.id, live.seq);
    if (!events) return false;
    const draft: Draft = { state: live.state, seq: live.seq, deliveries: new Set() };
    const others = catchUp(draft, events);
    count(live, draft);
    if (others.length > 0) followed(live, others);
    return true;
  };

  const start = (live: LiveQuiz, line: Line): void => {
    line.working ??= workOff(live, line);
  };

  return {
    write: (live, make, delivery) =>
      new Promise((resolve, reject) => {
        const line = lineOf(live);
        line.entries.push({ live, make, delivery, resolve, reject });
        start(live, line);
      }),
    follow: (live) =>
      new Promise((resolve, reject) => {
        const line = lineOf(live);
        line.followers.push(resolve);
        line.refused.push(reject);
        start(live, line);
      }),
    async idle() {
      while (lines.size > 0) await Promise.all([...lines.values()].map(({ working }) => working));
    },
  };
}

/** @returns the effects of the events */
function catchUp(draft: Draft, events: Awaited<ReturnType<QuizRepository['since']>> & object): Effect[] {
  const effects: Effect[] = [];
  for (const { event, delivery, seq } of events) {
    const step = replay(draft.state, event);
    draft.state = step.state;
    draft.seq = seq + 1;
    if (delivery !== null) draft.deliveries.add(delivery);
    effects.push(...step.effects);
  }
  return effects;
}

function count(live: LiveQuiz, { state, seq, deliveries }: Draft): void {
  Object.assign(live, { state, seq });
  for (const delivery of deliveries) live.deliveries.add(delivery);
}
