import { setTimeout } from 'node:timers/promises';
import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import type { Form, Reply } from '../../core/reply.ts';
import type { Db } from '../../store/database.ts';
import { FORM_LABEL, FORM_PLACEHOLDER, FORM_TITLE, TEXT_INPUT } from './limits.ts';
import { shorten } from './sentences.ts';

/** The one field of a form. */
export const FIELD = 'text';

/** Which buttons open a form: Discord tells of a press only the button's id. */
export interface Forms {
  /** Takes note of a reply that is about to be shown. */
  learn(reply: Reply): void;
  find(button: string): Promise<Form | undefined>;
}

/** In memory: after a restart boards are drawn anew, and a press that finds no form is told what to type. */
const REMEMBERED = 5_000;
/** Quizzes over days stay open so long at most. Milliseconds. */
const KEPT = 30 * 86_400_000;
/** A press waits so long for a form that another process has drawn: it is due within three seconds. */
const PATIENCE = 1_000;

/**
 * @param db where several processes share it: what everyone sees may have been drawn by another one than hears of the
 * press. What one person sees alone stays in memory.
 */
export function createForms(db: Db | undefined, now: () => number): Forms {
  const known = new Map<string, Form>();
  let kept = 0;

  const keep = async (button: string, form: Form): Promise<void> => {
    const row = { form: JSON.stringify(form), at: now() };
    await db!
      .insertInto('discord_forms')
      .values({ button, ...row })
      .onConflict((conflict) => conflict.column('button').doUpdateSet(row))
      .execute();
    if (kept++ % 1_000 === 0)
      await db!
        .deleteFrom('discord_forms')
        .where('at', '<', now() - KEPT)
        .execute();
  };

  const read = async (button: string): Promise<Form | undefined> => {
    const row = await db!.selectFrom('discord_forms').select('form').where('button', '=', button).executeTakeFirst();
    return row && (JSON.parse(row.form) as Form);
  };

  return {
    async find(button) {
      const form = known.get(button);
      if (form || !db) return form;
      return Promise.race([read(button).catch(() => undefined), setTimeout(PATIENCE, undefined, { ref: false })]);
    },
    learn({ blocks, visibility }) {
      for (const block of blocks) {
        if (block.type !== 'buttons') continue;
        for (const { id, form } of block.items) {
          if (!form) continue;
          const before = known.get(id);
          known.delete(id);
          known.set(id, form);
          // Without it a press that another process hears of is told what to type.
          if (db && visibility === 'public' && JSON.stringify(before) !== JSON.stringify(form)) void keep(id, form).catch(() => {});
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
