import type { Clock } from './clock.ts';
import { UserError } from './errors.ts';
import type { Request } from './request.ts';

export interface Limits {
  /** @throws UserError `too-fast` when the person has used up their allowance. */
  take(request: Request): void;
}

const REMEMBERED = 20_000;

/**
 * Token buckets by key: `burst` at once, then `perSecond`.
 * @returns a function that takes one token and says how many seconds to wait: 0 when there was one. A cost of −1
 * gives one back.
 */
export function createBuckets(
  clock: Clock,
  { burst, perSecond }: { burst: number; perSecond: number },
): (key: string, cost?: 1 | -1) => number {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (key, cost = 1) => {
    const now = clock.now();
    const bucket = buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    if (cost > 0 && tokens < 1) return Math.ceil((1 - tokens) / perSecond);
    buckets.delete(key);
    buckets.set(key, { tokens: tokens - cost, at: now });
    if (buckets.size > REMEMBERED) buckets.delete(buckets.keys().next().value!);
    return 0;
  };
}

/**
 * Per person 30 requests at once, then 3 a second. Button presses are not limited, since a quiz answer must
 * never be lost to a limit; they are cheap and idempotent. Nor is a terminal: it is its owner's own, and its lines wait
 * for one another.
 */
export function createLimits(clock: Clock): Limits {
  const take = createBuckets(clock, { burst: 30, perSecond: 3 });
  return {
    take({ action, platform, space, user }) {
      if (action !== undefined || platform === 'terminal') return;
      const seconds = take(`${platform}/${space}/${user.id}`);
      if (seconds > 0) throw new UserError('too-fast', { seconds });
    },
  };
}
