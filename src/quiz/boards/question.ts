import { actionId } from '../../core/ids.ts';
import { localize } from '../../core/locale.ts';
import { type Block, type Button, type Reply, say } from '../../core/reply.ts';
import { deadlineOf } from '../live.ts';
import type { Question } from '../question.ts';
import { doneCount } from '../state.ts';
import { choiceTexts, howTo, isTyped, LETTERS, lettered, typeForm } from '../wording.ts';
import { type BoardContext, controlButton, pickId, result, type Shown, shownChoices, when } from './context.ts';

/** The question with its buttons while it is open; how many have answered, but not what. */
export function questionBoard(ctx: BoardContext, position: number, { question, instance, chart }: Shown, again = false): Reply {
  const { live, t } = ctx;
  const { settings, phase, players, paused } = live.state;
  const { locale } = settings;
  const texts = choiceTexts(question, instance, locale, t);
  const current = live.state.position === position && live.state.again === again;
  const open = current && phase === 'open';
  const stopped = current && phase === 'paused' && paused?.phase === 'open';
  const deadline = open ? deadlineOf(live) : null;
  const answered = doneCount(live.state);
  const counted = t('quiz.answered', { answered, players: players.size });
  const blocks: Block[] = [
    {
      type: 'heading',
      text:
        settings.pace === 'daily'
          ? t('quiz.daily-title')
          : t(again ? 'quiz.question-again' : 'quiz.question-title', { number: position + 1, total: settings.total }),
    },
    { type: 'markdown', text: localize(question.prompt, locale) },
    ...(chart ? [chart] : []),
    ...when(texts.length > 0, () => ({ type: 'markdown', text: lettered(texts) })),
    ...when(open && again, () => ({ type: 'note', text: t('quiz.again-how') })),
    ...when(open || stopped, () => ({ type: 'note', text: `${howTo(question, t, t('quiz.done'))} · ${counted}` })),
    ...when(!(open || stopped), () => ({ type: 'note', text: t('quiz.closed') })),
    ...when(deadline !== null, () => ({ type: 'deadline', text: t('quiz.closes-at'), at: deadline! })),
    ...when(stopped, () => ({ type: 'note', text: t('quiz.paused') })),
    ...(open ? answerButtons(ctx, question, texts.length) : []),
    ...when(open && settings.pace === undefined, () => ({
      type: 'buttons',
      items: [controlButton(ctx, 'pause'), controlButton(ctx, 'skip'), controlButton(ctx, 'stop', 'danger')],
    })),
    ...when(stopped, () => ({ type: 'buttons', items: [controlButton(ctx, 'resume', 'primary'), controlButton(ctx, 'stop', 'danger')] })),
  ];
  return say(blocks, {
    ...result(live),
    question: {
      id: question.id,
      kind: question.kind,
      position,
      total: settings.total,
      topic: question.topic,
      prompt: localize(question.prompt, locale),
      choices: shownChoices(live, position, texts),
      deadline,
    },
    answered,
    players: players.size,
  });
}

/** A hint is worth half the points; an exam has none. */
function hintButton({ live, t }: BoardContext, question: Question): Button[] {
  const { settings, position } = live.state;
  if (!question.hints || settings.mode === 'exam') return [];
  return [{ id: actionId('quiz', 'hint', live.stored.id, position), label: t('quiz.hint') }];
}

function answerButtons(ctx: BoardContext, question: Question, count: number): Block[] {
  const { live, t } = ctx;
  const { position } = live.state;
  const hint = hintButton(ctx, question);
  const { id } = live.stored;
  const { kind } = question;
  if (isTyped(question)) {
    const button = { id: actionId('quiz', 'type', id, position), ...typeForm(question, t, position + 1) };
    return [{ type: 'buttons', items: [button, ...hint] }];
  }
  const picks = Array.from({ length: count }, (_, i): Button => ({ id: pickId(id, position, i), label: LETTERS[i]!, style: 'primary' }));
  const clear: Button = { id: actionId('quiz', 'clear', id, position), label: t('quiz.clear') };
  const done: Button = { id: actionId('quiz', 'done', id, position), label: t('quiz.done'), style: 'success' };
  const more = [...(kind === 'ordering' ? [clear] : kind === 'multiple' ? [done, clear] : []), ...hint];
  const rows: Button[][] = [picks, ...(more.length > 0 ? [more] : [])];
  return rows.map((items) => ({ type: 'buttons', items }));
}
