import type { RenderedChart } from '../charts/spec.ts';
import { type Cache, cacheName } from './cache.ts';
import type { AnyParams } from './params.ts';
import { restoreOutcome } from './restore.ts';
import type { RunReport } from './worker.ts';

/** Everything that decides the numbers of a run. */
export interface RunKey {
  demo: string;
  version: number;
  params: AnyParams;
  seed: number;
  backend: string;
}

export async function cachedRun(cache: Cache, key: RunKey): Promise<RunReport | undefined> {
  const data = await cache.get(cacheName(key.demo, key, 'json'));
  if (!data) return undefined;
  try {
    const report = JSON.parse(data.toString()) as RunReport;
    return { ...report, outcome: restoreOutcome(report.outcome) };
  } catch {
    return undefined;
  }
}

export function cacheRun(cache: Cache, key: RunKey, report: RunReport): Promise<void> {
  return cache.set(cacheName(key.demo, key, 'json'), JSON.stringify(report));
}

/** A drawn chart from its file: a PNG says its size in its first bytes. Undefined for a file that is no PNG. */
export function chartOf(png: Uint8Array): RenderedChart | undefined {
  const header = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.byteLength < 24 || header.getUint32(0) !== 0x89504e47) return undefined;
  return { png, width: header.getUint32(16), height: header.getUint32(20) };
}
