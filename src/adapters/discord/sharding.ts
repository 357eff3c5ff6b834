import type { APIGatewayBotInfo } from 'discord.js';

/** Servers that one process serves at most. */
export const SERVERS_A_PROCESS = 10_000;
/** Discord recommends a shard for so many servers. */
const SERVERS_A_SHARD = 1_000;

/** How the servers are divided. */
export interface Plan {
  /** Shards altogether. */
  count: number;
  /** Shards that may identify at the same moment: Discord's max_concurrency. */
  buckets: number;
  /** Shards that one process takes at most, so that it serves no more servers than it may. */
  most: number;
}

export function planFor({ shards, session_start_limit }: Pick<APIGatewayBotInfo, 'shards' | 'session_start_limit'>, count: number): Plan {
  const perShard = (shards * SERVERS_A_SHARD) / count;
  return {
    count,
    buckets: Math.max(1, session_start_limit.max_concurrency),
    most: Math.max(1, Math.floor(SERVERS_A_PROCESS / perShard)),
  };
}

/** Shards that each of so many processes should have. */
export function shareOf({ count, most }: Plan, processes: number): number {
  return Math.min(most, Math.ceil(count / Math.max(1, processes)));
}

/** The shard that tells of a server; undefined for what is none. https://docs.discord.com/developers/events/gateway#sharding */
export function shardOf(server: string, count: number): number | undefined {
  return /^\d+$/.test(server) ? Number((BigInt(server) >> 22n) % BigInt(count)) : undefined;
}
