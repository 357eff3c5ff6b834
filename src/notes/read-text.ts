import { readFileSync, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { decodeText } from './decode-text.ts';

/** A note larger than this is a mistake, and would make search and chat slow. */
export const MAX_FILE = 512 * 1024;

/** Takes what is wrong with a file. */
export type Report = (file: string, message: string) => void;

/** Reads a text file inside `root`. @returns undefined, with a problem, when it is too large, outside or binary. */
export function readText(root: string, file: string, report: Report, limit = MAX_FILE): string | undefined {
  // The folder above may be a link too, so the whole path is resolved.
  if (!realpathSync(file).startsWith(`${realpathSync(root)}${sep}`)) {
    report(file, 'this link leads out of the content folder; it was not read');
    return undefined;
  }
  const { size } = statSync(file);
  if (size > limit) {
    report(file, `the file has ${Math.round(size / 1024)} kB; it may have ${limit / 1024} kB. Split it`);
    return undefined;
  }
  const text = decodeText(readFileSync(file));
  if (text === undefined) report(file, 'this is not UTF-8 text');
  return text;
}
