import {
  type AutocompleteInteraction,
  type BaseInteraction,
  type Channel,
  ChannelType,
  type ChatInputCommandInteraction,
  type User as DiscordUser,
  type GuildMember,
  InteractionContextType,
  type Message,
  type MessageComponentInteraction,
  type MessageContextMenuCommandInteraction,
  type ModalMessageModalSubmitInteraction,
  type PermissionsBitField,
} from 'discord.js';
import type { Command } from '../../core/command.ts';
import { UserError } from '../../core/errors.ts';
import type { Translate } from '../../core/i18n.ts';
import { actionId } from '../../core/ids.ts';
import { toLocale } from '../../core/locale.ts';
import { parseOptions, parseText } from '../../core/parse.ts';
import type { RawOptions, Request, Upload, User } from '../../core/request.ts';
import { visible } from '../../core/visible.ts';
import { fetchUpload } from '../../own-notes/upload.ts';
import type { Services } from '../../services.ts';
import { SAVE_AS_NOTE } from './commands.ts';
import { FIELD } from './forms.ts';
import { inviteLink, isManager, isModerator, missingFor } from './permissions.ts';

/** Direct messages belong to no server. */
const DIRECT = 'dm';

/** The space of the tables: the server. */
export function spaceOf({ guildId }: { guildId: string | null }): string {
  return guildId ?? DIRECT;
}

/** Something done to a message that has buttons. */
export type Press = MessageComponentInteraction | ModalMessageModalSubmitInteraction;

type DecodeDeps = Pick<Services, 'clock' | 'config' | 'i18n' | 'registry'>;

/** A slash command as a Request. */
export function decodeCommand(deps: DecodeDeps, interaction: ChatInputCommandInteraction): Request {
  const command = deps.registry.get(interaction.commandName);
  const options: RawOptions = {};
  const split = Object.entries(command?.options ?? {}).find(([, option]) => option.type === 'choice' && option.subcommand)?.[0];
  const chosen = interaction.options.getSubcommand(false);
  if (split && chosen) options[split] = chosen;
  Object.assign(options, givenOptions(interaction));
  const files = filesOf(interaction, command);
  return {
    ...base(deps, interaction),
    command: interaction.commandName,
    options: command ? unpasted(command, options) : options,
    ...(files.length > 0 && { files }),
  };
}

/** Attachments of the options that take a file; their bytes are on Discord's content network. */
function filesOf(interaction: ChatInputCommandInteraction, command: Command | undefined): Upload[] {
  return Object.entries(command?.options ?? {}).flatMap(([name, option]) => {
    const attachment = option.type === 'file' ? interaction.options.getAttachment(name) : null;
    if (!attachment) return [];
    const { name: file, size, url } = attachment;
    return [{ name: file, size, read: () => fetchUpload(file, url) }];
  });
}

/** An entry of a message's menu: the message comes with it. */
export function decodeMenu(deps: DecodeDeps, interaction: MessageContextMenuCommandInteraction): Request {
  const { author, member, content, url } = interaction.targetMessage;
  const name = (member && 'displayName' in member ? member.displayName : null) ?? author.displayName;
  return {
    ...base(deps, interaction),
    action: interaction.commandName === SAVE_AS_NOTE ? actionId('notes', 'keep') : '',
    options: {},
    about: { author: { id: author.id, name }, text: content, url },
  };
}

/** A line as a run prints it, put into one field as a whole: `/demo gradient-norms depth:20 seed:7`. */
function unpasted(command: Command, options: RawOptions): RawOptions {
  if (!Object.values(command.options).some(({ type }) => type === 'pairs')) return options;
  for (const [name, value] of Object.entries(options)) {
    const option = command.options[name];
    const line = typeof value === 'string' ? /^\s*[/／](?:tutor\s+)?([\w-]+)\s+(\S[\s\S]*)$/u.exec(value) : null;
    const rest =
      line?.[1] === command.name ? line[2]! : option?.positional && /\s\S+[:=：]\S/u.test(String(value)) ? String(value) : undefined;
    if (rest === undefined) continue;
    const { [name]: _, ...others } = options;
    try {
      return { ...parseOptions(command, rest), ...others };
    } catch (error) {
      // It stays what it is, and is answered as that.
      if (!(error instanceof UserError)) throw error;
    }
  }
  return options;
}

