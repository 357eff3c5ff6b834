import type { Dispatch } from '../../core/dispatch.ts';
import type { Services } from '../../services.ts';
import type { Adapter } from '../adapter.ts';
import { announce } from './announce.ts';
import type { Shards } from './client.ts';
import { type DiscordSetupError, setupError } from './errors.ts';
import { startFleet } from './fleet.ts';
import { tellLeft } from './left.ts';
import { createHearing, openSession, type Session, takeStock } from './session.ts';
import { createSpeaking } from './speaking.ts';

/** Waits between attempts to connect; Discord allows 1000 a day. */
const ATTEMPTS = [5_000, 15_000, 60_000, 300_000];
/** A start waits this long for Discord; it may go on in the background, and holds nothing else up. */
const PATIENCE = 10_000;

/**
 * Connects to Discord and stays connected. Never rejects: what only the host can mend is said in one line and in
 * `health`, and what may pass is tried again, so that Discord takes nothing else down. Where several processes share
 * a Postgres, they share out the shards.
 */
export async function startDiscord(services: Services, dispatch: Dispatch): Promise<Adapter> {
  const { log, clock, cluster, config } = services;
  const speaking = createSpeaking(services);
  if (cluster) return startFleet(services, dispatch, speaking, cluster);
  const closing = new AbortController();
  const hearing = createHearing(services, dispatch, speaking, closing.signal);
  const { shards: count } = config.discord;
  const which: Shards = count === undefined ? 'auto' : { ids: Array.from({ length: count }, (_, shard) => shard), count };
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
      session = await openSession(services, hearing, speaking, { which, closing: closing.signal, lost: fail });
      speaking.begin();
      await takeStock(services, session.client, () => true);
      await announce(speaking, session);
      await tellLeft(services, speaking);
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

/** A process that listens to no shard still speaks on Discord: quizzes that it shows, reminders, digests. */
export async function speakDiscord(services: Services): Promise<undefined> {
  const speaking = createSpeaking(services);
  speaking.begin();
  // Commands that one can click are nice to have.
  void speaking.commands(false).catch((error: unknown) => services.log.info({ err: error }, 'Discord: commands could not be read'));
}
