import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { registry } from '../../commands/index.ts';
import { startWeb, type WebAdapter } from '../../src/adapters/web/start.ts';
import { readConfig } from '../../src/config.ts';
import { createDispatch, type Dispatch } from '../../src/core/dispatch.ts';
import { createServices, type ServiceOptions } from '../../src/create-services.ts';
import type { Services } from '../../src/services.ts';
import { databaseFor } from './postgres.ts';

export interface Program {
  services: Services;
  dispatch: Dispatch;
  close(): Promise<void>;
}

export interface ProgramOptions extends Partial<Omit<ServiceOptions, 'config' | 'registry'>> {
  /** Where the database and the caches go. */
  folder: string;
  env?: Record<string, string>;
}

/** What was read and learnt from the project's own notes in this run of the tests: seconds of each start, which are not what they are about. */
const NOTES = join(tmpdir(), `notes-${process.ppid}`);

/** The page as bundled in this run of the tests. */
const BUNDLED = join(tmpdir(), `page-${process.ppid}`);

/** Folders of the cache that programs of one run of the tests share. */
export const SHARED = { notes: NOTES, page: BUNDLED };

/** The real services over files in `folder`, quiet, without an adapter. */
export async function startProgram({ folder, env, ...options }: ProgramOptions): Promise<Program> {
  const databaseUrl = await databaseFor(folder);
  const config = readConfig(
    {
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      DATABASE_FILE: join(folder, 'tutor.db'),
      CACHE_DIR: join(folder, 'cache'),
      LOG_LEVEL: 'error',
      PORT: '0',
      ...env,
    },
    join(folder, 'no.env'),
  );
  share(BUNDLED, join(config.cacheDir, 'page'));
  if (env?.CONTENT_DIR === undefined) share(NOTES, join(config.cacheDir, 'notes'));
  // By hand the clock may be turned for longer than a slow machine takes to show a sign of life.
  const aliveFor = options.clock && 600_000;
  const services = await createServices({ config, registry, ...(aliveFor !== undefined && { aliveFor }), ...options });
  if (config.roles.has('lab')) await services.demos.serve();
  return { services, dispatch: createDispatch(registry, services), close: () => services.close() };
}

function share(folder: string, as: string): void {
  if (existsSync(as)) return;
  mkdirSync(folder, { recursive: true });
  mkdirSync(dirname(as), { recursive: true });
  symlinkSync(folder, as);
}

/** The same with the playground on a free port. */
export async function startPlayground(options: ProgramOptions): Promise<Program & { url: string }> {
  const program = await startProgram(options);
  const web: WebAdapter = await startWeb(program.services, program.dispatch, () => [web]);
  await program.services.resume();
  program.services.learning.reminders.start();
  return {
    ...program,
    url: web.url,
    async close() {
      await web.close();
      await program.close();
    },
  };
}
