import type { Context } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { actionId, MAX_BUTTON_ID } from '../core/ids.ts';
import { type Button, type Reply, whisper } from '../core/reply.ts';
import { titleOf } from '../notes/naming.ts';
import { buttonRow, nextId } from './present.ts';
import type { PersonalQuiz, Turn } from './service.ts';

/** Questions of a personal quiz. */
export const QUIZ_ME = 5;

/** Shows a question as the review command does. */
export type Show = (ctx: Context, turn: Turn) => Promise<Reply>;

/** `/quiz me` and the *Quiz me* buttons: goes on with the person's own quiz on this topic, or begins one. */
export async function quizMe(ctx: Context, topic: string | null, total: number, show: Show): Promise<Reply> {
  const { learning } = ctx.services;
  const quiz = await learning.personalQuizzes.begin(await learning.personOf(ctx.request), topic, total);
  return goOn(ctx, quiz.id, show);
}

/** The open or next question of a personal quiz, or how it went. */
export async function goOn(ctx: Context, quizId: string, show: Show): Promise<Reply> {
  const { learning } = ctx.services;
  const found = await learning.personalQuizzes.next(await learning.personOf(ctx.request), quizId);
  if (!found) throw new UserError('stale-button');
  return found.turn ? show(ctx, found.turn) : outcome(ctx, found.quiz);
}

/** How a personal quiz went, and what to read. */
function outcome({ services, locale, t }: Context, { topic, asked, right, missed, total, person }: PersonalQuiz): Reply {
  const { notes } = services;
  const title = topic === null ? t('quiz.all-topics') : titleOf(notes, topic, locale);
  const toRead = new Set(missed.flatMap((id) => notes.content().questions.get(id)?.topic ?? []).filter((id) => notes.topic(id)));
  const again = actionId('quiz', 'me', ...(topic === null ? [] : [topic]));
  const buttons: Button[] = [
    ...(again.length <= MAX_BUTTON_ID ? [{ id: again, label: t('quiz.me-again'), style: 'primary' } as const] : []),
    { id: nextId(person), label: t('review.start') },
    ...[...toRead]
      .slice(0, 3)
      .map((id) => ({ id: actionId('explain', 'topic', id), label: t('quiz.open-note-on', { topic: titleOf(notes, id, locale) }) })),
  ];
  const said = asked.length === 0 ? t('quiz.me-nothing') : t('quiz.me-result', { right, asked: asked.length });
  return whisper(
    [
      { type: 'heading', text: t('quiz.me-over', { topic: title }) },
      { type: 'markdown', text: said },
      ...(asked.length > 0 && asked.length < total ? [{ type: 'note', text: t('quiz.me-no-more') } as const] : []),
      ...(missed.length > 0 ? [{ type: 'note', text: t('quiz.me-come-back') } as const] : []),
      ...buttonRow(buttons),
    ],
    { kind: 'info', personalQuiz: { topic, asked: asked.length, right, missed } },
  );
}
