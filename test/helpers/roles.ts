import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUICK, type Started, startProcess } from './started.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The real program as a process of some roles. */
export interface RoleProcess extends Pick<Started, 'child' | 'log' | 'signal'> {
  /** Where its `/readyz` is. */
  url: string;
  /** As `systemctl stop` does; resolves once it has ended. */
  stop(): Promise<void>;
}

/** Starts `src/main.ts`; resolves once it has said how it stands. */
export async function startRole(role: string, env: Record<string, string>): Promise<RoleProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'role-'));
  const program = startProcess(process.execPath, [...QUICK, 'src/main.ts'], {
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
  const url = await program.says((log) =>
    log.includes('Roles of this process') ? /(?:Gradient Tutor|Health): (http:\/\/[^/\s]+)/.exec(log)?.[1] : undefined,
  );
  return {
    ...program,
    url,
    async stop() {
      program.signal('SIGTERM');
      await program.ended;
    },
  };
}
