import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { SocketModeReceiver } from '@slack/bolt';
import type { Services } from '../../services.ts';
import { BOT_SCOPES } from './manifest.ts';

type Installer = NonNullable<SocketModeReceiver['installer']>;
type Callbacks = NonNullable<Parameters<Installer['handleCallback']>[2]>;

const INSTALL = '/slack/install';

/**
 * What people see when Slack sends them back without an installation: whoever pressed Cancel reads that nothing
 * happened, everyone else what to do; in the language of their browser.
 */
export function createCallbacks({ i18n, log }: Pick<Services, 'i18n' | 'log'>): Callbacks {
  return {
    failure(error, _options, request, response) {
      const cancelled = error.code === 'slack_oauth_installer_authorization_error' && isCancelled(request);
      if (!cancelled) log.warn({ err: error }, 'an installation failed');
      const locale = /^zh\b/i.test(request.headers['accept-language'] ?? '') ? 'zh' : 'en';
      const t = i18n(locale);
      const key = cancelled ? 'cancelled' : 'failed';
      const status = cancelled ? 200 : /^slack_(oauth|webapi_platform)/.test(error.code) ? 400 : 500;
      response
        .writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' })
        .end(page(locale, t(`slack.install-${key}`), t(`slack.install-${key}-hint`), t('slack.install-again')));
    },
  };
}

/** `/slack/install` and where Slack sends people back to, for a program that Slack reaches over a socket. */
export function createInstallPages(installer: Installer, callbacks: Callbacks, { log }: Pick<Services, 'log'>): Server {
  return createServer((request, response) => {
    const fail = (error: unknown) => {
      log.warn({ err: error }, 'an installation failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    };
    route(request, response, installer, callbacks).catch(fail);
  });
}

async function route(request: IncomingMessage, response: ServerResponse, installer: Installer, callbacks: Callbacks): Promise<void> {
  const path = (request.url ?? '/').split('?')[0];
  if (request.method !== 'GET') response.writeHead(405).end();
  else if (path === INSTALL) await installer.handleInstallPath(request, response, undefined, { scopes: [...BOT_SCOPES] });
  else if (path === '/slack/oauth_redirect') await installer.handleCallback(request, response, callbacks);
  else response.writeHead(404).end();
}

function isCancelled({ url = '' }: IncomingMessage): boolean {
  return new URLSearchParams(url.split('?')[1]).get('error') === 'access_denied';
}

function page(lang: string, title: string, text: string, again: string): string {
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>body { margin: 3rem auto; max-width: 34rem; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }</style></head>
<body><main><h1>${title}</h1><p>${text}</p><p><a href="${INSTALL}">${again}</a></p></main></body></html>
`;
}
