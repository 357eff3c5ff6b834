import type { Logger } from 'pino';
import type { Cache } from './cache.ts';
import type { Executor } from './executor.ts';
import { cachedRun, cacheRun } from './run-cache.ts';
import type { Runs } from './runs.ts';

/** Runs of this process alone: a queue in memory, a cache on the disk. */
export function createLocalRuns({
  executor,
  cache,
  backend,
  log,
}: {
  executor: Executor;
  cache: Cache;
  backend: string;
  log: Logger;
}): Runs {
  const cancels = new Map<string, Set<AbortController>>();
  return {
    async run({ demo, params, seed }, { owner, signal, onProgress }) {
      const key = { demo: demo.name, version: demo.version, params, seed, backend };
      const stored = await cachedRun(cache, key);
      if (stored) return { ...stored, cached: true };
      const cancel = new AbortController();
      const own = cancels.get(owner) ?? new Set();
      cancels.set(owner, own.add(cancel));
      try {
        const stopped = AbortSignal.any([cancel.signal, ...(signal ? [signal] : [])]);
        const report = await executor.execute(demo, params, seed, { owner, signal: stopped, ...(onProgress && { onProgress }) });
        // A full disk must not cost the reader the result.
        await cacheRun(cache, key, report).catch((error: unknown) => log.warn({ err: error }, 'the cache could not be written'));
        return { ...report, cached: false };
      } finally {
        own.delete(cancel);
        if (own.size === 0) cancels.delete(owner);
      }
    },
    async cancel(owner) {
      const own = [...(cancels.get(owner) ?? [])];
      for (const controller of own) controller.abort();
      return own.length;
    },
    status: () => ({ ...executor.status(), dead: 0 }),
    // One that brings the process down is told of at the next start, and not tried again.
    dead: async () => [],
    settleDead: async () => false,
    async close() {
      for (const own of cancels.values()) for (const controller of own) controller.abort();
    },
  };
}
