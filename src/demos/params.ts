import { UserError } from '../core/errors.ts';
import type { Localized } from '../core/locale.ts';
import { nearest } from '../core/nearest.ts';

interface ParamBase {
  description: Localized;
}

export type Param = ParamBase &
  (
    | { type: 'integer' | 'number'; min: number; max: number; default: number; scale?: 'log' }
    | { type: 'choice'; choices: readonly string[]; default: string }
    | { type: 'boolean'; default: boolean }
    | { type: 'numbers'; min: number; max: number; maxItems: number; default: readonly number[]; whole?: boolean }
    | { type: 'choices'; choices: readonly string[]; default: readonly string[] }
  );

export type ParamTable = Record<string, Param>;

type ValueOf<P extends Param> = P extends { type: 'integer' | 'number' }
  ? number
  : P extends { type: 'choice'; choices: readonly (infer C)[] }
    ? C
    : P extends { type: 'boolean' }
      ? boolean
      : P extends { type: 'numbers' }
        ? number[]
        : P extends { type: 'choices'; choices: readonly (infer C)[] }
          ? C[]
          : never;

export type ParamValues<T extends ParamTable> = { -readonly [K in keyof T]: ValueOf<T[K]> };

/** Checked values of some demo. */
export type AnyParams = ParamValues<ParamTable>;

/** Seeds are unsigned 32-bit integers. 0 is allowed: the generator is ours. */
export const MAX_SEED = 2 ** 32 - 1;

/**
 * Fills defaults and checks every given value (text, number, boolean or list) against the table.
 * @throws UserError naming the parameter, its range and an example.
 */
export function validateParams<T extends ParamTable>(demo: string, table: T, given: Readonly<Record<string, unknown>>): ParamValues<T> {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(table, name)) continue;
    const close = nearest(name, Object.keys(table));
    throw new UserError(close ? 'unknown-parameter-did-you-mean' : 'unknown-parameter', {
      demo,
      parameter: name.slice(0, 40),
      suggestion: close ?? '',
      parameters: Object.keys(table).join(', '),
    });
  }
  const values = Object.entries(table).map(([name, param]) => [
    name,
    given[name] === undefined ? copy(param.default) : parse(demo, name, param, given[name]),
  ]);
  return Object.fromEntries(values) as ParamValues<T>;
}

/** `depth:20 activations:sigmoid,relu`: every parameter, as it can be typed after the demo's name. */
export function formatParams(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}:${Array.isArray(value) ? value.join(',') : String(value)}`)
    .join(' ');
}

/** The allowed range in words that hold in either language: `2…50`, `sigmoid | tanh`. */
export function rangeOf(param: Param): string {
  switch (param.type) {
    case 'integer':
    case 'number':
      return `${param.min}…${param.max}`;
    case 'numbers':
      return `${param.min}…${param.max} (1–${param.maxItems}, a,b,c)`;
    case 'choice':
      return param.choices.join(' | ');
    case 'choices':
      return `${param.choices.join(', ')} (a,b,c)`;
    case 'boolean':
      return 'true | false';
    default:
      return param satisfies never;
  }
}

function parse(demo: string, name: string, param: Param, given: unknown): unknown {
  const fail = () =>
    new UserError('parameter-out-of-range', {
      demo,
      parameter: name,
      value: String(given).slice(0, 40),
      range: rangeOf(param),
      example: `${name}:${String(copy(param.default))}`,
    });
  switch (param.type) {
    case 'integer':
    case 'number': {
      const number = toNumber(given);
      if (!(number >= param.min && number <= param.max)) throw fail();
      if (param.type === 'integer' && !Number.isInteger(number)) throw fail();
      return number;
    }
    case 'boolean':
      if (/^(true|yes|on|1)$/i.test(String(given))) return true;
      if (/^(false|no|off|0)$/i.test(String(given))) return false;
      throw fail();
    case 'choice': {
      const text = String(given).toLowerCase();
      if (!param.choices.includes(text)) throw fail();
      return text;
    }
    case 'numbers': {
      const numbers = toList(given).map(toNumber);
      const fits = numbers.every((number) => number >= param.min && number <= param.max && (!param.whole || Number.isInteger(number)));
      if (!fits || numbers.length === 0 || numbers.length > param.maxItems) throw fail();
      return [...new Set(numbers)];
    }
    case 'choices': {
      const words = toList(given).map((word) => String(word).toLowerCase());
      if (words.length === 0 || !words.every((word) => param.choices.includes(word))) throw fail();
      return [...new Set(words)];
    }
    default:
      return param satisfies never;
  }
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  const text = String(value).trim();
  return text === '' ? Number.NaN : Number(text);
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value)
    ? value
    : String(value)
        .split(/[,;\uFF0C\u3001\s]+/u)
        .filter((item) => item !== '');
}

function copy<V>(value: V): V {
  return (Array.isArray(value) ? [...value] : value) as V;
}
