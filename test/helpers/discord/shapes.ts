import type { Guild, Person, Place, World } from './world.ts';
import { permissionsIn } from './world.ts';

/** Objects as Discord sends them, field by field as in its recordings. */

export function userJson({ id, username, name }: Person) {
  return {
    id,
    username,
    avatar: null,
    avatar_decoration_data: null,
    clan: null,
    collectibles: null,
    discriminator: '0',
    display_name_styles: null,
    global_name: name,
    primary_guild: null,
    public_flags: 0,
  };
}

/** The bot as author; the HTTP API also wants `flags` there. */
export function botJson({ bot }: World) {
  return { ...userJson({ ...bot, name: bot.username, locale: 'en-US' }), bot: true, global_name: null, flags: 0 };
}

export function memberJson(person: Person) {
  return {
    avatar: null,
    banner: null,
    collectibles: null,
    communication_disabled_until: null,
    deaf: false,
    display_name_styles: null,
    flags: 0,
    joined_at: '2026-01-04T20:21:10.139000+00:00',
    mute: false,
    nick: person.nick ?? null,
    pending: false,
    // Send messages and view channels; moderators also manage messages.
    permissions: String((person.moderator ? 0x2c00n : 0xc00n) | (person.manager ? 0x20n : 0n)),
    premium_since: null,
    roles: [] as string[],
    unusual_dm_activity_until: null,
    user: userJson(person),
  };
}

/** The channel in an interaction. */
export function channelJson(place: Place) {
  if (!place.guild) return { id: place.id, type: place.type, flags: 0, last_message_id: null };
  return {
    flags: 0,
    guild_id: place.guild.id,
    id: place.id,
    last_message_id: [...place.messages.keys()].at(-1) ?? null,
    name: place.name,
    parent_id: place.parent ?? null,
    permissions: '9007199254740991',
    rate_limit_per_user: 0,
    type: place.type,
    ...(place.parent && {
      thread_metadata: {
        archived: place.archived ?? false,
        auto_archive_duration: 1440,
        archive_timestamp: new Date(0).toISOString(),
        locked: false,
      },
    }),
  };
}

/** A channel with the bot's own rights in it. */
export function guildChannelJson(place: Place) {
  return {
    id: place.id,
    guild_id: place.guild?.id,
    type: place.type,
    name: place.name,
    position: 0,
    permission_overwrites: [{ id: place.guild?.id, type: 0, allow: String(permissionsIn(place)), deny: String(place.denied) }],
    parent_id: null,
  };
}

/** A server as the gateway presents it, with the bot's own rights in each channel. */
export function guildJson(guild: Guild, world: World) {
  const threads = guild.places.filter(({ parent }) => parent !== undefined);
  const channels = guild.places.filter(({ parent }) => parent === undefined);
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    owner_id: '1',
    region: 'x',
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    premium_tier: 0,
    preferred_locale: 'en-US',
    nsfw_level: 0,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    vanity_url_code: null,
    description: null,
    banner: null,
    features: [],
    roles: [
      {
        id: guild.id,
        name: '@everyone',
        permissions: '0',
        position: 0,
        color: 0,
        hoist: false,
        managed: false,
        mentionable: false,
        flags: 0,
      },
    ],
    emojis: [],
    stickers: [],
    joined_at: '2026-01-04T20:21:10.139000+00:00',
    large: false,
    member_count: 2,
    voice_states: [],
    members: [{ ...memberJson({ ...world.bot, name: world.bot.username, locale: 'en-US' }), user: botJson(world) }],
    channels: channels.map(guildChannelJson),
    threads: threads.map((place) => ({ ...channelJson(place), owner_id: '1', message_count: 0, member_count: 1 })),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
