import { latexToUnicode } from '../../core/latex.ts';
import { PICTURE } from './plain-text.ts';

/** Why a card has no typed answer. */
export const UNTYPABLE = 'its answer is a formula, which nobody can type; give the card choices (GIFT, or a deck in YAML)';

/**
 * What may be typed for an answer: the answer, for a formula that the keyboard has (`$2w$`) its letters.
 * @returns empty for a formula that nobody can type.
 */
export function typedAnswers(answer: string): string[] {
  const formula = /\$|\\[([a-zA-Z]/.test(answer) && !/\$\d/.test(answer.replace(/\$[^$]*\$/, ''));
  const inner = /^(?:\${1,2}|\\\(|\\\[)([^$]+?)(?:\${1,2}|\\\)|\\\])$/.exec(answer)?.[1]?.trim();
  if (inner !== undefined) return /[\\{}_]/.test(inner) ? [] : [...new Set([inner, latexToUnicode(inner)])];
  return formula && /\$[^$]*\$|\\[([]|\\(?:frac|sum|sqrt|partial|sigma)/.test(answer)
    ? []
    : [answer].filter((one) => one !== '' && one !== PICTURE);
}
