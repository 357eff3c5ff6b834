import type { Hono, MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import { itemReport } from '../../learn/item-report.ts';
import { HOST_PASSWORD, isPassword } from '../../store/secrets.ts';
import type { Web } from './app.ts';
import type { Attempts } from './attempts.ts';
import { addressOf, tooManyGuesses } from './guard.ts';
import type { Env } from './identity.ts';

const SETTLING = z.object({ id: z.uuid(), how: z.enum(['retry', 'delete']) });

/** What only whoever runs this may see: how everything is doing. It needs the host's password. */
export function serveHost(
  app: Hono<Env>,
  { services, rooms, adapters, sessions, identity, problem, localeOf }: Web,
  attempts: Attempts,
): void {
  const { notes, demos, clock } = services;
  const { db } = services.store;
  const started = clock.now();

  app.post('/api/host/login', async (c) => {
    const seconds = attempts.begin(addressOf(c));
    if (seconds > 0) return tooManyGuesses(c, seconds, problem);
    const { password } = ((await c.req.json().catch(() => undefined)) ?? {}) as { password?: unknown };
    if (typeof password !== 'string' || !(await isPassword(db, HOST_PASSWORD, password.trim())))
      return problem(c, new UserError('wrong-host-password'), 401);
    attempts.right(addressOf(c));
    await identity.admit(c, 'host');
    return c.json({ ok: true });
  });

  app.post('/api/host/logout', async (c) => {
    const session = c.get('session');
    if (session) await sessions.leave(session, 'host');
    return c.json({ ok: true });
  });

  const hostOnly: MiddlewareHandler<Env> = async (c, next) =>
    c.get('session')?.host ? next() : problem(c, new UserError('host-password-needed'), 401);

  app.post('/api/host/old-names', hostOnly, async (c) => {
    const { name } = ((await c.req.json().catch(() => undefined)) ?? {}) as { name?: unknown };
    try {
      return c.json(await services.links.giveOldName(String(name ?? '')));
    } catch (error) {
      if (error instanceof UserError) return problem(c, error, 409);
      throw error;
    }
  });

  app.post('/api/host/dead-runs', hostOnly, async (c) => {
    const given = SETTLING.safeParse(await c.req.json().catch(() => undefined));
    if (!given.success || !(await demos.settleDead(given.data.id, given.data.how))) return problem(c, new UserError('dead-run-gone'), 409);
    return c.json({ ok: true });
  });

  app.get('/api/items', hostOnly, async (c) => c.json({ items: await itemReport(services.store.db, notes.content(), localeOf(c)) }));

  app.get('/api/host', hostOnly, async (c) => {
    const { topics, questions } = notes.content();
    return c.json({
      started,
      now: clock.now(),
      node: process.version,
      memory: process.memoryUsage().rss,
      backend: await demos.backend().catch(() => null),
      queue: demos.status(),
      dead: services.store.kind === 'postgres' ? await demos.dead() : null,
      pages: rooms.listeners(),
      adapters: adapters().map((adapter) => ({ platform: adapter.platform, ...adapter.health() })),
      oldNames: await services.links.oldNames(),
      content: { topics: topics.size, questions: questions.size, demos: demos.list().length, problems: notes.problems() },
    });
  });
}
