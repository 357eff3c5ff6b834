import { setTimeout } from 'node:timers/promises';
import { type APIGatewayBotInfo, Routes } from 'discord.js';
import type { Cluster } from '../../cluster/create.ts';
import { createShards } from '../../cluster/shards.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import type { Services } from '../../services.ts';
import type { Adapter } from '../adapter.ts';
import { announce } from './announce.ts';
import { type DiscordSetupError, setupError } from './errors.ts';
import { createHearing, openSession, type Session, takeStock } from './session.ts';
import { type Plan, planFor, shardOf, shareOf } from './sharding.ts';
import type { Speaking } from './speaking.ts';

/** Between two identifies of a bucket, over all processes: Discord's five seconds, and what the way there may differ. */
const IDENTIFY_GAP = 5_200;
/** One that was held up does not take others' shards before those have had the time to say that they live. Milliseconds. */
const GRACE = 2_500;
/** After a shard could not be connected, others may try it first. Milliseconds. */
const HOLD_OFF = [5_000, 15_000, 60_000];
/** A start waits this long for Discord. */
const PATIENCE = 10_000;

/** A shard that is this process's: connected, or about to be. */
interface Held {
  stop: AbortController;
  session?: Session;
  opening: Promise<void>;
}

/**
 * The gateway where several processes share a Postgres: each leases shards as rows and connects them one by one, so
 * that a shard can change hands without the others. Whoever lost its leases answers nothing more.
 */
