import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { parse } from 'yaml';
import { completeLine } from '../../core/complete.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import { type Locale, toLocale } from '../../core/locale.ts';
import type { Services } from '../../services.ts';
import type { Adapter } from '../adapter.ts';
import { serveChat } from './chat.ts';
import { guard, guardWrites, headers, type Problem } from './guard.ts';
import type { ImageStore } from './images.ts';
import { serveLab } from './lab.ts';
import { servePages } from './pages.ts';
import type { Rooms } from './room.ts';
import { serveViews } from './views.ts';

const OPENAPI = join(import.meta.dirname, '..', '..', '..', 'docs', 'openapi.yaml');

export interface WebDeps {
  services: Services;
  dispatch: Dispatch;
  rooms: Rooms;
  images: ImageStore;
  /** All the running adapters, for the host's view. */
  adapters: () => readonly Adapter[];
  /** Ends the open streams. */
  closing: AbortSignal;
}

/** What the routes share. */
export interface Web extends WebDeps {
  localeOf(c: Context): Locale;
  /** Answers with an error reply. */
  problem: Problem;
}

/** The playground's HTTP interface; docs/openapi.yaml describes it. */
export function createApp(deps: WebDeps): Hono {
  const { services, rooms, images } = deps;
  const { config, i18n, log } = services;
  const localeOf = (c: Context) => toLocale(c.req.query('locale')) ?? config.defaultLocale;
  const problem: Problem = (c, error, status, locale = localeOf(c)) => c.json(rooms.toJson(errorReply(error, i18n(locale))), status);
  const web: Web = { ...deps, localeOf, problem };

  const app = new Hono();
  app.use(headers);
  app.get('/health', (c) => c.json({ ok: true, pages: rooms.listeners() }));
  guard(app, services, problem);
  for (const handler of guardWrites(services, problem)) app.post('*', handler);
  servePages(app, images);
  app.get('/api/openapi.json', (c) => c.json(parse(readFileSync(OPENAPI, 'utf8'))));
  app.get('/api/strings', (c) => c.json(i18n.section(localeOf(c), 'web')));
  app.get('/api/complete', async (c) => c.json(await completeLine(services, (c.req.query('line') ?? '').slice(0, 400), localeOf(c))));
  serveChat(app, web);
  serveLab(app, web);
  serveViews(app, web);
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    log.error({ err: error, path: c.req.path }, 'request failed');
    return problem(c, new UserError('internal', { id: c.req.path.slice(0, 60) }), 500);
  });
  return app;
}
