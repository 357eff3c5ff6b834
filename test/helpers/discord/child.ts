import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { LoopbackDiscord } from './server.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface Bot {
  /** Everything that the program wrote to standard error. */
  log(): string;
  /** SIGKILL for the whole family: npm and the program. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the milliseconds that it took. */
  stop(): Promise<number>;
}

/** The real program by `npm start`, told by its settings to use the loopback Discord. Resolves once it is connected. */
export async function startBot(discord: LoopbackDiscord, folder: string, env: Record<string, string> = {}): Promise<Bot> {
  const child: ChildProcess = spawn('npm', ['start'], {
    cwd: ROOT,
    // A process group of its own, so that no child of npm survives.
    detached: true,
    env: {
      ...process.env,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.url,
      DATABASE_FILE: join(folder, 'tutor.db'),
      CACHE_DIR: join(folder, 'cache'),
      PORT: '0',
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr!.on('data', (chunk) => (log += chunk));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const { identifies } = discord.gateway.counts;
  const send = (signal: NodeJS.Signals) => process.kill(-child.pid!, signal);
  const connected = discord.world.until(
    () => discord.gateway.counts.identifies > identifies && discord.gateway.online(),
    'the bot',
    120_000,
  );
  await Promise.race([
    connected,
    ended.then(() => {
      throw new Error(`the program ended: ${log}`);
    }),
  ]);
  // The invitation is printed once everything is in place.
  await discord.world.until(() => log.includes('Add the bot to a server'), 'the bot to be ready', 120_000);
  return {
    log: () => log,
    async kill() {
      send('SIGKILL');
      await ended;
      await discord.world.until(() => !discord.gateway.online(), 'the connection to break');
    },
    async stop() {
      const began = Date.now();
      send('SIGTERM');
      await ended;
      return Date.now() - began;
    },
  };
}
