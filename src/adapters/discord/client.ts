import { Client, GatewayIntentBits, type IIdentifyThrottler, Options, Partials, REST, type RESTOptions } from 'discord.js';
import type { Config } from '../../config.ts';
import type { Clock } from '../../core/clock.ts';
import { patientStrategy } from './gateway.ts';
import type { Tell } from './tell.ts';

/** Some shards of so many. */
export type Shards = 'auto' | { ids: readonly number[]; count: number };

/**
 * A discord.js client with the least it needs: no privileged intent unless it is asked for, and caches that stay small
 * however many people there are. What arrives and cannot be read is told in the log and dropped.
 * @param which all shards, as many as Discord recommends, or some of them
 */
export function createClient(
  { messages, content, apiUrl }: Config['discord'],
  { identify, ...deps }: { clock: Clock; tell: Tell; identify?: IIdentifyThrottler | undefined },
  which: Shards = 'auto',
): Client {
  const self = ({ id }: { id: string }) => id === client.user?.id;
  const client: Client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      ...(messages ? [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages] : []),
      ...(messages && content ? [GatewayIntentBits.MessageContent] : []),
    ],
    // A direct message comes from a channel that is not in the cache yet.
    partials: [Partials.Channel],
    ...(which === 'auto' ? { shards: 'auto' } : { shards: [...which.ids], shardCount: which.count }),
    ws: {
      ...Options.createDefault().ws,
      buildStrategy: (manager) => patientStrategy(manager, deps),
      ...(identify && { buildIdentifyThrottler: async () => identify }),
    },
    rest: restOptions(apiUrl),
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

const restOptions = (apiUrl: string): Partial<RESTOptions> => ({ api: apiUrl.replace(/\/+$/, ''), makeRequest: request });

/** What is sent without a gateway: the same way of asking, with the bot's token. */
export function createRest({ apiUrl, token = '' }: Config['discord']): REST {
  return new REST({ version: '10', ...restOptions(apiUrl) }).setToken(token);
}

/**
 * Node's own fetch: discord.js's undici sends through whichever undici was loaded first, and that of Slack's client
 * cannot read its forms, so that no picture would arrive. What broke beneath fetch is thrown as it was, because
 * discord.js asks again after a broken connection that it knows.
 */
const request: RESTOptions['makeRequest'] = (url, init) =>
  fetch(url, init as unknown as RequestInit).catch((error: unknown) => {
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  });

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
