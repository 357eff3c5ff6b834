import type { Append } from './appending.ts';
import { type Draft, type Entry, GROUP, type Journal, next } from './journal.ts';
import { type LiveQuiz, replay, type StoredEvent } from './live.ts';
import type { QuizRepository } from './repository.ts';
import type { Effect } from './state.ts';

export interface SharedJournal extends Journal {
  /** Brings a quiz up to what other processes have stored. @returns false when it is over */
  follow(live: LiveQuiz): Promise<boolean>;
}

/** Events in one transaction, of however many quizzes. */
const MOST = 3 * GROUP;

/** What stands in line for one quiz: events to be stored, and those who want to know what there is. */
interface Line {
  entries: Entry[];
  followers: Follower[];
  /** A transaction of this quiz's own is under way. */
  alone?: Promise<void>;
}

interface Follower {
  heard(there: boolean): void;
  refuse(error: unknown): void;
}

/** What of a line comes next. */
interface Turn {
  live: LiveQuiz;
  entries: Entry[];
  followers: Follower[];
}

/**
 * Stores events of quizzes that several processes add to: the quizzes are locked, what others have stored meanwhile is
 * replayed, the rules are asked, the events are stored. Whatever has come while the disk was busy, from however many
 * quizzes, shares the next transaction. A quiz that another process is at, or whose points are counted, has one of its
 * own, so that the others do not wait for it.
 * @param followed told the effects of events that others have stored
 */
export function createSharedJournal(repository: QuizRepository, followed: (live: LiveQuiz, effects: Effect[]) => void): SharedJournal {
  const lines = new Map<LiveQuiz, Line>();
  let working: Promise<void> | undefined;

  const start = (): void => {
    working ??= workOff();
  };

  const workOff = async (): Promise<void> => {
    // What comes in the same round of the event loop shares the first transaction already.
    await new Promise(setImmediate);
    for (let turns = take(); turns.length > 0; turns = take())
      await Promise.all([
        read(turns.filter(({ entries }) => entries.length === 0)),
        store(turns.filter(({ entries }) => entries.length > 0)),
      ]);
    working = undefined;
  };

  const take = (): Turn[] => {
    const turns: Turn[] = [];
    let room = MOST;
    for (const [live, line] of [...lines]) {
      if (line.alone) continue;
      if (line.entries.length === 0 && line.followers.length === 0) {
        lines.delete(live);
        continue;
      }
      if (room === 0) break;
      const entries = line.entries.splice(0, Math.min(GROUP, room));
      room -= entries.length;
      turns.push({ live, entries, followers: line.followers.splice(0) });
      // Others come first the next time.
      lines.delete(live);
      lines.set(live, line);
    }
    return turns;
  };

  const store = async (turns: readonly Turn[]): Promise<void> => {
    if (turns.length === 0) return;
    let left = turns;
    try {
      const from = new Map(turns.map(({ live }) => [live.stored.id, live.seq]));
      const drafts = await repository.together(from, async (found, append) => {
        const some = turns.flatMap((turn) => {
          const events = found.get(turn.live.stored.id);
          const drafted = events && draft(turn, events);
          // Points are counted over rows that other quizzes of the space count too.
          return !drafted || drafted.appends.some(({ closed }) => closed.some(({ results }) => results.length > 0)) ? [] : [drafted];
        });
        const appends = some.flatMap((drafted) => drafted.appends);
        if (appends.length > 0) await append(appends);
        return some;
      });
      for (const drafted of drafts) settle(drafted);
      const done = new Set(drafts.map(({ turn }) => turn));
      left = turns.filter((turn) => !done.has(turn));
    } catch {
      // One of them, or the database: each alone, so that those that can be stored are.
    }
    for (const turn of left) {
      const line = lines.get(turn.live)!;
      line.alone = storeAlone(turn).then(() => {
        delete line.alone;
        start();
      });
    }
  };

  const storeAlone = async (turn: Turn): Promise<void> => {
    const { live, entries, followers } = turn;
    try {
      const there = await exclusively(turn);
      for (const { heard } of followers) heard(there);
    } catch (error) {
      for (const { refuse } of followers) refuse(error);
      if (entries.length === 1) entries[0]!.reject(error);
      else for (const entry of entries) await exclusively({ live, entries: [entry], followers: [] }).catch(entry.reject);
    }
  };

  /** @returns false when the quiz is over */
  const exclusively = async (turn: Turn): Promise<boolean> => {
    const drafted = await repository.exclusively(turn.live.stored.id, turn.live.seq, async (events, append) => {
      const made = draft(turn, events);
      if (made.appends.length > 0) await append(made.appends);
      return made;
    });
    if (drafted) settle({ ...drafted, turn: { ...turn, followers: [] } });
    else for (const { resolve } of turn.entries) resolve(undefined);
    return drafted !== undefined;
  };

  const read = async (turns: readonly Turn[]): Promise<void> => {
    if (turns.length === 0) return;
    try {
      const found = await repository.since(new Map(turns.map(({ live }) => [live.stored.id, live.seq])));
      for (const turn of turns) {
        const events = found.get(turn.live.stored.id);
        if (events) settle(draft(turn, events));
        else for (const { heard } of turn.followers) heard(false);
      }
    } catch (error) {
      for (const { followers } of turns) for (const { refuse } of followers) refuse(error);
    }
  };

  /** From here on it counts in memory, and whoever waits hears of it. */
  const settle = ({ turn, state, others, outcomes }: Drafted): void => {
    count(turn.live, state);
    if (others.length > 0) followed(turn.live, others);
    for (const tell of outcomes) tell();
    for (const { heard } of turn.followers) heard(true);
  };

  const lineOf = (live: LiveQuiz): Line => {
    const line = lines.get(live) ?? { entries: [], followers: [] };
    lines.set(live, line);
    return line;
  };

  return {
    write: (live, make, delivery) =>
      new Promise((resolve, reject) => {
        lineOf(live).entries.push({ live, make, delivery, resolve, reject });
        start();
      }),
    follow: (live) =>
      new Promise((heard, refuse) => {
        lineOf(live).followers.push({ heard, refuse });
        start();
      }),
    async idle() {
      while (working || lines.size > 0) await Promise.all([working, ...[...lines.values()].map(({ alone }) => alone)]);
    },
  };
}

/** What a turn comes to, once it is stored. */
interface Drafted {
  turn: Turn;
  state: Draft;
  /** Of events that others have stored. */
  others: Effect[];
  appends: Append[];
  /** Tell those who wait for their events. */
  outcomes: (() => void)[];
}

function draft(turn: Turn, events: readonly StoredEvent[]): Drafted {
  const state: Draft = { state: turn.live.state, seq: turn.live.seq, deliveries: new Set() };
  const others = catchUp(state, events);
  const appends: Append[] = [];
  const outcomes = turn.entries.map((entry) => {
    const { resolve, reject } = entry;
    try {
      const step = next(entry, state);
      if (step) appends.push(step.append);
      return () => resolve(step && { event: step.append.event, effects: step.effects });
    } catch (error) {
      return () => reject(error);
    }
  });
  return { turn, state, others, appends, outcomes };
}

/** @returns the effects of the events */
function catchUp(draft: Draft, events: readonly StoredEvent[]): Effect[] {
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
