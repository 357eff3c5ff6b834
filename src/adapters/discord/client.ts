import { Client, GatewayIntentBits, Options, Partials } from 'discord.js';
import type { Config } from '../../config.ts';

/**
 * A discord.js client with the least it needs: one process for all shards, no privileged intent, and caches that
 * stay small however many people there are.
 */
export function createClient({ messages, apiUrl }: Config['discord']): Client {
  const self = ({ id }: { id: string }) => id === client.user?.id;
  const client: Client = new Client({
    intents: [GatewayIntentBits.Guilds, ...(messages ? [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages] : [])],
    // A direct message comes from a channel that is not in the cache yet.
    partials: [Partials.Channel],
    shards: 'auto',
    rest: { api: apiUrl.replace(/\/+$/, '') },
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
  return client;
}
