import type { HomeView, ModalView } from '@slack/types';
import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError, type WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { UserError } from '../../core/errors.ts';
import { fetchUpload } from '../../own-notes/upload.ts';
import { type Clients, TIMEOUT } from './clients.ts';
import { explain, neverArrived } from './errors.ts';
import { createGates, sleep } from './gates.ts';
import { escapeText } from './limits.ts';
import type { SlackMessage, Upload } from './render.ts';

export interface PostOptions {
  /** Reply in this thread. */
  thread?: string | undefined;
  /** Names the message for ever; kept in its metadata, so that a restart can find it. */
  key?: string | undefined;
}

/** What we ask of Slack, with one policy for failures. Every method rejects with the error of Slack's own client. */
export interface SlackApi {
  post(space: string, channel: string, message: SlackMessage, options?: PostOptions): Promise<{ channel: string; ts: string }>;
  /** `patient: false` rejects at once when Slack asks to slow down, for edits that a newer one may replace. */
  update(space: string, channel: string, ts: string, message: SlackMessage, options?: { patient?: boolean }): Promise<void>;
  /** A message that one person sees, until they reload. */
  whisper(space: string, channel: string, user: string, message: SlackMessage, thread?: string): Promise<void>;
  upload(space: string, channel: string, upload: Upload, thread?: string): Promise<void>;
  /** The bytes of a file that was shared with us. @throws UserError `upload-refused` */
  download(space: string, name: string, url: string | undefined): Promise<Uint8Array>;
  publishHome(space: string, user: string, view: HomeView): Promise<void>;
  /** Opens a form for who pressed; Slack takes the trigger for three seconds. */
  openForm(space: string, trigger: string, view: ModalView): Promise<void>;
  person(space: string, user: string): Promise<{ name?: string; admin: boolean; locale?: string }>;
  /** The channel's message with this key, as far as history may be read; undefined when there is none. */
  find(space: string, channel: string, key: string): Promise<string | undefined>;
  /** Looks whether the channel is open to us; rejects where it is not. */
  look(space: string, channel: string): Promise<void>;
}

/** Tries in all of a call that Slack did not take; the waits between them are 0.5, 1 and 2 s. */
const TRIES = 4;
/** A quiz post is found again by this; see https://docs.slack.dev/messaging/message-metadata */
const EVENT = 'gradient_tutor_post';
/** Links in notes would unfold to a screenful each, and nothing we write may ping. */
const QUIET = { unfurl_links: false, unfurl_media: false, link_names: false };

/** Calls that Slack limits together, and how one that fails is treated. */
interface Lane {
  name: string;
  /** May be repeated although nobody knows whether the first one arrived. */
  again?: boolean;
  /** Waits as long as Slack asks to. */
  patient?: boolean;
  /** The caller says by itself what a failure means. */
  quiet?: boolean;
}

