/** Time as a dependency: tests pass a clock that they turn by hand. */
export interface Clock {
  /** Milliseconds since the epoch. Never goes back while the program runs. */
  now(): number;
  /** Calls back at `at` (epoch milliseconds) or soon after; the returned function cancels it. */
  schedule(at: number, run: () => void): () => void;
}

/** setTimeout overflows past 24.8 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The machine's time, going on from where it was when somebody sets it back: a quiz must not stand still for an hour.
 * Set forward (or woken from sleep), it follows.
 */
export function createSystemClock(wall: () => number = Date.now, steady: () => number = () => performance.now()): Clock {
  let origin = Number.NEGATIVE_INFINITY;
  const now = () => {
    const since = steady();
    origin = Math.max(origin, wall() - since);
    return Math.floor(origin + since);
  };
  return {
    now,
    schedule(at, run) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        timer = setTimeout(() => (at > now() ? arm() : run()), Math.min(Math.max(at - now(), 0), LONGEST_TIMER));
        timer.unref?.();
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}

export const systemClock = createSystemClock();
