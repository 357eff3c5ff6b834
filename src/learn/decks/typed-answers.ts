import { latexToUnicode, replaceFormulas } from '../../core/latex.ts';
import { formulas, PICTURE } from './plain-text.ts';

/** Why a card has no typed answer. */
export const UNTYPABLE = 'its answer is a formula, which nobody can type; give the card choices (GIFT, or a deck in YAML)';

/**
 * What may be typed for an answer: its letters, and for a formula that a keyboard has (`$2w$`, `O($n^2$)`) those.
 * @returns empty for a formula that nobody can type, and for a picture.
 */
export function typedAnswers(answer: string): string[] {
  if (answer === '' || answer === PICTURE) return [];
  const source = formulas(answer);
  const latex: string[] = [];
  const typed = replaceFormulas(source, (inner) => {
    latex.push(inner);
    return inner.trim();
  });
  if (latex.length === 0) return [answer];
  if (latex.some((inner) => /[\\{}_]/.test(inner))) return [];
  return [...new Set([typed, replaceFormulas(source, (inner) => latexToUnicode(inner))])];
}
