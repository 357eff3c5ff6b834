import { type Client, Events, type Guild, RESTEvents } from 'discord.js';
import type { Dispatch } from '../../core/dispatch.ts';
import type { Services } from '../../services.ts';
import type { Adapter } from '../adapter.ts';
import { type Api, createApi } from './api.ts';
import { createClient } from './client.ts';
import { commandsJson } from './commands.ts';
import { type Connection, followConnection } from './connection.ts';
import { createCourier } from './courier.ts';
import { createEdits } from './edits.ts';
import { closeError, type DiscordSetupError, setupError } from './errors.ts';
import { createForms } from './forms.ts';
import { tellLeft } from './left.ts';
import { createListener } from './listen.ts';
import { commandIds } from './mentions.ts';
import { createPages } from './pages.ts';
import { inviteLink } from './permissions.ts';
import { createPresenter } from './presenter.ts';
import { createReceipts } from './receipts.ts';
import { listRegistered, register } from './register.ts';
import { createResponder } from './respond.ts';
import { createTalk } from './talk.ts';
import { createTell } from './tell.ts';

/** Waits between attempts to connect; Discord allows 1000 a day. */
const ATTEMPTS = [5_000, 15_000, 60_000, 300_000];
/** A start waits this long for Discord; it may go on in the background, and holds nothing else up. */
const PATIENCE = 10_000;
/** What is under way when the bot stops may take this long. */
const DRAIN = 5_000;

/**
 * Connects to Discord and stays connected. Never rejects: what only the host can mend is said in one line and in
 * `health`, and what may pass is tried again, so that Discord takes nothing else down.
 */
export async function startDiscord(services: Services, dispatch: Dispatch): Promise<Adapter> {
  const { log, clock } = services;
  const closing = new AbortController();
  let state = { ok: false, detail: 'connecting', since: clock.now() };
  let session: Session | undefined;
  let cancelRetry = () => {};
  let said = '';

  const now = (ok: boolean, detail: string): void => {
    state = { ok, detail, since: state.ok === ok ? state.since : clock.now() };
  };
  const fail = (error: DiscordSetupError): void => {
    now(false, error.message);
    log.error(`Discord: ${error.message}`);
  };
  const connect = async (attempt: number): Promise<void> => {
    try {
      session = await openSession(services, dispatch, closing.signal, fail);
      now(true, `connected as ${session.client.user?.tag}`);
      // Quizzes that ran here when the process stopped go on; those of other platforms are left alone.
      await services.resume();
    } catch (error) {
      if (closing.signal.aborted) return;
      const setup = setupError(error);
      if (setup) return fail(setup);
      const wait = ATTEMPTS[Math.min(attempt, ATTEMPTS.length - 1)]!;
      const { message } = error as Error;
      now(false, `not reachable: ${message}`);
      // The same reason again is no news.
      log[said === message ? 'debug' : 'warn']({ err: error, again: wait / 1000 }, 'Discord is not reachable; trying again');
      said = message;
      cancelRetry = clock.schedule(clock.now() + wait, () => void connect(attempt + 1));
    }
  };
  await Promise.race([connect(0), new Promise((resolve) => setTimeout(resolve, PATIENCE).unref())]);

  return {
    platform: 'discord',
    health() {
      if (!state.ok || !session) return state;
      const { client, connection } = session;
      const ok = connection.ok();
      return {
        ok,
        detail: `${ok ? state.detail : 'reconnecting'}, ${client.guilds.cache.size} servers, ${client.ws.shards.size} shards`,
        since: Math.max(state.since, connection.since()),
      };
    },
    async close() {
      closing.abort();
      cancelRetry();
      await session?.close();
    },
  };
}

interface Session {
  client: Client;
  connection: Connection;
  close(): Promise<void>;
}