export async function startFleet(services: Services, dispatch: Dispatch, speaking: Speaking, cluster: Cluster): Promise<Adapter> {
  const { log, clock, config, store } = services;
  const shards = createShards(store.db, cluster);
  const closing = new AbortController();
  const hearing = createHearing(services, dispatch, speaking, closing.signal);
  const held = new Map<number, Held>();
  let plan: Plan | undefined;
  let broken: DiscordSetupError | undefined;
  let trouble: string | undefined = 'connecting';
  let since = clock.now();
  let failures = 0;
  let waitUntil = Number.NEGATIVE_INFINITY;
  let announced = false;
  let dark = 0;

  const fail = (error: DiscordSetupError): void => {
    broken = error;
    log.error(`Discord: ${error.message}`);
    void giveUp([...held.keys()]).catch(() => {});
  };

  /** It may pass, and another process may have better luck meanwhile. */
  const holdOff = (error: unknown): void => {
    const setup = setupError(error);
    if (setup) {
      fail(setup);
      return;
    }
    const wait = HOLD_OFF[Math.min(failures++, HOLD_OFF.length - 1)]!;
    waitUntil = performance.now() + wait;
    const { message } = error as Error;
    log[trouble === message ? 'debug' : 'warn']({ err: error, again: wait / 1000 }, 'Discord is not reachable; trying again');
    trouble = message;
  };

  const identify = {
    async waitForIdentify(shard: number, signal: AbortSignal) {
      // An error would not keep the client from identifying; only the end of the connection does.
      while (!signal.aborted) {
        try {
          if ((await cluster.sure()) === 'alive' && held.has(shard))
            return await shards.identify(shard % plan!.buckets, IDENTIFY_GAP, signal);
        } catch (error) {
          log.debug({ err: error, shard }, 'a shard waits for the database to identify');
        }
        await setTimeout(500, undefined, { ref: false });
      }
      signal.throwIfAborted();
    },
  };

  const begin = (shard: number, { count }: Plan): void => {
    const stop = new AbortController();
    const isHeld = () => held.get(shard)?.stop === stop;
    const open = async (): Promise<void> => {
      const session = await openSession(services, hearing, speaking, {
        which: { ids: [shard], count },
        identify,
        closing: AbortSignal.any([closing.signal, stop.signal]),
        lost: fail,
        // Held up past its time, the lease may be gone; while nobody can tell, Discord takes one answer only.
        isMine: async () => (await cluster.sure()) === 'unknown' || isHeld(),
      });
      if (!isHeld()) return session.cut();
      entry.session = session;
      if (trouble !== undefined) since = clock.now();
      trouble = undefined;
      failures = 0;
      log.info({ shard, of: count, servers: session.client.guilds.cache.size }, 'Discord: a shard is connected');
      speaking.begin();
      if (!announced) {
        announced = true;
        await announce(speaking, session);
      }
      await takeStock(services, session.client, (server) => shardOf(server, count) === shard);
      await services.resume();
    };
    const entry: Held = { stop, opening: Promise.resolve() };
    held.set(shard, entry);
    entry.opening = open().catch(async (error: unknown) => {
      if (!isHeld() || closing.signal.aborted) return;
      if (entry.session) return log.error({ err: error, shard }, 'Discord: something after the connection failed');
      held.delete(shard);
      holdOff(error);
      await shards.release([shard]).catch(() => {});
    });
  };

  /** Leaves shards to other processes, once what is under way has been answered. */
  const giveUp = async (which: readonly number[]): Promise<void> => {
    await Promise.all(
      which.map(async (shard) => {
        const entry = held.get(shard);
        entry?.stop.abort();
        await entry?.session?.close();
        if (held.get(shard) === entry) held.delete(shard);
      }),
    );
    await shards.release(which);
    await cluster.tell('free', cluster.id());
  };

  const look = async (): Promise<void> => {
    if (closing.signal.aborted || broken || performance.now() < waitUntil) return;
    try {
      plan ??= await learn();
    } catch (error) {
      return holdOff(error);
    }
    const gateways = (await cluster.alive()).filter(({ roles }) => roles.includes('gateway')).length;
    const share = shareOf(plan, gateways);
    const over = [...held.keys()].sort((a, b) => a - b).slice(share);
    if (over.length > 0) {
      log.info({ shards: over, gateways }, 'Discord: another process is there; some shards are left to it');
      await giveUp(over);
    }
    for (const shard of await shards.claim(share - held.size)) begin(shard, plan);
    // All are connected by others: a spare.
    if (held.size === 0 && failures === 0) trouble = undefined;
    const free = held.size < plan.most ? 0 : await shards.free();
    if (free > 0 && dark === 0)
      log.error({ free, most: plan.most }, 'Discord: shards that no process may take; start another one with ROLE=gateway');
    dark = free;
  };

  const learn = async (): Promise<Plan> => {
    const info = (await speaking.rest.get(Routes.gatewayBot())) as APIGatewayBotInfo;
    const wished = config.discord.shards ?? info.shards;
    const count = await shards.agree(wished);
    if (count !== wished)
      log.warn(
        { count, wished },
        'Discord: other processes divide the servers into another number of shards; it changes once all have stopped',
      );
    return planFor(info, count);
  };

  let looking: Promise<void> | undefined;
  const lookOnce = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  cluster.onAnew(async (before) => {
    waitUntil = Math.max(waitUntil, performance.now() + GRACE);
    const kept = new Set(await shards.keep(before));
    const gone = [...held].filter(([shard]) => !kept.has(shard));
    for (const [shard, { stop, session }] of gone) {
      held.delete(shard);
      stop.abort();
      // Nothing is waited for: it must not hold up the sign of life.
      session?.cut().catch((error: unknown) => log.debug({ err: error, shard }, 'a connection could not be ended'));
    }
    if (gone.length > 0) log.warn({ shards: gone.map(([shard]) => shard) }, 'Discord: these shards are another process’s now');
  });
  cluster.onBeat(lookOnce);
  cluster.listen('free', () => void lookOnce().catch(() => {}));
  const first = lookOnce().then(() => Promise.all([...held.values()].map(({ opening }) => opening)));
  await Promise.race([first.catch((error: unknown) => holdOff(error)), setTimeout(PATIENCE, undefined, { ref: false })]);

  return {
    platform: 'discord',
    health() {
      if (broken) return { ok: false, detail: broken.message, since };
      if (!plan) return { ok: false, detail: trouble ?? 'connecting', since };
      const sessions = [...held.values()].map(({ session }) => session);
      const ok = trouble === undefined && sessions.every((session) => session?.connection.ok());
      const servers = sessions.reduce((sum, session) => sum + (session?.client.guilds.cache.size ?? 0), 0);
      const which = held.size === 0 ? 'none (spare)' : [...held.keys()].sort((a, b) => a - b).join(', ');
      return {
        ok,
        detail: `shards ${which} of ${plan.count}, ${servers} servers${ok ? '' : `, ${trouble ?? 'reconnecting'}`}`,
        since: Math.max(since, ...sessions.map((session) => session?.connection.since() ?? 0)),
      };
    },
    async close() {
      closing.abort();
      await looking?.catch(() => {});
      await giveUp([...held.keys()]).catch((error: unknown) => log.warn({ err: error }, 'Discord: shards could not be left to others'));
    },
  };
}
