import {
  type RESTPostAPIApplicationCommandsJSONBody as AnyCommandJson,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIApplicationCommandOptionChoice,
  ApplicationCommandType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody as CommandJson,
  ApplicationIntegrationType as Install,
  ApplicationCommandOptionType as Kind,
  type LocalizationMap,
  InteractionContextType as Place,
} from 'discord.js';
import { Converter } from 'opencc-js/cn2t';
import type { Command, Option, Registry } from '../../core/command.ts';
import type { I18n } from '../../core/i18n.ts';
import type { Localized } from '../../core/locale.ts';
import { CHOICE, CHOICES } from './limits.ts';
import { shorten } from './sentences.ts';

/** Names of the commands and options in other languages; they stand in content/locales under `discord`. */
type Names = (kind: 'commands' | 'options', name: string) => LocalizationMap;

/** Discord takes letters of any script here, in lower case, and no spaces. */
const NAME = /^[-_'\p{L}\p{N}]{1,32}$/u;
/** Longer texts cannot be typed into an option. */
const MAX_LENGTH = 6_000;

const toTaiwan = Converter({ from: 'cn', to: 'twp' });

/** Discord's description of every command, with names and texts in Simplified and Traditional Chinese. */
export function commandsJson(registry: Registry, i18n: I18n): AnyCommandJson[] {
  const zh = { commands: i18n.section('zh', 'discord.commands'), options: i18n.section('zh', 'discord.options') };
  const names: Names = (kind, name) => {
    const translated = zh[kind][name];
    return translated && NAME.test(translated) ? chinese(name, translated) : { 'en-US': name };
  };
  return [...[...registry.values()].map((command) => toJson(command, names)), ...(registry.has('notes') ? [saveAsNote()] : [])];
}

/** The entry in a message's menu. */
export const SAVE_AS_NOTE = 'Save as note';

function saveAsNote(): AnyCommandJson {
  return {
    type: ApplicationCommandType.Message,
    name: SAVE_AS_NOTE,
    name_localizations: chinese(SAVE_AS_NOTE, '收进本组笔记'),
    integration_types: [Install.GuildInstall],
    contexts: [Place.Guild],
  };
}

function toJson(command: Command, names: Names): CommandJson {
  const entries = Object.entries(command.options);
  const split = entries.find(([, option]) => option.type === 'choice' && option.subcommand);
  return {
    type: ApplicationCommandType.ChatInput,
    name: command.name,
    name_localizations: names('commands', command.name),
    ...describe(command.description),
    integration_types: command.group ? [Install.GuildInstall] : [Install.GuildInstall, Install.UserInstall],
    contexts: command.group ? [Place.Guild, Place.BotDM] : [Place.Guild, Place.BotDM, Place.PrivateChannel],
    options: split ? subcommands(split[1], command, names) : options(entries, names),
  };
}

/** Each choice becomes a subcommand with the options that belong to it. */
function subcommands(split: Option, command: Command, names: Names): APIApplicationCommandOption[] {
  if (split.type !== 'choice') return [];
  return split.choices.map((choice) => ({
    type: Kind.Subcommand,
    name: choice,
    name_localizations: names('options', choice),
    ...describe(split.labels?.[choice] ?? { en: choice }),
    options: options(
      Object.entries(command.options).filter(([, option]) => option !== split && (!option.only || option.only.includes(choice))),
      names,
    ) as APIApplicationCommandBasicOption[],
  }));
}

/** Required ones first, as Discord wants them. */
function options(entries: readonly (readonly [string, Option])[], names: Names): APIApplicationCommandBasicOption[] {
  return entries
    .map(([name, option]) => toOption(name, option, names))
    .sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
}

function toOption(name: string, option: Option, names: Names): APIApplicationCommandBasicOption {
  const base = {
    name,
    name_localizations: names('options', name),
    ...describe(option.description),
    required: option.required ?? false,
  };
  const complete = option.suggest ? { autocomplete: true as const } : {};
  switch (option.type) {
    case 'string':
      return { ...base, type: Kind.String, ...complete, max_length: Math.min(option.maxLength ?? MAX_LENGTH, MAX_LENGTH) };
    case 'pairs':
      return { ...base, type: Kind.String, ...complete };
    case 'integer':
    case 'number': {
      const range = {
        ...(option.min !== undefined && { min_value: option.min }),
        ...(option.max !== undefined && { max_value: option.max }),
      };
      return option.type === 'integer' ? { ...base, type: Kind.Integer, ...range } : { ...base, type: Kind.Number, ...range };
    }
    case 'file':
      return { ...base, type: Kind.Attachment };
    case 'boolean':
      return { ...base, type: Kind.Boolean };
    case 'choice':
      return option.choices.length > CHOICES
        ? { ...base, type: Kind.String, autocomplete: true }
        : { ...base, type: Kind.String, choices: option.choices.map((value) => toChoice(value, option.labels?.[value])) };
    default:
      return option satisfies never;
  }
}

function toChoice(value: string, label: Localized = { en: value }): APIApplicationCommandOptionChoice<string> {
  const { description: name, description_localizations: localizations } = describe(label);
  return { value, name, name_localizations: localizations };
}

function describe({ en, zh }: Localized): { description: string; description_localizations: LocalizationMap } {
  const description = shorten(en, CHOICE);
  return {
    description,
    description_localizations: zh ? chinese(description, shorten(zh, CHOICE)) : { 'en-US': description },
  };
}

/** English is named too: readers of British English would else get whatever comes first. */
function chinese(english: string, simplified: string): LocalizationMap {
  return { 'en-US': english, 'zh-CN': simplified, 'zh-TW': shorten(toTaiwan(simplified), CHOICE) };
}
