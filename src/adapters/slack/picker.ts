import type { ActionsBlock } from '@slack/types';
import { completeOption } from '../../core/complete.ts';
import type { Locale } from '../../core/locale.ts';
import type { Reply } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import { clip, LIMITS } from './limits.ts';

/** `choose~explain~topic`: what a choice in the list is for. */
export const PICKER = /^choose~([a-z-]+)~([a-z-]+)$/;

/** Replies that a list of what there is would help. */
const HELPLESS = ['missing-option', 'unknown-topic', 'unknown-demo', 'unknown-demo-did-you-mean'];

/**
 * Slack completes nothing while a command is typed. So where a name was missing, unknown or ambiguous, the answer
 * brings a list to search in, from the first character on: one is a word in Chinese.
 */
export function pickerFor(services: Services, request: Pick<Request, 'command' | 'options'>, reply: Reply, placeholder: string) {
  const { result } = reply;
  const helpless =
    (result?.kind === 'error' && HELPLESS.includes(String(result.code))) || (result?.kind === 'answer' && result.answered === false);
  const command = services.registry.get(request.command === 'ask' ? 'explain' : (request.command ?? ''));
  const options = Object.entries(command?.options ?? {});
  const option = options.find(([, { suggest }]) => suggest)?.[0];
  // One choice must be enough to go on with.
  const enough = options.every(([name, { required }]) => !required || name === option);
  return helpless && command && option && enough ? [picker(command.name, option, placeholder)] : [];
}

export function picker(command: string, option: string, placeholder: string): ActionsBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'external_select',
        action_id: `choose~${command}~${option}`,
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
