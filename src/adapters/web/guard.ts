import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { UserError } from '../../core/errors.ts';
import { createBuckets } from '../../core/limits.ts';
import type { Locale } from '../../core/locale.ts';
import type { Services } from '../../services.ts';

/** Larger than the longest question, so that a too long one gets a proper answer. */
export const MAX_BODY = 256 * 1024;
/** A class behind one address answering at once is let through, a runaway script is not. */
const WRITES = { burst: 500, perSecond: 100 };
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

export type Problem = (c: Context, error: UserError, status: 400 | 403 | 413 | 429 | 500 | 503, locale?: Locale) => Response;

export const headers: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    fontSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // The playground is plain HTTP on this machine, or behind whatever proxy the host puts before it.
  strictTransportSecurity: false,
});

/** What every request passes: the password, a host name that is ours, an origin that is ours. */
export function guard(app: Hono, { config }: Services, problem: Problem): void {
  if (config.playgroundPassword) app.use(basicAuth({ username: 'tutor', password: config.playgroundPassword }));
  app.use(async (c, next) => {
    // A site that points its own name at 127.0.0.1 must not reach us under that name.
    const knownHost = config.playgroundPassword !== undefined || LOOPBACK.test(c.req.header('Host') ?? '');
    if (!knownHost || !sameOrigin(c)) return problem(c, new UserError('foreign-origin'), 403);
    return next();
  });
}

/** What a request that changes something passes besides: so many from one address, and no larger than this. */
export function guardWrites({ clock }: Services, problem: Problem): MiddlewareHandler[] {
  const take = createBuckets(clock, WRITES);
  return [
    async (c, next) => {
      const seconds = take(addressOf(c));
      if (seconds === 0) return next();
      c.header('Retry-After', String(seconds));
      return problem(c, new UserError('too-fast', { seconds }), 429);
    },
    bodyLimit({
      maxSize: MAX_BODY,
      async onError(c) {
        // A client that is still sending sees a reset, not our answer, so what is not absurd is read to its end.
        if (Number(c.req.header('Content-Length')) < 16 * MAX_BODY) await c.req.raw.arrayBuffer().catch(() => undefined);
        return problem(c, new UserError('body-too-large', { limit: MAX_BODY / 1024 }), 413);
      },
    }),
  ];
}

function addressOf(c: Context): string {
  return getConnInfo(c).remote.address ?? '';
}

/** A page of another site may not write or read here; a program that sends no Origin may. */
function sameOrigin(c: Context): boolean {
  const origin = c.req.header('Origin');
  if (origin === undefined) return c.req.header('Sec-Fetch-Site') !== 'cross-site' || c.req.method === 'GET';
  return URL.canParse(origin) && new URL(origin).host === c.req.header('Host');
}
