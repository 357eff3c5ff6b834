import type { Dispatch } from '../../core/dispatch.ts';
import type { Services } from '../../services.ts';
import type { Adapter } from '../adapter.ts';
import { type Connection, connect, missingSetting } from './connect.ts';
import { sleep } from './gates.ts';
import { createHandler } from './handle.ts';
import { createHome } from './home.ts';
import { spaceOf } from './installations.ts';
import { registerListeners } from './listeners.ts';
import { createMembership } from './membership.ts';
import { createPeople } from './people.ts';
import { createSpeaking } from './speaking.ts';

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
  const { api, edits, courier, installations, options, logger, begin: speak } = createSpeaking(services, log);
  const people = createPeople(api, clock);
  const membership = createMembership(api, services, clock);
  const handler = createHandler({ services, dispatch, api, edits, people, membership, log });
  const home = createHome({ services, api, people });

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
  const speaking = speak(stopping.signal).then((problem) => {
    trouble ??= problem;
  });
  // Whose token it is Slack may tell late.
  if (installations) await speaking;
  else speaking.catch((error: unknown) => log.error({ err: error }, 'quizzes on Slack could not be taken up'));
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
