import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ImageBlock } from '../../core/reply.ts';

export interface SavedImage {
  name: string;
  alt: string;
  path: string;
  width: number;
  height: number;
  sha256: string;
}

/** Writes a chart into `folder`; the hash in the name keeps two runs of one demo apart. */
export function saveImage(image: ImageBlock, folder: string): SavedImage {
  const sha256 = createHash('sha256').update(image.png).digest('hex');
  mkdirSync(folder, { recursive: true });
  const path = resolve(folder, image.name.replace(/(\.png)?$/, `-${sha256.slice(0, 8)}.png`));
  writeFileSync(path, image.png);
  return {
    name: image.name,
    alt: image.alt,
    path: join(path),
    width: image.width,
    height: image.height,
    sha256,
  };
}
