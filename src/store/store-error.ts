import { dirname } from 'node:path';
import { type TroubleCode, troubleOf } from '../core/trouble.ts';

/** The database cannot be used; the message is for the host and names the file and the fix. */
export class StoreError extends Error {
  override name = 'StoreError';
}

/** Of what is the matter with a file; a server is mended elsewhere. */
const MENDING: Partial<Record<TroubleCode, (file: string) => string>> = {
  'disk-full': (file) => `Free some space on the disk of ${dirname(file)}, then start again.`,
  'disk-read-only': (file) =>
    `Whoever runs this must be able to write in ${dirname(file)}: see its owner, its rights and how it is mounted.`,
  'database-locked': (file) => `Another program is writing to it: close what has ${file} open, then start again.`,
  'disk-failing': (file) => `The disk of ${dirname(file)} reports errors: see the system's log before anything else.`,
};

/** What the host can do about a file that could not be written; undefined where the error tells of something else. */
export function mendingOf(cause: unknown, file: string): string | undefined {
  const trouble = troubleOf(cause);
  return trouble && MENDING[trouble]?.(file);
}
