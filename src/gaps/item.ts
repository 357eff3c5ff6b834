import { UserError } from '../core/errors.ts';
import type { Locale } from '../core/locale.ts';
import type { NewQuestion } from '../own-notes/service.ts';

const MAX_CHOICE = 200;
const MAX_CHOICES = 5;

/**
 * A quiz item from what a form holds: the right answer in the first line, wrong ones below it; a single line is a term
 * to type, with other spellings behind `|`.
 * @throws UserError when there is nothing, too much, or the same twice
 */
export function itemFrom(question: string, explanation: string, typed: string, locale: Locale): NewQuestion {
  const lines = typed
    .split(/\n|；；|;;/)
    .map((line) => line.replace(/^\s*(?:[-*•]|[A-E][.)、])\s+/, '').trim())
    .filter((line) => line !== '');
  const [right] = lines;
  const fits = right && lines.length <= MAX_CHOICES && lines.every((line) => line.length <= MAX_CHOICE);
  if (!fits || new Set(lines.map((line) => line.toLowerCase())).size < lines.length)
    throw new UserError('gap-item', { limit: MAX_CHOICES });
  // A text in one language serves both.
  const text = (value: string) => (locale === 'zh' ? { zh: value } : { en: value });
  const base = { prompt: text(question), explanation: text(explanation) };
  if (lines.length === 1) {
    const terms = right
      .split('|')
      .map((term) => term.trim())
      .filter(Boolean);
    return { kind: 'term', ...base, accept: locale === 'zh' ? { zh: terms } : { en: terms } };
  }
  return { kind: 'single', ...base, choices: lines.map((line, i) => ({ text: text(line), correct: i === 0 })) };
}
