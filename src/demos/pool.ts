import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { Logger } from 'pino';
import { Tinypool } from 'tinypool';
import type { ChartSpec, RenderedChart } from '../charts/spec.ts';
import type { PartReport, Task } from './worker.ts';

export type RunTask = Extract<Task, { kind: 'run' }>;

export interface PoolOptions {
  /** Child processes for the native backend, which loads in one thread of a process only. */
  runtime: 'worker_threads' | 'child_process';
  workers: number;
  /** JavaScript heap of a worker. */
  heapMb: number;
  log: Logger;
}

/** The workers that run experiments, and the one that draws: a picture does not wait for a long run. */
export interface WorkerPool {
  run(task: RunTask, signal: AbortSignal, onFraction: (fraction: number) => void): Promise<PartReport>;
  label(task: Extract<Task, { kind: 'backend' }>): Promise<string>;
  draw(spec: ChartSpec): Promise<RenderedChart>;
  /** Ends every worker as soon as it is idle; the next run starts a fresh one. */
  replaceWorkers(): void;
  /** Of the workers that are processes. */
  processIds(): number[];
  close(): Promise<void>;
}

/** A worker that has loaded TensorFlow or the fonts is kept this long. */
const IDLE_MS = 300_000;
const DRAW_WITHIN = 15_000;

/** A pool whose workers start with the first task. One that dies is replaced when it is needed. */
export function createWorkerPool({ runtime, workers, heapMb, log }: PoolOptions): WorkerPool {
  const processes = runtime === 'child_process';
  const runners = new Tinypool({
    filename: join(import.meta.dirname, 'worker.ts'),
    runtime,
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    // A child process gets none of our environment, so no token either. It uses one core, as a thread does; the experiments'
    // tensors are too small for more.
    ...(processes && {
      execArgv: [`--max-old-space-size=${heapMb}`, '--no-deprecation'],
      env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' },
      // JSON has no NaN.
      serialization: 'advanced' as const,
    }),
  });
  const painter = new Tinypool({
    filename: join(import.meta.dirname, '..', 'charts', 'node', 'worker.ts'),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
  });
  // A worker that dies while idle belongs to nobody's run; without a listener it would take the program down.
  for (const pool of [runners, painter]) pool.on('error', (error: unknown) => log.warn({ err: error }, 'an idle worker died'));

  let warmed = false;
  /** The first chart of a program would wait for the fonts; they load while the experiment runs. */
  const warmPainter = () => {
    if (warmed) return;
    warmed = true;
    painter.run(null).catch((error: unknown) => log.warn({ err: error }, 'the fonts could not be loaded ahead'));
  };

  return {
    async run(task, signal, onFraction) {
      warmPainter();
      if (processes) {
        const channel = {
          onMessage: () => {},
          postMessage: (message: { fraction?: number }) => onFraction(message.fraction ?? 0),
        };
        return (await runners.run(task, { signal, channel })) as PartReport;
      }
      const { port1, port2 } = new MessageChannel();
      port1.on('message', onFraction);
      try {
        return (await runners.run({ ...task, port: port2 }, { signal, transferList: [port2] })) as PartReport;
      } finally {
        port1.close();
      }
    },
    label: (task) => runners.run(task) as Promise<string>,
    draw: (spec) => painter.run(spec, { signal: AbortSignal.timeout(DRAW_WITHIN) }) as Promise<RenderedChart>,
    replaceWorkers() {
      runners.recycleWorkers().catch((error: unknown) => log.warn({ err: error }, 'a worker did not end'));
    },
    processIds: () => (processes ? runners.threads.map(({ threadId }) => threadId) : []),
    async close() {
      await Promise.all([runners.destroy(), painter.destroy()]);
    },
  };
}
