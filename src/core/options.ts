import type { Command, Option, OptionTable } from './command.ts';
import { UserError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { RawOptions } from './request.ts';
import { visible } from './visible.ts';

const MAX_STRING = 2_000;

/**
 * Validates raw values against a command's table and coerces text to numbers and booleans.
 * @throws UserError naming the option, what was given and what is allowed.
 */
export function validateOptions(command: Command, raw: RawOptions): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const pairsName = Object.keys(command.options).find((name) => command.options[name]?.type === 'pairs');
  const pairs: Record<string, string> = {};
  for (const [given, typed] of Object.entries(raw)) {
    const [name, value] = [visible(given), typeof typed === 'string' ? visible(typed) : typed];
    const option = own(command.options, name);
    if (option?.type === 'pairs') {
      // Pairs as a run prints them hold options of the command too: `depth:20 seed:7`. A field of their own goes before.
      for (const [key, text] of Object.entries(parsePairs(String(value)))) {
        const meant = own(command.options, key);
        if (!meant || meant.type === 'pairs') pairs[key] = text;
        else if (!Object.hasOwn(raw, key)) values[key] = coerce(key, meant, text);
      }
    } else if (option) values[name] = coerce(name, option, value);
    else if (pairsName) pairs[name] = String(value);
    else throw unknownOption(command, name);
  }
  if (pairsName) values[pairsName] = pairs;
  for (const [name, option] of Object.entries(command.options)) {
    const missing = values[name] === undefined || values[name] === '';
    if (option.required && missing) {
      throw new UserError('missing-option', {
        option: name,
        command: command.name,
        example: command.examples[0] ?? `/${command.name}`,
      });
    }
    if (missing) delete values[name];
  }
  return values;
}

/** Reads `depth:20 width=8` as typed into one field; commas inside a value are kept. */
export function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const match of text.matchAll(/([\p{L}\p{N}_-]+)\s*[:=\uFF1A]\s*("[^"]*"|[^\s:=\uFF1A]+)/gu)) {
    pairs[match[1]!] = match[2]!.replace(/^"|"$/g, '');
  }
  return pairs;
}

/** The error for an option that does not exist, with the nearest that does. */
export function unknownOption(command: Command, name: string): UserError {
  const names = Object.keys(command.options);
  const close = nearest(name, names);
  return new UserError(close ? 'unknown-option-did-you-mean' : 'unknown-option', {
    option: name.slice(0, 40),
    command: command.name,
    suggestion: close ?? '',
    options: names.join(', ') || '—',
  });
}

function own(table: OptionTable, name: string): Option | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function coerce(name: string, option: Option, value: string | number | boolean): unknown {
  switch (option.type) {
    case 'string': {
      const text = String(value).trim();
      const limit = option.maxLength ?? MAX_STRING;
      if (text.length > limit) throw new UserError('text-too-long', { option: name, limit, length: text.length });
      return text;
    }
    case 'integer':
    case 'number':
      return coerceNumber(name, option, value);
    case 'boolean':
      if (/^(true|yes|on|1|是|开)$/i.test(String(value))) return true;
      if (/^(false|no|off|0|否|关)$/i.test(String(value))) return false;
      throw new UserError('not-a-boolean', { option: name, value: shorten(value) });
    case 'choice': {
      const text = String(value).trim().toLowerCase();
      if (option.choices.includes(text)) return text;
      const close = nearest(text, option.choices);
      throw new UserError(close ? 'not-a-choice-did-you-mean' : 'not-a-choice', {
        option: name,
        value: shorten(value),
        choices: option.choices.join(', '),
        suggestion: close ?? '',
      });
    }
    case 'pairs':
      return parsePairs(String(value));
    case 'file':
      return String(value);
    default:
      return option satisfies never;
  }
}

function coerceNumber(name: string, option: { type: string; min?: number; max?: number }, value: string | number | boolean): number {
  const number = typeof value === 'number' ? value : String(value).trim() === '' ? Number.NaN : Number(value);
  const min = option.min ?? Number.MIN_SAFE_INTEGER;
  const max = option.max ?? Number.MAX_SAFE_INTEGER;
  const whole = option.type !== 'integer' || Number.isInteger(number);
  if (!Number.isFinite(number) || !whole || number < min || number > max) {
    throw new UserError(option.type === 'integer' ? 'not-an-integer' : 'not-a-number', {
      option: name,
      value: shorten(value),
      min,
      max,
    });
  }
  return number;
}

/** A value as it may be repeated in an error message. */
function shorten(value: unknown): string {
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
