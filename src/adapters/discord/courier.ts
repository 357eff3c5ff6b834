import { UserError } from '../../core/errors.ts';
import type { Translate } from '../../core/i18n.ts';
import { type Courier, DirectRefused, PostRefused } from '../../core/outbox.ts';
import type { Reply } from '../../core/reply.ts';
import type { MessageRef } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { Api } from './api.ts';
import { createAttachments } from './attachments.ts';
import type { Edits } from './edits.ts';
import { isBadForm, isDirectRefused, isMessageGone, isPlaceClosed } from './errors.ts';
import { nonceOf } from './nonce.ts';
import type { Presenter } from './presenter.ts';
import type { Receipts } from './receipts.ts';

export interface CourierDeps {
  services: Services;
  /** What the bot lacks for posting in a channel, in words, as far as this process knows the channel. */
  missing: (room: string, t: Translate) => string;
  api: Api;
  presenter: Presenter;
  edits: Edits;
  receipts: Receipts;
}

/** Boards and reminders: ordinary messages of the bot, which stay editable when interactions are long forgotten. */
export function createCourier({ services, missing, api, presenter, edits, receipts }: CourierDeps): Courier {
  const { log, i18n, config, settings } = services;
  const attachments = createAttachments();
  const directs = new Map<string, string>();

  /** What to tell people about a channel that is closed to the bot. */
  const refused = async (space: string, room: string, cause: unknown): Promise<PostRefused> => {
    const t = i18n((await settings.localeOf('discord', space, 'room', room)) ?? config.defaultLocale);
    const permissions = missing(room, t);
    const code = permissions ? 'discord-missing-permission' : 'discord-channel-closed';
    return new PostRefused(new UserError(code, { permissions }), { cause });
  };

  const update = async ({ room, id }: MessageRef, reply: Reply): Promise<void> => {
    await presenter.send(reply, async (payload) => {
      const lean = attachments.reuse(id, payload);
      try {
        attachments.learn(await api.edit(room, id, lean), payload);
      } catch (error) {
        if (lean === payload || !isBadForm(error)) throw error;
        attachments.learn(await api.edit(room, id, payload), payload);
      }
    });
  };

  return {
    async post({ space, room, platform }, reply, key) {
      try {
        const nonce = key === undefined ? undefined : nonceOf(key);
        const message = await presenter.send(reply, async (payload) => {
          const sent = await api.post(room, payload, nonce === undefined ? {} : { nonce });
          attachments.learn(sent, payload);
          return sent;
        });
        return { platform, space, room, id: message.id };
      } catch (error) {
        if (isPlaceClosed(error)) throw await refused(space, room, error);
        throw error;
      }
    },
    async update(message, reply) {
      edits.push(message.id, () =>
        update(message, reply).catch((error: unknown) => {
          // Somebody deleted the board, or took the channel away: the game goes on without it.
          if (!isMessageGone(error) && !isPlaceClosed(error)) throw error;
          log.info({ message: message.id, err: error }, 'a board can no longer be edited');
        }),
      );
    },
    whisper: ({ space, room }, user, reply) => receipts.whisper({ space, room, user }, reply),
    async direct(_space, { id: user }, reply) {
      try {
        const channel = directs.get(user) ?? (await api.openDirect(user));
        if (directs.size > 1_000) directs.clear();
        directs.set(user, channel);
        await presenter.send(reply, (payload) => api.post(channel, payload));
      } catch (error) {
        if (isDirectRefused(error)) throw new DirectRefused('direct messages are closed', { cause: error });
        throw error;
      }
    },
  };
}
