import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Finished runs and drawn charts on disk, a file each. */
export interface Cache {
  get(name: string): Promise<Buffer | undefined>;
  /** Rejects when the file could not be written, e.g. because the disk is full; nothing is left behind then. */
  set(name: string, data: string | Uint8Array): Promise<void>;
  bytes(): number;
}

/** A cache that has grown beyond its bound shrinks to this share, so that it does not prune at every write. */
const SHRINK_TO = 0.75;

/**
 * A file is written whole or not at all; one that cannot be read counts as absent. Beyond `maxBytes` the files that
 * were not used for longest go. A folder that cannot be had only means that nothing is remembered.
 */
export function createCache(folder: string, maxBytes: number): Cache {
  let bytes = 0;
  let drafts = 0;
  const ready = mkdir(folder, { recursive: true })
    .then(() => filesIn(folder))
    .then((files) => {
      bytes = sum(files);
    })
    .catch(() => undefined);
  return {
    bytes: () => bytes,
    async get(name) {
      await ready;
      const file = join(folder, name);
      const now = new Date();
      // Reading makes a file young again, for the pruning.
      const [data] = await Promise.allSettled([readFile(file), utimes(file, now, now)]);
      return data.status === 'fulfilled' ? data.value : undefined;
    },
    async set(name, data) {
      await ready;
      const draft = join(folder, `${name}.${process.pid}.${drafts++}.tmp`);
      try {
        await writeFile(draft, data);
        await rename(draft, join(folder, name));
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined);
        throw error;
      }
      bytes += Buffer.byteLength(data);
      if (bytes > maxBytes) bytes = await prune(folder, maxBytes * SHRINK_TO);
    },
  };
}

/** A file name for everything that decides a content. */
export function cacheName(label: string, key: unknown, ending: string): string {
  return `${label}-${createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)}.${ending}`;
}

interface Cached {
  path: string;
  size: number;
  usedAt: number;
}

async function filesIn(folder: string): Promise<Cached[]> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const facts = await stat(path).catch(() => undefined);
      return facts ? [{ path, size: facts.size, usedAt: facts.mtimeMs }] : [];
    }),
  );
  return files.flat();
}

async function prune(folder: string, spared: number): Promise<number> {
  const files = (await filesIn(folder)).sort((a, b) => b.usedAt - a.usedAt);
  let kept = 0;
  for (const { path, size } of files) {
    if (kept + size <= spared) kept += size;
    else await rm(path, { force: true });
  }
  return kept;
}

function sum(files: readonly Cached[]): number {
  return files.reduce((total, { size }) => total + size, 0);
}
