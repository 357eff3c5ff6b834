import type { ActionsBlock } from '@slack/types';
import { completeOption } from '../../core/complete.ts';
import type { Translate } from '../../core/i18n.ts';
import type { Locale } from '../../core/locale.ts';
import { parsePairs } from '../../core/options.ts';
import type { ParsedCommand } from '../../core/parse.ts';
import type { Reply } from '../../core/reply.ts';
import type { RawOptions, Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import { clip, LIMITS, length } from './limits.ts';

/** `choose~explain~topic`: what a choice in the list is for; `choose~quiz~topic~do:start` with what was given already. */
export const PICKER = /^choose~([a-z-]+)~([a-z-]+)(?:~(.*))?$/s;

/** Replies that a list of what there is would help. */
const HELPLESS = ['missing-option', 'unknown-topic', 'unknown-demo', 'unknown-demo-did-you-mean'];

/**
 * Slack completes nothing while a command is typed. So where a name was missing, unknown or ambiguous, the answer
 * brings a list to search in, from the first character on: one is a word in Chinese. What else was typed is kept.
 */
export function pickerFor(services: Services, request: Pick<Request, 'command' | 'options'>, reply: Reply, t: Translate) {
  const { result } = reply;
  const helpless =
    (result?.kind === 'error' && HELPLESS.includes(String(result.code))) || (result?.kind === 'answer' && result.answered === false);
  const command = services.registry.get(request.command === 'ask' ? 'explain' : (request.command ?? ''));
  const options = Object.entries(command?.options ?? {});
  const option = options.find(([, { suggest }]) => suggest)?.[0];
  if (!helpless || !command || !option) return [];
  const given = request.command === 'ask' ? {} : Object.fromEntries(Object.entries(request.options).filter(([name]) => name !== option));
  // One choice must be enough to go on with.
  const enough = options.every(([name, { required }]) => !required || name === option || given[name] !== undefined);
  return enough ? [picker(command.name, option, t(option === 'topic' ? 'slack.choose' : 'slack.choose-demo'), given)] : [];
}

/** What a choice in a list asks for. */
export function readPicker(actionId: string, chosen: string): ParsedCommand | undefined {
  const [, command, option, given = ''] = PICKER.exec(actionId) ?? [];
  return command && option ? { command, options: { ...parsePairs(given), [option]: chosen } } : undefined;
}

export function picker(command: string, option: string, placeholder: string, given: RawOptions = {}): ActionsBlock {
  const kept = Object.entries(given).map(([name, value]) => `${name}:${/\s/.test(String(value)) ? `"${value}"` : value}`);
  const id = `choose~${command}~${option}`;
  const whole = `${id}~${kept.join(' ')}`;
  return {
    type: 'actions',
    elements: [
      {
        type: 'external_select',
        action_id: kept.length > 0 && length(whole) <= LIMITS.actionId ? whole : id,
        min_query_length: 1,
        placeholder: { type: 'plain_text', text: clip(placeholder, LIMITS.optionValue), emoji: false },
      },
    ],
  };
}

/** What the list offers for what is typed so far. */
export async function pickerOptions(services: Services, actionId: string, typed: string, locale: Locale) {
  const [, name, option] = PICKER.exec(actionId) ?? [];
  const command = services.registry.get(name ?? '');
  if (!command || !option) return [];
  const choices = await completeOption(services, command, option, typed, locale);
  return choices
    .filter(({ value }) => value.length <= LIMITS.optionValue)
    .slice(0, LIMITS.options)
    .map(({ value, label }) => ({ value, text: { type: 'plain_text' as const, text: clip(label, LIMITS.optionText), emoji: false } }));
}
