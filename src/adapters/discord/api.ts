import {
  type APIMessage,
  type APIModalInteractionResponseCallbackData,
  InteractionResponseType,
  MessageFlags,
  type RawFile,
  type REST,
  Routes,
} from 'discord.js';
import type { Payload } from './render.ts';

/** What names an interaction towards Discord. */
export interface Ticket {
  id: string;
  token: string;
}

type Acknowledgement = 'think' | 'think-privately' | 'press';

/** The few calls that the bot makes, as plain payloads through the client's own queue of requests. */
export interface Api {
  /** The first answer to an interaction; due within three seconds. */
  acknowledge(ticket: Ticket, how: Acknowledgement): Promise<void>;
  /** A first answer that is also the last one, seen only by the person. */
  answerPrivately(ticket: Ticket, payload: Payload): Promise<void>;
  /** A first answer to a press: a form, whose sending is an interaction of its own. */
  openForm(ticket: Ticket, form: APIModalInteractionResponseCallbackData): Promise<void>;
  complete(ticket: Ticket, choices: { name: string; value: string }[]): Promise<void>;
  followUp(ticket: Ticket, payload: Payload, privately: boolean): Promise<APIMessage>;
  /** `@original` is the first answer, or the message whose button was pressed. */
  editAnswer(ticket: Ticket, message: string, payload: Payload): Promise<APIMessage>;
  deleteAnswer(ticket: Ticket, message: string): Promise<void>;
  post(channel: string, payload: Payload, more?: { nonce?: string; replyTo?: string }): Promise<APIMessage>;
  edit(channel: string, message: string, payload: Payload): Promise<APIMessage>;
  delete(channel: string, message: string): Promise<void>;
  /** The channel of direct messages with a person. */
  openDirect(user: string): Promise<string>;
}

const ACKNOWLEDGEMENTS = {
  think: { type: InteractionResponseType.DeferredChannelMessageWithSource },
  // Only this flag may stand here; the layout is named when the answer comes.
  'think-privately': { type: InteractionResponseType.DeferredChannelMessageWithSource, data: { flags: MessageFlags.Ephemeral } },
  press: { type: InteractionResponseType.DeferredMessageUpdate },
} as const;

const WAIT = new URLSearchParams({ wait: 'true' });

/** @param application id of the bot's application */
export function createApi(rest: REST, application: () => string): Api {
  // An interaction's token is in the address. Sending the bot's own along would lose it to the first 401.
  const answering = { auth: false } as const;
  const callback = async ({ id, token }: Ticket, body: unknown, files: RawFile[] = []): Promise<void> => {
    await rest.post(Routes.interactionCallback(id, token), { ...answering, body, files });
  };
  return {
    acknowledge: (ticket, how) => callback(ticket, ACKNOWLEDGEMENTS[how]),
    answerPrivately: (ticket, payload) =>
      callback(ticket, { type: InteractionResponseType.ChannelMessageWithSource, data: privateBody(payload) }, filesOf(payload)),
    openForm: (ticket, data) => callback(ticket, { type: InteractionResponseType.Modal, data }),
    complete: (ticket, choices) =>
      callback(ticket, { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } }),
    followUp: (ticket, payload, privately) =>
      rest.post(Routes.webhook(application(), ticket.token), {
        ...answering,
        query: WAIT,
        body: privately ? privateBody(payload) : payload.body,
        files: filesOf(payload),
      }) as Promise<APIMessage>,
    editAnswer: (ticket, message, payload) =>
      rest.patch(Routes.webhookMessage(application(), ticket.token, message), {
        ...answering,
        body: payload.body,
        files: filesOf(payload),
      }) as Promise<APIMessage>,
    async deleteAnswer(ticket, message) {
      await rest.delete(Routes.webhookMessage(application(), ticket.token, message), answering);
    },
    post: (channel, payload, { nonce, replyTo } = {}) =>
      rest.post(Routes.channelMessages(channel), {
        body: {
          ...payload.body,
          ...(nonce && { nonce, enforce_nonce: true }),
          ...(replyTo && {
            message_reference: { message_id: replyTo, fail_if_not_exists: false },
            allowed_mentions: { ...payload.body.allowed_mentions, replied_user: false },
          }),
        },
        files: filesOf(payload),
      }) as Promise<APIMessage>,
    edit: (channel, message, payload) =>
      rest.patch(Routes.channelMessage(channel, message), { body: payload.body, files: filesOf(payload) }) as Promise<APIMessage>,
    async delete(channel, message) {
      await rest.delete(Routes.channelMessage(channel, message));
    },
    async openDirect(user) {
      const { id } = (await rest.post(Routes.userChannels(), { body: { recipient_id: user } })) as { id: string };
      return id;
    },
  };
}

function privateBody({ body }: Payload) {
  return { ...body, flags: (body.flags ?? 0) | MessageFlags.Ephemeral };
}

function filesOf({ files }: Payload): RawFile[] {
  return files.map(({ name, data, contentType }) => ({ name, data, contentType }));
}
