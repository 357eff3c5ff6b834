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
import type { Demo } from './demo.ts';
import { createExecutor } from './executor.ts';
import { LIMITS } from './fairness.ts';
import { createLocalRuns } from './local-runs.ts';
import { validateParams } from './params.ts';
import { createWorkerPool, type PoolOptions } from './pool.ts';
import { chartOf } from './run-cache.ts';
import type { Runs } from './runs.ts';
import type { Demos } from './service.ts';
import type { SharedLab } from './shared/lab.ts';

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
  /** The queue of several processes. */
  shared?: SharedLab | undefined;
}

/** The lab, with what only tests and benches look at. */
export interface Lab extends Demos {
  processIds(): number[];
}

/** The demo lab: a queue before a pool of workers, a cache behind it. Workers start with the first run. */
export function createDemos(options: LabOptions): Lab {
  const { config, log, workers = Math.max(1, Math.min(4, availableParallelism())), tensorMb = TENSOR_MB, heapMb = HEAP_MB } = options;
  const backend = { name: chooseBackend(config.tfBackend), lenient: config.tfBackend === 'auto' };
  const runtime = options.runtime ?? (backend.name === 'native' ? 'child_process' : 'worker_threads');
  const pool = createWorkerPool({ runtime, workers, heapMb, log });
  const cache = createCache(join(config.cacheDir, 'runs'), CACHE_BYTES);
  const lab = options.shared;
  // Where processes share a queue, that one knows whose turn it is.
  const limits = lab ? { queued: Number.POSITIVE_INFINITY, perOwner: Number.POSITIVE_INFINITY } : LIMITS;
  const slowStart = runtime === 'child_process';
  const executor = createExecutor({ pool, log, backend, limits: { ...limits, atOnce: workers }, tensorMb, slowStart });
  const execute: typeof executor.execute = async (...run) => {
    if (backend.name === 'native' && !nativeAvailable()) throw new UserError('native-missing');
    return executor.execute(...run);
  };
  const runs: Runs = lab?.runs ?? createLocalRuns({ executor: { ...executor, execute }, cache, backend: backend.name, log });
  let label: Promise<string> | undefined;
  // A full disk must not cost the reader the result.
  const remember = (writing: Promise<void>) =>
    writing.catch((error: unknown) => log.warn({ err: error }, 'the cache could not be written'));

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
      return { demo, params, seed, ...(await runs.run({ demo, params, seed }, options)) };
    },
    draw({ demo, params, outcome }, locale, { asked = false } = {}) {
      const spec = demo.chart(outcome, params, locale);
      return chart(demo.name, asked ? asQuestion(spec, localize(demo.title, locale)) : spec);
    },
    chart,
    backend() {
      // A process that computes nothing does not load TensorFlow.
      if (lab && !config.roles.has('lab')) return lab.backend(backend.name);
      label ??= pool.label({ kind: 'backend', backend }).catch((error: unknown) => {
        label = undefined;
        throw error;
      });
      return label;
    },
    async serve() {
      await lab?.serve(workers, (demo, task, signal, onFraction) =>
        execute(demo, task.params, task.seed, { owner: 'lab', signal, onProgress: ({ fraction }) => onFraction(fraction) }),
      );
    },
    cancel: runs.cancel,
    status: () => ({ ...runs.status(), workers, cacheBytes: cache.bytes() }),
    dead: runs.dead,
    settleDead: runs.settleDead,
    async close() {
      await runs.close();
      await lab?.close();
      await pool.close();
    },
  };
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
