import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Db } from '../../store/database.ts';
import { newToken, secretOnce } from '../../store/secrets.ts';
import type { WebPerson } from './people.ts';
import { KEPT, type Session, type Sessions } from './sessions.ts';

/** What a request carries once it is known who sends it. */
export interface Env {
  Variables: { session: Session | undefined };
}
export type Ctx = Context<Env>;

/** Who is behind requests. */
export interface Identity {
  /** Reads the cookie, or the token of a program. */
  read: MiddlewareHandler<Env>;
  /** The session of a request; opened, and given as a cookie, where there is none. */
  session(c: Ctx): Promise<Session>;
  /** The person behind a request, made or renamed where a label is given; undefined where there is neither. */
  person(c: Ctx, label?: string): Promise<WebPerson | undefined>;
  /** The request's session, its token changed, after a password was given. */
  admit(c: Ctx, to: 'access' | 'host'): Promise<void>;
}

const INSTALLATION = 'installation';

/**
 * A person is a secret in their browser: a random token in a cookie that scripts cannot read and other sites do not
 * send. The cookie's name is this installation's own, since browsers share cookies among the ports of a machine.
 */
export async function createIdentity(db: Db, sessions: Sessions): Promise<Identity> {
  const { value: installation } = await secretOnce(db, INSTALLATION, () =>
    newToken()
      .replaceAll(/[^a-z0-9]/gi, '')
      .slice(0, 8),
  );
  const cookie = `tutor-${installation}`;

  const give = (c: Ctx, session: Session): Session => {
    c.set('session', session);
    const secure = new URL(c.req.url).protocol === 'https:' || c.req.header('X-Forwarded-Proto') === 'https';
    setCookie(c, cookie, session.token, { httpOnly: true, sameSite: 'Lax', path: '/', secure, maxAge: KEPT / 1000 });
    return session;
  };
  const bearer = (c: Ctx) => /^Bearer (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1];

  const identity: Identity = {
    async read(c, next) {
      const token = bearer(c) ?? getCookie(c, cookie);
      const session = token === undefined ? undefined : await sessions.read(token);
      if (session?.stale && !bearer(c)) give(c, session);
      else c.set('session', session);
      return next();
    },
    session: async (c) => c.get('session') ?? give(c, await sessions.open()),
    async person(c, label) {
      if (label === undefined) return c.get('session')?.person;
      const session = await identity.session(c);
      const person = await sessions.name(session, label);
      c.set('session', { ...session, person });
      return person;
    },
    async admit(c, to) {
      give(c, await sessions.admit(await identity.session(c), to));
    },
  };
  return identity;
}
