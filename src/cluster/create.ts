import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Role } from '../core/roles.ts';
import type { Store } from '../store/database.ts';
import type { Channel } from './channel.ts';
import { createPresence, dbNow, type Presence } from './presence.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };

/** What a process shares with others over one Postgres. */
export interface Cluster extends Presence, Pick<Channel, 'listen' | 'onGap' | 'tell'> {
  /** The processes that are alive, this one too. */
  alive(): Promise<Member[]>;
}

export interface Member {
  id: string;
  roles: Role[];
}

/**
 * @param aliveFor tests whose clock is turned by hand must not depend on how fast the machine is
 * @returns undefined for a SQLite file, which one process has for itself
 */
export async function createCluster(store: Store, roles: ReadonlySet<Role>, log: Logger, aliveFor?: number): Promise<Cluster | undefined> {
  if (store.kind === 'sqlite') return undefined;
  // Who stays with a file need not load the driver.
  const { openChannel } = await import('./listening.ts');
  const channel = await openChannel(store.url, log);
  const presence = createPresence(store.db, { version, roles: [...roles] }, log, aliveFor);
  return {
    ...presence,
    listen: channel.listen,
    onGap: channel.onGap,
    tell: channel.tell,
    async alive() {
      const rows = await store.db.selectFrom('processes').select(['id', 'about']).where('until', '>', dbNow).execute();
      return rows.map(({ id, about }) => ({ id, roles: (JSON.parse(about) as { roles?: Role[] }).roles ?? [] }));
    },
    async stop() {
      await presence.stop();
      await channel.tell('free', presence.id()).catch(() => {});
      await channel.close();
    },
  };
}
