import type { Logger } from 'pino';
import { UserError } from '../core/errors.ts';
import type { Demo, Outcome } from './demo.ts';
import type { QueueLimits } from './fairness.ts';
import { mean } from './lib/stats.ts';
import type { AnyParams } from './params.ts';
import type { RunTask, WorkerPool } from './pool.ts';
import { createFairQueue } from './queue.ts';
import { partsOf } from './runs.ts';
import type { RunOptions } from './service.ts';
import { type BackendChoice, type PartReport, type RunReport, TOO_LARGE } from './worker.ts';

export interface ExecutorOptions {
  pool: WorkerPool;
  log: Logger;
  backend: BackendChoice;
  limits: QueueLimits & { atOnce: number };
  tensorMb: number;
  /** Whether a second worker takes longer to load TensorFlow than a short run takes. */
  slowStart: boolean;
}

/** Computes runs on the workers of this process. */
export interface Executor {
  /** @throws UserError for a full queue, a cancelled or overdue run, one that is too large or fails, a worker that died */
  execute(demo: Demo, params: AnyParams, seed: number, options: RunOptions): Promise<RunReport>;
  status(): { running: number; queued: number };
}

type Told = Required<Pick<RunOptions, 'owner' | 'onProgress'>>;

/** Deadline of an experiment that takes a second or two. */
const SHORT = 30_000;

export function createExecutor({ pool, log, backend, limits, tensorMb, slowStart }: ExecutorOptions): Executor {
  const queue = createFairQueue(limits);

  /** One part of a run, in its turn. */
  const runPart = (demo: Demo, task: RunTask, stopped: AbortSignal, failed: AbortSignal, told: Told): Promise<PartReport> =>
    queue.add({
      owner: told.owner,
      signal: AbortSignal.any([stopped, failed]),
      onPlace: (place) => told.onProgress({ place, fraction: 0 }),
      async start() {
        const overdue = AbortSignal.timeout(demo.deadline);
        try {
          const onFraction = (fraction: number) => told.onProgress({ place: 0, fraction });
          return await pool.run(task, AbortSignal.any([stopped, failed, overdue]), onFraction);
        } catch (error) {
          if (failed.aborted) throw error;
          if (stopped.aborted) throw new UserError('run-cancelled', {}, { cause: error });
          if (overdue.aborted) throw new UserError('run-too-long', { seconds: demo.deadline / 1000 }, { cause: error });
          log.error({ err: error, demo: demo.name, params: task.params, seed: task.seed }, 'a demo failed');
          // After a failure nobody knows what state a worker's TensorFlow is in.
          pool.replaceWorkers();
          throw new UserError(failureCode(error), { demo: demo.name }, { cause: error });
        }
      },
    });

  /** Every part of a run, most have one, side by side as far as workers are free. When one fails, the others end. */
  const execute = async (demo: Demo, params: AnyParams, seed: number, { owner, signal, onProgress }: RunOptions): Promise<RunReport> => {
    const stopped = signal ?? new AbortController().signal;
    const failed = new AbortController();
    const { run } = demo;
    const parts = Array.from({ length: partsOf(demo) }, () => ({
      place: Number.POSITIVE_INFINITY,
      fraction: 0,
    }));
    const tell = () =>
      onProgress?.({ place: Math.min(...parts.map(({ place }) => place)), fraction: mean(parts.map((one) => one.fraction)) });
    const oneByOne = slowStart && demo.deadline <= SHORT;
    let before: Promise<unknown> = Promise.resolve();
    try {
      const reports = await Promise.all(
        parts.map((_, part) => {
          const task = { kind: 'run', demo: demo.name, params, seed, part, backend, tensorBytes: tensorMb * 2 ** 20 } as const;
          const onPart: Told['onProgress'] = (state) => {
            parts[part] = state;
            tell();
          };
          const start = () => runPart(demo, task, stopped, failed.signal, { owner, onProgress: onPart });
          const report = oneByOne ? before.then(start) : start();
          before = report;
          return report;
        }),
      );
      const results = reports.map(({ result }) => result);
      return {
        outcome: typeof run === 'function' ? (results[0] as Outcome) : run.join(results, params),
        backend: reports[0]!.backend,
        ms: Math.round(Math.max(...reports.map(({ to }) => to)) - Math.min(...reports.map(({ from }) => from))),
      };
    } catch (error) {
      failed.abort();
      throw error;
    }
  };

  return { execute, status: queue.status };
}

/** `run-too-large` for a run that hit a memory limit, `worker-died` for a worker that is gone, else `run-failed`. */
export function failureCode(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  // Arrays of numbers lie outside the heap that a worker is limited to.
  const refused = /Array buffer allocation failed/.test(message);
  if (message === TOO_LARGE || code === 'ERR_WORKER_OUT_OF_MEMORY' || refused) return 'run-too-large';
  return /Worker exited unexpectedly|Terminating worker thread/.test(message) ? 'worker-died' : 'run-failed';
}
