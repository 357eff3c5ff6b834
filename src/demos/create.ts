import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { Logger } from 'pino';
import { Tinypool } from 'tinypool';
import type { RenderedChart } from '../charts/spec.ts';
import type { Config } from '../config.ts';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { chooseBackend } from './backend.ts';
import { createRunCache } from './cache.ts';
import type { Demo } from './demo.ts';
import { type AnyParams, validateParams } from './params.ts';
import { createFairQueue } from './queue.ts';
import { demos as known } from './registry.ts';
import type { Demos, RunOptions } from './service.ts';
import type { RunReport, Task } from './worker.ts';

const MEMORY_MB = 768;
/** A worker that has loaded TensorFlow and the fonts is kept this long. */
const IDLE_MS = 300_000;
const DRAW_WITHIN = 15_000;

/** The demo lab: a queue before a pool of workers, a cache behind it. Workers start with the first run. */
export function createDemos({ config, log }: { config: Config; log: Logger }): Demos {
  const backend = chooseBackend(config.tfBackend);
  const workers = Math.max(1, Math.min(4, availableParallelism()));
  const native = backend === 'native';
  const pool = new Tinypool({
    filename: join(import.meta.dirname, 'worker.ts'),
    // Only the first worker thread of a process can load tfjs-node.
    runtime: native ? 'child_process' : 'worker_threads',
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const cache = createRunCache(join(config.cacheDir, 'runs'));
  const queue = createFairQueue({ atOnce: workers, queued: 20, perOwner: 4 });
  const cancels = new Map<string, Set<AbortController>>();
  let label: Promise<string> | undefined;

  const runTask = async (
    task: Extract<Task, { kind: 'run' }>,
    signal: AbortSignal,
    onFraction: (fraction: number) => void,
  ): Promise<RunReport> => {
    if (native) {
      const channel = {
        onMessage: () => {},
        postMessage: (message: { fraction?: number }) => onFraction(message.fraction ?? 0),
      };
      return (await pool.run(task, { signal, channel })) as RunReport;
    }
    const { port1, port2 } = new MessageChannel();
    port1.on('message', onFraction);
    try {
      return (await pool.run({ ...task, port: port2 }, { signal, transferList: [port2] })) as RunReport;
    } finally {
      port1.close();
    }
  };

  const execute = async (demo: Demo, params: AnyParams, seed: number, options: RunOptions): Promise<RunReport> => {
    const cancel = new AbortController();
    const own = cancels.get(options.owner) ?? new Set();
    cancels.set(options.owner, own.add(cancel));
    const stopped = AbortSignal.any([cancel.signal, ...(options.signal ? [options.signal] : [])]);
    try {
      return await queue.add({
        owner: options.owner,
        signal: stopped,
        onPlace: (place) => options.onProgress?.({ place, fraction: 0 }),
        async start() {
          const overdue = AbortSignal.timeout(demo.deadline);
          try {
            const onFraction = (fraction: number) => options.onProgress?.({ place: 0, fraction });
            return await runTask({ kind: 'run', demo: demo.name, params, seed, backend }, AbortSignal.any([stopped, overdue]), onFraction);
          } catch (error) {
            if (stopped.aborted) throw new UserError('run-cancelled', {}, { cause: error });
            if (overdue.aborted) throw new UserError('run-too-long', { seconds: demo.deadline / 1000 }, { cause: error });
            log.error({ err: error, demo: demo.name, params, seed }, 'a demo failed');
            throw new UserError('run-failed', { demo: demo.name }, { cause: error });
          }
        },
      });
    } finally {
      own.delete(cancel);
      if (own.size === 0) cancels.delete(options.owner);
    }
  };

  const chart: Demos['chart'] = async (name, spec) => {
    const task: Task = { kind: 'draw', spec };
    const { png, width, height } = (await pool.run(task, { signal: AbortSignal.timeout(DRAW_WITHIN) })) as RenderedChart;
    return { type: 'image', png, name: `${name}.png`, alt: spec.alt, width, height };
  };

  return {
    list: () => known,
    get: (name) => known.find((demo) => demo.name === name),
    suggest: (typed, locale) => suggest(typed, locale),
    async run(name, given, seed, options) {
      const demo = find(name);
      const params = validateParams(demo.name, demo.params, given);
      const key = { demo: demo.name, version: demo.version, params, seed, backend };
      const stored = await cache.get(key);
      if (stored) return { demo, params, seed, ...stored, cached: true };
      const report = await execute(demo, params, seed, options);
      // A full disk must not cost the reader the result.
      await cache.set(key, report).catch((error: unknown) => log.warn({ err: error }, 'the run could not be cached'));
      return { demo, params, seed, ...report, cached: false };
    },
    draw: ({ demo, params, outcome }, locale) => chart(demo.name, demo.chart(outcome, params, locale)),
    chart,
    backend() {
      const task: Task = { kind: 'backend', backend };
      label ??= (pool.run(task) as Promise<string>).catch((error: unknown) => {
        label = undefined;
        throw error;
      });
      return label;
    },
    cancel(owner) {
      const own = [...(cancels.get(owner) ?? [])];
      for (const controller of own) controller.abort();
      return own.length;
    },
    status: () => ({ ...queue.status(), workers, cached: cache.size() }),
    async close() {
      for (const own of cancels.values()) for (const controller of own) controller.abort();
      await pool.destroy();
    },
  };
}

function find(name: string): Demo {
  const wanted = name.trim().toLowerCase();
  const demo = known.find((one) => one.name === wanted || one.title.en.toLowerCase() === wanted || one.title.zh === wanted);
  if (demo) return demo;
  const close = nearest(
    wanted,
    known.map((one) => one.name),
  );
  throw new UserError(close ? 'unknown-demo-did-you-mean' : 'unknown-demo', {
    demo: name.slice(0, 40),
    suggestion: close ?? '',
    demos: known.map((one) => one.name).join(', '),
  });
}

function suggest(typed: string, locale: 'en' | 'zh'): { value: string; label: string }[] {
  const wanted = typed.trim().toLowerCase();
  const close = nearest(
    wanted,
    known.map((one) => one.name),
  );
  return known
    .filter(
      ({ name, title, topics }) =>
        [name, title.en.toLowerCase(), title.zh, ...topics].some((text) => text?.includes(wanted)) || name === close,
    )
    .map(({ name, title }) => ({ value: name, label: `${name}: ${title[locale]}` }));
}
