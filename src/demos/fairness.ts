/**
 * Who is next: start-time fair queueing (P. Goyal, H. M. Vin, H. Cheng, 1996), which keeps nothing about owners who have
 * nothing in the queue. Each run gets a turn when it arrives, and the lowest goes first, of equals the earliest. A
 * person's runs have turns one after another, a newcomer's first the turn that is being served: so one person's ten runs
 * do not hold up another's first. The queue of one process and the one that processes share both go by it.
 */
export interface Standing {
  /** Turns of what runs. */
  running: readonly number[];
  /** Turns of what waits. */
  waiting: readonly number[];
  /** The owner's own, running or waiting; a run in parts takes as many turns. */
  own: readonly { turn: number; parts: number }[];
}

export function turnOf({ running, waiting, own }: Standing): number {
  const served = running.length > 0 ? Math.max(...running) : waiting.length > 0 ? Math.min(...waiting) : 0;
  return Math.max(served, ...own.map(({ turn, parts }) => turn + parts));
}

/** How much may be asked for at once. */
export interface QueueLimits {
  /** Runs that wait. */
  queued: number;
  /** Parts of one owner's runs, waiting or running. */
  perOwner: number;
}

/** Where processes share a queue, so many may wait for each of role lab. */
export const LIMITS: QueueLimits = { queued: 60, perOwner: 12 };
