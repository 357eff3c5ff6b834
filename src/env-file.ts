import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** What a `.env` file says, and each of its lines that could not be read, with the fix. */
export interface EnvFile {
  values: Record<string, string | undefined>;
  faults: string[];
}

/** Reads a `.env` file, also one that Windows has saved (CRLF, byte order mark). One that is absent says nothing. */
export function readEnvFile(file: string): EnvFile {
  if (!existsSync(file)) return { values: {}, faults: [] };
  const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const faults = faultsOf(source, file);
  // Nothing in a file with faults is sure; all of it is read once they are mended.
  return { values: faults.length === 0 ? parseEnv(source.replace(/\r\n?/g, '\n')) : {}, faults };
}

/** Node's parser skips lines that it cannot read; a host should hear of them. */
function faultsOf(source: string, file: string): string[] {
  const faults: string[] = [];
  let quoted: { mark: string; line: number } | undefined;
  source.split(/\r\n?|\n/).forEach((line, index) => {
    if (quoted) {
      if (line.includes(quoted.mark)) quoted = undefined;
      return;
    }
    if (/^\s*(#|$)/.test(line)) return;
    const match = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=\s*(.*)$/.exec(line);
    if (!match) {
      faults.push(`${file}, line ${index + 1}: expected NAME=value. Correct the line or put # before it.`);
      return;
    }
    const mark = /^["'`]/.exec(match[1]!)?.[0];
    if (mark && !match[1]!.slice(1).includes(mark)) quoted = { mark, line: index + 1 };
  });
  if (quoted) faults.push(`${file}, line ${quoted.line}: a quotation mark ${quoted.mark} is opened and never closed.`);
  return faults;
}
