import type { Overheard } from '../../core/asked.ts';
import type { Registry } from '../../core/command.ts';
import { UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { type ParsedCommand, parseText } from '../../core/parse.ts';
import type { Reply } from '../../core/reply.ts';
import type { RawOptions, SaidMessage, Upload } from '../../core/request.ts';
import { unescapeText } from './limits.ts';

/** Where a reply goes, and what Slack offers for it. */
export interface Origin {
  space: string;
  user: string;
  /** As Slack's message itself says; may be all we ever learn. */
  userName?: string | undefined;
  /** The channel; a person's conversation with us for what comes from the App Home. */
  channel: string;
  /**
   * Surely a conversation with us alone, so that everything in it is private already. A slash command may come from
   * a conversation of two other people, and does not tell.
   */
  direct: boolean;
  /** The thread to answer in. */
  thread?: string | undefined;
  /** Pressed in a message that only this person sees. */
  ephemeral?: boolean;
  /** Answers through Slack's response_url: five times, within half an hour, also where we are no member. */
  respond?: ((message: Record<string, unknown>) => Promise<unknown>) | undefined;
}

/** What a person did. */
export interface Incoming {
  /** Delivery id: the same id twice is one deed. */
  id: string;
  origin: Origin;
  /** Reads what was typed. @throws UserError */
  read: () => (ParsedCommand | { action: string; options: RawOptions }) & { files?: readonly Upload[]; about?: SaidMessage };
  /**
   * Tells Slack that we have it, as soon as it is known who sees the answer, and which. Called at least once; only the
   * first call counts. True when the answer is told with it.
   */
  acknowledge?: ((shown: boolean, reply?: Reply) => Promise<boolean>) | undefined;
  /** Nobody spoke to us: we answer what we know, and what is asked; else we say nothing. */
  overheard?: Overheard;
}

/** The name of the command that takes all others as its first word. */
export const UMBRELLA = 'tutor';

/**
 * `/explain batchnorm` and `/tutor explain batchnorm`; after `/tutor` also a bare question.
 * @throws UserError from the core's parser
 */
export function readSlash(command: string, text: string, registry: Registry): ParsedCommand {
  const name = command.replace(/^\//, '').toLowerCase();
  const rest = unescapeText(text).trim();
  if (name !== UMBRELLA) return parseText(`/${name} ${rest}`, registry);
  const first = rest.split(/\s/, 1)[0]!.replace(/^\//, '').toLowerCase();
  const isCommand = first === '' || registry.has(first) || (/^[a-z-]+$/.test(first) && nearest(first, [...registry.keys()]) !== undefined);
  return parseText(isCommand ? `/${rest.replace(/^\//, '')}` : rest, registry);
}

/** What people write to see what happens. */
const HELP = /^(?:help|hi|hello|hey|hi there|帮助|你好|您好|嗨)?[\s!！.。~～?？]*$/iu;
const MENTION = /^(?:\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:，：]*)+/;

/**
 * What someone said to us: a command when it begins with a slash, else a question; a greeting, or our name alone, is
 * answered with what we can do. Slack does not let people type slash commands in threads, so
 * `@Gradient Tutor /quiz stop` is the way there.
 * @throws UserError for a message that holds nothing but files
 */
export function readMessage(text: string, registry: Registry, hasFiles = false): ParsedCommand {
  const said = unescapeText(text.replace(MENTION, '')).trim();
  if (said === '' && hasFiles) throw new UserError('files-unread');
  return HELP.test(said) ? { command: 'help', options: {} } : parseText(said, registry);
}

/** Pictures are nothing to read. */
const PICTURE = /^image\//;

/** A file that was shared with us alone, without a word or with `/notes add`, is a note to be added. */
export function isForNotes(text: string, files: readonly SharedFile[]): boolean {
  return files.some(({ mimetype }) => !PICTURE.test(mimetype ?? '')) && /^(?:[/／]?notes(?:\s+add)?)?$/i.test(text.trim());
}

/** What Slack tells of a file. */
export interface SharedFile {
  name?: string | null;
  size?: number;
  mimetype?: string;
  url_private_download?: string;
  url_private?: string;
}

/** Whether a message speaks to someone by name: `@somebody`, `@group`. */
export function addresses(text: string): boolean {
  return /<(?:@|!subteam\^|!(?:here|channel|everyone))/.test(text);
}
