import { completeLine } from '../../core/complete.ts';
import type { Locale } from '../../core/locale.ts';
import type { Services } from '../../services.ts';

/**
 * What Tab does: the endings of the word that is being typed, and that word. What begins as it was typed goes first; only
 * where nothing does, what it may mean (`批` → `batch-size`) takes its place. A question without a command may name a
 * topic: `batch-n` → `batch-normalization`.
 */
export async function completeTyped(services: Services, typed: string, locale: Locale): Promise<[string[], string]> {
  const here = services.within({ platform: 'terminal', space: 'local' });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [, head, word] = /^([\s\S]*?)(\S*)$/.exec(typed)!;
  if (typed !== '' && !typed.startsWith('/')) {
    const topics = word === '' ? [] : here.notes.suggest(word!, locale).map(({ value }) => value);
    return [topics.filter((id) => id.startsWith(word!.toLowerCase())), word!];
  }
  const values = (await completeLine(here, typed, locale, { zone })).map(({ value }) => value);
  const going = values.filter((value) => value.startsWith(typed));
  const shown = going.length > 0 ? going : values;
  // Listed without what stands before the cursor already.
  if (shown.every((value) => value.startsWith(head!))) return [shown.map((value) => value.slice(head!.length)), word!];
  return [shown, typed];
}
