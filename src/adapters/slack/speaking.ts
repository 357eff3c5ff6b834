import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { RoomRef } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import { createApi, type SlackApi } from './api.ts';
import { clientOptions, createClients } from './clients.ts';
import { createCourier, type SlackCourier } from './courier.ts';
import { createEdits, type Edits } from './edits.ts';
import { explain } from './errors.ts';
import { sleep } from './gates.ts';
import { createInstallations, type Installations } from './installations.ts';
import { tellLeft } from './left.ts';
import { type BoltLogger, createBoltLogger } from './log.ts';
import { BOT_SCOPES } from './manifest.ts';

/** What it takes to say something on Slack: requests only, so that any process can, one that listens or not. */
export interface Speaking {
  api: SlackApi;
  edits: Edits;
  courier: SlackCourier;
  /** Undefined with the token of one workspace. */
  installations: Installations | undefined;
  options: WebClientOptions;
  logger: BoltLogger;
  /**
   * From here on quizzes, reminders and digests of this process go out, and those that were open go on: as soon as
   * Slack knows the token, since what nobody could see must not run on.
   * @returns why the token is of no use
   */
  begin(stop: AbortSignal): Promise<string | undefined>;
}

/** Between two looks at what processes have left that died. Milliseconds. */
const LOOK_EVERY = 5_000;

export function createSpeaking(services: Services, log: Logger): Speaking {
  const { config, clock, cluster, outbox } = services;
  const logger = createBoltLogger(log);
  const options = clientOptions(config, logger);
  const installations = config.slack.botToken ? undefined : createInstallations(services.store.db, clock.now);
  const api = createApi(createClients(config, installations, options), clock, log);
  const edits = createEdits(clock, log);
  const wordsOf = async ({ space, room }: RoomRef) =>
    services.i18n((await services.settings.localeOf('slack', space, 'room', room)) ?? config.defaultLocale, 'slack');
  const courier = createCourier({ api, edits, log, wordsOf });

  const speak = async (): Promise<void> => {
    outbox.register('slack', courier);
    // First the quizzes: a press that comes before they are taken up would hear that its quiz has ended.
    await services.resume();
    await tellLeft({ ...services, api, log });
    if (!cluster || !config.roles.has('clock')) return;
    let looked = performance.now();
    cluster.onBeat(async () => {
      if (performance.now() - looked < LOOK_EVERY) return;
      looked = performance.now();
      await tellLeft({ ...services, api, log });
    });
  };

  return {
    api,
    edits,
    courier,
    installations,
    options,
    logger,
    async begin(stop) {
      const isBack = (team: string) => services.spaces.back({ platform: 'slack', space: team });
      const problem = installations ? undefined : await untilKnown(new WebClient(config.slack.botToken, options), clock, log, stop, isBack);
      if (!problem && !stop.aborted) await speak();
      return problem;
    },
  };
}

/** A process that does not listen to Slack still speaks there. */
export async function speakSlack(services: Services): Promise<undefined> {
  const log = services.log.child({ adapter: 'slack' });
  // Slack may take its time to tell whose token this is; nothing waits for that.
  void createSpeaking(services, log)
    .begin(new AbortController().signal)
    .catch((error: unknown) => log.error({ err: error }, 'quizzes on Slack could not be taken up'));
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
