import { ChannelType, MessageFlags, PermissionFlagsBits } from 'discord-api-types/v10';
import { type Answer, error, type Interactions } from './interactions.ts';
import { createMessage, deleteMessage, editMessage, layoutConflict } from './messages.ts';
import type { Seen } from './rest.ts';
import { botJson } from './shapes.ts';
import type { Place, World } from './world.ts';

type Json = Record<string, unknown>;

export interface RouteContext {
  world: World;
  interactions: Interactions;
  /** Where the gateway listens. */
  gatewayUrl(): string;
  /** Shards that Discord recommends, and how many may identify at once. */
  sharding: { shards: number; maxConcurrency: number };
}

type Run = (context: RouteContext, args: string[], seen: Seen) => Answer;

interface Route {
  method: string;
  pattern: RegExp;
  run: Run;
}

const thread = (type: ChannelType) => type >= ChannelType.AnnouncementThread && type <= ChannelType.PrivateThread;

/** Why the bot may not write in a place. */
function closed(place: Place | undefined, withFiles: boolean): Answer | undefined {
  if (!place) return error(404, 10003, 'Unknown Channel');
  const lacks = (permission: bigint) => (place.denied & permission) !== 0n;
  if (place.guild && !place.guild.hasBot) return error(403, 50001, 'Missing Access');
  if (lacks(PermissionFlagsBits.ViewChannel)) return error(403, 50001, 'Missing Access');
  if (place.with?.closed) return error(403, 50007, 'Cannot send messages to this user');
  if (place.archived) return error(400, 50083, 'Thread is archived');
  const sending = thread(place.type) ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages;
  if (lacks(sending) || (withFiles && lacks(PermissionFlagsBits.AttachFiles))) return error(403, 50013, 'Missing Permissions');
  return undefined;
}

const post: Run = ({ world }, [channel], { body, files }) => {
  const place = world.places.get(channel!);
  const why = closed(place, files.length > 0);
  if (why) return why;
  const { nonce, enforce_nonce: enforce, message_reference: reference, ...rest } = body as Json;
  const known = enforce ? [...place!.messages.values()].find(({ json }) => json.nonce === nonce) : undefined;
  if (known) return { status: 200, body: known.json };
  const stored = createMessage(world, place!, rest, files, {
    ...(nonce !== undefined && { nonce: nonce as string }),
    ...(reference !== undefined && { type: 19, message_reference: { ...(reference as object), channel_id: channel!, type: 0 } as never }),
  });
  return { status: 200, body: stored.json };
};

const edit: Run = ({ world }, [channel, message], { body, files }) => {
  const place = world.places.get(channel!);
  const stored = place?.messages.get(message!);
  if (!place || (place.denied & PermissionFlagsBits.ViewChannel) !== 0n) return error(403, 50001, 'Missing Access');
  // What one person sees alone is out of reach of the bot's own token.
  if (!stored || stored.deleted || stored.onlyFor !== undefined) return error(404, 10008, 'Unknown Message');
  const conflict = layoutConflict(stored, body as Json);
  if (conflict) return error(400, 50035, conflict);
  editMessage(world, stored, body as Json, files);
  return { status: 200, body: stored.json };
};

/** What Discord adds to a command that it keeps. */
const keep = (world: World, command: Json, guild?: string): Json => ({
  id: world.id(),
  application_id: world.applicationId,
  version: world.id(),
  default_member_permissions: null,
  nsfw: false,
  dm_permission: true,
  ...(guild && { guild_id: guild }),
  ...command,
  options: (command.options as Json[] | undefined)?.map((option) =>
    Object.fromEntries(Object.entries(option).filter(([, value]) => value !== false)),
  ),
});

const put: Run = ({ world }, [, guild], { body }) => {
  const before = guild ? (world.commands.guilds.get(guild) ?? []) : world.commands.global;
  const commands = (body as Json[]).map((command) => ({
    // Discord gives entries of menus an empty one.
    description: '',
    ...keep(world, command, guild),
    ...(before.find(({ name }) => name === command.name)?.id !== undefined && { id: before.find(({ name }) => name === command.name)!.id }),
  }));
  if (guild) world.commands.guilds.set(guild, commands);
  else world.commands.global = commands;
  return { status: 200, body: commands };
};

