import { latexToUnicode, replaceFormulas } from '../../core/latex.ts';
import type { Localized } from '../../core/locale.ts';
import { formulas, PICTURE } from './plain-text.ts';

/** Why a card has no typed answer. */
export const UNTYPABLE: Localized = {
  en: 'its answer is a formula, which nobody can type; give the card choices (GIFT, or a deck in YAML)',
  zh: '答案是公式，没人能打出来；请给这张卡片写选项（GIFT，或 YAML 题库）',
};

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