export function createApi(clients: Clients, clock: Clock, log: Logger): SlackApi {
  const gates = createGates(clock);

  const call = async <T>(space: string, method: string, lane: Lane, run: (client: WebClient) => Promise<T>): Promise<T> => {
    const { name, again = false, patient = true, quiet = false } = lane;
    const client = await clients.of(space);
    const key = `${space}/${name}`;
    for (let attempt = 1; ; attempt++) {
      await gates.pass(key);
      try {
        return await run(client);
      } catch (error) {
        const problem = explain(error, method);
        if (error instanceof WebAPIRateLimitedError) gates.close(key, error.retryAfter);
        const repeatable = error instanceof WebAPIRateLimitedError ? patient : again || neverArrived(error);
        if (!problem?.passing || !repeatable || attempt >= TRIES) {
          if (problem && !quiet) log.warn({ space, method, reason: problem.reason }, problem.fix);
          throw error;
        }
        if (!(error instanceof WebAPIRateLimitedError)) await sleep(clock, 250 * 2 ** attempt);
      }
    }
  };

  return {
    post: (space, channel, message, { thread, key } = {}) =>
      // About one message a second may go to a channel, so each is a lane of its own.
      call(space, 'chat.postMessage', { name: `post/${channel}` }, async (client) => {
        const metadata = key === undefined ? {} : { metadata: { event_type: EVENT, event_payload: { key } } };
        const sent = await client.chat.postMessage({ channel, ...message, ...QUIET, ...(thread && { thread_ts: thread }), ...metadata });
        return { channel: sent.channel!, ts: sent.ts! };
      }),

    async update(space, channel, ts, message, { patient = true } = {}) {
      await call(space, 'chat.update', { name: 'update', again: true, patient }, (client) =>
        client.chat.update({ channel, ts, ...message, link_names: false }),
      );
    },

    async whisper(space, channel, user, message, thread) {
      await call(space, 'chat.postEphemeral', { name: 'ephemeral' }, (client) =>
        client.chat.postEphemeral({ channel, user, ...message, link_names: false, ...(thread && { thread_ts: thread }) }),
      );
    },

    async upload(space, channel, { file, filename, title, alt, caption }, thread) {
      const lane = { name: 'upload', again: true };
      // The documentation's argument is alt_txt, the client's alt_text. Files that are no pictures must have neither:
      // Slack then shares them nowhere (slackapi/python-slack-sdk#1818).
      const described = alt && { alt_txt: alt, alt_text: alt };
      const asked = { filename, length: file.length, ...described };
      const { upload_url: url, file_id: id } = await call(space, 'files.getUploadURLExternal', lane, (client) =>
        client.files.getUploadURLExternal(asked),
      );
      await call(space, 'the upload', lane, () => sendBytes(url!, file));
      // Only this one is seen, so it is not repeated on suspicion.
      await call(space, 'files.completeUploadExternal', { name: 'upload' }, (client) =>
        client.files.completeUploadExternal({
          files: [{ id: id!, title }],
          channel_id: channel,
          ...(thread && { thread_ts: thread }),
          ...(caption && { initial_comment: escapeText(caption) }),
        } as Parameters<typeof client.files.completeUploadExternal>[0]),
      );
    },

    async download(space, name, url) {
      if (!url) throw new UserError('upload-refused', { name, reason: 'Slack' });
      const { token } = await clients.of(space);
      return fetchUpload(name, url, { Authorization: `Bearer ${token}` }, 'text/html');
    },

    async publishHome(space, user, view) {
      await call(space, 'views.publish', { name: 'views', again: true }, (client) => client.views.publish({ user_id: user, view }));
    },

    async openForm(space, trigger, view) {
      await call(space, 'views.open', { name: 'views/open', patient: false }, (client) => client.views.open({ trigger_id: trigger, view }));
    },

    person: (space, user) =>
      call(space, 'users.info', { name: 'users', again: true }, async (client) => {
        const { user: found } = await client.users.info({ user, include_locale: true });
        const name = found?.profile?.display_name || found?.profile?.real_name || found?.real_name || found?.name;
        return {
          ...(name && { name }),
          admin: found?.is_admin === true || found?.is_owner === true,
          ...(found?.locale && { locale: found.locale }),
        };
      }),

    find: (space, channel, key) =>
      call(space, 'conversations.history', { name: 'history', again: true, quiet: true }, async (client) => {
        const { messages = [] } = await client.conversations.history({ channel, limit: 30, include_all_metadata: true });
        const found = messages.find(({ metadata }) => (metadata?.event_payload as { key?: string } | undefined)?.key === key);
        return found?.ts;
      }),

    async look(space, channel) {
      await call(space, 'conversations.history', { name: 'look', patient: false, quiet: true }, (client) =>
        client.conversations.history({ channel, limit: 1 }),
      );
    },
  };
}

/** A file's bytes to where Slack wants them. @throws WebAPIHTTPError, WebAPIRequestError as Slack's client does */
async function sendBytes(url: string, file: Buffer): Promise<void> {
  const type = { 'Content-Type': 'application/octet-stream' };
  const response = await fetch(url, {
    method: 'POST',
    headers: type,
    body: new Uint8Array(file),
    signal: AbortSignal.timeout(TIMEOUT),
  }).catch((error: Error) => {
    throw new WebAPIRequestError(error);
  });
  if (!response.ok) throw new WebAPIHTTPError(response.status, response.statusText, {}, await response.text());
}
