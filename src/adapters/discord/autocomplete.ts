import type { AutocompleteInteraction } from 'discord.js';
import type { Choice } from '../../core/command.ts';
import { completeOption } from '../../core/complete.ts';
import { toLocale } from '../../core/locale.ts';
import type { Services } from '../../services.ts';
import { givenOptions, spaceOf } from './decode.ts';
import { CHOICE, CHOICES } from './limits.ts';
import { shorten } from './sentences.ts';

/** Choices for the option that is being typed, as Discord takes them: at most 25, each name and value once. */
export async function autocomplete(services: Services, interaction: AutocompleteInteraction): Promise<{ name: string; value: string }[]> {
  const command = services.registry.get(interaction.commandName);
  if (!command) return [];
  const { name, value } = interaction.options.getFocused(true);
  const locale = toLocale(interaction.locale) ?? services.config.defaultLocale;
  const typed = String(value);
  const person = { platform: 'discord' as const, space: spaceOf(interaction), user: { id: interaction.user.id } };
  // A field of pairs is replaced as a whole; the choices hold what stands before the last word.
  const { [name]: _, ...others } = givenOptions(interaction);
  return unique(await completeOption(services, command, name, typed, locale, others, { person }));
}

function unique(choices: readonly Choice[]): { name: string; value: string }[] {
  const names = new Set<string>();
  const values = new Set<string>();
  return choices
    .map(({ label, value }) => ({ name: shorten(label, CHOICE) || value, value }))
    .filter(({ name, value }) => {
      // A value cannot be shortened: it would be another one.
      if (value.length === 0 || value.length > CHOICE || names.has(name) || values.has(value)) return false;
      names.add(name);
      values.add(value);
      return true;
    })
    .slice(0, CHOICES);
}
