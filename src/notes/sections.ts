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

/**
 * Reads each buffer into memory of its own: one large piece for the file would stay with the process long after.
 * @returns undefined where the file is missing, damaged or has another key
 */
export function readSections<Name extends string>(file: string, key: string): Record<Name, Buffer> | undefined {
  let descriptor: number | undefined;
  try {
    const from = openSync(file, 'r');
    descriptor = from;
    let checksum = 0;
    const read = (length: number): Buffer => {
      const bytes = Buffer.from(new ArrayBuffer(length));
      if (readSync(from, bytes, 0, length, null) !== length) throw new RangeError('the file ends too early');
      checksum = crc32(bytes, checksum);
      return bytes;
    };
    const front = read(FRONT);
    checksum = 0;
    const heading = JSON.parse(String(read(front.readUInt32LE()))) as Heading;
    if (heading.key !== key) return undefined;
    const sections = Object.fromEntries(heading.sections.map(([name, length]) => [name, read(length)]));
    return checksum === front.readUInt32LE(4) ? (sections as Record<Name, Buffer>) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
