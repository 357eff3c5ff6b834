import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What the page is made of: scripts and styles that are asked for by an address of their own. Paths below `page/`. */
export const ENTRIES = ['main.tsx', 'theme.ts', 'page.css'] as const;
/** Scripts that run in a worker; `worker-*.js` alone may compile WebAssembly (see guard.ts). */
const WORKERS: readonly string[] = ['lab/worker.ts'];
/** Modules that only Node has, and what stands for them in a browser. */
const ALIAS: Record<string, string> = {};

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SOURCES = join(import.meta.dirname, 'page');
/** What `npm run slim` bundles beforehand, for it takes away what bundling needs. */
export const PREBUILT = join(ROOT, 'node_modules', '.page');
const STAMP = 'bundle.json';
/** Where esbuild takes the files to be; they are written elsewhere. */
const OUT = join(ROOT, '.page');
/** What decides besides the sources: how they are bundled, and which versions of packages go in. */
const SETTINGS = [
  relative(ROOT, import.meta.filename)
    .split(sep)
    .join('/'),
  'package-lock.json',
];
/** Bundles that are kept; a process of the version before may still read its own. */
const KEPT = 3;
/** Beyond this many bytes the tightest packing would keep the first reader waiting. */
const TIGHTLY_UP_TO = 128 * 1024;

interface Stamp {
  /** Sources of our own, relative to the project, with their hashes; packages are as the lockfile says. */
  inputs: Record<string, string>;
  /** `main.js` → `main-ABCD1234.js` */
  entries: Record<string, string>;
}

/** A file of the bundle. Its name holds its hash, so that it never changes. */
export interface BundledFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** The bytes as the reader's browser takes them; undefined for `identity` and what is not worth it. */
  packed(encoding: 'br' | 'gzip'): Promise<Uint8Array<ArrayBuffer>>;
}

/** The page's scripts and styles, ready to be served. */
export interface Bundle {
  /** The address of an entry: `/static/page/main-ABCD1234.js`. @throws Error when there is no such entry. */
  url(entry: string): string;
  /** By the name below `/static/page/`. */
  file(name: string): BundledFile | undefined;
}

/**
 * Bundles the page once and keeps the result in `folder`: at the next start it is read, unless a source, an entry or
 * the lockfile has changed. esbuild works in a process of its own, so answers do not wait for it.
 * @param folder below CACHE_DIR
 * @param notKept told why the result could not be written, which costs time at the next start alone
 * @throws Error when the page cannot be bundled, with esbuild's words
 */
export async function openBundle(folder: string, notKept: (error: unknown) => void = () => {}): Promise<Bundle> {
  const places = [PREBUILT, folder].flatMap((parent) => bundlesIn(parent));
  for (const place of places) {
    const stamp = readStamp(place);
    if (stamp && isCurrent(stamp)) return read(place, stamp);
  }
  try {
    for (const place of bundlesIn(folder).slice(KEPT - 1)) rmSync(place, { recursive: true, force: true });
  } catch (error) {
    notKept(error);
  }
  return build(folder, notKept);
}

/**
 * Bundles into `folder/<hash>`, whatever is there.
 * @throws Error with esbuild's words; with the system's where the result cannot be written and nobody is told of it
 */
export async function build(folder: string, notKept?: (error: unknown) => void): Promise<Bundle> {
  // Loaded only where there is something to bundle: a slim install has none.
  const esbuild = await import('esbuild');
  try {
    const { metafile, outputFiles } = await esbuild.build({
      absWorkingDir: ROOT,
      entryPoints: [...ENTRIES, ...WORKERS].map((name) => join(SOURCES, name)),
      outdir: OUT,
      write: false,
      outbase: SOURCES,
      bundle: true,
      splitting: true,
      format: 'esm',
      target: 'es2022',
      minify: true,
      metafile: true,
      entryNames: '[name]-[hash]',
      chunkNames: '[name]-[hash]',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      alias: ALIAS,
      // Fonts and pictures that styles name are served beside the bundle.
      external: ['/static/*'],
      legalComments: 'none',
      logLevel: 'silent',
    });
    const entries = Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint && named(entryPoint) ? [[named(entryPoint), path.split('/').at(-1)!]] : [],
    );
    const inputs = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/') && existsSync(join(ROOT, path)));
    const stamp: Stamp = {
      inputs: Object.fromEntries([...inputs, ...SETTINGS].map((path) => [path, hashOf(join(ROOT, path))])),
      entries: Object.fromEntries(entries),
    };
    const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), new Uint8Array(contents)]));
    try {
      keep(folder, stamp, files);
    } catch (error) {
      if (!notKept) throw error;
      notKept(error);
    }
    return bundleOf(stamp, files);
  } finally {
    await esbuild.stop();
  }
}

function keep(folder: string, stamp: Stamp, files: ReadonlyMap<string, Uint8Array>): void {
  const out = join(folder, `.new-${process.pid}-${Date.now()}`);
  try {
    mkdirSync(out, { recursive: true });
    for (const [name, bytes] of files) writeFileSync(join(out, name), bytes);
    writeFileSync(join(out, STAMP), JSON.stringify(stamp));
    const place = join(folder, createHash('sha256').update(JSON.stringify(stamp)).digest('hex').slice(0, 16));
    // The same is there already, made by another process or under a stamp that is no longer right.
    if (existsSync(place)) renameSync(join(out, STAMP), join(place, STAMP));
    else renameSync(out, place);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** `src/adapters/web/page/lab/worker.ts` → `lab/worker.ts`; undefined for a module that is only loaded later. */
function named(entryPoint: string): string | undefined {
  const name = relative(SOURCES, join(ROOT, entryPoint)).split(sep).join('/');
  return ([...ENTRIES, ...WORKERS] as string[]).includes(name) ? name : undefined;
}

function bundlesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => (name.startsWith('.') ? [] : [join(folder, name)]));
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function readStamp(place: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(join(place, STAMP), 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

function isCurrent({ inputs, entries }: Stamp): boolean {
  return (
    [...ENTRIES, ...WORKERS].every((name) => name in entries) &&
    Object.entries(inputs).every(([path, hash]) => existsSync(join(ROOT, path)) && hashOf(join(ROOT, path)) === hash)
  );
}

function read(place: string, stamp: Stamp): Bundle {
  const names = readdirSync(place).filter((name) => name !== STAMP);
  return bundleOf(stamp, new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(place, name)))])));
}

/** All of it in memory: a few hundred kilobytes, which nothing on the disk can take away any more. */
function bundleOf({ entries }: Stamp, contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Bundle {
  const files = new Map([...contents].map(([name, bytes]) => [name, fileOf(bytes)]));
  return {
    url(entry) {
      const name = entries[entry];
      if (name === undefined) throw new Error(`the page has no entry ${entry}`);
      return `/static/page/${name}`;
    },
    file: (name) => files.get(name),
  };
}

function fileOf(bytes: Uint8Array<ArrayBuffer>): BundledFile {
  const packed = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const pack = {
    gzip: () => promisify(gzip)(bytes, { level: 9 }),
    br: () => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: bytes.length > TIGHTLY_UP_TO ? 6 : 10 } }),
  };
  return {
    bytes,
    packed(encoding) {
      const known = packed.get(encoding) ?? pack[encoding]().then((buffer) => new Uint8Array(buffer));
      packed.set(encoding, known);
      return known;
    },
  };
}
