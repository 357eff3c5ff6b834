import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** In front: the lengths of the heading and of the checksums, and a checksum over these two. */
const FRONT = 12;
/** Bytes with a checksum of their own, so that a part can be checked whenever it is read. */
const BLOCK = 4_096;

interface Heading {
  key: string;
  /** Names and lengths, in order. */
  sections: [name: string, bytes: number][];
}

/** What stands in the file is no longer what was written. */
export class DamagedFile extends Error {}

/**
 * Writes buffers into one file, which has its name only when it is whole.
 * @param key what `openSections` has to ask for
 */
export async function writeSections(file: string, key: string, sections: Record<string, Buffer>): Promise<void> {
  const heading: Heading = { key, sections: Object.entries(sections).map(([name, bytes]) => [name, bytes.length]) };
  const first = Buffer.from(JSON.stringify(heading));
  const sums = Buffer.from(checksums(Object.values(sections)).buffer);
  const front = Buffer.alloc(FRONT);
  front.writeUInt32LE(first.length);
  front.writeUInt32LE(sums.length, 4);
  front.writeUInt32LE(crc32(sums, crc32(first)), 8);
  mkdirSync(dirname(file), { recursive: true });
  const whole = `${file}.${process.pid}`;
  try {
    const handle = await open(whole, 'w');
    try {
      await handle.writev([front, first, sums, ...Object.values(sections)]);
      // A file that has its name is whole, also when the power goes.
      await handle.sync();
    } finally {
      await handle.close();
    }
    renameSync(whole, file);
  } finally {
    rmSync(whole, { force: true });
  }
}

/** What was written, read when it is asked for. */
export interface Sections {
  /**
   * A section, or its bytes `from`–`to`, in memory of their own.
   * @throws DamagedFile where the file was cut off or changed since it was opened
   * @throws RangeError where there is no section of the name, or it ends earlier
   */
  read(name: string, from?: number, to?: number): Buffer;
  close(): void;
}

/** A file is looked through in pieces of so many bytes. */
const PIECE = 256 * BLOCK;

/**
 * Opens a file of sections and checks all of it; nothing of it stays in memory.
 * @returns undefined where the file is missing, damaged or has another key
 */
export function openSections(file: string, key: string): Sections | undefined {
  let descriptor: number | undefined;
  try {
    const from = openSync(file, 'r');
    descriptor = from;
    const front = bytesAt(from, 0, FRONT);
    const first = bytesAt(from, FRONT, front.readUInt32LE());
    const sums = bytesAt(from, FRONT + first.length, front.readUInt32LE(4));
    const start = FRONT + first.length + sums.length;
    if (crc32(sums, crc32(first)) !== front.readUInt32LE(8)) throw new DamagedFile(file);
    const heading = JSON.parse(String(first)) as Heading;
    if (heading.key !== key) throw new DamagedFile(file);
    const places = new Map<string, { start: number; length: number }>();
    let size = 0;
    for (const [name, length] of heading.sections) {
      places.set(name, { start: size, length });
      size += length;
    }
    const blocks = new Uint32Array(sums.buffer as ArrayBuffer);
    /** Whole blocks from byte `at`, counted behind the heading. */
    const checked = (at: number, end: number): Buffer => {
      const bytes = bytesAt(from, start + at, Math.min(end, size) - at);
      for (let block = 0; block < bytes.length; block += BLOCK)
        if (crc32(bytes.subarray(block, block + BLOCK)) !== blocks[(at + block) / BLOCK]) throw new DamagedFile(file);
      return bytes;
    };
    for (let at = 0; at < size; at += PIECE) checked(at, at + PIECE);
    let open = true;
    return {
      read(name, begin = 0, to = places.get(name)?.length ?? 0) {
        const place = places.get(name);
        if (!place || !open || to > place.length) throw new RangeError(`no section ${name} of ${to} bytes`);
        const first = place.start + begin;
        const block = Math.floor(first / BLOCK) * BLOCK;
        const bytes = checked(block, Math.ceil((place.start + to) / BLOCK) * BLOCK);
        return Buffer.from(bytes.buffer.slice(first - block, place.start + to - block));
      },
      close() {
        if (open) closeSync(from);
        open = false;
      },
    };
  } catch {
    if (descriptor !== undefined) closeSync(descriptor);
    return undefined;
  }
}

/** Of each block of what the buffers hold one behind the other. */
function checksums(buffers: readonly Buffer[]): Uint32Array {
  const sums: number[] = [];
  let sum = 0;
  let filled = 0;
  for (const bytes of buffers)
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BLOCK - filled);
      sum = crc32(part, sum);
      at += part.length;
      filled += part.length;
      if (filled < BLOCK) continue;
      sums.push(sum);
      [sum, filled] = [0, 0];
    }
  return Uint32Array.from(filled > 0 ? [...sums, sum] : sums);
}

/** In memory of its own: one large piece for several would stay with the process long after. */
function bytesAt(descriptor: number, position: number, length: number): Buffer {
  // A length that is wrong must not take gigabytes.
  if (position + length > fstatSync(descriptor).size) throw new DamagedFile('the file ends too early');
  const bytes = Buffer.from(new ArrayBuffer(length));
  if (readSync(descriptor, bytes, 0, length, position) !== length) throw new DamagedFile('the file ends too early');
  return bytes;
}