const routes: Route[] = [
  {
    method: 'GET',
    pattern: /^\/gateway\/bot$/,
    run: ({ gatewayUrl, sharding: { shards, maxConcurrency } }) => ({
      status: 200,
      body: {
        url: gatewayUrl(),
        shards,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 0, max_concurrency: maxConcurrency },
      },
    }),
  },
  {
    method: 'GET',
    pattern: /^\/applications\/@me$/,
    run: ({ world }) => ({ status: 200, body: applicationJson(world) }),
  },
  {
    method: 'GET',
    pattern: /^\/applications\/(\d+)\/commands$/,
    run: ({ world }, _, { query }) => ({ status: 200, body: localized(world.commands.global, query) }),
  },
  {
    method: 'GET',
    pattern: /^\/applications\/(\d+)\/guilds\/(\d+)\/commands$/,
    run: ({ world }, [, guild], { query }) => ({ status: 200, body: localized(world.commands.guilds.get(guild!) ?? [], query) }),
  },
  { method: 'PUT', pattern: /^\/applications\/(\d+)\/commands$/, run: put },
  { method: 'PUT', pattern: /^\/applications\/(\d+)\/guilds\/(\d+)\/commands$/, run: put },
  {
    method: 'POST',
    pattern: /^\/interactions\/(\d+)\/([\w-]+)\/callback$/,
    run: ({ interactions }, [id, token], { body, files, query }) =>
      interactions.callback(id!, token!, body as Json, files, query.get('with_response') === 'true'),
  },
  {
    method: 'POST',
    pattern: /^\/webhooks\/(\d+)\/([\w-]+)$/,
    run: ({ interactions }, [, token], { body, files }) => interactions.create(token!, body as Json, files),
  },
  ...['GET', 'PATCH', 'DELETE'].map((method) => ({
    method,
    pattern: /^\/webhooks\/(\d+)\/([\w-]+)\/messages\/((?:@|%40)original|\d+)$/,
    run: (({ interactions }, [, token, message], { body, files }) =>
      interactions.on(token!, message!, method, (body ?? {}) as Json, files)) as Run,
  })),
  { method: 'POST', pattern: /^\/channels\/(\d+)\/messages$/, run: post },
  { method: 'PATCH', pattern: /^\/channels\/(\d+)\/messages\/(\d+)$/, run: edit },
  {
    method: 'DELETE',
    pattern: /^\/channels\/(\d+)\/messages\/(\d+)$/,
    run: ({ world }, [channel, message]) => {
      const stored = world.places.get(channel!)?.messages.get(message!);
      if (!stored || stored.deleted || stored.onlyFor !== undefined) return error(404, 10008, 'Unknown Message');
      deleteMessage(world, stored);
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    pattern: /^\/users\/@me\/channels$/,
    run: ({ world }, _, { body }) => {
      const place = world.directWith(String((body as Json).recipient_id));
      if (!place) return error(400, 50033, 'Invalid Recipient(s)');
      const { id, username, name } = place.with!;
      const recipient = {
        id,
        username,
        global_name: name,
        avatar: null,
        discriminator: '0',
        public_flags: 0,
        flags: 0,
        primary_guild: null,
      };
      return { status: 200, body: { id: place.id, type: ChannelType.DM, flags: 0, last_message_id: null, recipients: [recipient] } };
    },
  },
];

/** The route of a request with what its path names. */
export function findRoute(method: string, path: string): { run: Run; args: string[] } | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match) return { run: route.run, args: match.slice(1) };
  }
  return undefined;
}

/** Translations come only when they are asked for. */
function localized(commands: readonly Json[], query: URLSearchParams): unknown {
  if (query.get('with_localizations') === 'true') return commands;
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !key.endsWith('_localizations'))
        .map(([key, child]) => [key, strip(child)]),
    );
  };
  return strip(commands);
}

function applicationJson(world: World): Json {
  return {
    id: world.applicationId,
    name: world.bot.username,
    icon: null,
    description: '',
    type: null,
    verify_key: '0'.repeat(64),
    flags: MessageFlags.Crossposted & 0,
    flags_new: '0',
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: botJson(world),
    approximate_guild_count: world.guilds.length,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  };
}
