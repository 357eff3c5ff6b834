import {
  type BaseInteraction,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import { isWhispered } from '../../core/command.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import { parseActionId } from '../../core/ids.ts';
import { toLocale } from '../../core/locale.ts';
import type { Reply } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { Api, Ticket } from './api.ts';
import { autocomplete } from './autocomplete.ts';
import { decodeCommand, decodeMenu, decodePress, type Press, pressedId } from './decode.ts';
import { isAlreadyAcknowledged, isInteractionGone } from './errors.ts';
import { type Forms, toModal } from './forms.ts';
import { createNote } from './left.ts';
import type { Pages } from './pages.ts';
import { createPatience } from './patience.ts';
import type { Presenter } from './presenter.ts';
import type { Receipts } from './receipts.ts';
import { createSurface, type Place, type Shown, type Surface } from './surface.ts';
import type { Talk } from './talk.ts';

export interface RespondDeps {
  services: Services;
  dispatch: Dispatch;
  api: Api;
  presenter: Presenter;
  pages: Pages;
  receipts: Receipts;
  talk: Talk;
  forms: Forms;
  /** Aborted when the bot stops: runs are given up, and nothing new is taken on. */
  closing: AbortSignal;
}

/** Answers interactions: acknowledge first, then work, then show. Never rejects. */
export function createResponder(deps: RespondDeps): (interaction: BaseInteraction) => Promise<void> {
  const { services, api, closing } = deps;
  return async (interaction) => {
    const log = services.log.child({ request: interaction.id, platform: 'discord' });
    try {
      if (!(await services.deliveries.take('discord', interaction.id, true))) return;
      if (interaction.isAutocomplete()) {
        const choices = await autocomplete(services, interaction).catch((error: unknown) => {
          log.error({ err: error }, 'autocomplete failed');
          return [];
        });
        await api.complete(interaction, choices);
      } else if (
        interaction.isChatInputCommand() ||
        interaction.isMessageContextMenuCommand() ||
        interaction.isMessageComponent() ||
        interaction.isModalSubmit()
      ) {
        if (closing.aborted) await refuse(deps, interaction);
        else if (interaction.isChatInputCommand() || interaction.isMessageContextMenuCommand()) await command(deps, interaction);
        else if (interaction.isMessageComponent()) await press(deps, interaction);
        // All our forms are behind buttons.
        else if (interaction.isFromMessage()) await press(deps, interaction);
      }
    } catch (error) {
      const age = services.clock.now() - interaction.createdTimestamp;
      // A person's patience or Discord's is over; there is nobody left to tell.
      if (error instanceof AnsweredElsewhere) log.info({ age }, 'another process answers this interaction');
      else if (isInteractionGone(error)) log.warn({ age, err: error }, 'the interaction is gone: it was answered too late');
      else log.error({ age, err: error }, 'an interaction could not be answered');
    }
  };
}

async function command(deps: RespondDeps, interaction: ChatInputCommandInteraction | MessageContextMenuCommandInteraction): Promise<void> {
  const { services, api } = deps;
  const request = interaction.isChatInputCommand() ? decodeCommand(services, interaction) : decodeMenu(services, interaction);
  const privately = isWhispered(services.registry.get(interaction.commandName), request.options);
  await acknowledge(deps, interaction, privately ? 'think-privately' : 'think');
  const place: Place = {
    privately: (reply) => privately || reply.visibility === 'private',
    create: async (payload, alone) => (await api.followUp(interaction, payload, alone)).id,
    edit: async (id, payload) => (await api.editAnswer(interaction, id, payload)).id,
    remove: (id) => api.deleteAnswer(interaction, id),
  };
  await answer(deps, request, interaction, place, { id: '@original', privately });
}

async function press(deps: RespondDeps, interaction: Press): Promise<void> {
  const { services, api } = deps;
  if (interaction.isMessageComponent()) {
    const button = pressedId(interaction);
    const form = await deps.forms.find(button);
    if (form) return api.openForm(interaction, toModal(button, form));
  }
  await acknowledge(deps, interaction, 'press');
  const alone = interaction.message.flags.has(MessageFlags.Ephemeral);
  const mine = alone || ownerOf(interaction) === interaction.user.id;
  const place: Place = {
    // On a message that somebody else called up, what I press is my own affair and shows to me alone.
    privately: (reply) => alone || !mine || reply.visibility === 'private',
    create: async (payload, privately) => (await api.followUp(interaction, payload, privately)).id,
    edit: async (id, payload) => (await api.editAnswer(interaction, id, payload)).id,
    remove: (id) => api.deleteAnswer(interaction, id),
  };
  const pressed: Shown = { id: '@original', privately: alone, borrowed: true };
  const request = decodePress(services, interaction);
  const { command: name, action, args } = readAction(request.action!);
  if (name === 'discord' && action === 'page') return turnPage(deps, interaction, args, place, mine ? pressed : undefined);
  const turnsOver = mine && (services.registry.get(name)?.navigates?.includes(action) ?? false);
  await answer(deps, request, interaction, place, turnsOver ? pressed : undefined);
}

/** Runs a request and shows what comes of it. */
async function answer(deps: RespondDeps, request: Request, ticket: Ticket, place: Place, first: Shown | undefined): Promise<void> {
  const { receipts } = deps;
  receipts.met(request, ticket);
  const note = createNote(deps.services, request);
  const surface = createSurface({ ...deps, ...deps.services, begun: note.shown }, place, first);
  const patience = createPatience(deps, request, place, surface);
  const reply = await patience.instead(await deps.dispatch(request, { signal: patience.signal, progress: surface.progress }));
  if (patience.parked()) {
    await postInstead(deps, request, surface, reply);
    return note.over();
  }
  const slot = place.privately(reply) ? reply.slot : undefined;
  try {
    await surface.show(reply);
    const message = surface.message();
    if (slot !== undefined && message !== undefined) await receipts.keep(request, slot, ticket, message.id);
  } catch (error) {
    if (!isInteractionGone(error) || place.privately(reply) || request.cannotPost) throw error;
    await postInstead(deps, request, surface, reply);
  }
  await note.over();
  const shown = surface.message();
  if (shown?.real && !shown.privately) await deps.talk.answered(request, request.user, shown.real, reply);
}

/** The work took longer than the token lives: the answer is said as an ordinary message, and what stood there goes. */
async function postInstead({ services, api }: RespondDeps, request: Request, surface: Surface, reply: Reply): Promise<void> {
  const { platform, space, room } = request;
  const { result } = reply;
  const cancelled = result?.kind === 'error' && result.code === 'run-cancelled';
  if (!cancelled) await services.outbox.post({ platform, space, room }, reply, request.id);
  const stale = surface.message();
  if (!stale?.real || stale.borrowed) return;
  await api
    .delete(room, stale.real)
    .catch((error: unknown) => services.log.info({ err: error }, 'what stood there could not be taken away'));
}

async function turnPage(
  deps: RespondDeps,
  interaction: Press,
  [key = '', page = '0']: string[],
  place: Place,
  pressed: Shown | undefined,
): Promise<void> {
  const reply = await deps.pages.find(key);
  if (!reply) {
    const gone = errorReply(new UserError('stale-button'), translator(deps.services, interaction));
    await deps.presenter.send(gone, (payload) => deps.api.followUp(interaction, payload, true));
    return;
  }
  await deps.presenter.send(
    reply,
    (payload) => (pressed ? place.edit(pressed.id, payload) : place.create(payload, place.privately(reply))),
    Number(page),
  );
}

/** Another process was faster, while the database could not tell whose it is. */
class AnsweredElsewhere extends Error {}

/** @throws when Discord no longer takes the answer; then nobody would see what the work brings. */
async function acknowledge({ services, api }: RespondDeps, interaction: BaseInteraction, how: Parameters<Api['acknowledge']>[1]) {
  const { log, clock } = services;
  try {
    await api.acknowledge(interaction, how);
  } catch (error) {
    // The client repeats a request whose answer it lost; that the first got through is all we want.
    if (!isAlreadyAcknowledged(error)) throw error;
    if ((await services.cluster?.sure()) === 'unknown') throw new AnsweredElsewhere();
    log.info({ request: interaction.id }, 'acknowledged already');
  }
  log.debug({ request: interaction.id, ms: clock.now() - interaction.createdTimestamp }, 'acknowledged');
}

async function refuse({ services, api, presenter }: RespondDeps, interaction: BaseInteraction): Promise<void> {
  const reply = errorReply(new UserError('discord-restarting'), translator(services, interaction));
  await presenter.send(reply, (payload) => api.answerPrivately(interaction, payload));
}

function translator({ i18n, config }: Services, { locale }: BaseInteraction) {
  return i18n(toLocale(locale) ?? config.defaultLocale);
}

/** Who called up the message that holds the button; nobody for boards, and everyone in a private conversation. */
function ownerOf({ message, guildId, user }: Press): string | undefined {
  if (guildId === null) return user.id;
  return message.interactionMetadata?.user.id ?? message.mentions.repliedUser?.id;
}

/** A forged or outdated id is left to dispatch, which says so kindly. */
function readAction(id: string): ReturnType<typeof parseActionId> | { command: ''; action: ''; args: string[] } {
  try {
    return parseActionId(id);
  } catch {
    return { command: '', action: '', args: [] };
  }
}

/** Replies of a kind that only the person who asked is to see. */
export function isPersonal(reply: Reply): boolean {
  return reply.visibility === 'private' && reply.result?.kind !== 'error';
}
