import { OAuth2Scopes, PermissionFlagsBits, PermissionsBitField } from 'discord.js';
import type { Translate } from '../../core/i18n.ts';

/** What posting a board takes, with the key under which the strings name it as Discord's settings do. */
const POSTING = [
  ['ViewChannel', 'view-channel'],
  ['SendMessages', 'send-messages'],
  ['SendMessagesInThreads', 'send-in-threads'],
  ['EmbedLinks', 'embed-links'],
  ['AttachFiles', 'attach-files'],
] as const;

/** The least that the bot needs: to post boards with charts, and to reply to the message that mentioned it. */
const INVITED_WITH = [...POSTING.map(([name]) => name), 'ReadMessageHistory'] as const;

/** What is missing for posting in a channel or thread, in the words of Discord's settings; empty when nothing is. */
export function missingFor(granted: Readonly<PermissionsBitField>, inThread: boolean, t: Translate): string {
  const other = inThread ? 'SendMessages' : 'SendMessagesInThreads';
  return POSTING.filter(([name]) => name !== other && !granted.has(PermissionFlagsBits[name]))
    .map(([, key]) => t(`discord.permission-${key}`))
    .join(', ');
}

/** May look after the channel: what `user.admin` means on Discord. */
export function isModerator(granted: Readonly<PermissionsBitField> | null): boolean {
  return granted?.any([PermissionFlagsBits.ManageMessages, PermissionFlagsBits.ManageGuild]) ?? false;
}

/** May look after the whole server: what `user.manager` means on Discord. */
export function isManager(granted: Readonly<PermissionsBitField> | null): boolean {
  return granted?.has(PermissionFlagsBits.ManageGuild) ?? false;
}

/** The link with which a server's owner adds the bot, with the least permissions. */
export function inviteLink(applicationId: string): string {
  const permissions = new PermissionsBitField(INVITED_WITH.map((name) => PermissionFlagsBits[name]));
  const scopes = [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join('+');
  return `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=${scopes}&permissions=${permissions.bitfield}`;
}
