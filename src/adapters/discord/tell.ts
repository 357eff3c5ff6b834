import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';

/** Tells the log that something could not be read. */
export type Tell = (details: { err: unknown } & Record<string, unknown>, what: string) => void;

/** The same again within this long is told to those only who look for it. */
const AGAIN = 60_000;
const REMEMBERED = 100;

/** A log of mishaps that nobody can flood: a stream of the same frames is one line a minute. */
export function createTell(log: Logger, clock: Clock): Tell {
  const told = new Map<string, number>();
  return (details, what) => {
    const key = `${what} ${(details.err as Error | undefined)?.message}`;
    const last = told.get(key);
    const fresh = last === undefined || Math.abs(clock.now() - last) >= AGAIN;
    if (fresh) told.set(key, clock.now());
    if (told.size > REMEMBERED) told.delete(told.keys().next().value!);
    log[fresh ? 'warn' : 'debug'](details, what);
  };
}
