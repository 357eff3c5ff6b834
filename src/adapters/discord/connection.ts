import { type Client, Events } from 'discord.js';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';

/** How the shards of one client stand. */
export interface Connection {
  /** All of them are connected. */
  ok(): boolean;
  /** Milliseconds since the epoch at which that became so. */
  since(): number;
}

/** Follows the shards of a client, and tells the log of each change once: an hour without Discord is two lines. */
export function followConnection(client: Client, { clock, log }: { clock: Clock; log: Logger }): Connection {
  const away = new Map<number, { at: number; attempts: number; said?: string }>();
  let since = clock.now();
  client.on(Events.ShardReconnecting, (shard) => {
    const known = away.get(shard);
    if (known) {
      known.attempts++;
      return log.debug({ shard, attempts: known.attempts }, 'Discord: still reconnecting');
    }
    if (away.size === 0) since = clock.now();
    away.set(shard, { at: clock.now(), attempts: 1 });
    log.warn({ shard }, 'Discord: connection lost, reconnecting');
  });
  const back = (shard: number): void => {
    const known = away.get(shard);
    if (!known) return;
    away.delete(shard);
    if (away.size === 0) since = clock.now();
    log.info({ shard, seconds: Math.round((clock.now() - known.at) / 1000), attempts: known.attempts }, 'Discord: connected again');
  };
  client.on(Events.ShardResume, back);
  client.on(Events.ShardReady, back);
  client.on(Events.ShardError, (error, shard) => {
    const known = away.get(shard);
    const level = known?.said === error.message ? 'debug' : 'warn';
    if (known) known.said = error.message;
    log[level]({ err: error, shard }, 'Discord: connection error');
  });
  return { ok: () => client.isReady() && away.size === 0, since: () => since };
}
