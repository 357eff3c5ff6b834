import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** In front: the length of the heading and a checksum over all that follows the two. */
const FRONT = 8;

interface Heading {
  key: string;
  /** Names and lengths, in order. */
  sections: [name: string, bytes: number][];
}

/**
 * Writes buffers into one file, which has its name only when it is whole.
 * @param key what `readSections` has to ask for
 */
export async function writeSections(file: string, key: string, sections: Record<string, Buffer>): Promise<void> {
  const heading: Heading = { key, sections: Object.entries(sections).map(([name, bytes]) => [name, bytes.length]) };
  const parts = [Buffer.from(JSON.stringify(heading)), ...Object.values(sections)];
  const front = Buffer.alloc(FRONT);
  front.writeUInt32LE(parts[0]!.length);
  front.writeUInt32LE(
    parts.reduce((sum, part) => crc32(part, sum), 0),
    4,
  );
  mkdirSync(dirname(file), { recursive: true });
  const whole = `${file}.${process.pid}`;
  try {
    const handle = await open(whole, 'w');
    try {
      await handle.writev([front, ...parts]);
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
   * @throws RangeError where there is none of the name, or it ends earlier
   */
  read(name: string, from?: number, to?: number): Buffer;
  close(): void;
}

/** A file is looked through in pieces of so many bytes. */
const PIECE = 1 << 20;

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
    const heading = JSON.parse(String(first)) as Heading;
    const places = new Map<string, { start: number; length: number }>();
    let end = FRONT + first.length;
    for (const [name, length] of heading.sections) {
      places.set(name, { start: end, length });
      end += length;
    }
    let checksum = crc32(first);
    if (heading.key === key)
      for (let at = FRONT + first.length; at < end; at += PIECE) checksum = crc32(bytesAt(from, at, Math.min(PIECE, end - at)), checksum);
    if (heading.key !== key || checksum !== front.readUInt32LE(4)) {
      closeSync(from);
      return undefined;
    }
    let open = true;
    return {
      read(name, start = 0, to = places.get(name)?.length ?? 0) {
        const place = places.get(name);
        if (!place || !open || to > place.length) throw new RangeError(`no section ${name} of ${to} bytes`);
        return bytesAt(from, place.start + start, to - start);
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

/** In memory of its own: one large piece for several would stay with the process long after. */
function bytesAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.from(new ArrayBuffer(length));
  if (readSync(descriptor, bytes, 0, length, position) !== length) throw new RangeError('the file ends too early');
  return bytes;
}
