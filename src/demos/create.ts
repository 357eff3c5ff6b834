import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { asQuestion } from '../charts/spec.ts';
import { LOOK } from '../charts/theme.ts';
import type { Config } from '../config.ts';
import { UserError } from '../core/errors.ts';
import { localize } from '../core/locale.ts';
import { nearest } from '../core/nearest.ts';
import { demos as all } from '../experiments/index.ts';
import { refuseTooHeavy } from './afford.ts';
import { chooseBackend, nativeAvailable } from './backend.ts';
import { cacheName, createCache } from './cache.ts';
import type { Demo, Outcome } from './demo.ts';
import { mean } from './lib/stats.ts';
import { type AnyParams, validateParams } from './params.ts';
import { createWorkerPool, type PoolOptions, type RunTask } from './pool.ts';
import { createFairQueue } from './queue.ts';
import { cachedRun, cacheRun, chartOf } from './run-cache.ts';
import type { Demos, RunOptions } from './service.ts';
import { type PartReport, type RunReport, TOO_LARGE } from './worker.ts';

/** What one run may take. */
const HEAP_MB = 768;
const TENSOR_MB = 512;
/** Runs and charts remembered on disk. */
const CACHE_BYTES = 100 * 2 ** 20;

export interface LabOptions {
  config: Config;
  log: Logger;
  /** WASM runs in threads and native in processes, unless told otherwise. */
  runtime?: PoolOptions['runtime'];
  workers?: number;
  tensorMb?: number;
  heapMb?: number;
}

/** The lab, with what only tests and benches look at. */
export interface Lab extends Demos {
  processIds(): number[];
}

type Told = Required<Pick<RunOptions, 'owner' | 'onProgress'>>;

/** Deadline of an experiment that takes a second or two. */
const SHORT = 30_000;

/** The demo lab: a queue before a pool of workers, a cache behind it. Workers start with the first run. */
export function createDemos(options: LabOptions): Lab {
  const { config, log, workers = Math.max(1, Math.min(4, availableParallelism())), tensorMb = TENSOR_MB, heapMb = HEAP_MB } = options;
  const backend = { name: chooseBackend(config.tfBackend), lenient: config.tfBackend === 'auto' };
  const runtime = options.runtime ?? (backend.name === 'native' ? 'child_process' : 'worker_threads');
  const pool = createWorkerPool({ runtime, workers, heapMb, log });
  const cache = createCache(join(config.cacheDir, 'runs'), CACHE_BYTES);
  const queue = createFairQueue({ atOnce: workers, queued: 60, perOwner: 12 });
  const cancels = new Map<string, Set<AbortController>>();
  let label: Promise<string> | undefined;
  // A full disk must not cost the reader the result.
  const remember = (writing: Promise<void>) =>
    writing.catch((error: unknown) => log.warn({ err: error }, 'the cache could not be written'));

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
    const cancel = new AbortController();
    const own = cancels.get(owner) ?? new Set();
    cancels.set(owner, own.add(cancel));
    const stopped = AbortSignal.any([cancel.signal, ...(signal ? [signal] : [])]);
    const failed = new AbortController();
    const { run } = demo;
    const parts = Array.from({ length: typeof run === 'function' ? 1 : run.count }, () => ({
      place: Number.POSITIVE_INFINITY,
      fraction: 0,
    }));
    const tell = () =>
      onProgress?.({ place: Math.min(...parts.map(({ place }) => place)), fraction: mean(parts.map((one) => one.fraction)) });
    // A second process takes longer to load TensorFlow than a short run takes.
    const oneByOne = runtime === 'child_process' && demo.deadline <= SHORT;
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
    } finally {
      own.delete(cancel);
      if (own.size === 0) cancels.delete(owner);
    }
  };

  const chart: Demos['chart'] = async (name, spec) => {
    const file = cacheName(name, [LOOK, spec], 'png');
    const stored = await cache.get(file);
    const known = stored && chartOf(stored);
    const { png, width, height } = known ?? (await pool.draw(spec));
    if (!known) await remember(cache.set(file, png));
    return { type: 'image', png, name: `${name}.png`, alt: spec.alt, width, height, chart: spec };
  };

  const resolve: Demos['resolve'] = (name, given) => {
    const demo = find(name);
    const params = validateParams(demo.name, demo.params, given);
    refuseTooHeavy(demo, params);
    return { demo, params };
  };

  return {
    list: () => all,
    get: (name) => all.find((demo) => demo.name === name),
    suggest: (typed, locale) => suggest(typed, locale),
    processIds: pool.processIds,
    resolve,
    async run(name, given, seed, options) {
      const { demo, params } = resolve(name, given);
      const key = { demo: demo.name, version: demo.version, params, seed, backend: backend.name };
      const stored = await cachedRun(cache, key);
      if (stored) return { demo, params, seed, ...stored, cached: true };
      if (backend.name === 'native' && !nativeAvailable()) throw new UserError('native-missing');
      const report = await execute(demo, params, seed, options);
      await remember(cacheRun(cache, key, report));
      return { demo, params, seed, ...report, cached: false };
    },
    draw({ demo, params, outcome }, locale, { asked = false } = {}) {
      const spec = demo.chart(outcome, params, locale);
      return chart(demo.name, asked ? asQuestion(spec, localize(demo.title, locale)) : spec);
    },
    chart,
    backend() {
      label ??= pool.label({ kind: 'backend', backend }).catch((error: unknown) => {
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
    status: () => ({ ...queue.status(), workers, cacheBytes: cache.bytes() }),
    async close() {
      for (const own of cancels.values()) for (const controller of own) controller.abort();
      await pool.close();
    },
  };
}

/** `run-too-large` for a run that hit a memory limit, `worker-died` for a worker that is gone, else `run-failed`. */
export function failureCode(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  // Arrays of numbers lie outside the heap that a worker is limited to.
  const refused = /Array buffer allocation failed/.test(message);
  if (message === TOO_LARGE || code === 'ERR_WORKER_OUT_OF_MEMORY' || refused) return 'run-too-large';
  return /Worker exited unexpectedly|Terminating worker thread/.test(message) ? 'worker-died' : 'run-failed';
}

function find(name: string): Demo {
  const wanted = name.trim().toLowerCase();
  const demo = all.find((one) => one.name === wanted || one.title.en.toLowerCase() === wanted || one.title.zh === wanted);
  if (demo) return demo;
  const close = nearest(
    wanted,
    all.map((one) => one.name),
  );
  throw new UserError(close ? 'unknown-demo-did-you-mean' : 'unknown-demo', {
    demo: name.slice(0, 40),
    suggestion: close ?? '',
    demos: all.map((one) => one.name).join(', '),
  });
}

function suggest(typed: string, locale: 'en' | 'zh'): { value: string; label: string }[] {
  const wanted = typed.trim().toLowerCase();
  const close = nearest(
    wanted,
    all.map((one) => one.name),
  );
  return all
    .filter(
      ({ name, title, topics }) =>
        [name, title.en.toLowerCase(), title.zh, ...topics].some((text) => text?.includes(wanted)) || name === close,
    )
    .map(({ name, title }) => ({ value: name, label: `${name}: ${title[locale]}` }));
}
