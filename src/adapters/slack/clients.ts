import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Config } from '../../config.ts';
import type { Installations } from './installations.ts';
import type { BoltLogger } from './log.ts';

/** What one call may take. */
export const TIMEOUT = 10_000;

/** A Slack client for each workspace. */
export interface Clients {
  /** @throws Error when the app is not installed there (any more). */
  of(space: string): Promise<WebClient>;
}

/**
 * How every client of Slack behaves. The library's own policy is ten tries over half an hour without a timeout, and a
 * 429 holds back all calls; ours is in api.ts, so here one try is made and a 429 is reported at once.
 */
export function clientOptions(config: Config, logger: BoltLogger): WebClientOptions {
  return {
    slackApiUrl: config.slack.apiUrl,
    retryConfig: { retries: 0 },
    timeout: TIMEOUT,
    rejectRateLimitedCalls: true,
    logger,
    // Bolt answers at a response_url with this too, and sets no time limit there.
    fetch: (url, init) => fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(TIMEOUT) }),
  };
}

/** One client a token: that of the settings, or those of the installed workspaces. */
export function createClients(config: Config, installations: Installations | undefined, options: WebClientOptions): Clients {
  const byToken = new Map<string, WebClient>();
  return {
    async of(space) {
      const token = config.slack.botToken ?? (await installations?.token(space));
      if (!token) throw new Error(`the app is not installed in workspace ${space}`);
      const known = byToken.get(token) ?? new WebClient(token, options);
      byToken.set(token, known);
      return known;
    },
  };
}
