import { UserError } from '../core/errors.ts';

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

interface Waiting {
  job: Job<unknown>;
  go: () => void;
}

/** Owners whose last turn is remembered. */
const REMEMBERED = 1_000;

/**
 * A bounded queue that is fair per owner: the next job is the oldest one of the owner with the fewest jobs running
 * and, among those, of the one who was served longest ago. So one person's ten runs do not hold up another's first.
 */
export function createFairQueue(limits: { atOnce: number; queued: number; perOwner: number }): FairQueue {
  let waiting: Waiting[] = [];
  const running = new Map<string, number>();
  const servedAt = new Map<string, number>();
  let turns = 0;
  const runningNow = () => [...running.values()].reduce((sum, n) => sum + n, 0);

  const order = (): Waiting[] => {
    const taken = new Map(running);
    // Places as they will be served: stable by arrival among equals.
    return waiting
      .map((entry) => {
        const turn = taken.get(entry.job.owner) ?? 0;
        taken.set(entry.job.owner, turn + 1);
        return { entry, turn, servedAt: servedAt.get(entry.job.owner) ?? 0 };
      })
      .sort((a, b) => a.turn - b.turn || a.servedAt - b.servedAt)
      .map(({ entry }) => entry);
  };
  const tell = () => order().forEach((entry, i) => entry.job.onPlace?.(i + 1));
  const advance = () => {
    while (runningNow() < limits.atOnce && waiting.length > 0) {
      const next = order()[0]!;
      waiting = waiting.filter((entry) => entry !== next);
      const { owner } = next.job;
      running.set(owner, (running.get(owner) ?? 0) + 1);
      servedAt.delete(owner);
      servedAt.set(owner, ++turns);
      if (servedAt.size > REMEMBERED) servedAt.delete(servedAt.keys().next().value!);
      next.job.onPlace?.(0);
      next.go();
    }
    tell();
  };
  const finished = (owner: string) => {
    const left = running.get(owner)! - 1;
    if (left > 0) running.set(owner, left);
    else running.delete(owner);
    advance();
  };

  return {
    status: () => ({ running: runningNow(), queued: waiting.length }),
    async add<T>(job: Job<T>): Promise<T> {
      const own = (running.get(job.owner) ?? 0) + waiting.filter((entry) => entry.job.owner === job.owner).length;
      if (own >= limits.perOwner) throw new UserError('too-many-runs', { limit: limits.perOwner });
      if (waiting.length >= limits.queued) throw new UserError('queue-full', { queued: waiting.length });
      if (job.signal.aborted) throw new UserError('run-cancelled');
      await new Promise<void>((resolve, reject) => {
        const entry: Waiting = { job: job as Job<unknown>, go: resolve };
        job.signal.addEventListener('abort', () => {
          if (!waiting.includes(entry)) return;
          waiting = waiting.filter((other) => other !== entry);
          reject(new UserError('run-cancelled'));
          tell();
        });
        waiting.push(entry);
        advance();
      });
      try {
        return await job.start();
      } finally {
        finished(job.owner);
      }
    },
  };
}
