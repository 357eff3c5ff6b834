import type { Clock } from '../core/clock.ts';
import type { RoomRef } from '../core/request.ts';
import type { AnswerResult } from '../core/result.ts';
import type { Spoken } from './service.ts';

/** Who asks where: in a thread its last answer counts for everyone, elsewhere each person has their own. */
export interface Place extends RoomRef {
  /** The platform's id of the thread, where the talk is in one. */
  thread?: string | undefined;
  user: { id: string };
}

/** What was spoken of last, for questions that lean on it. In memory: after a restart a question stands for itself. */
export interface Conversations {
  last(place: Place): Spoken | undefined;
  remember(place: Place, spoken: Spoken): void;
}

const MINUTES = 60_000;
/** After this long a question is a new one. A thread keeps its subject for longer. */
const OWN = 10 * MINUTES;
const THREAD = 24 * 60 * MINUTES;
const REMEMBERED = 10_000;

export function createConversations(clock: Clock): Conversations {
  const spokenOf = new Map<string, { spoken: Spoken; at: number }>();
  const recent = (key: string | undefined, age: number): Spoken | undefined => {
    const found = key === undefined ? undefined : spokenOf.get(key);
    return found && Math.abs(clock.now() - found.at) <= age ? found.spoken : undefined;
  };
  return {
    last: (place) => recent(threadKey(place), THREAD) ?? recent(personKey(place), OWN),
    remember(place, spoken) {
      for (const key of [threadKey(place), personKey(place)]) {
        if (key === undefined) continue;
        spokenOf.delete(key);
        spokenOf.set(key, { spoken, at: clock.now() });
      }
      while (spokenOf.size > REMEMBERED) spokenOf.delete(spokenOf.keys().next().value!);
    },
  };
}

/** What an answer spoke of; undefined for a reply that answered nothing. */
export function spokenIn(result: AnswerResult): Spoken | undefined {
  return result.topic !== null && result.unit ? { topic: result.topic, unit: result.unit } : undefined;
}

function threadKey({ platform, space, room, thread }: Place): string | undefined {
  return thread === undefined ? undefined : JSON.stringify([platform, space, room, 'thread', thread]);
}

function personKey({ platform, space, room, user }: Place): string {
  return JSON.stringify([platform, space, room, 'person', user.id]);
}
