import type { Logger } from 'pino';
import { type Courier, DirectRefused } from '../../core/outbox.ts';
import type { RoomRef } from '../../core/request.ts';
import type { SlackApi } from './api.ts';
import type { Edits } from './edits.ts';
import { isDirectRefused, reasonOf } from './errors.ts';
import { plainMessage, renderOne, renderReply, type SlackMessage } from './render.ts';

export interface CourierDeps {
  api: SlackApi;
  edits: Edits;
  log: Logger;
}

/** How the bot speaks by itself on Slack. */
export function createCourier({ api, edits, log }: CourierDeps): Courier {
  /** Rooms where this process has posted: only before its first post there may an older process have left one unrecorded. */
  const spoken = new Set<string>();
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

  /** A quiz must not hang because an answer of Slack was lost: we look whether the message is there, else post it again. */
  const send = async (room: RoomRef, message: SlackMessage, key?: string, tries = 3): Promise<{ channel: string; ts: string }> => {
    const { space, room: channel } = room;
    try {
      return await api.post(space, channel, message, { key });
    } catch (error) {
      if (tries === 1 || key === undefined || reasonOf(error) !== 'unreachable') throw error;
      const ts = await lookFor(space, channel, key);
      return ts ? { channel, ts } : send(room, message, key, tries - 1);
    }
  };

  return {
    async post(room, reply, key) {
      const { space, room: channel } = room;
      const fresh = !spoken.has(`${space}/${channel}`);
      const found = fresh && key !== undefined ? await lookFor(space, channel, key) : undefined;
      spoken.add(`${space}/${channel}`);
      if (found) {
        edits.set(space, `${channel}/${found}`, () => api.update(space, channel, found, renderOne(reply), { patient: false }));
        return { ...room, id: found };
      }
      // The chart comes first, so that the message with the buttons stands below it, and is the one that is edited.
      for (const upload of renderReply(reply).uploads) {
        await api.upload(space, channel, upload).catch((error: unknown) => {
          if (reasonOf(error) === undefined) throw error;
        });
      }
      const sent = await send(room, renderOne(reply), key);
      return { ...room, room: sent.channel, id: sent.ts };
    },

    async update({ space, room, id }, reply) {
      edits.set(space, `${room}/${id}`, () => api.update(space, room, id, renderOne(reply), { patient: false }));
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
