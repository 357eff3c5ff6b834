import type { Context } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { type Reply, whisper } from '../core/reply.ts';
import { result } from './boards/context.ts';
import { receiptSlot } from './boards/verdict.ts';
import { isEmpty, isPartial, shownCount, type Value } from './grade.ts';
import { type LiveQuiz, questionAt } from './live.ts';
import type { Question } from './question.ts';
import type { Asked } from './service.ts';
import { readTyped } from './typed.ts';
import { choiceTexts, describeValue, MAX_TYPED } from './wording.ts';

/** What a press, a form and `/answer` share: an answer is stored, and the person told privately what is recorded. */

/** What was typed into a button's form; undefined when only the button was pressed. @throws UserError for nothing, or too much. */
export function formText({ request }: Context): string | undefined {
  if (request.options.text === undefined) return undefined;
  const text = String(request.options.text).trim();
  if (text === '') throw new UserError('empty-message');
  if (text.length > MAX_TYPED) throw new UserError('text-too-long', { option: 'text', limit: MAX_TYPED, length: text.length });
  return text;
}

/** An answer in words, from a form or from `/answer`. */
export function takeTyped(ctx: Context, live: LiveQuiz, position: number, text: string): Promise<Reply> {
  const { locale } = live.state.settings;
  const t = ctx.services.i18n(locale);
  return take(
    ctx,
    live,
    position,
    ({ question, instance }) => readTyped(question, instance, choiceTexts(question, instance, locale, t), text),
    true,
  );
}

/** Stores an answer, and tells the person privately what is recorded now. */
export async function take(ctx: Context, live: LiveQuiz, position: number, change: (asked: Asked) => Value, done: boolean): Promise<Reply> {
  const { services, request, locale, t } = ctx;
  const value = await services.quiz.answer(live, request.user, position, change, request.id, done);
  // A press that is delivered again hears what the first one heard.
  const owed = live.state.position === position ? services.quiz.owed(live, request.user, locale) : undefined;
  const question = questionOf(services, live, position);
  const text = [receipt(live, question, value, live.state.answers.get(request.user.id)?.final ?? true, t), ...(owed ? [owed] : [])].join(
    '\n',
  );
  const slot = receiptSlot(live, position);
  return { ...whisper([{ type: 'note', text }], { ...result(live), recorded: describeValue(value) }), slot };
}

/** What is recorded, what is missing, and whether it can be changed. */
function receipt({ state }: LiveQuiz, question: Question | undefined, value: Value, final: boolean, t: Context['t']): string {
  const answer = describeValue(value, question);
  if (isEmpty(value)) return t('quiz.cleared');
  if (question && isPartial(question, value)) {
    const count = shownCount(question);
    return t('quiz.recorded-partly', { answer, missing: count - ('picked' in value ? value.picked.length : 0), count });
  }
  if (!final) return t('quiz.recorded-open', { answer, done: t('quiz.done') });
  return t(state.settings.lock ? 'quiz.recorded-locked' : 'quiz.recorded', { answer });
}

/** The question at a position, while the notes still hold it. */
export function questionOf({ notes }: Context['services'], live: LiveQuiz, position: number): Question | undefined {
  return questionAt(live, position, notes.content().questions)?.question;
}
