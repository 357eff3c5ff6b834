import type { Logger } from 'pino';
import type { Translate } from '../../core/i18n.ts';
import { type Courier, DirectRefused, PostRefused } from '../../core/outbox.ts';
import type { RoomRef } from '../../core/request.ts';
import type { SlackApi } from './api.ts';
import { missing } from './deliver.ts';
import type { Edits } from './edits.ts';
import { explain, isDirectRefused, reasonOf } from './errors.ts';
import { plainMessage, renderOne, renderReply, type SlackMessage, type Upload } from './render.ts';

export interface CourierDeps {
  api: SlackApi;
  edits: Edits;
  log: Logger;
  /** The room's language. */
  wordsOf(room: RoomRef): Promise<Translate>;
}

export interface SlackCourier extends Courier {
  /** Resolves when every chart is up that was still on its way. */
  idle(): Promise<void>;
}

/** How the bot speaks by itself on Slack. */
export function createCourier({ api, edits, log, wordsOf }: CourierDeps): SlackCourier {
  /** Rooms where this process has posted: only before its first post there may an older process have left one unrecorded. */
  const spoken = new Set<string>();
  /** Keys whose post failed in a way that leaves open whether Slack took it. */
  const doubtful = new Set<string>();
  const uploading = new Set<Promise<void>>();
  let told = false;

  const lookFor = async (space: string, channel: string, key: string): Promise<string | undefined> => {
    try {
      return await api.find(space, channel, key);
    } catch (error) {
      if (reasonOf(error) === undefined) throw error;
      if (!told)
        log.info({ reason: reasonOf(error) }, 'cannot look for messages from before a crash; the scope channels:history allows it');
      told = true;
      return undefined;
    }
  };

  const send = async ({ space, room: channel }: RoomRef, message: SlackMessage, key: string | undefined) => {
    try {
      const sent = await api.post(space, channel, message, { key });
      if (key !== undefined) doubtful.delete(key);
      return sent;
    } catch (error) {
      const problem = explain(error, 'chat.postMessage');
      if (key !== undefined && problem?.reason === 'unreachable') doubtful.add(key);
      throw problem && !problem.passing ? new PostRefused(problem.error, { cause: error }) : error;
    }
  };

  /**
   * Charts come after their message, which counts as sent by then: an upload takes seconds, and a crash in them would
   * show the message twice. A quiz goes on without a picture, whose words stand in its place. They are messages of
   * their own: Slack takes an edit that adds an uploaded image and shows readers a missing one
   * (slackapi/java-slack-sdk#1441, bolt-python#1295).
   */
  const uploadAfter = (room: RoomRef, uploads: readonly Upload[]): void => {
    if (uploads.length === 0) return;
    const work = uploadAll(room, uploads)
      .catch((error: unknown) => log.warn({ err: error }, 'a chart could not be shown'))
      .finally(() => uploading.delete(work));
    uploading.add(work);
  };

  const uploadAll = async (room: RoomRef, uploads: readonly Upload[]): Promise<void> => {
    for (const upload of uploads) {
      try {
        await api.upload(room.space, room.room, upload);
      } catch (error) {
        if (reasonOf(error) === undefined) throw error;
        await api.post(room.space, room.room, missing([upload], await wordsOf(room)));
      }
    }
  };

  return {
    async post(room, reply, key) {
      const { space, room: channel } = room;
      const unsure = key !== undefined && (!spoken.has(`${space}/${channel}`) || doubtful.has(key));
      const found = unsure ? await lookFor(space, channel, key) : undefined;
      spoken.add(`${space}/${channel}`);
      if (found) {
        edits.set(space, `${channel}/${found}`, () => api.update(space, channel, found, renderOne(reply), { patient: false }));
        return { ...room, id: found };
      }
      const { uploads } = renderReply(reply);
      const sent = await send(room, renderOne(reply), key);
      uploadAfter(room, uploads);
      return { ...room, room: sent.channel, id: sent.ts };
    },

    async idle() {
      await Promise.all(uploading);
    },

    async update({ space, room, id }, reply) {
      edits.set(space, `${room}/${id}`, () => api.update(space, room, id, renderOne(reply), { patient: false }));
    },

    async whisper({ space, room: channel }, user, reply) {
      try {
        for (const page of renderReply(reply).pages) await api.whisper(space, channel, user.id, page);
        return true;
      } catch (error) {
        if (reasonOf(error) === undefined) throw error;
        log.info({ reason: reasonOf(error) }, 'Slack shows this person nothing of their own now');
        return false;
      }
    },

    async direct(space, user, reply) {
      const { pages, uploads } = renderReply(reply);
      try {
        let channel = user.id;
        if (pages.length === 0) pages.push(plainMessage(uploads.map(({ title }) => title).join(', ')));
        for (const page of pages) channel = (await api.post(space, user.id, page)).channel;
        for (const upload of uploads) await api.upload(space, channel, upload);
      } catch (error) {
        if (isDirectRefused(error)) throw new DirectRefused(`Slack: ${reasonOf(error)}`, { cause: error });
        throw error;
      }
    },
  };
}