/** The options as the person has filled them in so far, those of a subcommand included. */
export function givenOptions(interaction: ChatInputCommandInteraction | AutocompleteInteraction): RawOptions {
  const { data } = interaction.options;
  const given = interaction.options.getSubcommand(false) ? (data[0]?.options ?? []) : data;
  return Object.fromEntries(given.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

/** A press on a button, a choice from a menu that stands for several of them, or what was typed into a button's form. */
export function decodePress(deps: DecodeDeps, interaction: Press): Request {
  if (interaction.isModalSubmit()) {
    const field = interaction.fields.fields.get(FIELD);
    const text = field && 'value' in field && typeof field.value === 'string' ? visible(field.value) : '';
    return { ...base(deps, interaction), action: interaction.customId, options: { text } };
  }
  return { ...base(deps, interaction), action: pressedId(interaction), options: {} };
}

/** The id of the button that a press means. */
export function pressedId(interaction: MessageComponentInteraction): string {
  return interaction.isStringSelectMenu() ? (interaction.values[0] ?? '') : interaction.customId;
}

/**
 * A message that speaks to the bot. Its language is not told, so it is left to the text and the settings.
 * @param thread the answer of ours below which it stands
 * @param missing the permissions that the bot lacks for posting there
 * @throws UserError when it is a command that cannot be read.
 */
export function decodeMessage(deps: DecodeDeps, message: Message, missing: string, thread?: string): Request {
  const me = message.client.user.id;
  const text = message.content.replaceAll(new RegExp(`<@!?${me}>`, 'g'), ' ').trim();
  return {
    id: message.id,
    platform: 'discord',
    space: spaceOf(message),
    room: message.channelId,
    ...(thread !== undefined && { thread }),
    user: {
      id: message.author.id,
      name: message.member?.displayName ?? message.author.displayName,
      admin: message.guildId === null || isModerator(permissionsOf(message.channel, message.member)),
    },
    ...(missing && { cannotPost: { code: 'discord-missing-permission', params: { permissions: missing } } }),
    receivedAt: deps.clock.now(),
    ...parseText(text === '' ? '/help' : text, deps.registry),
  };
}

/** What the bot itself lacks for posting in a channel, in words; empty where nothing is missing or nothing is known. */
export function missingInChannel(channel: Channel, t: Translate): string {
  const granted = permissionsOf(channel, channel.client.user);
  return granted ? missingFor(granted, channel.isThread(), t) : '';
}

function permissionsOf(channel: Channel, who: GuildMember | DiscordUser | null): Readonly<PermissionsBitField> | null {
  return who && 'permissionsFor' in channel ? channel.permissionsFor(who) : null;
}

/** What every interaction tells: who, where, in which language, and whether the bot may post there. */
export function base(deps: DecodeDeps, interaction: BaseInteraction): Omit<Request, 'options'> {
  const locale = toLocale(interaction.locale);
  const cannotPost = obstacle(deps, interaction);
  return {
    id: interaction.id,
    platform: 'discord',
    space: spaceOf(interaction),
    room: interaction.channelId ?? DIRECT,
    user: userOf(interaction),
    ...(interaction.guildId === null && { direct: true }),
    ...(locale && { locale }),
    ...(cannotPost && { cannotPost }),
    receivedAt: deps.clock.now(),
  };
}

function userOf({ user, member, memberPermissions, guildId }: BaseInteraction): User {
  const nick = member && ('displayName' in member ? member.displayName : member.nick);
  const roles = member === null ? [] : 'cache' in member.roles ? [...member.roles.cache.keys()] : member.roles;
  const rights = { admin: guildId === null || isModerator(memberPermissions), manager: isManager(memberPermissions), roles };
  return { id: user.id, name: nick || user.displayName, ...rights };
}

function obstacle({ i18n, config }: DecodeDeps, interaction: BaseInteraction): Request['cannotPost'] {
  if (interaction.context === InteractionContextType.PrivateChannel) return { code: 'discord-private-channel', params: {} };
  if (interaction.context === InteractionContextType.BotDM) return undefined;
  if (interaction.authorizingIntegrationOwners.guildId === null) {
    return { code: 'discord-guest', params: { invite: inviteLink(interaction.applicationId) } };
  }
  const t = i18n(toLocale(interaction.locale) ?? config.defaultLocale);
  const permissions = missingFor(interaction.appPermissions, isThread(interaction), t);
  return permissions === '' ? undefined : { code: 'discord-missing-permission', params: { permissions } };
}

const THREADS = new Set([ChannelType.PublicThread, ChannelType.PrivateThread, ChannelType.AnnouncementThread]);

function isThread({ channel }: BaseInteraction): boolean {
  return channel !== null && THREADS.has(channel.type as ChannelType.PublicThread);
}
