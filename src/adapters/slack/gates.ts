import type { Clock } from '../../core/clock.ts';

export interface Gates {
  /** Resolves when calls of this kind may go out again; at once where Slack did not ask us to wait. */
  pass(key: string): Promise<void>;
  /** Slack answered 429: nothing of this kind for so many seconds. */
  close(key: string, seconds: number): void;
}

/**
 * Waiting after a 429, for each kind of call by itself: the client of Slack would hold back every call, so that an
 * answer waits for a countdown.
 */
export function createGates(clock: Clock): Gates {
  const until = new Map<string, number>();
  return {
    async pass(key) {
      for (let at = until.get(key); at !== undefined && at > clock.now(); at = until.get(key)) await sleep(clock, at - clock.now());
      until.delete(key);
    },
    close(key, seconds) {
      until.set(key, Math.max(until.get(key) ?? 0, clock.now() + seconds * 1000));
    },
  };
}

/** Waits; `stop` ends the wait early, so that its timer holds nothing up. */
export function sleep(clock: Clock, ms: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(clock.now() + ms, resolve);
    stop?.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
}
