import type { Hono } from 'hono';
import { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import type { Web } from './app.ts';
import type { Ctx, Env } from './identity.ts';
import { describeProblem, userName } from './requests.ts';
import { SPACE } from './space.ts';

const named = z.strictObject({ user: userName });

/** Who one is: the person behind this browser or program, and their label. */
export function serveMe(app: Hono<Env>, { services, sessions, identity, problem, localeOf }: Web): void {
  const locked = services.config.playgroundPassword !== undefined;
  const me = (c: Ctx) => {
    const session = c.get('session');
    return { person: session?.person ?? null, host: session?.host ?? false, locked };
  };
  /** The label in the body, or what stands in its way. */
  const labelOf = async (c: Ctx): Promise<string | Response> => {
    const parsed = named.safeParse(await c.req.json().catch(() => undefined));
    if (parsed.success) return parsed.data.user;
    return problem(c, new UserError('malformed-request', { reason: describeProblem(parsed.error) }), 400, localeOf(c));
  };

  app.get('/api/me', (c) => c.json(me(c)));

  app.post('/api/me', async (c) => {
    const label = await labelOf(c);
    if (typeof label !== 'string') return label;
    await identity.person(c, label);
    return c.json(me(c));
  });

  /** What was kept under a mere name, before people had secrets: is there any, and whose is it from now on. */
  app.get('/api/me/old', async (c) => c.json({ claimable: (await services.links.oldNames()).includes(c.req.query('name') ?? '') }));

  app.post('/api/me/old', async (c) => {
    const label = await labelOf(c);
    if (typeof label !== 'string') return label;
    const person = c.get('session')?.person;
    if (!person) return problem(c, new UserError('nobody-yet'), 401);
    try {
      await services.links.claim({ platform: 'web', space: SPACE, user: person }, label);
    } catch (error) {
      if (error instanceof UserError) return problem(c, error, 409);
      throw error;
    }
    // The name is free now, and the one they are known by.
    await identity.person(c, label);
    return c.json(me(c));
  });

  /** A person for a program that keeps no cookies; the token is told this once. */
  app.post('/api/tokens', async (c) => {
    const label = await labelOf(c);
    if (typeof label !== 'string') return label;
    const session = await sessions.open();
    const admitted = locked ? await sessions.admit(session, 'access') : session;
    return c.json({ person: await sessions.name(admitted, label), token: admitted.token });
  });
}
