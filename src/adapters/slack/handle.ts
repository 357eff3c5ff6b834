import type { Logger } from 'pino';
import { isWelcome } from '../../core/asked.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import type { Translate } from '../../core/i18n.ts';
import { type Reply, say } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';
import { spokenIn } from '../../notes/conversations.ts';
import { asAnswer } from '../../quiz/bare.ts';
import type { Services } from '../../services.ts';
import type { SlackApi } from './api.ts';
import type { Incoming } from './decode.ts';
import { type Delivery, deliver } from './deliver.ts';
import type { Edits } from './edits.ts';
import { createInterim } from './interim.ts';
import type { Membership } from './membership.ts';
import type { People } from './people.ts';
import { pickerFor } from './picker.ts';
import { withChoices } from './receipt.ts';

export interface HandlerDeps {
  services: Services;
  dispatch: Dispatch;
  api: SlackApi;
  edits: Edits;
  people: People;
  membership: Membership;
  log: Logger;
}

export interface Handler {
  /** Answers what a person did, once per delivery id. Never rejects. */
  handle(incoming: Incoming): Promise<void>;
  /** Resolves when what runs is done. */
  idle(): Promise<void>;
  /** Ends what runs, and tells it where it was to be answered. */
  stop(): void;
}

export function createHandler(deps: HandlerDeps): Handler {
  const { services, log } = deps;
  const { deliveries } = services;
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  return {
    handle(incoming) {
      const { id, origin } = incoming;
      const acknowledge = async (): Promise<void> => void (await incoming.acknowledge?.(false));
      // Fields that every delivery of Slack's has; one without is not Slack's, or nothing that could be answered.
      if (![id, origin.user, origin.channel].every((field) => typeof field === 'string' && field !== '')) return acknowledge();
      const key = `${origin.space}/${id}`;
      const once = async (): Promise<void> => {
        // Slack repeats at once, after a minute and after five, to any of several processes. Not by its retry number: the
        // first delivery may have been lost, and then the retry is the only one.
        if (!(await deliveries.take('slack', key))) return;
        await answer(deps, incoming, stopping.signal);
        await deliveries.done('slack', key);
      };
      const work = once()
        .catch((error: unknown) => log.error({ err: error, request: id }, 'a request could not be answered'))
        .then(acknowledge)
        .finally(() => running.delete(work));
      running.add(work);
      services.log.debug({ request: id }, 'received');
      return work;
    },
    async idle() {
      await Promise.all(running);
    },
    stop: () => stopping.abort(),
  };
}

async function answer(deps: HandlerDeps, incoming: Incoming, stopping: AbortSignal): Promise<void> {
  const { services, dispatch, people } = deps;
  const { id, origin, read, acknowledge, overheard } = incoming;
  const receivedAt = services.clock.now();
  const { user, locale: own } = await people.of(origin.space, origin.user, origin.userName);
  const room = { platform: 'slack' as const, space: origin.space, room: origin.channel };
  const thread = origin.thread === undefined ? {} : { thread: origin.thread };
  const base: Request = {
    ...room,
    ...thread,
    ...(origin.direct && { direct: true }),
    id,
    user,
    ...(own && { locale: own }),
    options: {},
    receivedAt,
  };
  const locale = (await services.settings.locale(base)) ?? own ?? services.config.defaultLocale;
  const t = services.i18n(locale, 'slack');
  const interim = createInterim({ ...deps, ...services, locale, stopping }, origin);

  let request = base;
  let reply: Reply;
  try {
    request = { ...base, ...read() };
    // Slack tells of a message's author the id only.
    if (request.about)
      request = {
        ...request,
        about: { ...request.about, author: (await people.of(origin.space, request.about.author.id, undefined)).user },
      };
    request = { ...request, ...(await deps.membership.obstacle(request)) };
    request = await asAnswer(services, request);
    // What is said below a board and answers nothing is talk between people.
    if (overheard?.board && !(request.bare && request.command === 'answer')) return;
    const progress = (shown: Reply) => {
      if (shown.visibility === 'public') void acknowledge?.(true);
      interim.show(shown);
    };
    reply = await dispatch(request, { progress, signal: stopping });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reply = errorReply(error, t);
  }
  if (stopping.aborted) reply = interrupted(reply, t);
  const isAnswer = request.bare === true && request.command === 'answer';
  if (overheard && !isAnswer && !isWelcome(reply, overheard)) return;
  // Before the answer, so that the command stands above it.
  if (await acknowledge?.(reply.visibility === 'public', reply)) return;
  const below = pickerFor(services, request, reply, t);
  const shown = await withChoices(services, room, reply);
  const delivery = await deliver(deps, origin, shown, t, { instead: await interim.end(), below });
  await noteThread(services, request, reply, delivery);
}

/** A run that ended because the program stops is not told as one that somebody cancelled. */
function interrupted(reply: Reply, t: Translate): Reply {
  const { result } = reply;
  return result?.kind === 'error' && result.code === 'run-cancelled' ? say([{ type: 'note', text: t('demos.interrupted') }]) : reply;
}

/** What is written below an answer is asked of us, in the light of what it spoke of. */
async function noteThread({ threads, conversations }: Services, request: Request, { visibility, result }: Reply, { sent }: Delivery) {
  const thread = request.thread ?? sent?.ts;
  if (thread === undefined || visibility !== 'public' || result?.kind !== 'answer') return;
  const { platform, space, user } = request;
  const room = sent?.channel ?? request.room;
  await threads.answered({ platform, space, room }, thread);
  const spoken = spokenIn(result);
  if (spoken) conversations.remember({ platform, space, room, thread, user }, spoken);
}
