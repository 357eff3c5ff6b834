import type { Message } from 'discord.js';
import { isWelcome } from '../../core/asked.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import type { Translate } from '../../core/i18n.ts';
import { detectLocale } from '../../core/locale.ts';
import { type Reply, say } from '../../core/reply.ts';
import type { RoomRef, User } from '../../core/request.ts';
import { asAnswer } from '../../quiz/bare.ts';
import { decodeMessage, missingInChannel, spaceOf } from './decode.ts';
import { isDirectRefused, isPlaceClosed } from './errors.ts';
import { createNote } from './left.ts';
import { nonceOf } from './nonce.ts';
import { interrupted } from './patience.ts';
import { isPersonal, type RespondDeps } from './respond.ts';
import { createSurface, type Place } from './surface.ts';
import type { Heard } from './talk.ts';

/** Answers direct messages, messages that mention the bot by name, and questions below its answers. Never rejects. */
export function createListener(deps: RespondDeps): (message: Message) => Promise<void> {
  const { services, talk, closing } = deps;
  return async (message) => {
    const log = services.log.child({ request: message.id, platform: 'discord' });
    try {
      if (closing.aborted) return;
      const heard = await talk.hears(message);
      if (heard && (await services.deliveries.take('discord', message.id, true)))
        await answer(deps, message, heard, await translator(deps, message));
    } catch (error) {
      log.error({ err: error }, 'a message could not be answered');
    }
  };
}

async function answer(deps: RespondDeps, message: Message, heard: Heard, t: Translate): Promise<void> {
  const { services, dispatch, closing, presenter, api, talk } = deps;
  const missing = missingInChannel(message.channel, t);
  const place = beside(deps, message);
  const under = createNote(services, whereOf(message));
  const surface = createSurface({ ...deps, ...services, begun: under.shown }, place);
  const note = (key: string) =>
    presenter.send(say([{ type: 'note', text: t(key) }]), (payload) => api.post(message.channelId, payload, { replyTo: message.id }));
  try {
    const hooks = { signal: closing, progress: surface.progress };
    let isAnswer = false;
    const said = await read(t, async () => {
      const request = await asAnswer(services, decodeMessage(services, message, missing, heard.thread));
      isAnswer = request.bare === true && request.command === 'answer';
      return heard.overheard?.board && !isAnswer ? undefined : dispatch(request, hooks);
    });
    // What is said below a board and answers nothing is talk between people.
    if (!said) return;
    const reply = await interrupted(services, closing, whereOf(message), said);
    if (heard.overheard && !isAnswer && !isWelcome(reply, heard.overheard)) return;
    if (!place.privately(reply) || reply.blocks.length === 0 || reply.echo) {
      await surface.show(reply);
      await under.over();
      const shown = surface.message();
      if (shown?.real) await talk.answered(whereOf(message), message.author, shown.real, reply, heard.thread);
      return;
    }
    const sent = await surface.show(reply).then(
      () => true,
      (error: unknown) => {
        if (isDirectRefused(error)) return false;
        throw error;
      },
    );
    // Who answers a quiz in the channel is not told there each time where the receipt is.
    if (!(sent && isAnswer)) await note(sent ? 'discord.sent-privately' : 'discord.direct-closed');
  } catch (error) {
    if (!isPlaceClosed(error)) throw error;
    // The bot may not write where it was asked: the person hears it in private, or the log does.
    const reason = new UserError(missing ? 'discord-missing-permission' : 'discord-channel-closed', { permissions: missing });
    await services.outbox.direct('discord', spaceOf(message), message.author, errorReply(reason, t));
  }
}

function whereOf(message: Message): RoomRef & { user: User } {
  const { id, displayName } = message.author;
  return { platform: 'discord', space: spaceOf(message), room: message.channelId, user: { id, name: displayName } };
}

async function read(t: Translate, run: () => Promise<Reply | undefined>): Promise<Reply | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return errorReply(error, t);
  }
}

/** Replies stand below the message; what is personal goes to the person's direct messages. */
function beside({ api }: RespondDeps, message: Message): Place {
  const channels = new Map<string, string>();
  return {
    privately: (reply) => message.guildId !== null && isPersonal(reply),
    async create(payload, privately) {
      const channel = privately ? await api.openDirect(message.author.id) : message.channelId;
      // Discord posts it once, should two processes be told of the message while the database cannot say whose it is.
      const nonce = nonceOf(`${message.id}/${channels.size}`);
      const { id } = await api.post(channel, payload, privately ? { nonce } : { nonce, replyTo: message.id });
      channels.set(id, channel);
      return id;
    },
    edit: async (id, payload) => (await api.edit(channels.get(id)!, id, payload)).id,
    remove: (id) => api.delete(channels.get(id)!, id),
  };
}

/** For what is said before a command runs: the person's or the channel's `/lang`, else the language of the message. */
async function translator({ services }: RespondDeps, message: Message): Promise<Translate> {
  const { settings, config, i18n } = services;
  const set = (kind: 'user' | 'room', id: string) => settings.localeOf('discord', spaceOf(message), kind, id);
  return i18n(
    (await set('user', message.author.id)) ??
      (await set('room', message.channelId)) ??
      detectLocale(message.content) ??
      config.defaultLocale,
  );
}
