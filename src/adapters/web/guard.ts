import { createHash, timingSafeEqual } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { UserError } from '../../core/errors.ts';
import { createBuckets } from '../../core/limits.ts';
import type { Locale } from '../../core/locale.ts';
import { MAX_UPLOAD } from '../../own-notes/upload.ts';
import type { Services } from '../../services.ts';
import type { Attempts } from './attempts.ts';
import type { Bundle } from './bundle.ts';
import type { Ctx, Env } from './identity.ts';
import { loginPage } from './login.ts';
import { LOOPBACK, senderOf } from './reach.ts';

/** Larger than the longest question, so that a too long one gets a proper answer. */
export const MAX_BODY = 256 * 1024;
/** A file of notes in base64, and what is around it. */
const MAX_FILE_BODY = Math.ceil((MAX_UPLOAD * 4) / 3) + 4096;
const FILES = /^\/api\/rooms\/[^/]+\/files$/;
/** A class behind one address answering at once is let through, a runaway script is not. */
const WRITES = { burst: 500, perSecond: 100 };
/** What the page that asks for the password is made of. */
const OPEN = /^\/(login|static\/icon\.svg|static\/page\/(page-\w+\.css|theme-\w+\.js))$/;

export type Problem = (c: Ctx, error: UserError, status: 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 503, locale?: Locale) => Response;

/** Scripts of our own that run in a worker: TensorFlow.js compiles WebAssembly there, and the page itself may not. */
const WORKER = /^\/static\/page\/worker-\w+\.js$/;

/** One experiment, to be shown within a page of somebody else, such as a course's: it says nothing of who looks. */
export const isEmbed = (c: Pick<Ctx, 'req'>): boolean => /^\/lab\/[\w-]+$/.test(c.req.path) && c.req.query('embed') !== undefined;

export const headers: MiddlewareHandler = async (c, next) => {
  await (WORKER.test(c.req.path) ? workerHeaders : pageHeaders)(c, next);
  // The page that asks for the password has this address too, and is shown in no frame.
  if (!isEmbed(c) || c.res.status !== 200) return;
  c.res.headers.set(
    'Content-Security-Policy',
    (c.res.headers.get('Content-Security-Policy') ?? '').replace("frame-ancestors 'none'", 'frame-ancestors *'),
  );
  c.res.headers.delete('X-Frame-Options');
};

const [pageHeaders, workerHeaders] = [["'self'"], ["'self'", "'wasm-unsafe-eval'"]].map((scriptSrc) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc,
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    // Without a referrer a browser says `Origin: null` of our own forms too.
    referrerPolicy: 'same-origin',
    // The playground is plain HTTP on this machine, or behind whatever proxy the host puts before it.
    strictTransportSecurity: false,
  }),
) as [MiddlewareHandler, MiddlewareHandler];

/** What every request passes: a host name that is ours, an origin that is ours, the playground's password. */
export function guard(
  app: Hono<Env>,
  { services, page, problem }: { services: Services; page: Promise<Bundle>; problem: Problem },
  attempts: Attempts,
): void {
  const { playgroundPassword } = services.config;
  app.use(async (c, next) => {
    // A site that points its own name at 127.0.0.1 must not reach us under that name.
    const knownHost = playgroundPassword !== undefined || LOOPBACK.test(c.req.header('Host') ?? '');
    if (!knownHost || !sameOrigin(c)) return problem(c, new UserError('foreign-origin'), 403);
    return next();
  });
  if (playgroundPassword === undefined) return;
  app.use(async (c, next) => {
    if (c.get('session')?.access || OPEN.test(c.req.path)) return next();
    const given = basicPassword(c);
    if (given !== undefined) {
      const seconds = attempts.begin(addressOf(c));
      if (seconds > 0) return tooManyGuesses(c, seconds, problem);
      if (isSame(given, playgroundPassword)) {
        attempts.right(addressOf(c));
        return next();
      }
    }
    // A browser that saw this header would ask with a dialog of its own, which knows no logout.
    if (c.req.header('Sec-Fetch-Site') === undefined) c.header('WWW-Authenticate', 'Basic realm="Gradient Tutor", charset="UTF-8"');
    const wantsPage = c.req.method === 'GET' && (c.req.header('Accept') ?? '').includes('text/html');
    return wantsPage
      ? loginPage(c, { ...services, page }, { status: 401, next: c.req.path })
      : problem(c, new UserError('password-needed'), 401);
  });
}

export function tooManyGuesses(c: Ctx, seconds: number, problem: Problem, code = 'too-many-guesses'): Response {
  c.header('Retry-After', String(seconds));
  return problem(c, new UserError(code, { seconds }), 429);
}

/** What a request that changes something passes besides: so many from one address, and no larger than this. */
export function guardWrites({ clock }: Pick<Services, 'clock'>, problem: Problem): MiddlewareHandler<Env>[] {
  const take = createBuckets(clock, WRITES);
  const [files, others] = [limited(MAX_FILE_BODY, problem), limited(MAX_BODY, problem)];
  return [
    async (c, next) => {
      const seconds = take(addressOf(c));
      if (seconds === 0) return next();
      c.header('Retry-After', String(seconds));
      return problem(c, new UserError('too-fast', { seconds }), 429);
    },
    (c, next) => (FILES.test(c.req.path) ? files : others)(c, next),
  ];
}

function limited(maxSize: number, problem: Problem): MiddlewareHandler<Env> {
  return bodyLimit({
    maxSize,
    async onError(c) {
      // A client that is still sending sees a reset, not our answer, so what is not absurd is read to its end.
      if (Number(c.req.header('Content-Length')) < 16 * maxSize) await c.req.raw.arrayBuffer().catch(() => undefined);
      return problem(c, new UserError('body-too-large', { limit: Math.floor(maxSize / 1024) }), 413);
    },
  });
}

export function addressOf(c: Ctx): string {
  return senderOf(getConnInfo(c).remote.address ?? '', c.req.header('X-Forwarded-For'));
}

/** Whether two secrets are the same, in a time that does not tell where they differ. */
export function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/** The password of HTTP basic authentication, which programs use; the user's name is `tutor`. */
function basicPassword(c: Ctx): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [name, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return name === 'tutor' ? rest.join(':') : '';
}

/** A page of another site may not write or read here; a program that sends no Origin may. */
function sameOrigin(c: Ctx): boolean {
  const origin = c.req.header('Origin');
  if (origin === undefined) return c.req.header('Sec-Fetch-Site') !== 'cross-site' || c.req.method === 'GET';
  return URL.canParse(origin) && new URL(origin).host === c.req.header('Host');
}
