import { Client, GatewayIntentBits, Options, Partials } from 'discord.js';
import type { Config } from '../../config.ts';
import type { Clock } from '../../core/clock.ts';
import { patientStrategy } from './gateway.ts';
import type { Tell } from './tell.ts';

/**
 * A discord.js client with the least it needs: one process for all shards, no privileged intent unless it is asked for, and caches that
 * stay small however many people there are. What arrives and cannot be read is told in the log and dropped.
 */
export function createClient({ messages, content, apiUrl }: Config['discord'], deps: { clock: Clock; tell: Tell }): Client {
  const self = ({ id }: { id: string }) => id === client.user?.id;
  const client: Client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      ...(messages ? [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages] : []),
      ...(messages && content ? [GatewayIntentBits.MessageContent] : []),
    ],
    // A direct message comes from a channel that is not in the cache yet.
    partials: [Partials.Channel],
    shards: 'auto',
    ws: { ...Options.createDefault().ws, buildStrategy: (manager) => patientStrategy(manager, deps) },
    // Node's own fetch: the library's would hand its forms to whichever undici came first into the process, such as Slack's.
    rest: { api: apiUrl.replace(/\/+$/, ''), makeRequest: (url, init) => fetch(url, init as unknown as RequestInit) as never },
    allowedMentions: { parse: [] },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      ThreadMemberManager: 0,
      GuildEmojiManager: 0,
      GuildStickerManager: 0,
      GuildInviteManager: 0,
      GuildScheduledEventManager: 0,
      UserManager: { maxSize: 200, keepOverLimit: self },
      GuildMemberManager: { maxSize: 50, keepOverLimit: self },
    }),
  });
  guardEvents(client, deps.tell);
  return client;
}

/** discord.js reads events without expecting that one may be malformed, some of them in a timer of its own. */
function guardEvents({ ws }: Client, tell: Tell): void {
  const reader = ws as unknown as { handlePacket(packet?: { t?: unknown }, shard?: unknown): boolean };
  const read = reader.handlePacket.bind(reader);
  reader.handlePacket = (packet, shard) => {
    try {
      return read(packet, shard);
    } catch (error) {
      tell({ err: error, event: String(packet?.t) }, 'Discord: an event that cannot be read');
      return true;
    }
  };
}
