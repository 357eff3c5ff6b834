import type { Services } from '../services.ts';
import type { Choice, Command, Reader } from './command.ts';
import { type Locale, localize } from './locale.ts';
import { parsePairs } from './options.ts';
import { visible } from './visible.ts';

/** Platforms show at most 25. */
const MAX_CHOICES = 25;

/**
 * What may be typed next for one option: its choices or its `suggest`, filtered by what is typed.
 * One service for Discord's autocomplete, the playground's palette and the terminal's Tab.
 */
export async function completeOption(
  services: Services,
  command: Command,
  optionName: string,
  raw: string,
  locale: Locale,
  other: Record<string, unknown> = {},
  reader: Reader = {},
): Promise<Choice[]> {
  const option = Object.hasOwn(command.options, optionName) ? command.options[optionName] : undefined;
  if (!option) return [];
  // What a group wrote is offered to the group only.
  const here = reader.person ? services.within(reader.person) : services;
  // What is offered holds what was typed, and stands in our words.
  const typed = visible(raw);
  if (option.suggest && option.type === 'pairs') {
    // `depth:20 wid`: only the last word is being typed, after what is given already.
    const at = typed.search(/\S*$/);
    const before = typed.slice(0, at);
    const given = { ...parsePairs(String(other[optionName] ?? '')), ...parsePairs(before) };
    const choices = await option.suggest(here, typed.slice(at, at + 100), locale, { ...other, [optionName]: given }, reader);
    return choices.slice(0, MAX_CHOICES).map(({ value, label }) => ({ value: before + value, label }));
  }
  if (option.suggest) return (await option.suggest(here, typed.slice(0, 100), locale, other, reader)).slice(0, MAX_CHOICES);
  if (option.type === 'choice') {
    return option.choices
      .filter((choice) => choice.startsWith(typed.toLowerCase()))
      .map((choice) => ({
        value: choice,
        label: option.labels?.[choice] ? localize(option.labels[choice], locale) : choice,
      }))
      .slice(0, MAX_CHOICES);
  }
  if (option.type === 'boolean') return ['true', 'false'].map((value) => ({ value, label: value }));
  return [];
}

/**
 * Completions of a half-typed line: command names after `/`, then choices of the next positional option and
 * the names of the others. Each value is the whole new line.
 */
export async function completeLine(services: Services, raw: string, locale: Locale, reader: Reader = {}): Promise<Choice[]> {
  const { registry } = services;
  const line = visible(raw);
  const name = /^\/([\w-]*)$/.exec(line)?.[1];
  if (name !== undefined) {
    return [...registry.values()]
      .filter((command) => command.name.startsWith(name.toLowerCase()))
      .map((command) => ({
        value: `/${command.name} `,
        label: `/${command.name} — ${localize(command.description, locale)}`,
      }));
  }
  const match = /^\/([\w-]+)\s+([\s\S]*)$/.exec(line);
  const command = registry.get(match?.[1]?.toLowerCase() ?? '');
  if (!match || !command) return [];
  return completeArguments(services, command, match[2]!, locale, reader);
}

async function completeArguments(services: Services, command: Command, text: string, locale: Locale, reader: Reader): Promise<Choice[]> {
  const words = text.split(/\s+/);
  const last = words.pop() ?? '';
  const before = words.filter(Boolean);
  const prefix = `/${command.name} ${before.map((word) => `${word} `).join('')}`;
  const bare = before.filter((word) => !word.includes(':'));
  const positional = Object.entries(command.options).filter(([, option]) => option.positional);
  const other = Object.fromEntries(positional.map(([name], i) => [name, bare[i]]));
  const [key, value] = last.includes(':') ? [last.slice(0, last.indexOf(':')), last.slice(last.indexOf(':') + 1)] : [undefined, last];
  const target = key ?? positional[bare.length]?.[0];
  const pairs = Object.entries(command.options).find(([, option]) => option.type === 'pairs')?.[0];
  const option = target === undefined ? undefined : command.options[target];
  // Free text is completed as a whole: /explain batch nor
  const rest = option?.type === 'string' && option.rest && key === undefined;
  const typed = rest ? text.trimStart() : value!;
  const choices = target === undefined ? [] : await completeOption(services, command, target, typed, locale, other, reader);
  const done = choices.map((choice) => {
    const quoted = /\s/.test(choice.value) && !rest ? `"${choice.value}"` : choice.value;
    return {
      value: rest ? `/${command.name} ${quoted} ` : `${prefix}${key === undefined ? '' : `${key}:`}${quoted} `,
      label: choice.label,
    };
  });
  if (done.length > 0 || key !== undefined) {
    if (done.length > 0 || pairs === undefined) return done;
  }
  const named = before.filter((word) => word.includes(':')).join(' ');
  const fromPairs = pairs ? await completeOption(services, command, pairs, last, locale, { ...other, [pairs]: named }) : [];
  const given = parsePairs(named);
  const names = Object.entries(command.options)
    .filter(([name, entry]) => !entry.positional && entry.type !== 'pairs' && name.startsWith(last) && !Object.hasOwn(given, name))
    .map(([name, entry]) => ({
      value: `${prefix}${name}:`,
      label: `${name}: — ${localize(entry.description, locale)}`,
    }));
  return [...fromPairs.map((choice) => ({ value: `${prefix}${choice.value}`, label: choice.label })), ...names].slice(0, MAX_CHOICES);
}
