import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageBlock } from '../../core/reply.ts';

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

/** Charts that were shown in the playground, by content hash, so that a page can cache them for ever. */
export function createImageStore(folder: string): ImageStore {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).map((name) => ({
    path: join(folder, name),
    at: statSync(join(folder, name)).mtimeMs,
  }));
  for (const { path } of files.sort((a, b) => b.at - a.at).slice(KEPT)) unlinkSync(path);
  return {
    put({ png, name, alt, width, height, chart }) {
      const sha256 = createHash('sha256').update(png).digest('hex');
      const path = join(folder, `${sha256}.png`);
      if (!existsSync(path)) writeFileSync(path, png);
      const placed = { name, alt, url: `/images/${sha256}.png`, width, height, sha256 };
      if (!chart) return placed;
      const description = join(folder, `${sha256}.json`);
      if (!existsSync(description)) writeFileSync(description, JSON.stringify(chart));
      return { ...placed, chart: `/images/${sha256}.json` };
    },
    get(file) {
      if (!/^[0-9a-f]{64}\.(png|json)$/.test(file)) return undefined;
      const path = join(folder, file);
      return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
    },
  };
}
