import type { Hono } from 'hono';
import { UserError } from '../../core/errors.ts';
import type { Web } from './app.ts';
import { createAttempts } from './attempts.ts';
import { addressOf, tooManyGuesses } from './guard.ts';
import type { Env } from './identity.ts';
import { createQuizCodes } from './quiz-codes.ts';
import { originFor } from './reach.ts';
import { roomName } from './requests.ts';
import { SPACE } from './space.ts';

/** A class behind one address may mistype; who tries codes by the thousand may not. */
const CODES = { one: { burst: 200, perSecond: 1 }, all: { burst: 1_000, perSecond: 5 } };

/** The way into the quiz that a room plays: its code for those who are there, its room for those who have the code. */
export function serveQuiz(app: Hono<Env>, { services, problem }: Web): void {
  const codes = createQuizCodes(services.store.db, services.clock);
  const attempts = createAttempts(services.clock, CODES);

  app.get('/api/rooms/:room/quiz', async (c) => {
    const room = roomName.safeParse(c.req.param('room'));
    if (!room.success) return problem(c, new UserError('malformed-request', { reason: 'room' }), 400);
    const live = await services.quiz.open({ platform: 'web', space: SPACE, room: room.data });
    if (!live || live.state.phase === 'ended') return c.json({ quiz: null, code: null, leads: false });
    const session = c.get('session');
    const leads = Boolean(session?.host) || (session?.person !== undefined && session.person.id === live.state.settings.host);
    const origin = originFor(c.req.header('Host'), services.config);
    return c.json({ quiz: live.stored.id, code: await codes.codeOf(live.stored.id), leads, ...(origin && { origin }) });
  });

  app.get('/api/join/:code', async (c) => {
    const seconds = attempts.begin(addressOf(c));
    if (seconds > 0) return tooManyGuesses(c, seconds, problem, 'too-many-codes');
    const found = await codes.find(c.req.param('code'));
    if (!found) return problem(c, new UserError('quiz-code-unknown'), 404);
    attempts.right(addressOf(c));
    return c.json(found);
  });
}
