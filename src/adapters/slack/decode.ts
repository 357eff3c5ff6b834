import type { Registry } from '../../core/command.ts';
import { nearest } from '../../core/nearest.ts';
import { type ParsedCommand, parseText } from '../../core/parse.ts';
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
  read: () => ParsedCommand | { action: string; options: Record<string, never> };
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

/**
 * What someone said to us: a command when it begins with a slash, else a question. Slack does not let people type
 * slash commands in threads, so `@Gradient Tutor /quiz stop` is the way there.
 */
export function readMessage(text: string, registry: Registry): ParsedCommand {
  return parseText(unescapeText(text.replace(/^(?:\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:，：]*)+/, '')).trim(), registry);
}
