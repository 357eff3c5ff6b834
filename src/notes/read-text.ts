import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Problem } from './content.ts';

/** A note larger than this is a mistake, and would make search and chat slow. */
export const MAX_FILE = 512 * 1024;

/** Reads a text file inside `root`. @returns undefined, with a problem, when it is missing, too large, outside or binary. */
export function readText(root: string, path: string, problems: Problem[], limit = MAX_FILE): string | undefined {
  const problem = (message: string) => void problems.push({ severity: 'error', file: path, message });
  if (lstatSync(path).isSymbolicLink() && relative(realpathSync(root), realpathSync(path)).startsWith(`..${sep}`)) {
    return problem('this link leads out of the content folder; it was not read') as undefined;
  }
  const { size } = statSync(path);
  if (size > limit) return problem(`the file has ${Math.round(size / 1024)} kB; ${limit / 1024} kB are possible. Split it`) as undefined;
  const bytes = readFileSync(path);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) throw new TypeError('NUL');
    return text;
  } catch {
    return problem('this is not UTF-8 text') as undefined;
  }
}
