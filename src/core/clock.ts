/** Time as a dependency: tests pass a clock that they turn by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back at `at` (epoch milliseconds) or soon after; the returned function cancels it. */
  schedule(at: number, run: () => void): () => void;
}

/** setTimeout overflows past 24.8 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(at, run) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const wait = at - Date.now();
      // The wall clock may be set back, so the wait is looked at again when the timer fires.
      timer = setTimeout(() => (at - Date.now() > 0 ? arm() : run()), Math.min(Math.max(wait, 0), LONGEST_TIMER));
      timer.unref?.();
    };
    arm();
    return () => clearTimeout(timer);
  },
};
