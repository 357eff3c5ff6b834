import type { Command, Option, Registry } from './command.ts';
import type { Translate } from './i18n.ts';
import { type Locale, localize } from './locale.ts';
import type { Block } from './reply.ts';

/** How a platform takes commands. */
export interface Typing {
  /** Choices marked `subcommand` are commands of their own there, with only the options that belong to them. */
  subcommands: boolean;
  /** What the platform calls options in the reader's language, where that is not their key. */
  names: Readonly<Record<string, string>>;
}

const AS_TEXT: Typing = { subcommands: false, names: {} };

/** `/explain <topic>`, `/quiz start|stop [topic:…]`: how a command is typed. */
export function usage(command: Command): string {
  const parts = Object.entries(command.options).map(([name, option]) => {
    const shown = option.type === 'choice' && option.subcommand ? option.choices.join('|') : name;
    if (option.type === 'pairs') return '[key:value …]';
    if (option.positional) return option.required ? `<${shown}>` : `[${shown}]`;
    return option.required ? `${name}:…` : `[${name}:…]`;
  });
  return [`/${command.name}`, ...parts].join(' ');
}

/** What may be given for an option: `1…60`, `calm | speed`. Empty for free text. */
export function allowed(option: Option): string {
  if (option.type === 'choice') return option.choices.join(' | ');
  if (option.type === 'boolean') return 'true | false';
  if (option.type === 'integer' || option.type === 'number') {
    return option.min === undefined && option.max === undefined ? '' : `${option.min ?? ''}…${option.max ?? ''}`;
  }
  return '';
}

/** The list of all commands. */
export function overview(registry: Registry, locale: Locale, t: Translate, backend: string, typing = AS_TEXT): Block[] {
  return [
    { type: 'heading', text: t('help.title') },
    { type: 'markdown', text: t('help.intro') },
    {
      type: 'fields',
      items: [...registry.values()].map((command) => ({
        name: examplesOf(command, typing)[0] ?? `/${command.name}`,
        value: localize(command.description, locale),
      })),
    },
    { type: 'note', text: `${t('help.more')} ${t('help.backend', { backend })}` },
  ];
}

/** One command in full, as the reader's platform takes it. */
export function commandHelp(command: Command, locale: Locale, t: Translate, typing = AS_TEXT): Block[] {
  const split = typing.subcommands ? splitOf(command) : undefined;
  const describe = ([name, option]: Entry) => {
    const range = allowed(option);
    const notes = [option.required ? t('help.required') : '', range && t('help.range', { range })].filter(Boolean);
    const called = typing.names[name];
    const told = localize(option.description, locale);
    return {
      name: called ? t('marks.aside', { text: called, aside: name }) : name,
      value: notes.length > 0 ? t('marks.aside', { text: told, aside: notes.join(t('marks.and')) }) : told,
    };
  };
  const fields = split
    ? split.choices.flatMap((choice) => [
        { name: `/${command.name} ${choice}`, value: localize(split.labels?.[choice] ?? { en: choice }, locale) },
        ...optionsOf(command, choice).map(describe),
      ])
    : Object.entries(command.options).map(describe);
  const examples = examplesOf(command, typing);
  const ways = split ? split.choices.map((choice) => `\`/${command.name} ${choice}\``).join(' · ') : `\`${usage(command)}\``;
  return [
    { type: 'heading', text: `/${command.name}` },
    { type: 'markdown', text: localize(command.description, locale) },
    { type: 'markdown', text: `**${t('help.usage')}** ${ways}` },
    fields.length > 0 ? { type: 'fields', items: fields } : { type: 'note', text: t('help.none') },
    {
      type: 'markdown',
      text: `**${t('help.examples')}**\n\n${examples.map((line) => `- \`${line}\``).join('\n')}`,
    },
  ];
}

type Entry = [string, Command['options'][string]];

/** The option whose choices are subcommands. */
function splitOf(command: Command) {
  const found = Object.entries(command.options).find(([, option]) => option.type === 'choice' && option.subcommand);
  return found?.[1].type === 'choice' ? { name: found[0], ...found[1] } : undefined;
}

function optionsOf(command: Command, choice: string): Entry[] {
  return Object.entries(command.options).filter(
    ([, option]) => option !== command.options[splitOf(command)?.name ?? ''] && (option.only?.includes(choice) ?? true),
  );
}

/** Examples that can be typed on the platform; at least one. */
function examplesOf(command: Command, typing: Typing): readonly string[] {
  const split = typing.subcommands ? splitOf(command) : undefined;
  if (!split) return command.examples;
  const fit = command.examples.filter((line) => split.choices.includes(line.split(' ')[1] ?? ''));
  return fit.length > 0 ? fit : [`/${command.name} ${split.choices[0]}`];
}
