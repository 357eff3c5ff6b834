import { UserError } from '../core/errors.ts';
import { type Instance, shownCount, type Value } from './grade.ts';
import type { Question } from './question.ts';
import { fold, isNumber, isSame } from './same.ts';
import { LETTERS } from './wording.ts';

const TRUE = ['true', 't', 'yes', 'y', '对', '正确', '是', '真'];
const FALSE = ['false', 'f', 'no', 'n', '错', '错误', '不是', '否', '假'];

/**
 * Reads a typed answer: a number, a term, letters such as `B` or `C A B`, or the words of a choice.
 * @param texts the choices as shown, see `choiceTexts`
 * @throws UserError when it cannot be an answer to this question, so that a slip is not counted as wrong.
 */
export function readTyped(question: Question, instance: Instance, texts: readonly string[], typed: string): Value {
  const count = shownCount(question);
  if (question.kind === 'term') return { typed: typed.trim() };
  if (count === 0) {
    if (!isNumber(typed)) throw new UserError('answer-not-a-number', { value: typed.slice(0, 40) });
    return { typed: typed.trim() };
  }
  const picked = byWords(question, texts, typed) ?? byLetters(count, typed);
  const letters = LETTERS.slice(0, count).split('').join(', ');
  if (!picked) throw new UserError('answer-not-a-choice', { value: typed.slice(0, 40), letters });
  if (question.kind === 'ordering' && picked.length !== instance.order.length) throw new UserError('answer-not-all', { count, letters });
  if (question.kind !== 'ordering' && question.kind !== 'multiple' && picked.length !== 1)
    throw new UserError('answer-only-one', { letters });
  return { picked: question.kind === 'multiple' ? picked.sort() : picked };
}

function byWords(question: Question, texts: readonly string[], typed: string): number[] | undefined {
  const found = texts.findIndex((text) => isSame(text, typed));
  if (found >= 0) return [found];
  if (question.kind !== 'boolean') return undefined;
  const said = fold(typed);
  if (TRUE.includes(said)) return [0];
  return FALSE.includes(said) ? [1] : undefined;
}

function byLetters(count: number, typed: string): number[] | undefined {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s,;，、；>→-]/g, '');
  const picked = [...new Set(letters)].map((letter) => LETTERS.indexOf(letter));
  return picked.length > 0 && picked.every((pick) => pick >= 0 && pick < count) ? picked : undefined;
}
