import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { load } from 'js-yaml';
import type { Reader } from '../../core/command.ts';
import { completeLine } from '../../core/complete.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import { type Locale, toLocale } from '../../core/locale.ts';
import { readinessOf } from '../../ops/readiness.ts';
import type { Services } from '../../services.ts';
import type { Adapter } from '../adapter.ts';
import { followPlatforms } from '../health.ts';
import { createAttempts } from './attempts.ts';
import type { Bundle } from './bundle.ts';
import { serveChat } from './chat.ts';
import { guard, guardWrites, headers, type Problem } from './guard.ts';
import { serveHost } from './host.ts';
import type { Ctx, Env, Identity } from './identity.ts';
import type { ImageStore } from './images.ts';
import { serveLab } from './lab.ts';
import { serveLogin } from './login.ts';
import { serveMe } from './me.ts';
import { serveNotes } from './notes.ts';
import { servePages } from './pages.ts';
import { serveQuiz } from './quiz.ts';
import type { Rooms } from './room.ts';
import type { Sessions } from './sessions.ts';
import { SPACE } from './space.ts';
import { serveViews } from './views.ts';

const OPENAPI = join(import.meta.dirname, '..', '..', '..', 'docs', 'openapi.yaml');

/** Seconds after which a page asks again whether the database can be written. */
const TROUBLE_AGAIN = 10;

export interface WebDeps {
  services: Services;
  dispatch: Dispatch;
  rooms: Rooms;
  sessions: Sessions;
  identity: Identity;
  images: ImageStore;
  /** The page's scripts and styles. */
  page: Promise<Bundle>;
  /** All the running adapters, for the host's view. */
  adapters: () => readonly Adapter[];
  /** Ends the open streams. */
  closing: AbortSignal;
}

/** What the routes share. */
export interface Web extends WebDeps {
  localeOf(c: Ctx): Locale;
  /** Answers with an error reply. */
  problem: Problem;
}

/** The playground's HTTP interface; docs/openapi.yaml describes it. */
export function createApp(deps: WebDeps): Hono<Env> {
  const { rooms, images, identity } = deps;
  const services = deps.services.within({ platform: 'web', space: SPACE });
  const { config, i18n, log } = services;
  const localeOf = (c: Ctx) => toLocale(c.req.query('locale')) ?? config.defaultLocale;
  const problem: Problem = (c, error, status, locale = localeOf(c)) => c.json(rooms.toJson(errorReply(error, i18n(locale))), status);
  const web: Web = { ...deps, services, localeOf, problem };

  const attempts = createAttempts(services.clock);

  const app = new Hono<Env>();
  app.use(headers);
  const platforms = followPlatforms(services, deps.adapters);
  app.get('/health', (c) => c.json({ ok: true, pages: rooms.listeners(), platforms: platforms() }));
  // For supervisors: whether to restart this process, and whether to send anybody here.
  app.get('/livez', (c) => c.json({ ok: true }));
  app.get('/readyz', async (c) => {
    const readiness = await readinessOf(services, platforms);
    return c.json(readiness, readiness.ready ? 200 : 503);
  });
  app.use(identity.read);
  guard(app, web, attempts);
  for (const handler of guardWrites(services, problem)) app.post('*', handler);
  serveLogin(app, { ...deps, attempts });
  servePages(app, images, deps.page);
  app.get('/api/openapi.json', (c) => c.json(load(readFileSync(OPENAPI, 'utf8'))));
  app.get('/api/strings', (c) => c.json(i18n.section(localeOf(c), 'web')));
  app.get('/api/complete', async (c) => {
    const { line = '', zone } = c.req.query();
    const user = c.get('session')?.person;
    const reader: Reader = {
      ...(zone && { zone: zone.slice(0, 60) }),
      ...(user && { person: { platform: 'web', space: SPACE, user } }),
    };
    return c.json(await completeLine(services, line.slice(0, 400), localeOf(c), reader));
  });
  serveMe(app, web);
  serveChat(app, web);
  serveLab(app, web);
  serveNotes(app, web);
  serveQuiz(app, web);
  serveViews(app, web);
  serveHost(app, web, attempts);
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    const known = services.trouble.told(error);
    if (known) {
      // The page keeps what it could not send, and sends it again under the same id.
      c.header('Retry-After', String(TROUBLE_AGAIN));
      return problem(c, known, 503);
    }
    log.error({ err: error, path: c.req.path }, 'request failed');
    return problem(c, new UserError('internal', { id: c.req.path.slice(0, 60) }), 500);
  });
  return app;
}
