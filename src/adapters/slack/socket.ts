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
/** A connection that ends sooner counts as a failure: Slack is not asked for the next at once. */
const SHORT = 2_000;

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

  /** @returns whether the connection ended as soon as it was there */
  const once = async (): Promise<boolean> => {
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const giveUp = clock.schedule(clock.now() + GREETING, () => void client.disconnect());
    try {
      await client.start();
    } finally {
      giveUp();
    }
    const since = clock.now();
    connectedAt = since;
    log.info('connected to Slack');
    await end;
    connectedAt = undefined;
    return clock.now() - since < SHORT;
  };

  return {
    async run() {
      for (let failures = 0; !stopped; ) {
        try {
          failures = (await once()) ? failures + 1 : 0;
          trouble = 'reconnecting';
          // The first short one may be chance.
          if (failures > 1 && !stopped) await sleep(clock, Math.min(LONGEST_WAIT, 250 * 2 ** failures));
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
