import type { Services } from '../services.ts';
import type { Translate } from './i18n.ts';
import type { Locale, Localized } from './locale.ts';
import type { Reply, Visibility } from './reply.ts';
import type { RawOptions, Request, RoomRef, User } from './request.ts';

export interface Choice {
  value: string;
  label: string;
}

/** What is known of who is typing. */
export interface Reader {
  person?: Pick<Request, 'platform' | 'space'> & { user: Pick<User, 'id'> };
  /** Time zone of their browser or terminal. */
  zone?: string;
}

interface OptionBase {
  description: Localized;
  required?: boolean;
  /** Filled by bare words in text commands, in the order of the table. */
  positional?: boolean;
  /** Offered while the person types; used for autocomplete, the palette and "did you mean". */
  suggest?: (
    services: Services,
    typed: string,
    locale: Locale,
    other: Record<string, unknown>,
    reader: Reader,
  ) => Choice[] | Promise<Choice[]>;
}

export type Option = OptionBase &
  (
    | { type: 'string' /** Takes all the remaining text. */; rest?: boolean; maxLength?: number }
    | { type: 'integer' | 'number'; min?: number; max?: number }
    | { type: 'boolean' }
    /** A file that comes with the request, see Request.files; in a terminal its path. */
    | { type: 'file' }
    /** `subcommand`: platforms that have subcommands show each choice as one. */
    | {
        type: 'choice';
        choices: readonly string[];
        subcommand?: boolean;
        labels?: Record<string, Localized>;
        /** The option that a typed text fills which is no choice: `/quiz batch-size` is about a topic. */
        otherwise?: string;
      }
    /** `key:value` pairs that another table checks, such as a demo's parameters. At most one per command. */
    | { type: 'pairs' }
  );

export type OptionTable = Record<string, Option & { only?: readonly string[] }>;

type ValueOf<O extends Option> = O extends { type: 'choice'; choices: readonly (infer C)[] }
  ? C
  : O extends { type: 'integer' | 'number' }
    ? number
    : O extends { type: 'boolean' }
      ? boolean
      : O extends { type: 'pairs' }
        ? Record<string, string>
        : string;

/** What `run` receives: required options are present, the others may be undefined. */
export type OptionValues<T extends OptionTable> = {
  [K in keyof T]: T[K] extends { required: true } | { type: 'pairs' } ? ValueOf<T[K]> : ValueOf<T[K]> | undefined;
};

export interface Context {
  request: Request;
  services: Services;
  locale: Locale;
  t: Translate;
  /** The room as a plain triple. */
  room: RoomRef;
  /** Aborted when the person gives up or the process stops. */
  signal: AbortSignal;
  /** Shows an interim reply in the place where the final one will be. Cheap to call often: adapters coalesce. */
  progress(reply: Reply): void;
}

/** A button handler: `args` are the parts of the button's id after command and action; untrusted. */
export type ActionHandler = (ctx: Context, args: string[]) => Reply | Promise<Reply>;

export interface Command<T extends OptionTable = OptionTable> {
  /** Lower-case ASCII, ≤ 32 characters. */
  name: string;
  /** ≤ 100 characters in every language. */
  description: Localized;
  options: T;
  /** Known before running, since Discord fixes it with the acknowledgement. */
  visibility: Visibility;
  /** Of a public command: invocations that only the person hears of, by what is given, since nothing has run yet. */
  whispers?: (given: RawOptions) => boolean;
  /** Takes longer than a moment: adapters acknowledge and show that work has begun. */
  slow?: boolean;
  /** For a group that has the bot among it: not offered where one person brought the bot along for themselves. */
  group?: boolean;
  /** Example lines for /help and the README. */
  examples: readonly string[];
  run(ctx: Context, options: OptionValues<T>): Reply | Promise<Reply>;
  /** Handlers of the buttons that this command's replies hold. */
  actions?: Readonly<Record<string, ActionHandler>>;
  /** Actions that turn a page or a card: the person's own message changes in place where the platform can do that. */
  navigates?: readonly string[];
}

/**
 * Declares a command. Option types are inferred from the table.
 * @example
 * export default defineCommand({ name: 'echo', options: { text: { type: 'string', required: true, … } }, run: (ctx, { text }) => … })
 */
export function defineCommand<const T extends OptionTable>(command: Command<T>): Command {
  // Dispatch validates raw options against `options` before calling `run`, so the erased type is safe.
  return command as unknown as Command;
}

/** Commands by name. */
export type Registry = ReadonlyMap<string, Command>;

/** Builds the registry. @throws Error when a name is taken twice. */
export function createRegistry(commands: readonly Command[]): Registry {
  const registry = new Map<string, Command>();
  for (const command of commands) {
    if (registry.has(command.name)) throw new Error(`two commands are named ${command.name}`);
    registry.set(command.name, command);
  }
  return registry;
}

/** Whether all that comes of an invocation is for the person alone; undefined commands answer with an error, which is. */
export function isWhispered(command: Command | undefined, given: RawOptions): boolean {
  return command?.visibility !== 'public' || (command.whispers?.(given) ?? false);
}
