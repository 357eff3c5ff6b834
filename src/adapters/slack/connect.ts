import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import { App, type Authorize, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Config } from '../../config.ts';
import type { Services } from '../../services.ts';
import { explain } from './errors.ts';
import { guardFrames } from './frames.ts';
import { createFront } from './http.ts';
import { createCallbacks, createInstallPages } from './install.ts';
import type { Installations } from './installations.ts';
import type { BoltLogger } from './log.ts';
import { BOT_SCOPES } from './manifest.ts';
import { createSocket } from './socket.ts';

/** A Bolt app and the way Slack's messages reach it. */
export interface Connection {
  app: App;
  /** Begins to take messages; resolves once that is under way. @throws Error when the port is taken */
  start(): Promise<void>;
  /** Takes no more. */
  stop(): Promise<void>;
  status(): { ok: boolean; detail: string };
}

export interface ConnectDeps {
  services: Services;
  installations: Installations | undefined;
  options: WebClientOptions;
  logger: BoltLogger;
}

/** What is missing in the settings, in words for the host; undefined when Slack can be served. */
export function missingSetting({ slack }: Config): string | undefined {
  if (!slack.botToken && !(slack.clientId && slack.clientSecret))
    return 'set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for several';
  if (slack.mode === 'socket' && !slack.appToken)
    return 'SLACK_MODE=socket needs SLACK_APP_TOKEN: Basic Information → App-Level Tokens → Generate, with the scope connections:write';
  if (slack.mode === 'http' && !slack.signingSecret)
    return 'SLACK_MODE=http needs SLACK_SIGNING_SECRET: Basic Information → App Credentials → Signing Secret';
  return undefined;
}

export function connect(deps: ConnectDeps): Connection {
  const { slack } = deps.services.config;
  return slack.mode === 'http' ? connectHttp(deps) : connectSocket(deps);
}

function connectSocket(deps: ConnectDeps): Connection {
  const { services, logger } = deps;
  const { slack } = services.config;
  const receiver = new SocketModeReceiver({ appToken: slack.appToken!, logger, autoReconnectEnabled: false, ...installing(deps) });
  guardFrames(receiver.client, services.log);
  const socket = createSocket(receiver.client, services.clock, services.log);
  let pages: Server | undefined;
  return {
    app: createApp(deps, receiver),
    async start() {
      // The receiver would open its pages for installing to the whole network; ours listen where we are told.
      if (receiver.installer) {
        const callbacks = createCallbacks(services);
        pages = await listen(createInstallPages(receiver.installer, callbacks, services), slack.host, slack.port);
      }
      void socket.run();
    },
    async stop() {
      pages?.close();
      await socket.stop();
    },
    status: socket.status,
  };
}

function connectHttp(deps: ConnectDeps): Connection {
  const { services, logger } = deps;
  const { slack } = services.config;
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret!, logger, ...installing(deps) });
  const front = createFront(receiver, services.log);
  let address: string | undefined;
  return {
    app: createApp(deps, receiver),
    async start() {
      const at = (await listen(front, slack.host, slack.port)).address();
      address = `http://${slack.host}:${typeof at === 'object' ? at?.port : slack.port}/slack/events`;
      services.log.info({ url: address }, 'listening for Slack');
    },
    async stop() {
      if (address) await new Promise((resolve) => front.close(resolve));
      address = undefined;
    },
    status: () => (address ? { ok: true, detail: address } : { ok: false, detail: 'not listening' }),
  };
}

function createApp({ services, installations, options, logger }: ConnectDeps, receiver: HTTPReceiver | SocketModeReceiver): App {
  const { slack } = services.config;
  const single: Authorize<boolean> = async ({ teamId }) => ({ botToken: slack.botToken!, ...(teamId && { teamId }) });
  const app = new App({
    receiver,
    logger,
    clientOptions: options,
    convoStore: false,
    // Our own listeners look at who speaks; without the bot's user id Bolt could not.
    ignoreSelf: false,
    ...(!installations && { authorize: single }),
  });
  app.error(async (error) => services.log.error({ err: error }, explain(error, 'Slack')?.fix ?? 'Slack event failed'));
  return app;
}

/** What both receivers need to let people install the app; empty with a single token. */
function installing({ services, installations, options }: ConnectDeps) {
  const { clientId, clientSecret, apiUrl } = services.config.slack;
  const clientOptions = { clientOptions: options };
  if (!installations || !clientId || !clientSecret) return { installerOptions: clientOptions };
  return {
    clientId,
    clientSecret,
    // Signs the state that comes back from Slack, together with a cookie of the same browser.
    stateSecret: createHash('sha256').update(`state:${clientSecret}`).digest('hex'),
    scopes: [...BOT_SCOPES],
    installationStore: installations,
    installerOptions: {
      ...clientOptions,
      callbackOptions: createCallbacks(services),
      authorizationUrl: new URL('../oauth/v2/authorize', apiUrl).href,
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => resolve(server));
  });
}
