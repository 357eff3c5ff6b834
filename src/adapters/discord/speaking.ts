import { type Client, type REST, RESTEvents, Routes } from 'discord.js';
import type { Services } from '../../services.ts';
import { type Api, createApi } from './api.ts';
import { createRest } from './client.ts';
import { commandsJson } from './commands.ts';
import { createCourier } from './courier.ts';
import { missingInChannel } from './decode.ts';
import { createEdits, type Edits } from './edits.ts';
import { createForms, type Forms } from './forms.ts';
import { tellLeft } from './left.ts';
import { commandIds } from './mentions.ts';
import { createPages, type Pages } from './pages.ts';
import { createPresenter, type Presenter } from './presenter.ts';
import { createReceipts, type Receipts } from './receipts.ts';
import { listRegistered, register } from './register.ts';

/** What it takes to say something on Discord: requests only, so that any process can, one that listens or not. */
export interface Speaking {
  rest: REST;
  api: Api;
  presenter: Presenter;
  pages: Pages;
  forms: Forms;
  edits: Edits;
  receipts: Receipts;
  /** Clients that listen in this process, which know their servers' channels. */
  clients: Set<Client>;
  /** Resolves once the application is known. @throws what Discord says */
  known(): Promise<string>;
  /** Brings the list of commands up to date where that is this process's to do, and learns their ids. */
  commands(mine: boolean): Promise<void>;
  /** From here on quizzes, reminders and digests of this process go out. */
  begin(): void;
}

/** Between two looks at what processes have left that died. Milliseconds. */
const LOOK_EVERY = 5_000;

export function createSpeaking(services: Services): Speaking {
  const { config, log, clock, store, outbox, cluster, registry, i18n } = services;
  const rest = createRest(config.discord);
  const clients = new Set<Client>();
  let asked: string | undefined;
  /** A client is told when it connects. */
  const application = () => asked ?? [...clients].find((client) => client.application)?.application?.id;
  const api = createApi(rest, () => {
    const id = application();
    if (id === undefined) throw new Error('Discord has not told yet which application this is');
    return id;
  });
  const pages = createPages(store.db, clock.now);
  const forms = createForms(cluster && store.db, clock.now);
  const ids = new Map<string, string>();
  const presenter = createPresenter({ pages, forms, commands: ids, log }, config.discord.layout === 'embeds' ? 'embeds' : 'components');
  const edits = createEdits(clock, log);
  const receipts = createReceipts({ api, presenter, now: clock.now });
  rest.on(RESTEvents.RateLimited, ({ route, timeToReset, global, scope }) =>
    log.info({ route, wait: timeToReset, global, scope }, 'Discord: rate limit, waiting'),
  );
  const courier = createCourier({
    services,
    api,
    presenter,
    edits,
    receipts,
    missing(room, t) {
      const channel = [...clients].map((client) => client.channels.cache.get(room)).find((found) => found !== undefined);
      return channel ? missingInChannel(channel, t) : '';
    },
  });

  const known = async (): Promise<string> => {
    asked ??= application() ?? ((await rest.get(Routes.currentApplication())) as { id: string }).id;
    return asked;
  };

  return {
    rest,
    api,
    presenter,
    pages,
    forms,
    edits,
    receipts,
    clients,
    known,
    async commands(mine) {
      const id = await known();
      const { applicationId, devGuild: guild } = config.discord;
      if (applicationId && applicationId !== id)
        log.warn(`DISCORD_APPLICATION_ID=${applicationId} is another application than the token's (${id}); the token's is used.`);
      try {
        if (mine) {
          const difference = await register(rest, commandsJson(registry, i18n), { applicationId: id, guild });
          log.info({ ...difference, guild }, 'Discord: commands');
        }
        const registered = await listRegistered(rest, { applicationId: id, guild });
        for (const [name, command] of commandIds(registered, registry)) ids.set(name, command);
      } catch (error) {
        log.error({ err: error }, 'Discord: the commands could not be registered; try: npm run discord:register');
      }
    },
    begin() {
      if (outbox.isConnected('discord')) return;
      outbox.register('discord', courier);
      if (!cluster || !config.roles.has('clock')) return;
      let looked = performance.now();
      cluster.onBeat(async () => {
        if (performance.now() - looked < LOOK_EVERY) return;
        looked = performance.now();
        await tellLeft(services, { api, presenter });
      });
    },
  };
}
