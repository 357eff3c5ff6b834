import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LoopbackDiscord, startLoopback } from '../../../test/helpers/discord/server.ts';
import type { Place } from '../../../test/helpers/discord/world.ts';
import type { TestPostgres } from '../../../test/helpers/postgres.ts';
import { type RoleProcess, startRole } from '../../../test/helpers/roles.ts';
import { slackSettings } from '../../../test/helpers/slack/bench.ts';
import { openSlackCom, type SlackCom } from '../../../test/helpers/slack/slack-com.ts';
import { freePort, openWorkspace, type Workspace } from '../../../test/helpers/slack/workspace.ts';
import { type Watched, watchPostgres } from './watch.ts';

export const SHARDS = 4;

/** A process of the fleet, and where Slack's messages to it go. */
export interface Ship extends RoleProcess {
  slack: string;
}

/** Several real programs (`src/main.ts`, all roles) over one Postgres, before a pretended Discord and Slack. */
export interface Fleet {
  url: string;
  watched: Watched;
  ships: Ship[];
  discord: LoopbackDiscord;
  /** A channel in a server of each shard. */
  places: Place[];
  com: SlackCom;
  workspace: Workspace;
  /** Puts a new one to sea; resolves when it is ready. */
  launch(): Promise<Ship>;
  /** Waits until each shard is heard by somebody. */
  connected(): Promise<void>;
  close(): Promise<void>;
}

export async function startFleet(server: TestPostgres, content: string, folder: string, processes: number): Promise<Fleet> {
  const url = await server.withTables();
  const discord = await startLoopback({ shards: SHARDS, maxConcurrency: SHARDS });
  const places = Array.from({ length: SHARDS }, (_, shard) => {
    const id = String((BigInt(400_000_000_000 + shard) << 22n) + 7n);
    return discord.world.addPlace(discord.world.addGuild(`Group ${shard}`, { id }), 'general');
  });
  const workspace = await openWorkspace({ team: 'T0STUDY', people: Array.from({ length: 10 }, (_, i) => `player${i}`) });
  const com = await openSlackCom([workspace]);
  const ships: Ship[] = [];
  const fleet: Fleet = {
    ...{ url, ships, discord, places, com, workspace },
    watched: await watchPostgres(url),
    async launch() {
      const port = await freePort();
      const process = await startRole('all', {
        ...slackSettings(com, workspace.botToken, 'http', port),
        DATABASE_URL: url,
        DATABASE_CONNECTIONS: '10',
        CONTENT_DIR: content,
        // What is made of the notes is made once.
        CACHE_DIR: join(folder, 'cache'),
        DISCORD_TOKEN: discord.token,
        DISCORD_API_URL: discord.url,
        LOG_LEVEL: 'info',
      });
      const ship = { ...process, slack: `http://127.0.0.1:${port}/slack/events` };
      ships.push(ship);
      return ship;
    },
    async connected() {
      const every = Array.from({ length: SHARDS }, (_, shard) => shard);
      await waitFor('the shards', async () => every.every((shard) => discord.gateway.connected().includes(shard)));
    },
    async close() {
      for (const ship of ships) ship.signal('SIGKILL');
      await fleet.watched.close();
      await discord.close();
      await com.close();
      await workspace.close();
    },
  };
  try {
    await fleet.launch();
    await Promise.all(Array.from({ length: processes - 1 }, () => fleet.launch()));
    await fleet.connected();
  } catch (error) {
    await fleet.close();
    throw error;
  }
  return fleet;
}

/** @throws when it does not come within two minutes */
export async function waitFor(what: string, look: () => Promise<boolean>, within = 120_000): Promise<number> {
  const from = performance.now();
  while (!(await look())) {
    if (performance.now() - from > within) throw new Error(`waited ${within} ms for ${what}`);
    await sleep(50);
  }
  return performance.now() - from;
}
