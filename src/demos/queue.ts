import { UserError } from '../core/errors.ts';
import { type QueueLimits, turnOf } from './fairness.ts';

export interface Job<T> {
  owner: string;
  /** Started when its turn comes. */
  start: () => Promise<T>;
  signal: AbortSignal;
  /** Told when the job moves up; 0 = running. */
  onPlace?: (place: number) => void;
}

export interface FairQueue {
  /** @throws UserError `queue-full`, `too-many-runs` or `run-cancelled`. */
  add<T>(job: Job<T>): Promise<T>;
  status(): { running: number; queued: number };
}

interface Entry {
  owner: string;
  turn: number;
  parts: 1;
  go: () => void;
  onPlace?: Job<unknown>['onPlace'];
}

/** A bounded queue of one process that is fair per owner: see fairness.ts. */
export function createFairQueue(limits: QueueLimits & { atOnce: number }): FairQueue {
  /** In the order in which they will be served. */
  let waiting: Entry[] = [];
  const running = new Set<Entry>();

  const tell = () => waiting.forEach((entry, i) => entry.onPlace?.(i + 1));
  const advance = () => {
    while (running.size < limits.atOnce && waiting.length > 0) {
      const next = waiting.shift()!;
      running.add(next);
      next.onPlace?.(0);
      next.go();
    }
    tell();
  };
  const turns = (entries: Iterable<Entry>) => Array.from(entries, ({ turn }) => turn);

  return {
    status: () => ({ running: running.size, queued: waiting.length }),
    async add<T>({ owner, start, signal, onPlace }: Job<T>): Promise<T> {
      const own = [...running, ...waiting].filter((entry) => entry.owner === owner);
      if (own.length >= limits.perOwner) throw new UserError('too-many-runs', { limit: limits.perOwner });
      if (waiting.length >= limits.queued) throw new UserError('queue-full', { queued: waiting.length });
      if (signal.aborted) throw new UserError('run-cancelled');
      const turn = turnOf({ running: turns(running), waiting: turns(waiting), own });
      const entry: Entry = { owner, turn, parts: 1, go: () => {}, ...(onPlace && { onPlace }) };
      await new Promise<void>((resolve, reject) => {
        entry.go = resolve;
        signal.addEventListener('abort', () => {
          if (!waiting.includes(entry)) return;
          waiting = waiting.filter((other) => other !== entry);
          reject(new UserError('run-cancelled'));
          tell();
        });
        // Behind those of the same turn.
        const behind = waiting.findIndex((other) => other.turn > turn);
        waiting.splice(behind < 0 ? waiting.length : behind, 0, entry);
        advance();
      });
      try {
        return await start();
      } finally {
        running.delete(entry);
        advance();
      }
    },
  };
}
