import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, parse, resolve } from 'node:path';
import type { Registry } from '../../core/command.ts';
import { UserError } from '../../core/errors.ts';
import type { FileBlock, ImageBlock } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';

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

/** The files that a command names by their path; only whoever runs the program may name one of this machine. */
export function withFiles(request: Request, registry: Registry): Request {
  const table = registry.get(request.command ?? '')?.options ?? {};
  const paths = Object.entries(request.options).flatMap(([name, value]) => (table[name]?.type === 'file' ? [String(value)] : []));
  if (paths.length === 0 || !request.user.admin) return request;
  const files = paths.map((path) => ({
    name: basename(path),
    size: statSync(path, { throwIfNoEntry: false })?.size ?? 0,
    async read() {
      try {
        return readFileSync(path);
      } catch (cause) {
        throw new UserError('upload-refused', { name: basename(path), reason: (cause as NodeJS.ErrnoException).code ?? '' }, { cause });
      }
    },
  }));
  return { ...request, files };
}
