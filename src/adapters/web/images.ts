import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageBlock } from '../../core/reply.ts';
import { writeWhole } from '../../core/write-whole.ts';

export interface PlacedImage {
  name: string;
  alt: string;
  url: string;
  width: number;
  height: number;
  sha256: string;
  /** The address of the description that the picture was drawn from. */
  chart?: string;
}

export interface ImageStore {
  /** Keeps the picture on disk under its hash, and beside it what it was drawn from. */
  put(image: ImageBlock): PlacedImage;
  /** The bytes behind `/images/<sha256>.png` or `.json`, or undefined. */
  get(file: string): Uint8Array<ArrayBuffer> | undefined;
}

/** Pictures and descriptions kept; older ones go when the program starts. */
const KEPT = 4_000;
/** Files that wait in memory while the disk takes none; then the oldest is given up. */
const WAITING = 200;

/**
 * Charts that were shown in the playground, by content hash, so that a page can cache them for ever. What a full or
 * read-only disk does not take is served from memory, and written with a later one.
 * @param onFailed told once of why the disk takes none, until it takes one again
 */
export function createImageStore(folder: string, onFailed: (error: unknown) => void = () => {}): ImageStore {
  const waiting = new Map<string, Uint8Array<ArrayBuffer>>();
  let failing = false;
  tidy(folder);

  const keep = (file: string, content: string | Uint8Array): void => {
    if (existsSync(join(folder, file))) return;
    waiting.set(file, new Uint8Array(Buffer.from(content)));
    try {
      for (const [name, bytes] of waiting) {
        writeWhole(join(folder, name), bytes);
        waiting.delete(name);
      }
      failing = false;
    } catch (error) {
      if (!failing) onFailed(error);
      failing = true;
      if (waiting.size > WAITING) waiting.delete(waiting.keys().next().value!);
    }
  };
  return {
    put({ png, name, alt, width, height, chart }) {
      const sha256 = createHash('sha256').update(png).digest('hex');
      keep(`${sha256}.png`, png);
      const placed = { name, alt, url: `/images/${sha256}.png`, width, height, sha256 };
      if (!chart) return placed;
      keep(`${sha256}.json`, JSON.stringify(chart));
      return { ...placed, chart: `/images/${sha256}.json` };
    },
    get(file) {
      if (!/^[0-9a-f]{64}\.(png|json)$/.test(file)) return undefined;
      const path = join(folder, file);
      return waiting.get(file) ?? (existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined);
    },
  };
}

function tidy(folder: string): void {
  if (!existsSync(folder)) return;
  const files = readdirSync(folder).map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }));
  try {
    for (const { path } of files.sort((a, b) => b.at - a.at).slice(KEPT)) unlinkSync(path);
  } catch {
    // A read-only disk keeps them all.
  }
}
