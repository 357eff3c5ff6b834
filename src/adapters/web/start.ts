import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { ConfigError } from '../../config.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import type { Services } from '../../services.ts';
import { firstHostPassword } from '../../store/secrets.ts';
import type { Adapter } from '../adapter.ts';
import { createApp } from './app.ts';
import { openBundle } from './bundle.ts';
import { createIdentity } from './identity.ts';
import { createImageStore } from './images.ts';
import { lockAnew } from './login.ts';
import { createRooms } from './room.ts';
import { createSessions } from './sessions.ts';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** A started playground; `url` is where it answers. */
export interface WebAdapter extends Adapter {
  url: string;
}

/**
 * Serves the playground from this process.
 * @param adapters everything that runs, for the host's view.
 * @throws ConfigError when HOST is not loopback and no password is set; an Error with code EADDRINUSE when the port is taken.
 */
export async function startWeb(services: Services, dispatch: Dispatch, adapters: () => readonly Adapter[] = () => []): Promise<WebAdapter> {
  const { config, log, clock } = services;
  if (!LOOPBACK.includes(config.host) && !config.playgroundPassword) {
    throw new ConfigError(`HOST=${config.host} opens the playground to the network. Set PLAYGROUND_PASSWORD too, or leave HOST=127.0.0.1.`);
  }
  const closing = new AbortController();
  const notKept = (what: string) => (error: unknown) =>
    log.warn({ err: error }, `${what} cannot be written to ${config.cacheDir}; it stays in memory`);
  const images = createImageStore(join(config.cacheDir, 'images'), notKept('a chart'));
  const rooms = await createRooms(services.store.db, images, () => clock.now(), services.cluster);
  services.changes.listen(({ platform, user_id }) => {
    if (platform === 'web') rooms.hangUp(user_id);
  });
  const sessions = createSessions(services.store.db, clock);
  await lockAnew(services, sessions);
  const identity = await createIdentity(services.store.db, sessions);
  const page = openBundle(join(config.cacheDir, 'page'), notKept('the bundled page'));
  page.catch((error) => log.error({ err: error }, 'the page could not be bundled; `npm ci` brings what that needs'));
  const app = createApp({ services, dispatch, rooms, sessions, identity, images, page, adapters, closing: closing.signal });
  const { server, port } = await listen(app.fetch, config.host, config.port);
  services.outbox.register('web', rooms.courier);
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url }, 'playground');
  process.stderr.write(`\n  Gradient Tutor: ${url}\n${await hostPasswordLine(services)}\n`);
  return {
    platform: 'web',
    url,
    health: () => ({ ok: true, detail: `${url}, ${rooms.listeners()} open pages` }),
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
      }),
  };
}

/** The host's password, in the one start that makes it; nothing later. */
async function hostPasswordLine({ store: { db } }: Services): Promise<string> {
  const password = await firstHostPassword(db);
  if (password === undefined) return '';
  return `  The host's password, for the Host view: ${password}   (shown this once; a new one: npm run db -- host-password)\n`;
}

type Listening = { server: ReturnType<typeof serve>; port: number };

function listen(fetch: Parameters<typeof serve>[0]['fetch'], hostname: string, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, (info) => resolve({ server, port: info.port }));
    server.once('error', reject);
  });
}
