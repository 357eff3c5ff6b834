import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The real program as a process of some roles. */
export interface RoleProcess {
  child: ChildProcess;
  /** Where its `/readyz` is. */
  url: string;
  log(): string;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** As `systemctl stop` does; resolves once it has ended. */
  stop(): Promise<void>;
}

/** Starts `src/main.ts`; resolves once it has said how it stands. */
export async function startRole(role: string, env: Record<string, string>): Promise<RoleProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'role-'));
  const child = spawn(process.execPath, ['--import', './scripts/quick.mjs', 'src/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH ?? '',
      TMPDIR: tmpdir(),
      ROLE: role,
      PORT: '0',
      CACHE_DIR: join(folder, 'cache'),
      DATABASE_FILE: join(folder, 'none.db'),
      DATABASE_CONNECTIONS: '5',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await Promise.race([
    new Promise<string>((resolve) => {
      child.stderr!.on('data', (chunk) => {
        log += chunk;
        const at = /(?:Gradient Tutor|Health): (http:\/\/[^/\s]+)/.exec(log)?.[1];
        if (at && log.includes('Roles of this process')) resolve(at);
      });
    }),
    gone.then(() => {
      throw new Error(`the process ended: ${log}`);
    }),
  ]);
  return {
    child,
    url,
    log: () => log,
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
