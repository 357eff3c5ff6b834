import type { Command, Registry } from './command.ts';
import { UserError } from './errors.ts';
import { nearest } from './nearest.ts';
import { unknownOption } from './options.ts';
import type { RawOptions } from './request.ts';
import { visible } from './visible.ts';

/** Longer messages are refused before any work is done on them. */
export const MAX_MESSAGE = 20_000;

export interface ParsedCommand {
  command: string;
  options: RawOptions;
  /** Plain text, which may answer what is open instead. */
  bare?: true;
}

/**
 * Reads a typed line. `/name …` is a command (`/tutor name …` too); any other text is a question for `/ask`.
 * Grammar after the name: bare words fill positional options in order, `key:value` and `key:"two words"` set
 * options by name, an option marked `rest` takes all remaining text.
 * @throws UserError for an empty line, an unknown command or option, too many words, or too long a text.
 */
export function parseText(text: string, registry: Registry): ParsedCommand {
  const typed = text.trim();
  if (typed.length > MAX_MESSAGE) throw new UserError('message-too-long', { length: typed.length, limit: MAX_MESSAGE });
  const line = visible(typed).trim();
  if (line === '') throw new UserError('empty-message');
  const match = /^[/／](?:tutor\s+)?([^\s]*)\s*([\s\S]*)$/u.exec(line);
  if (!match) return { command: 'ask', options: { question: line }, bare: true };
  const name = match[1]!.toLowerCase().replace(/_/g, '-');
  const command = registry.get(name === '' || name === 'tutor' ? 'help' : name);
  if (!command) throw unknownCommand(name, registry);
  return { command: command.name, options: parseOptions(command, match[2]!) };
}

function unknownCommand(name: string, registry: Registry): UserError {
  const close = nearest(name, [...registry.keys()]);
  return new UserError(close ? 'unknown-command-did-you-mean' : 'unknown-command', {
    command: name.slice(0, 40),
    suggestion: close ?? '',
  });
}

/** Reads what follows a command's name; values stay text and are checked by validateOptions. */
export function parseOptions(command: Command, text: string): RawOptions {
  const options: RawOptions = {};
  const waiting = Object.entries(command.options).filter(([, option]) => option.positional);
  const hasPairs = Object.values(command.options).some((option) => option.type === 'pairs');
  let remaining = text.trim();
  while (remaining !== '') {
    const pair = readPair(remaining);
    const known = pair !== undefined && Object.hasOwn(command.options, pair.key);
    const [next, option] = waiting[0] ?? [];
    const takesRest = option?.type === 'string' && option.rest === true;
    if (pair && (known || hasPairs)) {
      options[pair.key] = pair.value;
      // What was given by name is not waited for: `topic:batch size` has a word too many.
      const named = waiting.findIndex(([name]) => name === pair.key);
      if (named >= 0) waiting.splice(named, 1);
      remaining = remaining.slice(pair.length).trimStart();
    } else if (pair && !takesRest && waiting.length === 0) {
      throw unknownOption(command, pair.key);
    } else if (
      option?.only &&
      !belongs(command, option, options) &&
      waiting.slice(1).some(([, later]) => belongs(command, later, options))
    ) {
      waiting.shift();
    } else if (option?.type === 'choice' && option.otherwise !== undefined && isNoChoice(readWord(remaining).value, option.choices)) {
      const { head, tail } = splitTrailingPairs(remaining, command);
      options[option.otherwise] = head;
      waiting.length = 0;
      remaining = tail;
    } else if (takesRest) {
      // Known options may follow the free text: /explain batchnorm lang:en
      const { head, tail } = splitTrailingPairs(remaining, command, hasPairs);
      options[next!] = head;
      waiting.shift();
      remaining = tail;
    } else if (pair && option?.type !== 'string') {
      throw unknownOption(command, pair.key);
    } else {
      const word = readWord(remaining);
      if (next === undefined) {
        throw new UserError('too-many-words', {
          command: command.name,
          word: word.value.slice(0, 40),
          example: command.examples[0] ?? '',
        });
      }
      options[next] = word.value;
      waiting.shift();
      remaining = remaining.slice(word.length).trimStart();
    }
  }
  return options;
}

/** Whether an option goes with the subcommand that was typed. */
function belongs(command: Command, { only }: { only?: readonly string[] }, given: RawOptions): boolean {
  const split = Object.entries(command.options).find(([, option]) => option.type === 'choice' && option.subcommand)?.[0];
  return only?.includes(String(given[split ?? ''])) ?? true;
}

/** A slip of the pen is still a choice, and is answered with the one that was meant. */
function isNoChoice(word: string, choices: readonly string[]): boolean {
  return nearest(word, choices) === undefined;
}

const QUOTED = /^(?:"([^"]*)"|“([^”]*)”|「([^」]*)」)/u;

function readPair(text: string): { key: string; value: string; length: number } | undefined {
  const match = /^([\p{L}][\p{L}\p{N}_-]*)\s?[:=\uFF1A]/u.exec(text);
  if (!match) return undefined;
  const after = text.slice(match[0].length);
  // `see: this` and `http://…` are text, not options.
  if (/^(\s|\/\/|$)/u.test(after)) return undefined;
  const word = readWord(after);
  return { key: match[1]!.toLowerCase(), value: word.value, length: match[0].length + word.length };
}

function readWord(text: string): { value: string; length: number } {
  const quoted = QUOTED.exec(text);
  if (quoted) return { value: quoted[1] ?? quoted[2] ?? quoted[3] ?? '', length: quoted[0].length };
  const word = /^\S+/u.exec(text)?.[0] ?? '';
  return { value: word, length: word.length };
}

function splitTrailingPairs(text: string, command: Command, anyPair = false): { head: string; tail: string } {
  const match = /\s([\p{L}][\p{L}\p{N}_-]*)[:=\uFF1A](?!\s|\/\/|$)/u;
  let from = 0;
  for (;;) {
    const found = match.exec(text.slice(from));
    if (!found) return { head: unquote(text.trim()), tail: '' };
    const at = from + found.index;
    if (anyPair || Object.hasOwn(command.options, found[1]!.toLowerCase())) {
      return { head: unquote(text.slice(0, at).trim()), tail: text.slice(at).trimStart() };
    }
    from = at + found[0].length;
  }
}

function unquote(text: string): string {
  const quoted = QUOTED.exec(text);
  return quoted && quoted[0].length === text.length ? (quoted[1] ?? quoted[2] ?? quoted[3] ?? '') : text;
}
