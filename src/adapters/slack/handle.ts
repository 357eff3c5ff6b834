import type { Logger } from 'pino';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { SlackApi } from './api.ts';
import type { Incoming } from './decode.ts';
import { deliver } from './deliver.ts';
import type { Edits } from './edits.ts';
import { createInterim } from './interim.ts';
import type { People } from './people.ts';
import { pickerFor } from './picker.ts';

export interface HandlerDeps {
  services: Services;
  dispatch: Dispatch;
  api: SlackApi;
  edits: Edits;
  people: People;
  log: Logger;
}

export interface Handler {
  /** Answers what a person did, once per delivery id. Never rejects; to be called after Slack's acknowledgement. */
  handle(incoming: Incoming): Promise<void>;
  /** Resolves when what runs is done. */
  idle(): Promise<void>;
}

/** Deliveries remembered; Slack repeats one at once, after a minute and after five. */
const REMEMBERED = 5_000;

export function createHandler(deps: HandlerDeps): Handler {
  const { services, log } = deps;
  const seen = new Set<string>();
  const running = new Set<Promise<void>>();
  return {
    handle({ id, origin, read }) {
      const key = `${origin.space}/${id}`;
      // Not by Slack's retry number: the first delivery may have been lost, and then the retry is the only one.
      if (seen.has(key)) return Promise.resolve();
      seen.add(key);
      if (seen.size > REMEMBERED) seen.delete(seen.values().next().value!);
      const work = answer(deps, { id, origin, read })
        .catch((error: unknown) => log.error({ err: error, request: id }, 'a request could not be answered'))
        .finally(() => running.delete(work));
      running.add(work);
      services.log.debug({ request: id }, 'received');
      return work;
    },
    async idle() {
      await Promise.all(running);
    },
  };
}

async function answer(deps: HandlerDeps, { id, origin, read }: Incoming): Promise<void> {
  const { services, dispatch, people } = deps;
  const receivedAt = services.clock.now();
  const { user, locale: own } = await people.of(origin.space, origin.user, origin.userName);
  const room = { platform: 'slack' as const, space: origin.space, room: origin.channel };
  const base: Request = { ...room, id, user, ...(own && { locale: own }), options: {}, receivedAt };
  const locale = (await services.settings.locale(base)) ?? own ?? services.config.defaultLocale;
  const t = services.i18n(locale);
  const interim = createInterim({ ...deps, clock: services.clock }, origin);

  let request = base;
  let reply: Reply;
  try {
    request = { ...base, ...read() };
    reply = await dispatch(request, { progress: interim.show });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reply = errorReply(error, t);
  }
  const below = pickerFor(services, request, reply, t('slack.choose'));
  await deliver(deps, origin, reply, t, { instead: await interim.end(), below });
}
