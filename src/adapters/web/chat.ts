import type { Hono } from 'hono';
import { UserError } from '../../core/errors.ts';
import { actionId } from '../../core/ids.ts';
import { toLocale } from '../../core/locale.ts';
import type { Reply } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';
import { asAnswer } from '../../quiz/bare.ts';
import type { Web } from './app.ts';
import { MAX_PAGES, streamRoom } from './events.ts';
import type { Ctx, Env } from './identity.ts';
import { decodeFile, decodePost, type Incoming, roomName, userOf } from './requests.ts';

/** *Save as note* in a message's menu. */
const KEEP = actionId('notes', 'keep');

/** Rooms: what is said in them, as a stream and as history. */
export function serveChat(app: Hono<Env>, web: Web): void {
  const { services, dispatch, rooms, identity, closing, problem, localeOf } = web;
  const { clock } = services;

  app.get('/api/rooms/:room/events', (c) => {
    const room = roomName.safeParse(c.req.param('room'));
    if (!room.success) return problem(c, new UserError('malformed-request', { reason: 'room' }), 400);
    if (rooms.listeners() >= MAX_PAGES) return problem(c, new UserError('too-many-pages'), 503);
    const after = Number(c.req.header('Last-Event-ID') ?? c.req.query('after')) || 0;
    c.header('X-Accel-Buffering', 'no');
    return streamRoom(c, rooms, clock, { room: room.data, person: c.get('session')?.person, after: Math.max(0, after) }, closing);
  });

  app.get('/api/rooms/:room/messages', async (c) => {
    const room = roomName.safeParse(c.req.param('room'));
    const before = Number(c.req.query('before') ?? Number.MAX_SAFE_INTEGER);
    if (!room.success || !(before >= 0)) return problem(c, new UserError('malformed-request', { reason: 'room or before' }), 400);
    return c.json({ messages: await rooms.before(room.data, c.get('session')?.person?.id, before) });
  });

  app.post('/api/rooms/:room/messages', (c) => take(c, decodePost));
  app.post('/api/rooms/:room/files', (c) => take(c, decodeFile));

  async function take(c: Ctx, decode: typeof decodePost): Promise<Response> {
    const json: unknown = await c.req.json().catch(() => undefined);
    try {
      const { request, label, ...how } = decode(services, c.req.param('room') ?? '', json);
      const user = await userOf(identity, c, label);
      const about = request.action === KEEP && how.message ? await rooms.saidIn(how.message, request.room, user.id) : undefined;
      const here = new URL(`/r/${encodeURIComponent(request.room)}`, c.req.url).href;
      return c.json(rooms.toJson(await converse({ ...request, user, ...(about && { about: { ...about, url: here } }) }, how)));
    } catch (error) {
      if (error instanceof UserError)
        return problem(c, error, 400, toLocale((json as { locale?: string } | undefined)?.locale) ?? localeOf(c));
      throw error;
    }
  }

  app.get('/files/:message/:index', async (c) => {
    const file = await rooms.file(c.req.param('message'), Number(c.req.param('index')), c.get('session')?.person?.id);
    if (!file) return c.notFound();
    return c.body(file.text, 200, {
      'Content-Type': `${file.mime}; charset=utf-8`,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'Cache-Control': 'no-store',
    });
  });

  /** Shows what was said, answers, and shows the answer; a mere note to who pressed a button goes back alone. */
  async function converse(asked: Request, { text, message }: Pick<Incoming, 'text' | 'message'>): Promise<Reply> {
    const request = await asAnswer(services, asked);
    const { room, user, id, receivedAt } = request;
    // What is answered privately was asked privately: a typed quiz answer must not be read by the others.
    const secret = services.registry.get(request.command ?? '')?.visibility === 'private';
    if (text !== undefined) await rooms.said(room, user, text, id, receivedAt, secret);
    const answerId = `b:${id}`;
    const reply = await dispatch(request, { progress: (interim) => rooms.working(room, answerId, interim) });
    if (reply.blocks.length > 0) {
      const card = message !== undefined && (await turnsOver(request, reply, message)) ? message : undefined;
      const alone = reply.visibility === 'private' ? { audience: user.id } : {};
      const slot = alone.audience !== undefined && reply.slot !== undefined ? `b:${room}:${user.id}:${reply.slot}` : undefined;
      const worthALine = !alone.audience || text !== undefined || reply.blocks.some(({ type }) => type !== 'note');
      if (worthALine || card !== undefined)
        await rooms.replied(room, reply, {
          id: card ?? slot ?? answerId,
          ...alone,
          inPlace: (card ?? slot) !== undefined,
          at: clock.now(),
        });
    }
    rooms.working(room, answerId, undefined);
    return reply;
  }

  /** A card that only this person sees is turned over in its place; what went wrong does not take it away. */
  async function turnsOver({ action, user }: Request, reply: Reply, message: string): Promise<boolean> {
    const [, command = '', name = ''] = (action ?? '').split('~');
    const navigates = services.registry.get(command)?.navigates?.includes(name) ?? false;
    return navigates && reply.visibility === 'private' && reply.result?.kind !== 'error' && (await rooms.isOwn(message, user.id));
  }
}
