import type { Command, Option, Registry } from './command.ts';
import type { Translate } from './i18n.ts';
import { type Locale, localize } from './locale.ts';
import type { Block } from './reply.ts';

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
export function overview(registry: Registry, locale: Locale, t: Translate, backend: string): Block[] {
  return [
    { type: 'heading', text: t('help.title') },
    { type: 'markdown', text: t('help.intro') },
    {
      type: 'fields',
      items: [...registry.values()].map((command) => ({
        name: command.examples[0] ?? `/${command.name}`,
        value: localize(command.description, locale),
      })),
    },
    { type: 'note', text: `${t('help.more')} ${t('help.backend', { backend })}` },
  ];
}

/** One command in full. */
export function commandHelp(command: Command, locale: Locale, t: Translate): Block[] {
  const options = Object.entries(command.options).map(([name, option]) => {
    const range = allowed(option);
    const notes = [option.required ? t('help.required') : '', range && t('help.range', { range })].filter(Boolean);
    return {
      name,
      value: `${localize(option.description, locale)}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`,
    };
  });
  return [
    { type: 'heading', text: `/${command.name}` },
    { type: 'markdown', text: localize(command.description, locale) },
    { type: 'markdown', text: `**${t('help.usage')}** \`${usage(command)}\`` },
    options.length > 0 ? { type: 'fields', items: options } : { type: 'note', text: t('help.none') },
    {
      type: 'markdown',
      text: `**${t('help.examples')}**\n\n${command.examples.map((line) => `- \`${line}\``).join('\n')}`,
    },
  ];
}
