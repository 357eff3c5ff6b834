import type { ActionHandler, Context } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { actionId } from '../core/ids.ts';
import { type Button, type Reply, whisper } from '../core/reply.ts';
import { questionOf } from './answering.ts';
import { result } from './boards/context.ts';
import type { LiveQuiz } from './live.ts';
import type { StartOptions } from './service.ts';
import { type Control, doneCount, PHASES, type Phase } from './state.ts';
import { describeValue } from './wording.ts';

/** Leading a quiz, and asking how it stands: what commands and the buttons of its boards share. */

/** What a quiz in this room is to be. */
export type Wish = Omit<StartOptions, 'room' | 'host' | 'request' | 'locale'>;

/** Starts a quiz in the room where it was asked for, led by who asked. */
export async function startHere(ctx: Context, wish: Wish): Promise<Reply> {
  const { request, services, room, locale, t } = ctx;
  if (request.cannotPost) throw new UserError(request.cannotPost.code, request.cannotPost.params);
  // Boards are the room's and speak its language, where it has one.
  const spoken = (await services.settings.localeOf(room.platform, room.space, 'room', room.room)) ?? locale;
  const live = await services.quiz.start({ ...wish, room, host: request.user, request: request.id, locale: spoken });
  const { settings } = live.state;
  // The room has the board; how to lead the quiz is for who started it.
  return whisper([{ type: 'note', text: t('quiz.started', { total: settings.total }) }], { ...result(live), settings });
}

/** Where the quiz stands, with the board itself for those who have lost sight of it. */
export async function status({ services, request, locale, t }: Context, live: LiveQuiz): Promise<Reply> {
  const { phase, position, answers, players, settings } = live.state;
  const own = answers.get(request.user.id);
  const me = players.get(request.user.id);
  const owed = services.quiz.owed(live, request.user, locale);
  const lines = [
    position < 0
      ? t('quiz.status-lobby', { players: players.size, total: settings.total })
      : t('quiz.status', {
          number: position + 1,
          total: settings.total,
          answered: doneCount(live.state),
          players: players.size,
          phase: t(`quiz.phase-${phase}`),
        }),
    ...(own && phase !== 'reveal'
      ? [t('quiz.your-answer', { answer: describeValue(own.value, questionOf(services, live, position)) })]
      : []),
    ...(owed ? [owed] : []),
    ...(me && me.answered > 0 && settings.mode !== 'exam'
      ? [t('quiz.your-score', { score: me.score, correct: me.correct, answered: me.answered })]
      : []),
  ];
  const board = await services.quiz.board(live);
  return whisper([{ type: 'note', text: lines.join('\n') }, ...(board?.blocks ?? [])], { ...result(live), ...board?.result });
}

function requireHost({ request: { user } }: Context, live: LiveQuiz): void {
  if (user.id !== live.state.settings.host && !user.admin) throw new UserError('quiz-host-only');
}

/** Ends nothing yet: a quiz that is over stays over, for everyone in it. */
export function askToEnd(ctx: Context, live: LiveQuiz): Reply {
  requireHost(ctx, live);
  const { t } = ctx;
  const { id } = live.stored;
  const items: Button[] = [
    { id: actionId('quiz', 'end', id), label: t('quiz.end-yes'), style: 'danger' },
    { id: actionId('quiz', 'keep', id), label: t('quiz.end-no') },
  ];
  return whisper(
    [
      { type: 'note', text: t('quiz.end-really', { players: live.state.players.size }) },
      { type: 'buttons', items },
    ],
    result(live),
  );
}

export async function control(
  ctx: Context,
  live: LiveQuiz,
  what: Control,
  meant: { position?: number; phase?: Phase } = {},
): Promise<Reply> {
  requireHost(ctx, live);
  const done = await ctx.services.quiz.control(live, what, ctx.request.id, meant);
  if (!done) throw new UserError('quiz-not-now', { phase: ctx.t(`quiz.phase-${live.state.phase}`) });
  return whisper([{ type: 'note', text: ctx.t(`quiz.done-${what}`) }], result(live));
}

export function controlling(what: Control): ActionHandler {
  return async (ctx, [quizId, position, phase]) => {
    const live = await ctx.services.quiz.find(quizId ?? '', ctx.room);
    // A "next" under an older question must not skip the one that is open now.
    if (Number(position) !== live.state.position) throw new UserError('stale-button');
    const drawnFor = PHASES.find((known) => known === phase);
    return control(ctx, live, what, { position: Number(position), ...(drawnFor && { phase: drawnFor }) });
  };
}