/** One logged-in client with everything that listens to it. @throws when Discord cannot be reached or refuses. */
async function openSession(
  services: Services,
  dispatch: Dispatch,
  closing: AbortSignal,
  lost: (error: DiscordSetupError) => void,
): Promise<Session> {
  const { config, log, clock, store, outbox } = services;
  const tell = createTell(log, clock);
  const client = createClient(config.discord, { clock, tell });
  const connection = followConnection(client, { clock, log });
  const api: Api = createApi(client);
  const pages = createPages(store.db, clock.now);
  const forms = createForms();
  const commands = new Map<string, string>();
  const presenter = createPresenter({ pages, forms, commands, log }, config.discord.layout === 'embeds' ? 'embeds' : 'components');
  const edits = createEdits(clock, log);
  const working = new Set<Promise<void>>();
  const track = (work: Promise<void>): void => {
    const done = work
      .catch((error: unknown) => tell({ err: error }, 'Discord: something that cannot be answered'))
      .finally(() => working.delete(done));
    working.add(done);
  };

  const receipts = createReceipts({ api, presenter, now: clock.now });
  const deps = { services, dispatch, api, presenter, pages, receipts, forms, talk: createTalk(services), closing };
  const respond = createResponder(deps);
  const listen = createListener(deps);
  client.on(Events.InteractionCreate, (interaction) => track(respond(interaction)));
  client.on(Events.MessageCreate, (message) => track(listen(message)));
  watch(client, services, lost);
  const server = ({ id }: Guild) => ({ platform: 'discord', space: id });
  // Not called for a server that is only not to be reached.
  client.on(Events.GuildDelete, (guild) => track(services.spaces.left(server(guild))));
  client.on(Events.GuildCreate, (guild) => track(services.spaces.back(server(guild))));

  await login(client, config.discord.token!, closing);
  outbox.register('discord', createCourier({ services, client, api, presenter, edits, receipts }));
  for (const guild of client.guilds.cache.values()) await services.spaces.back(server(guild));
  // Discord names every server at the start, those in trouble too: what is not named has removed the bot meanwhile.
  await services.spaces.leftUnseen('discord', (space) => client.guilds.cache.has(space));
  await announce(client, services, commands);
  await tellLeft(services, { api, presenter });
  return {
    client,
    connection,
    async close() {
      // Nothing new is taken on; what is under way gets its answer out, then the session ends.
      await Promise.race([
        Promise.allSettled([...working]).then(() => edits.flush()),
        new Promise((resolve) => setTimeout(resolve, DRAIN).unref()),
      ]);
      await client.destroy();
    },
  };
}

/** Resolves once the client is ready to work; rejects when Discord closes the connection for good before that. */
async function login(client: Client, token: string, closing: AbortSignal): Promise<void> {
  const givenUp = () => void client.destroy();
  closing.addEventListener('abort', givenUp);
  const ready = new Promise<void>((resolve, reject) => {
    client.once(Events.ClientReady, () => resolve());
    client.on(Events.ShardDisconnect, ({ code }) => {
      const error = closeError(code);
      if (error) reject(error);
    });
  });
  try {
    await Promise.all([client.login(token), ready]);
  } catch (error) {
    ready.catch(() => {});
    await client.destroy();
    throw error;
  } finally {
    closing.removeEventListener('abort', givenUp);
  }
}

/** What a host may want to read in the log, and the end of a connection that does not come back. */
function watch(client: Client, { log }: Services, lost: (error: DiscordSetupError) => void): void {
  client.on(Events.ShardDisconnect, ({ code }) => {
    const error = client.isReady() ? closeError(code) : undefined;
    if (error) lost(error);
  });
  client.on(Events.Error, (error) => log.error({ err: error }, 'Discord: client error'));
  client.on(Events.Warn, (message) => log.warn(message));
  client.rest.on(RESTEvents.RateLimited, ({ route, timeToReset, global, scope }) =>
    log.info({ route, wait: timeToReset, global, scope }, 'Discord: rate limit, waiting'),
  );
}

/** Brings the list of commands up to date, and tells the host how to add the bot to a server. */
async function announce(client: Client, { config, registry, i18n, log }: Services, commands: Map<string, string>): Promise<void> {
  const { id } = client.application!;
  const { applicationId, devGuild } = config.discord;
  if (applicationId && applicationId !== id) {
    log.warn(`DISCORD_APPLICATION_ID=${applicationId} is another application than the token's (${id}); the token's is used.`);
  }
  try {
    const difference = await register(client.rest, commandsJson(registry, i18n), { applicationId: id, guild: devGuild });
    log.info({ ...difference, guild: devGuild }, 'Discord: commands');
    const registered = await listRegistered(client.rest, { applicationId: id, guild: devGuild });
    for (const [name, command] of commandIds(registered, registry)) commands.set(name, command);
  } catch (error) {
    log.error({ err: error }, 'Discord: the commands could not be registered; try: npm run discord:register');
  }
  process.stderr.write(`\n  Discord: ${client.user?.tag}. Add the bot to a server: ${inviteLink(id)}\n\n`);
}
