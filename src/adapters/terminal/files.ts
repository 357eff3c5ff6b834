import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, parse, resolve } from 'node:path';
import type { FileBlock, ImageBlock } from '../../core/reply.ts';

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

export interface SavedFile {
  name: string;
  mime: string;
  path: string;
  bytes: number;
}

/** Writes a file into `folder`, readable by its owner only; a name that is taken gets a number. */
export function saveFile({ name, mime, text }: FileBlock, folder: string): SavedFile {
  mkdirSync(folder, { recursive: true });
  const { name: stem, ext } = parse(basename(name));
  for (let number = 1; ; number++) {
    const path = resolve(folder, `${stem}${number === 1 ? '' : `-${number}`}${ext}`);
    try {
      writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
      return { name, mime, path, bytes: Buffer.byteLength(text) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
