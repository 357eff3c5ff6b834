import { ConfigError } from './config.ts';
import { StoreError } from './store/database.ts';

/** Major version that the native packages are known to work with; package.json pins the exact one. */
const WANTED_NODE = 22;

/** Says what stopped the start and how to mend it, without a stack trace for what a host can put right. */
export function explainStartError(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${describe(error)}\n`);
}

function describe(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreError) return error.message;
  const { code, message, port, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use (is the bot already running?). Stop that program, or choose another port: PORT=${(port ?? 3000) + 1} npm start`;
  }
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be used without privileges. Choose one above 1023: PORT=3000 npm start`;
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\nSee: npm run chat -- --help`;
  return stack ?? message ?? String(error);
}

/** A message when the program runs under another Node than the project's own, else undefined. */
export function wrongNode(version = process.versions.node): string | undefined {
  if (Number(version.split('.')[0]) === WANTED_NODE) return undefined;
  return (
    `This is Node ${version}; Gradient Tutor brings its own Node ${WANTED_NODE}. Start it with: npm start\n` +
    `当前是 Node ${version};Gradient Tutor 自带 Node ${WANTED_NODE}。请用 npm start 启动。`
  );
}
