import type { Clock } from './clock.ts';
import { UserError } from './errors.ts';
import type { Request } from './request.ts';

export interface Limits {
  /** @throws UserError `too-fast` when the person has used up their allowance. */
  take(request: Request): void;
}

const BURST = 30;
const PER_SECOND = 3;
const REMEMBERED_PEOPLE = 20_000;

/**
 * A token bucket per person: 30 requests at once, then 3 a second. Button presses are not limited, since a
 * quiz answer must never be lost to a limit; they are cheap and idempotent.
 */
export function createLimits(clock: Clock): Limits {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(request) {
      if (request.action !== undefined) return;
      const key = `${request.platform}/${request.space}/${request.user.id}`;
      const now = clock.now();
      const bucket = buckets.get(key) ?? { tokens: BURST, at: now };
      const tokens = Math.min(BURST, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * PER_SECOND);
      if (tokens < 1) throw new UserError('too-fast', { seconds: Math.ceil((1 - tokens) / PER_SECOND) });
      buckets.delete(key);
      buckets.set(key, { tokens: tokens - 1, at: now });
      if (buckets.size > REMEMBERED_PEOPLE) buckets.delete(buckets.keys().next().value!);
    },
  };
}
