import type { KnownBlock } from '@slack/types';
import type { Logger } from 'pino';
import type { UserError } from '../../core/errors.ts';
import type { Translate } from '../../core/i18n.ts';
import type { Reply } from '../../core/reply.ts';
import type { SlackApi } from './api.ts';
import type { Origin } from './decode.ts';
import { explain } from './errors.ts';
import { plainMessage, renderReply, type SlackMessage, type Upload } from './render.ts';

/** Slack takes five answers at a response_url. */
const RESPONSES = 5;

export interface Delivery {
  /** The first message, where Slack told its place; it can be edited. */
  sent?: { channel: string; ts: string };
  /** Why the room did not get what it should have got; told to the person already. */
  problem?: UserError;
}

export interface DeliverDeps {
  api: SlackApi;
  log: Logger;
}

/** A message that is there already and becomes the first page. */
export type Instead = (page: SlackMessage) => Promise<{ channel: string; ts: string }>;

/**
 * Brings a reply to where it belongs. Public: into the channel, or through response_url where we are no member (and
 * then says how to invite us, since charts and quizzes need that). Private: to the person alone, or simply into a
 * conversation that is private already. Never rejects for what Slack refuses.
 */
export async function deliver(
  deps: DeliverDeps,
  origin: Origin,
  reply: Reply,
  t: Translate,
  { instead, below = [] }: { instead?: Instead | undefined /** Blocks that only Slack has. */; below?: KnownBlock[] } = {},
): Promise<Delivery> {
  if (reply.echo) return {};
  const { api } = deps;
  const { pages, uploads } = renderReply(reply);
  pages.at(-1)?.blocks.push(...below);
  if (reply.visibility === 'private' && !origin.direct && !instead) return whisper(deps, origin, pages, uploads, t);
  const delivery = await speak(deps, origin, pages, instead);
  if (delivery.problem) {
    await complain(deps, origin, delivery.problem, uploads, t);
    return delivery;
  }
  const problem = await uploadAll(deps, origin, uploads, origin.channel, origin.thread);
  if (!problem) return delivery;
  // Everyone who reads the message must know that something is missing; how to mend it is for who asked.
  const told = await api.post(origin.space, origin.channel, missing(uploads, t), { thread: origin.thread }).catch(() => undefined);
  await complain(deps, origin, problem, told ? [] : uploads, t);
  return { ...delivery, problem };
}

/** What stands in the place of charts and files that could not be uploaded. */
export function missing(uploads: readonly Upload[], t: Translate): SlackMessage {
  const charts = uploads.flatMap(({ alt }) => alt ?? []);
  return plainMessage([t(charts.length > 0 ? 'slack.chart-missing' : 'slack.file-missing'), ...charts].join('\n'), 'warning');
}

/** Pages into the channel; the later ones of a long answer go into the first one's thread. */
async function speak({ api, log }: DeliverDeps, origin: Origin, pages: readonly SlackMessage[], instead?: Instead): Promise<Delivery> {
  let sent: Delivery['sent'];
  // The message may have been deleted in the meantime; the answer counts more than its place.
  const anew = (page: SlackMessage) => (error: unknown) => {
    if (!explain(error, 'chat.update')) throw error;
    return api.post(origin.space, origin.channel, page, { thread: origin.thread });
  };
  try {
    for (const page of pages) {
      if (instead && !sent) sent = await instead(page).catch(anew(page));
      else {
        const here = await api.post(origin.space, origin.channel, page, { thread: origin.thread ?? sent?.ts });
        sent ??= here;
      }
    }
    return { ...(sent && { sent }) };
  } catch (error) {
    const problem = explain(error, 'chat.postMessage');
    if (!problem || sent || !origin.respond) {
      if (!problem) throw error;
      return { ...(sent && { sent }), problem: problem.error };
    }
    try {
      for (const page of pages.slice(0, RESPONSES - 1))
        await origin.respond({ ...page, response_type: 'in_channel', replace_original: false });
    } catch (cause) {
      log.warn({ err: cause }, 'response_url took no answer');
    }
    return { problem: problem.error };
  }
}

async function whisper(
  deps: DeliverDeps,
  origin: Origin,
  pages: readonly SlackMessage[],
  uploads: readonly Upload[],
  t: Translate,
): Promise<Delivery> {
  const { api } = deps;
  for (const [i, page] of pages.entries()) {
    // A card that only this person sees is turned over in place.
    const replace = origin.ephemeral === true && i === 0;
    const responded = i < RESPONSES - 1 && (await respond(deps, origin, page, replace));
    if (!responded) await toPerson(deps, origin, page);
  }
  if (uploads.length === 0) return {};
  // Slack has no files that only one person sees in a channel: they go into the person's conversation with us.
  try {
    const { channel } = await api.post(origin.space, origin.user, plainMessage(t('slack.your-file')));
    const problem = await uploadAll(deps, origin, uploads, channel, undefined);
    if (problem) await complain(deps, origin, problem, uploads, t);
    else await respond(deps, origin, plainMessage(t('slack.sent-directly')), false);
    return problem ? { problem } : {};
  } catch (error) {
    const problem = explain(error, 'chat.postMessage');
    if (!problem) throw error;
    await complain(deps, origin, problem.error, uploads, t);
    return { problem: problem.error };
  }
}

async function respond({ log }: DeliverDeps, { respond: send }: Origin, page: SlackMessage, replace: boolean): Promise<boolean> {
  if (!send) return false;
  try {
    await send({ ...page, response_type: 'ephemeral', replace_original: replace });
    return true;
  } catch (error) {
    log.info({ err: error }, 'response_url took no answer, trying another way');
    return false;
  }
}

/** Without a response_url: an ephemeral message, or where that is refused, the person's conversation with us. */
async function toPerson({ api, log }: DeliverDeps, { space, channel, user, thread }: Origin, page: SlackMessage): Promise<void> {
  try {
    await api.whisper(space, channel, user, page, thread);
  } catch (error) {
    if (!explain(error, 'chat.postEphemeral')) throw error;
    await api.post(space, user, page).catch((cause: unknown) => log.warn({ err: cause, user }, 'the person could not be reached'));
  }
}

async function uploadAll(
  { api }: DeliverDeps,
  { space }: Origin,
  uploads: readonly Upload[],
  channel: string,
  thread: string | undefined,
): Promise<UserError | undefined> {
  for (const upload of uploads) {
    try {
      await api.upload(space, channel, upload, thread);
    } catch (error) {
      const problem = explain(error, 'files.uploadV2');
      if (!problem) throw error;
      return problem.error;
    }
  }
  return undefined;
}

/** Says what is missing and which step or scope mends it; of files that did not arrive, what they show. */
async function complain(deps: DeliverDeps, origin: Origin, problem: UserError, uploads: readonly Upload[], t: Translate): Promise<void> {
  const lines = [t(`errors.${problem.code}.message`, problem.params), t(`errors.${problem.code}.hint`, problem.params)];
  const page = plainMessage([...lines, ...uploads.flatMap(({ alt }) => alt ?? [])].join('\n'), 'error');
  if (!(await respond(deps, origin, page, false))) await toPerson(deps, origin, page);
}
