import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file that has its name only when it is whole; its folder is made where there is none.
 * @throws what the system says; then nothing of it stays behind, as far as the disk can be written
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch (error) {
    discard(draft);
    throw error;
  }
}

/** What a full disk took of a file. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // On a read-only disk there is nothing.
  }
}
