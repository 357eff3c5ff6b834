import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import type { Form, Reply } from '../../core/reply.ts';
import { FORM_LABEL, FORM_PLACEHOLDER, FORM_TITLE, TEXT_INPUT } from './limits.ts';
import { shorten } from './sentences.ts';

/** The one field of a form. */
export const FIELD = 'text';

/** Which buttons open a form: Discord tells of a press only the button's id. */
export interface Forms {
  /** Takes note of a reply that is about to be shown. */
  learn(reply: Reply): void;
  find(button: string): Form | undefined;
}

/** In memory: after a restart boards are drawn anew, and a press that finds no form is told what to type. */
const REMEMBERED = 5_000;

export function createForms(): Forms {
  const known = new Map<string, Form>();
  return {
    find: (button) => known.get(button),
    learn({ blocks }) {
      for (const block of blocks) {
        if (block.type !== 'buttons') continue;
        for (const { id, form } of block.items) {
          if (!form) continue;
          known.delete(id);
          known.set(id, form);
          if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
        }
      }
    },
  };
}

/** A form as Discord shows it; what is typed comes back under the button's id. */
export function toModal(
  button: string,
  { title, label, placeholder, maxLength, lines, value }: Form,
): APIModalInteractionResponseCallbackData {
  return {
    custom_id: button,
    title: shorten(title, FORM_TITLE),
    components: [
      {
        type: ComponentType.Label,
        label: shorten(label, FORM_LABEL),
        component: {
          type: ComponentType.TextInput,
          custom_id: FIELD,
          style: lines ? TextInputStyle.Paragraph : TextInputStyle.Short,
          required: true,
          min_length: 1,
          max_length: Math.min(maxLength, TEXT_INPUT),
          ...(value && { value: value.slice(0, TEXT_INPUT) }),
          ...(placeholder && { placeholder: shorten(placeholder, FORM_PLACEHOLDER) }),
        },
      },
    ],
  };
}
