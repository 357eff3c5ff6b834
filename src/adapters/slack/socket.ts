import type { SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { explain } from './errors.ts';
import { sleep } from './gates.ts';

export interface Socket {
  /** Connects, and connects again whenever the connection ends, until it is stopped. */
  run(): Promise<void>;
  stop(): Promise<void>;
  status(): { ok: boolean; detail: string };
}

/** Slack greets at once; a connection that is silent for so long is given up. */
const GREETING = 30_000;
const LONGEST_WAIT = 30_000;

/**
 * Keeps the Socket Mode connection. Slack ends each after some hours (`refresh_requested`, `warning`); the client's
 * own reconnecting waits five seconds, in which every press is lost with an error to the person, and ends the whole
 * process when Slack cannot be reached just then. Ours reconnects at once, and waits longer only after failures.
 */
export function createSocket(client: SocketModeReceiver['client'], clock: Clock, log: Logger): Socket {
  let stopped = false;
  let connectedAt: number | undefined;
  let trouble = 'connecting';
  let ended = () => {};
  client.on('disconnected', () => ended());

  const once = async (): Promise<void> => {
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const giveUp = clock.schedule(clock.now() + GREETING, () => void client.disconnect());
    try {
      await client.start();
    } finally {
      giveUp();
    }
    connectedAt = clock.now();
    log.info('connected to Slack');
    await end;
    connectedAt = undefined;
  };

  return {
    async run() {
      for (let failures = 0; !stopped; ) {
        try {
          await once();
          failures = 0;
          trouble = 'reconnecting';
        } catch (error) {
          if (stopped) return;
          failures++;
          const problem = explain(error, 'apps.connections.open');
          const fix = problem?.reason.endsWith('_auth')
            ? 'apps.connections.open: is SLACK_APP_TOKEN the app-level token (xapp-…)?'
            : problem?.fix;
          trouble = fix ?? (error as Error | undefined)?.message ?? 'the connection ended before Slack greeted';
          log.warn({ failures }, `not connected to Slack: ${trouble}`);
          await sleep(clock, Math.min(LONGEST_WAIT, 500 * 2 ** failures));
        }
      }
    },
    async stop() {
      stopped = true;
      ended();
      await Promise.race([client.disconnect(), sleep(clock, 1_000)]);
    },
    status: () =>
      connectedAt === undefined
        ? { ok: false, detail: trouble }
        : { ok: true, detail: `Socket Mode, connected since ${new Date(connectedAt).toISOString()}` },
  };
}
