import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyParams } from './params.ts';
import type { RunReport } from './worker.ts';

/** Everything that decides the numbers of a run. */
export interface CacheKey {
  demo: string;
  version: number;
  params: AnyParams;
  seed: number;
  backend: string;
}

export interface RunCache {
  get(key: CacheKey): Promise<RunReport | undefined>;
  set(key: CacheKey, report: RunReport): Promise<void>;
  size(): number;
}

const MOST = 2_000;
const SPARED = 1_500;

/**
 * Finished runs on disk, a file each. A file is written whole or not at all; one that cannot be read counts as
 * absent. Beyond 2000 files the oldest go.
 */
export function createRunCache(folder: string): RunCache {
  let count = 0;
  const ready = mkdir(folder, { recursive: true }).then(async () => {
    count = (await readdir(folder)).length;
  });
  const fileOf = (key: CacheKey) =>
    join(folder, `${key.demo}-${createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)}.json`);
  return {
    size: () => count,
    async get(key) {
      await ready;
      try {
        const stored = JSON.parse(await readFile(fileOf(key), 'utf8')) as {
          key: CacheKey;
          report: RunReport;
        };
        return restore(stored.report);
      } catch {
        return undefined;
      }
    },
    async set(key, report) {
      await ready;
      const file = fileOf(key);
      const draft = `${file}.${process.pid}.${count}.tmp`;
      await writeFile(draft, JSON.stringify({ key, report }));
      await rename(draft, file);
      count++;
      if (count > MOST) count = await prune(folder);
    },
  };
}

/** JSON has no NaN: what a diverged run measured comes back from `null`. */
function restore(report: RunReport): RunReport {
  const numbers = (values: readonly (number | null)[]) => values.map((value) => value ?? Number.NaN);
  const { series, measures, ...rest } = report.outcome;
  return {
    ...report,
    outcome: {
      ...rest,
      series: series.map((one) => ({
        ...one,
        y: numbers(one.y),
        ...(one.low && { low: numbers(one.low) }),
        ...(one.high && { high: numbers(one.high) }),
      })),
      measures: Object.fromEntries(Object.entries(measures).map(([key, value]) => [key, value ?? Number.NaN])),
    },
  };
}

async function prune(folder: string): Promise<number> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => ({
      name,
      at: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  files.sort((a, b) => b.at - a.at);
  await Promise.all(files.slice(SPARED).map(({ name }) => rm(join(folder, name), { force: true })));
  return Math.min(files.length, SPARED);
}
