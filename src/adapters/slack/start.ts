import { WebClient } from '@slack/web-api';
import type { Clock } from '../../core/clock.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import type { RoomRef } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { Adapter } from '../adapter.ts';
import { createApi } from './api.ts';
import { clientOptions, createClients } from './clients.ts';
import { type Connection, connect, missingSetting } from './connect.ts';
import { createCourier } from './courier.ts';
import { createEdits } from './edits.ts';
import { explain } from './errors.ts';
import { sleep } from './gates.ts';
import { createHandler } from './handle.ts';
import { createHome } from './home.ts';
import { createInstallations, spaceOf } from './installations.ts';
import { tellLeft } from './left.ts';
import { registerListeners } from './listeners.ts';
import { createBoltLogger } from './log.ts';
import { BOT_SCOPES } from './manifest.ts';
import { createMembership } from './membership.ts';
import { createPeople } from './people.ts';

/** A stop waits so long for answers under way; then they are told as interrupted, which takes at most so long again. */
const FINISH_WITHIN = 4_000;
const TELL_WITHIN = 3_000;

/**
 * Serves Slack from this process. Whatever is wrong with Slack is logged and told by `health()`; it never stops the
 * program, whose playground goes on.
 */
export async function startSlack(services: Services, dispatch: Dispatch): Promise<Adapter> {
  const { config, clock } = services;
  const log = services.log.child({ adapter: 'slack' });
  const missing = missingSetting(config);
  if (missing) {
    log.error(`Slack is not served: ${missing}`);
    return { platform: 'slack', health: () => ({ ok: false, detail: missing }), close: async () => {} };
  }
  const logger = createBoltLogger(log);
  const options = clientOptions(config, logger);
  const installations = config.slack.botToken ? undefined : createInstallations(services.store.db, clock.now);
  const api = createApi(createClients(config, installations, options), clock, log);
  const isBack = (team: string) => services.spaces.back({ platform: 'slack', space: team });
  const edits = createEdits(clock, log);
  const people = createPeople(api, clock);
  const membership = createMembership(api, services, clock);
  const handler = createHandler({ services, dispatch, api, edits, people, membership, log });
  const home = createHome({ services, api, people });
  const wordsOf = async ({ space, room }: RoomRef) =>
    services.i18n((await services.settings.localeOf('slack', space, 'room', room)) ?? config.defaultLocale, 'slack');
  const courier = createCourier({ api, edits, log, wordsOf });
  const speak = async () => {
    services.outbox.register('slack', courier);
    // First the quizzes: a press that comes before they are taken up would hear that its quiz has ended.
    await services.resume();
    await tellLeft({ ...services, api, log });
  };

  const connection = connect({ services: { ...services, log }, installations, options, logger });
  registerListeners(connection.app, {
    services,
    handler,
    api,
    home,
    async removed({ teamId, enterpriseId, isEnterpriseInstall }) {
      log.info({ teamId, enterpriseId }, 'the app was removed from a workspace');
      await services.spaces.left({ platform: 'slack', space: spaceOf({ teamId, enterpriseId, isEnterpriseInstall }) });
      await installations?.deleteInstallation?.({ teamId, enterpriseId, isEnterpriseInstall } as never);
    },
  });
  let trouble: string | undefined;
  const stopping = new AbortController();
  // Quizzes go on once Slack knows the token: what nobody could see must not run on.
  if (installations) await speak();
  else {
    void untilKnown(new WebClient(config.slack.botToken, options), clock, log, stopping.signal, isBack)
      .then(async (problem) => {
        trouble ??= problem;
        if (!problem && !stopping.signal.aborted) await speak();
      })
      .catch((error: unknown) => log.error({ err: error }, 'quizzes on Slack could not be taken up'));
  }
  trouble = (await begin(connection, log)) ?? trouble;
  return {
    platform: 'slack',
    health: () => (trouble ? { ok: false, detail: trouble } : connection.status()),
    async close() {
      stopping.abort();
      await connection.stop();
      const within = async (work: Promise<unknown>, ms: number): Promise<void> => {
        const tooLong = new AbortController();
        await Promise.race([work, sleep(clock, ms, tooLong.signal)]);
        tooLong.abort();
      };
      const idle = () => Promise.all([handler.idle(), courier.idle()]);
      await within(idle().then(edits.flush), FINISH_WITHIN);
      handler.stop();
      await within(idle(), TELL_WITHIN);
    },
  };
}

async function begin(connection: Connection, log: Services['log']): Promise<string | undefined> {
  try {
    await connection.start();
    return undefined;
  } catch (error) {
    const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
    const trouble = code === 'EADDRINUSE' ? `port ${port} is in use; choose another SLACK_PORT` : message;
    log.error({ err: error }, `Slack is not served: ${trouble}`);
    return trouble;
  }
}

/**
 * Asks Slack whose token this is, as often as it takes while Slack cannot be reached, and compares what it may do
 * with what we need. @returns why the token is of no use
 */
async function untilKnown(
  client: WebClient,
  clock: Clock,
  log: Services['log'],
  stop: AbortSignal,
  isBack: (team: string) => Promise<void>,
): Promise<string | undefined> {
  for (let wait = 1_000; ; wait = Math.min(30_000, wait * 2)) {
    try {
      const { team, team_id: id, user, response_metadata: more } = await client.auth.test();
      if (id) await isBack(id);
      const scopes = (more as { scopes?: string[] } | undefined)?.scopes;
      const lacking = scopes ? BOT_SCOPES.filter((scope) => !scopes.includes(scope)) : [];
      log.info({ team, user }, 'Slack knows the token');
      if (lacking.length > 0)
        log.warn(`The app lacks the scopes ${lacking.join(', ')}. Add them under OAuth & Permissions, then press Reinstall to Workspace.`);
      return undefined;
    } catch (error) {
      const problem = explain(error, 'auth.test');
      log.error({ err: error }, problem?.fix ?? 'auth.test failed');
      if (problem && !problem.passing) return problem.fix;
      if (stop.aborted) return undefined;
      await sleep(clock, wait);
    }
  }
}
