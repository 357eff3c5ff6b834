import { join, parse } from 'node:path';
import { ConfigError } from './config.ts';
import { loadStrings, type Params } from './core/i18n.ts';
import { LOCALES } from './core/locale.ts';
import { troubleOf } from './core/trouble.ts';
import { HeldError } from './store/hold.ts';
import { mendingOf, StoreError } from './store/store-error.ts';

/** Major version that the native packages are known to work with; package.json pins the exact one. */
const WANTED_NODE = 22;

/** Says what stopped the start and how to mend it, without a stack trace for what a host can put right. */
export function explainStartError(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${describe(error)}\n`);
}

/** In every language: whose they are is not known yet, or was never set. */
function inAll(key: string, params: Params): string {
  const i18n = loadStrings();
  return LOCALES.map((locale) => i18n(locale)(key, params)).join('\n');
}

function describe(error: unknown): string {
  if (error instanceof HeldError) return describeHeld(error);
  if (error instanceof ConfigError || error instanceof StoreError) return error.message;
  const { code, message, port, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') {
    return inAll('start.port-in-use', { port: port ?? 3000, next: (port ?? 3000) + 1 });
  }
  if (code === 'EACCES' && port !== undefined) return inAll('start.port-refused', { port });
  if (troubleOf(error)) {
    const { dest, path } = error as NodeJS.ErrnoException & { dest?: string };
    const file = dest ?? path;
    return [message, file && mendingOf(error, file)].filter(Boolean).join('\n');
  }
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\nSee: npm run chat -- --help`;
  return stack ?? message ?? String(error);
}

function describeHeld({ file, refused, holder: { pid, program, since } }: HeldError): string {
  const { dir, name, ext } = parse(file);
  const time = new Date(since).toLocaleString('sv-SE').slice(0, 16);
  return inAll('start.held', { file, pid, program, since: time, refused, other: join(dir, `${name}-2${ext}`) });
}

/** A message when the program runs under another Node than the project's own, else undefined. */
export function wrongNode(version = process.versions.node): string | undefined {
  if (Number(version.split('.')[0]) === WANTED_NODE) return undefined;
  return (
    `This is Node ${version}; Gradient Tutor brings its own Node ${WANTED_NODE}. Start it with: npm start\n` +
    `当前是 Node ${version}；Gradient Tutor 自带 Node ${WANTED_NODE}。请用 npm start 启动。`
  );
}
