import type { ActionHandler, Context } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { localize } from '../core/locale.ts';
import { type Block, type Reply, whisper } from '../core/reply.ts';
import { questionOf } from './answering.ts';
import { result } from './boards/context.ts';
import { MAX_REASON } from './discussion.ts';
import type { LiveQuiz } from './live.ts';
import type { Question } from './question.ts';
import type { Reason } from './state.ts';

/** Hints and reasons: what helps to an answer without being one. Both are shown to the person alone. */

/** The hints that a person has asked for, as blocks. */
export function hintBlocks(question: Question, count: number, { locale, t }: Pick<Context, 'locale' | 't'>): Block[] {
  const hints = (question.hints ?? []).slice(0, count);
  return hints.map((hint, i) => ({ type: 'markdown', text: `**${t('quiz.hint-title', { number: i + 1 })}** ${localize(hint, locale)}` }));
}

/** A press on the board's hint button. */
export const hintAction: ActionHandler = async (ctx, [quizId, position]) => {
  const { services, request, t } = ctx;
  const live = await services.quiz.find(quizId ?? '', ctx.room);
  const at = Number(position);
  const question = live.stored.questions[at] && questionOf(services, live, at);
  if (!question) throw new UserError('stale-button');
  const count = await services.quiz.hint(live, request.user, at, request.id);
  const left = (question.hints?.length ?? 0) - count;
  const note = t(left > 0 ? 'quiz.hint-more' : 'quiz.hint-cost');
  const blocks: Block[] = [...hintBlocks(question, count, ctx), { type: 'note', text: note }];
  return { ...whisper(blocks, { ...result(live), hints: count, left }), slot: `quiz:${live.stored.id}:hint${at}` };
};

/** A reason that was written into the form; where the platform has none, the press alone, which is told how to write it. */
export const reasonAction: ActionHandler = async (ctx, [quizId, position]) => {
  const live = await ctx.services.quiz.find(quizId ?? '', ctx.room);
  const typed = ctx.request.options.text;
  if (typed === undefined) return whisper([{ type: 'note', text: ctx.t('quiz.reason-how') }], result(live));
  return giveReason(ctx, live, Number(position), { text: readReason(String(typed)) });
};

export const likeAction: ActionHandler = async (ctx, [quizId, position, like]) => {
  if (!like) throw new UserError('stale-button');
  return giveReason(ctx, await ctx.services.quiz.find(quizId ?? '', ctx.room), Number(position), { like });
};

function readReason(typed: string): string {
  const text = typed.replace(/\s+/g, ' ').trim();
  if (text === '') throw new UserError('empty-message');
  if (text.length > MAX_REASON) throw new UserError('text-too-long', { option: 'text', limit: MAX_REASON, length: text.length });
  return text;
}

async function giveReason(ctx: Context, live: LiveQuiz, position: number, reason: Reason): Promise<Reply> {
  const { services, request, t } = ctx;
  if (!live.state.players.has(request.user.id)) throw new UserError('quiz-vote-first');
  if (!(await services.quiz.reason(live, request.user, position, reason, request.id))) throw new UserError('quiz-no-reason-now');
  const kept = 'text' in reason ? t('quiz.reason-kept') : t('quiz.like-kept');
  return whisper([{ type: 'note', text: kept }], result(live));
}
