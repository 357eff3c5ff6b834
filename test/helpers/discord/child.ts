import { join } from 'node:path';
import { startProcess } from '../started.ts';
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
  const program = startProcess('npm', ['start'], {
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
  const { identifies } = discord.gateway.counts;
  const send = (signal: NodeJS.Signals) => process.kill(-program.child.pid!, signal);
  const connected = () => discord.gateway.counts.identifies > identifies && discord.gateway.online();
  await program.unlessEnded(discord.world.until(connected, 'the bot', 120_000));
  // The invitation is printed once everything is in place.
  await program.says((log) => log.includes('Add the bot to a server') || undefined);
  return {
    log: program.log,
    async kill() {
      send('SIGKILL');
      await program.ended;
      await discord.world.until(() => !discord.gateway.online(), 'the connection to break');
    },
    async stop() {
      const began = Date.now();
      send('SIGTERM');
      await program.ended;
      return Date.now() - began;
    },
  };
}
