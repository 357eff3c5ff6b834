import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { UserError } from '../../core/errors.ts';
import { type Locale, toLocale } from '../../core/locale.ts';
import type { Services } from '../../services.ts';
import { isPassword, setPassword } from '../../store/secrets.ts';
import { transact } from '../../store/transact.ts';
import type { Attempts } from './attempts.ts';
import type { Bundle } from './bundle.ts';
import { addressOf, isSame } from './guard.ts';
import type { Ctx, Env, Identity } from './identity.ts';
import type { Rooms } from './room.ts';
import type { Sessions } from './sessions.ts';

const PAGE_PASSWORD = 'page-password';

/** Whoever knew the playground's password before it was changed has to give the new one. */
export async function lockAnew({ store, config }: Services, sessions: Sessions): Promise<void> {
  const { playgroundPassword } = config;
  if (playgroundPassword === undefined || (await isPassword(store.db, PAGE_PASSWORD, playgroundPassword))) return;
  // Processes that start together lock once: who has given the new one to the first of them stays in.
  await transact(store.db, PAGE_PASSWORD, async (trx) => {
    if (await isPassword(trx, PAGE_PASSWORD, playgroundPassword)) return;
    await sessions.lock(trx);
    await setPassword(trx, PAGE_PASSWORD, playgroundPassword);
  });
}

/** The way in and out where the playground has a password: a form, a cookie, and an end to it. */
export function serveLogin(
  app: Hono<Env>,
  {
    services,
    identity,
    sessions,
    rooms,
    attempts,
    page,
  }: { services: Services; identity: Identity; sessions: Sessions; rooms: Rooms; attempts: Attempts; page: Promise<Bundle> },
): void {
  const { playgroundPassword } = services.config;
  const parts = { ...services, page };

  app.get('/login', async (c) => {
    const next = pathOf(c.req.query('next'));
    return playgroundPassword === undefined || c.get('session')?.access ? c.redirect(next, 303) : loginPage(c, parts, { next });
  });

  app.post('/login', async (c) => {
    const form = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>);
    const next = pathOf(form.next);
    if (playgroundPassword === undefined) return c.redirect(next, 303);
    const seconds = attempts.begin(addressOf(c));
    if (seconds > 0) {
      c.header('Retry-After', String(seconds));
      return loginPage(c, parts, { status: 429, next, error: new UserError('too-many-guesses', { seconds }) });
    }
    if (!isSame(String(form.password ?? ''), playgroundPassword))
      return loginPage(c, parts, { status: 401, next, error: new UserError('wrong-password') });
    attempts.right(addressOf(c));
    await identity.admit(c, 'access');
    return c.redirect(next, 303);
  });

  app.post('/api/logout', async (c) => {
    const session = c.get('session');
    if (session) await sessions.leave(session, 'access');
    // Other tabs of this browser are still following their rooms.
    if (session?.person) rooms.hangUp(session.person.id);
    return c.json({ ok: true });
  });
}

/** The page that asks for the password; it works without scripts. */
export async function loginPage(
  c: Ctx,
  { i18n, config, page }: Pick<Services, 'i18n' | 'config'> & { page: Promise<Bundle> },
  { status = 200, next, error }: { status?: ContentfulStatusCode; next: string; error?: UserError },
): Promise<Response> {
  const { url } = await page;
  const locale = languageOf(c) ?? config.defaultLocale;
  const t = i18n(locale);
  const problem = error && `${t(`errors.${error.code}.message`, error.params)} ${t(`errors.${error.code}.hint`, error.params)}`;
  return c.html(
    html`<!doctype html>
<html lang="${locale === 'zh' ? 'zh-CN' : locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${t('web.title')}</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<script src="${url('theme.ts')}"></script>
<link rel="stylesheet" href="${url('page.css')}">
</head>
<body>
<main class="page login">
<h1>${t('web.title')}</h1>
<form method="post" action="/login" class="panel">
<input type="hidden" name="next" value="${next}">
<div class="field"><label for="password">${t('web.password')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus aria-describedby="problem"></div>
<p id="problem" class="answer error" role="alert">${problem ?? ''}</p>
<div class="actions"><button type="submit" class="primary">${t('web.enter')}</button></div>
</form>
</main>
</body>
</html>
`,
    status,
  );
}

/** The first of our languages that the browser names. */
function languageOf(c: Ctx): Locale | undefined {
  const named = (c.req.header('Accept-Language') ?? '').split(',').map((part) => part.trim().slice(0, 2));
  return named.map((code) => toLocale(code)).find((locale) => locale !== undefined);
}

/** A path of this site; anything else leads to the beginning. */
function pathOf(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])[^\s]*$/.test(next) ? next : '/';
}
