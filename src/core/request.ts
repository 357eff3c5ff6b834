import type { Params } from './i18n.ts';
import type { Locale } from './locale.ts';

export const PLATFORMS = ['discord', 'slack', 'web', 'terminal'] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface User {
  id: string;
  /** As the platform shows it: untrusted text. */
  name: string;
  /** May moderate the room (Discord: Manage Messages; Slack: workspace admin; web: the host; terminal: who runs it). */
  admin?: boolean;
  /** Looks after the whole space (Discord: Manage Server; Slack: workspace admin; web: the host; terminal: who runs it). */
  manager?: boolean;
  /** Ids of the roles that the person has there, where the platform has roles. */
  roles?: readonly string[];
}

/** A file that came with a request. Its bytes are fetched when a command wants them. */
export interface Upload {
  name: string;
  /** Bytes, as the platform says. */
  size: number;
  /** @throws UserError `upload-refused` when the platform does not hand it over */
  read(): Promise<Uint8Array>;
}

/** A message that somebody pointed at. */
export interface SaidMessage {
  author: { id: string; name: string };
  text: string;
  url?: string | undefined;
}

/** Where messages go. The triple is the key in every table, so two servers never share a score by accident. */
export interface RoomRef {
  platform: Platform;
  /** Server, workspace or, on web and terminal, `local`. */
  space: string;
  room: string;
}

/** What a person did, in no platform's terms. Exactly one of `command` and `action` is set. */
export interface Request extends RoomRef {
  /** The platform's delivery id: the same id twice has one effect. */
  id: string;
  /** The platform's id of the thread, where the talk is in one: questions in it are read in the light of its last answer. */
  thread?: string;
  user: User;
  /** As the platform tells it; `/lang` and the language of a question go before it. */
  locale?: Locale;
  command?: string;
  /** The command was made of plain text, which may answer what is open instead. */
  bare?: true;
  /** Id of a pressed button, see ids.ts. */
  action?: string;
  /**
   * Why the bot cannot post here by itself (a missing permission, a place where it is only a guest), as code and
   * params of a UserError. Commands that post later, such as a quiz, refuse with it.
   */
  cannotPost?: { code: string; params: Params };
  /** Raw option values; dispatch validates them against the command's table. */
  options: RawOptions;
  /** Files that came with it, for an option of the type `file`. */
  files?: readonly Upload[];
  /** A conversation with the bot alone. */
  direct?: boolean;
  /** The message that a command from a message's menu is about. */
  about?: SaidMessage;
  /** Milliseconds since the epoch. */
  receivedAt: number;
}

export type RawOptions = Record<string, string | number | boolean>;

/** A sent message that can be edited later; plain data, so that it can be stored. */
export interface MessageRef extends RoomRef {
  id: string;
}
