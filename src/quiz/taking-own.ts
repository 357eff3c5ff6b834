import type { ActionHandler, Context } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import type { Reply } from '../core/reply.ts';
import { formText } from './answering.ts';
import { OWN, ownOverview, ownQuestionBoard } from './boards/own-pace.ts';
import { isEmpty, isPartial, shownCount, type Value } from './grade.ts';
import { type LiveQuiz, questionAt } from './live.ts';
import { answersOf } from './own-pace.ts';
import type { Asked } from './service.ts';
import { isOwnPace } from './state.ts';
import { readTyped } from './typed.ts';
import { choiceTexts, describeValue } from './wording.ts';

/** Answering a quiz over days, each person alone with a board of their own. */

/** *Answer* on the room's board: the first question that the person has not answered, or how far they are. */
export const openAction: ActionHandler = async (ctx, [quizId]) => {
  const live = await findOpen(ctx, quizId);
  return show(ctx, live, nextUnanswered(live, ctx.request.user.id, -1));
};

/** A press on the private board: shows a question, or answers it and goes on. */
export const ownAction: ActionHandler = async (ctx, [quizId, at, what]) => {
  const live = await findOpen(ctx, quizId);
  const position = Number(at);
  const { total } = live.state.settings;
  if (!Number.isInteger(position) || position < 0 || position > total) throw new UserError('stale-button');
  if (what === undefined || position === total) return show(ctx, live, position);
  const { quiz } = ctx.services;
  const text = what === OWN.type ? formText(ctx) : undefined;
  if (what === OWN.type && text === undefined) return show(ctx, live, position, ctx.t('quiz.own-type'));
  const change = text === undefined ? changeBy(what) : (asked: Asked) => typed(ctx, asked, text);
  const value = await quiz.answer(live, ctx.request.user, position, change, ctx.request.id, what === OWN.done || what === OWN.type);
  const given = answersOf(live.state, ctx.request.user.id).get(position);
  const whole = given?.final === true && !given.partial;
  if (isEmpty(value) || !whole) return show(ctx, live, position);
  const question = questionAt(live, position, ctx.services.notes.content().questions)?.question;
  const said = ctx.t('quiz.own-recorded', { number: position + 1, answer: describeValue(value, question) });
  return show(ctx, live, nextUnanswered(live, ctx.request.user.id, position), said);
};

async function findOpen(ctx: Context, quizId = ''): Promise<LiveQuiz> {
  const live = await ctx.services.quiz.find(quizId, ctx.room);
  if (!isOwnPace(live.state.settings)) throw new UserError('stale-button');
  return live;
}

/** The next question without a whole answer, after this one and then from the start; `total` when there is none. */
function nextUnanswered({ state }: LiveQuiz, user: string, after: number): number {
  const { total } = state.settings;
  const own = answersOf(state, user);
  const order = Array.from({ length: total }, (_, i) => (after + 1 + i + total) % total);
  return order.find((position) => !own.get(position)?.final || own.get(position)?.partial) ?? total;
}

function show(ctx: Context, live: LiveQuiz, position: number, said?: string): Reply {
  const { locale, t, request, services } = ctx;
  const own = { live, user: request.user.id, locale, t };
  const shown = questionAt(live, position, services.notes.content().questions);
  return shown ? ownQuestionBoard(own, position, shown, said) : ownOverview(own, said);
}

function changeBy(what: string): (asked: Asked) => Value {
  if (what === OWN.clear) return () => ({ picked: [] });
  return ({ question, before }) => {
    const picked = before && 'picked' in before ? before.picked : [];
    if (what === OWN.done) {
      if (!before || isPartial(question, before)) throw new UserError('answer-nothing-yet');
      return before;
    }
    const pick = Number(what);
    if (!/^\d$/.test(what) || pick >= shownCount(question)) throw new UserError('stale-button');
    if (question.kind === 'ordering') return { picked: picked.includes(pick) ? picked : [...picked, pick] };
    if (question.kind !== 'multiple') return { picked: [pick] };
    return { picked: picked.includes(pick) ? picked.filter((index) => index !== pick) : [...picked, pick].sort() };
  };
}

function typed({ locale, t }: Context, { question, instance }: Asked, text: string): Value {
  return readTyped(question, instance, choiceTexts(question, instance, locale, t), text);
}
