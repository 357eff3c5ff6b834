import { type BaseInteraction, type Client, Events, type Guild, type IIdentifyThrottler, type Message } from 'discord.js';
import type { Dispatch } from '../../core/dispatch.ts';
import type { Services } from '../../services.ts';
import { createClient, type Shards } from './client.ts';
import { type Connection, followConnection } from './connection.ts';
import { closeError, type DiscordSetupError } from './errors.ts';
import { createListener } from './listen.ts';
import { createResponder } from './respond.ts';
import type { Speaking } from './speaking.ts';
import { createTalk } from './talk.ts';
import { createTell } from './tell.ts';

/** What is under way when a session ends may take this long. */
const DRAIN = 5_000;

/** One logged-in client with everything that listens to it. */
export interface Session {
  client: Client;
  connection: Connection;
  /** Takes nothing new on, lets what is under way get its answer out, and says goodbye. */
  close(): Promise<void>;
  /** Says goodbye at once: the shards are another process's. */
  cut(): Promise<void>;
}

export interface SessionOptions {
  /** Whether an event is this session's to answer; asked before anything is done about it. */
  isMine?: (event: BaseInteraction | Message) => Promise<boolean>;
  which?: Shards;
  identify?: IIdentifyThrottler;
  /** Aborted when the program stops, or when the shards are to be given up. */
  closing: AbortSignal;
  /** Discord closed the connection for good. */
  lost(error: DiscordSetupError): void;
}

/** What hears and answers, for all sessions of this process. */
export interface Hearing {
  respond: ReturnType<typeof createResponder>;
  listen: ReturnType<typeof createListener>;
}

export function createHearing(services: Services, dispatch: Dispatch, speaking: Speaking, closing: AbortSignal): Hearing {
  const { api, presenter, pages, receipts, forms } = speaking;
  const deps = { services, dispatch, api, presenter, pages, receipts, forms, talk: createTalk(services), closing };
  return { respond: createResponder(deps), listen: createListener(deps) };
}

/** Logs in. @throws when Discord cannot be reached or refuses. */
export async function openSession(
  services: Services,
  { respond, listen }: Hearing,
  speaking: Speaking,
  { isMine = async () => true, which = 'auto', identify, closing, lost }: SessionOptions,
): Promise<Session> {
  const { config, log, clock } = services;
  const tell = createTell(log, clock);
  const client = createClient(config.discord, { clock, tell, identify }, which);
  const connection = followConnection(client, { clock, log });
  const working = new Set<Promise<void>>();
  let deaf = false;
  const track = (work: Promise<void>): void => {
    const done = work
      .catch((error: unknown) => tell({ err: error }, 'Discord: something that cannot be answered'))
      .finally(() => working.delete(done));
    working.add(done);
  };
  const hear = async <E extends BaseInteraction | Message>(event: E, answer: (event: E) => Promise<void>): Promise<void> => {
    if (!deaf && (await isMine(event)) && !deaf) await answer(event);
  };
  client.on(Events.InteractionCreate, (interaction) => track(hear(interaction, respond)));
  client.on(Events.MessageCreate, (message) => track(hear(message, listen)));
  client.on(Events.ShardDisconnect, ({ code }) => {
    const error = client.isReady() ? closeError(code) : undefined;
    if (error) lost(error);
  });
  client.on(Events.Error, (error) => log.error({ err: error }, 'Discord: client error'));
  client.on(Events.Warn, (message) => log.warn(message));
  const server = ({ id }: Guild) => ({ platform: 'discord', space: id });
  // Not called for a server that is only not to be reached.
  client.on(Events.GuildDelete, (guild) => track(services.spaces.left(server(guild))));
  client.on(Events.GuildCreate, (guild) => track(services.spaces.back(server(guild))));

  speaking.clients.add(client);
  const end = async (): Promise<void> => {
    deaf = true;
    speaking.clients.delete(client);
    await client.destroy();
  };
  try {
    await login(client, config.discord.token!, closing);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    client,
    connection,
    async close() {
      await Promise.race([
        Promise.allSettled([...working]).then(() => speaking.edits.flush()),
        new Promise((resolve) => setTimeout(resolve, DRAIN).unref()),
      ]);
      await end();
    },
    cut: end,
  };
}

/** Takes note of the servers that are there, and of those that have removed the bot while nobody listened. */
export async function takeStock({ spaces }: Services, client: Client, isOurs: (server: string) => boolean): Promise<void> {
  for (const { id } of client.guilds.cache.values()) await spaces.back({ platform: 'discord', space: id });
  // Discord names every server at the start, those in trouble too: what is not named has removed the bot meanwhile.
  await spaces.leftUnseen('discord', (space) => !isOurs(space) || client.guilds.cache.has(space));
}

/** Resolves once the client is ready to work; rejects when Discord closes the connection for good before that. */
async function login(client: Client, token: string, closing: AbortSignal): Promise<void> {
  closing.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  const givenUp = () => {
    stopped.reject(closing.reason);
    void client.destroy();
  };
  closing.addEventListener('abort', givenUp);
  const ready = new Promise<void>((resolve, reject) => {
    client.once(Events.ClientReady, () => resolve());
    client.on(Events.ShardDisconnect, ({ code }) => {
      const error = closeError(code);
      if (error) reject(error);
    });
  });
  try {
    await Promise.race([Promise.all([client.login(token), ready]), stopped.promise]);
  } catch (error) {
    ready.catch(() => {});
    throw error;
  } finally {
    closing.removeEventListener('abort', givenUp);
  }
}
