import type { Clock } from '../../core/clock.ts';
import { createBuckets } from '../../core/limits.ts';

/** Wrong passwords from one address, and from all of them together: so many at once, then one in so many seconds. */
const PASSWORDS = { one: { burst: 5, perSecond: 1 / 12 }, all: { burst: 100, perSecond: 1 } };

export interface Attempts {
  /** Counts an attempt before it is looked at. @returns seconds until this address may try again; 0 when it may now. */
  begin(address: string): number;
  /** It was right: who knows their password is not counted. */
  right(address: string): void;
}

/** Slows down whoever guesses passwords, or what `limits` are for. */
export function createAttempts(clock: Clock, limits: typeof PASSWORDS = PASSWORDS): Attempts {
  const one = createBuckets(clock, limits.one);
  const all = createBuckets(clock, limits.all);
  return {
    begin: (address) => one(address) || all(''),
    right(address) {
      one(address, -1);
      all('', -1);
    },
  };
}
