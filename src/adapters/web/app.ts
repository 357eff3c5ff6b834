import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { bodyLimit } from 'hono/body-limit';
import { completeLine } from '../../core/complete.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import { toLocale } from '../../core/locale.ts';
import type { Reply } from '../../core/reply.ts';
import type { Services } from '../../services.ts';
import type { Adapter } from '../adapter.ts';
import { MAX_PAGES, streamRoom } from './events.ts';
import type { ImageStore } from './images.ts';
import { decodePost, roomName, userName } from './requests.ts';
import type { Rooms } from './room.ts';

/** Larger than the longest question, so that a too long one gets a proper answer. */
const MAX_BODY = 256 * 1024;
const PUBLIC = join(import.meta.dirname, 'public');
const FILES: Record<string, string> = {
  'app.js': 'text/javascript',
  'composer.js': 'text/javascript',
  'messages.js': 'text/javascript',
  'stream.js': 'text/javascript',
  'style.css': 'text/css',
  'icon.svg': 'image/svg+xml',
};

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface WebDeps {
  services: Services;
  dispatch: Dispatch;
  rooms: Rooms;
  images: ImageStore;
  /** All that run in this process, for /health. */
  adapters: () => readonly Adapter[];
  /** Ends the open streams. */
  closing: AbortSignal;
}

/** The playground's HTTP interface; see docs/api.md. */
export function createApp({ services, dispatch, rooms, images, adapters, closing }: WebDeps): Hono {
  const { config, clock, i18n, log } = services;
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('Content-Security-Policy', POLICY);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
  });
  app.get('/health', (c) => {
    const platforms = adapters().map((adapter) => ({ platform: adapter.platform, ...adapter.health() }));
    return c.json({ ok: true, pages: rooms.listeners(), platforms });
  });
  if (config.playgroundPassword) app.use(basicAuth({ username: 'tutor', password: config.playgroundPassword }));
  app.use(async (c, next) => {
    if (!sameOrigin(c) || !knownHost(c)) return c.json(problem(c, new UserError('foreign-origin')), 403);
    return next();
  });

  const localeOf = (c: Context) => toLocale(c.req.query('locale')) ?? config.defaultLocale;
  const problem = (c: Context, error: UserError) => rooms.toJson(errorReply(error, i18n(localeOf(c))));

  const tooLarge = async (c: Context) => {
    // A client that is still sending sees a reset, not our answer, so what is not absurd is read to its end.
    if (Number(c.req.header('Content-Length')) < 16 * MAX_BODY) await c.req.raw.arrayBuffer().catch(() => undefined);
    return c.json(problem(c, new UserError('body-too-large', { limit: MAX_BODY / 1024 })), 413);
  };
  const page = (c: Context) => c.html(readFileSync(join(PUBLIC, 'index.html'), 'utf8'));
  app.get('/', page);
  app.get('/r/:room', page);
  app.get('/static/:file', (c) => {
    const type = FILES[c.req.param('file')];
    if (!type) return c.notFound();
    c.header('Cache-Control', 'no-cache');
    return c.body(readFileSync(join(PUBLIC, c.req.param('file')), 'utf8'), 200, {
      'Content-Type': `${type}; charset=utf-8`,
    });
  });
  app.get('/images/:file', (c) => {
    const png = images.get(c.req.param('file'));
    if (!png) return c.notFound();
    return c.body(png, 200, {
      'Content-Type': 'image/png',
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });

  app.get('/files/:message/:index', async (c) => {
    const file = await rooms.file(c.req.param('message'), Number(c.req.param('index')), c.req.query('user') ?? '');
    if (!file) return c.notFound();
    return c.body(file.text, 200, {
      'Content-Type': `${file.mime}; charset=utf-8`,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'Cache-Control': 'no-store',
    });
  });

  app.get('/api/strings', (c) => c.json(services.i18n.section(localeOf(c), 'web')));
  app.get('/api/complete', async (c) => c.json(await completeLine(services, (c.req.query('line') ?? '').slice(0, 400), localeOf(c))));

  app.get('/api/rooms/:room/events', (c) => {
    const room = roomName.safeParse(c.req.param('room'));
    const user = userName.safeParse(c.req.query('user'));
    if (!room.success || !user.success) return c.json(problem(c, new UserError('malformed-request', { reason: 'room or user' })), 400);
    if (rooms.listeners() >= MAX_PAGES) return c.json(problem(c, new UserError('too-many-pages')), 503);
    const after = Number(c.req.header('Last-Event-ID') ?? c.req.query('after') ?? 0);
    c.header('X-Accel-Buffering', 'no');
    return streamRoom(c, rooms, clock, { room: room.data, user: user.data, after: Number.isFinite(after) ? after : 0 }, closing);
  });

  app.post('/api/rooms/:room/messages', bodyLimit({ maxSize: MAX_BODY, onError: tooLarge }), async (c) => {
    let incoming: ReturnType<typeof decodePost>;
    const json: unknown = await c.req.json().catch(() => undefined);
    try {
      incoming = decodePost(services, c.req.param('room'), json);
    } catch (error) {
      if (error instanceof UserError) {
        const locale = toLocale((json as { locale?: string } | undefined)?.locale) ?? localeOf(c);
        return c.json(rooms.toJson(errorReply(error, i18n(locale))), 400);
      }
      throw error;
    }
    return c.json(rooms.toJson(await converse(incoming)));
  });
  app.onError((error, c) => {
    log.error({ err: error, path: c.req.path }, 'request failed');
    return c.json(problem(c, new UserError('internal', { id: c.req.path.slice(0, 60) })), 500);
  });

  /** Shows what was said, answers, and shows the answer; a mere note to who pressed a button goes back alone. */
  async function converse({ request, text }: ReturnType<typeof decodePost>): Promise<Reply> {
    const { room, user, id } = request;
    if (text !== undefined) await rooms.said(room, user, text, id, request.receivedAt);
    const answerId = `b:${id}`;
    let interim: Promise<unknown> | undefined;
    const progress = (reply: Reply) => {
      interim = (interim ?? Promise.resolve()).then(async () => {
        const message = await rooms.replied(room, reply, { id: answerId, at: clock.now() });
        await rooms.courier.update(message, reply);
      });
      interim.catch((error: unknown) => log.warn({ err: error }, 'progress could not be shown'));
    };
    const reply = await dispatch(request, { progress });
    await interim;
    const alone = reply.visibility === 'private';
    if (interim) await rooms.courier.update({ platform: 'web', space: request.space, room, id: answerId }, reply);
    else if (!alone || text !== undefined || reply.blocks.some(({ type }) => type !== 'note'))
      await rooms.replied(room, reply, {
        id: answerId,
        ...(alone && { audience: user.id }),
        at: clock.now(),
      });
    return reply;
  }
  /** A site that points its own name at 127.0.0.1 must not reach us under that name. */
  function knownHost(c: Context): boolean {
    return config.playgroundPassword !== undefined || LOOPBACK.test(c.req.header('Host') ?? '');
  }
  return app;
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** A page of another site may not write or read here; a program that sends no Origin may. */
function sameOrigin(c: Context): boolean {
  const origin = c.req.header('Origin');
  if (origin === undefined) return c.req.header('Sec-Fetch-Site') !== 'cross-site' || c.req.method === 'GET';
  return URL.canParse(origin) && new URL(origin).host === c.req.header('Host');
}
