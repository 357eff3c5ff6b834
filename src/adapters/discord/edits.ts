import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';

/** Edits of messages, of which only the newest counts. */
export interface Edits {
  /** Takes the place of an edit of the same message that still waits. */
  push(message: string, write: () => Promise<unknown>): void;
  /** Writes what waits at once; resolves when everything is written. */
  flush(): Promise<void>;
}

/** A channel takes five edits in five seconds, and two boards may share it. */
const BETWEEN = 1_200;

interface Entry {
  write?: (() => Promise<unknown>) | undefined;
  busy?: Promise<void> | undefined;
  /** Ends the wait for the next turn; set while the message must not be edited again. */
  resting?: (() => void) | undefined;
}

/** At most one edit of a message under way and one waiting, so that a busy board costs no more than a quiet one. */
export function createEdits(clock: Clock, log: Logger): Edits {
  const entries = new Map<string, Entry>();

  const run = (message: string, entry: Entry): void => {
    const { write } = entry;
    if (!write || entry.busy) return;
    entry.write = undefined;
    entry.resting?.();
    entry.busy = write()
      .then(
        () => {},
        (error: unknown) => log.warn({ err: error, message }, 'a message could not be edited'),
      )
      .then(() => {
        entry.busy = undefined;
        entry.resting = clock.schedule(clock.now() + BETWEEN, () => {
          entry.resting = undefined;
          if (entry.write) run(message, entry);
          else entries.delete(message);
        });
      });
  };

  return {
    push(message, write) {
      const entry = entries.get(message) ?? {};
      entries.set(message, entry);
      entry.write = write;
      if (!entry.resting) run(message, entry);
    },
    async flush() {
      for (;;) {
        for (const [message, entry] of entries) run(message, entry);
        const busy = [...entries.values()].flatMap((entry) => entry.busy ?? []);
        if (busy.length === 0) break;
        await Promise.all(busy);
      }
      for (const { resting } of entries.values()) resting?.();
      entries.clear();
    },
  };
}
