import { WebAPIRateLimitedError } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';

export interface Edits {
  /** Edits a message when its turn comes; only the newest edit of a message is made. Never waits. */
  set(space: string, message: string, edit: () => Promise<void>): void;
  /** The last word on a message, e.g. a finished run: resolves once it is made; waiting ones are dropped. */
  finish(
    space: string,
    message: string,
    edit: () => Promise<void>,
    options?: { /** The program stops: not even the spacing is kept. */ now?: boolean },
  ): Promise<void>;
  /** Makes what still waits, each as soon as its message may be edited again. */
  flush(): Promise<void>;
}

/** One message is edited at most this often. */
const SPACING = 5_000;
/**
 * chat.update is Slack's Tier 3: at least 50 a minute for an app in a workspace. A burst of 8, then 30 a minute; the
 * rest is for last words, which do not wait.
 */
const BURST = 8;
const PER_MINUTE = 30;

interface Slot {
  space: string;
  waiting?: (() => Promise<void>) | undefined;
  last: number;
  cancel?: (() => void) | undefined;
  running?: Promise<void> | undefined;
}

/** The edits of all quizzes and runs, under one budget a workspace. */
export function createEdits(clock: Clock, log: Logger): Edits {
  const slots = new Map<string, Slot>();
  const budget = createBudget(clock);
  /** A message that is new to this process may have been edited by the one before, until this one began. */
  const began = clock.now();

  const run = (slot: Slot, edit: () => Promise<void>): Promise<void> => {
    slot.last = clock.now();
    budget.take(slot.space);
    slot.running = edit().finally(() => {
      slot.running = undefined;
      // From when Slack had it: a slow call must not bring the next one closer.
      slot.last = clock.now();
    });
    return slot.running;
  };

  /** Resolves when a message may be edited again. */
  const turn = async (slot: Slot): Promise<void> => {
    await slot.running?.catch(() => {});
    const at = slot.last + SPACING;
    if (at > clock.now()) await new Promise<void>((resolve) => void clock.schedule(at, resolve));
  };

  const take = (slot: Slot): Slot['waiting'] => {
    const edit = slot.waiting;
    slot.waiting = undefined;
    slot.cancel?.();
    slot.cancel = undefined;
    return edit;
  };

  const arm = (key: string, slot: Slot, notBefore = 0): void => {
    if (slot.cancel || slot.running || !slot.waiting) return;
    const at = Math.max(clock.now(), slot.last + SPACING, budget.next(slot.space), notBefore);
    slot.cancel = clock.schedule(at, () => {
      slot.cancel = undefined;
      // Another message may have taken the turn in the meantime.
      if (budget.next(slot.space) > clock.now()) return arm(key, slot);
      const edit = take(slot);
      if (edit) void attempt(key, slot, edit);
    });
  };

  const attempt = async (key: string, slot: Slot, edit: () => Promise<void>): Promise<void> => {
    let notBefore = 0;
    try {
      await run(slot, edit);
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError) {
        notBefore = clock.now() + error.retryAfter * 1000;
        slot.waiting ??= edit;
      } else log.warn({ err: error, message: key }, 'a message could not be edited');
    }
    if (slot.waiting) arm(key, slot, notBefore);
    else forget(key, slot);
  };

  /** A slot is kept while its spacing counts, so that memory does not grow with every message ever edited. */
  const forget = (key: string, slot: Slot): void => {
    clock.schedule(slot.last + SPACING, () => {
      if (slots.get(key) === slot && !slot.waiting && !slot.running) slots.delete(key);
    });
  };

  const slotOf = (space: string, message: string, last = began): [string, Slot] => {
    const key = `${space}/${message}`;
    const slot = slots.get(key) ?? { space, last };
    slots.set(key, slot);
    return [key, slot];
  };

  return {
    set(space, message, edit) {
      const [key, slot] = slotOf(space, message);
      slot.waiting = edit;
      arm(key, slot);
    },
    async finish(space, message, edit, { now = false } = {}) {
      // What is finished was begun by this process.
      const [key, slot] = slotOf(space, message, Number.NEGATIVE_INFINITY);
      take(slot);
      if (!now) await turn(slot);
      take(slot);
      try {
        await run(slot, edit);
      } finally {
        forget(key, slot);
      }
    },
    async flush() {
      await Promise.allSettled(
        [...slots.values()].map(async (slot) => {
          await slot.running?.catch(() => {});
          if (slot.waiting) await turn(slot);
          const edit = take(slot);
          await (edit ? run(slot, edit) : slot.running);
        }),
      );
    },
  };
}

/** A token bucket for each workspace. */
function createBudget(clock: Clock): { next(space: string): number; take(space: string): void } {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const now = (space: string) => {
    const { tokens, at } = buckets.get(space) ?? { tokens: BURST, at: clock.now() };
    return Math.min(BURST, tokens + ((clock.now() - at) / 60_000) * PER_MINUTE);
  };
  return {
    // A thousandth of a token forgives rounding: a turn that is due must not be put off for ever.
    next: (space) => clock.now() + Math.max(0, ((0.999 - now(space)) / PER_MINUTE) * 60_000),
    take: (space) => void buckets.set(space, { tokens: now(space) - 1, at: clock.now() }),
  };
}
