import type { Translate } from '../../core/i18n.ts';
import { actionId } from '../../core/ids.ts';
import { type Locale, localize } from '../../core/locale.ts';
import { type Block, type Button, type Reply, say, whisper } from '../../core/reply.ts';
import { deadlineOf, type LiveQuiz } from '../live.ts';
import { answersOf, finishers } from '../own-pace.ts';
import type { GivenAnswer } from '../state.ts';
import { choiceTexts, describeValue, howTo, isTyped, LETTERS, lettered, typeForm } from '../wording.ts';
import { type BoardContext, controlButton, namesOf, result, type Shown, when } from './context.ts';

/** The room's board of a quiz over days: until when, who takes part, and the way in. */
export function openBoard(ctx: BoardContext): Reply {
  const { live, t } = ctx;
  const { settings, phase, players } = live.state;
  const going = phase === 'lobby';
  const deadline = going ? deadlineOf(live) : null;
  const answer: Button = { id: actionId('quiz', 'open', live.stored.id), label: t('quiz.open-answer'), style: 'primary' };
  const names = players.size > 0 ? t('quiz.players', { names: namesOf(ctx, [...players.keys()]) }) : t('quiz.open-nobody');
  const blocks: Block[] = [
    { type: 'heading', text: t('quiz.open-title', { topic: settings.topic ? ctx.titleOf(settings.topic) : t('quiz.all-topics') }) },
    { type: 'markdown', text: t('quiz.open-rules', { total: settings.total }) },
    { type: 'note', text: `${names} ${players.size > 0 ? t('quiz.open-finished', { count: finishers(live.state) }) : ''}`.trim() },
    ...when(deadline !== null, () => ({ type: 'deadline', text: t('quiz.closes-at'), at: deadline! })),
    ...when(going, () => ({ type: 'buttons', items: [answer, controlButton(ctx, 'stop', 'danger')] })),
    ...when(!going, () => ({ type: 'note', text: t('quiz.open-over') })),
  ];
  return say(blocks, { ...result(live), players: players.size, deadline });
}

interface OwnContext {
  live: LiveQuiz;
  user: string;
  locale: Locale;
  t: Translate;
}

/** What a button of the private board does, after `1~quiz~own~<quiz>~<position>~`. */
export const OWN = { clear: 'c', done: 'd', type: 't' } as const;

function ownId({ live }: OwnContext, position: number, what?: string | number): string {
  return actionId('quiz', 'own', live.stored.id, position, ...(what === undefined ? [] : [what]));
}

/** One question of it for one person alone, with what they have answered. */
export function ownQuestionBoard(ctx: OwnContext, position: number, { question, instance }: Shown, said?: string): Reply {
  const { live, locale, t, user } = ctx;
  const { total } = live.state.settings;
  const own = answersOf(live.state, user);
  const given = own.get(position);
  const texts = choiceTexts(question, instance, locale, t);
  const { kind } = question;
  const answering: Button[] = isTyped(question)
    ? [{ id: ownId(ctx, position, OWN.type), ...typeForm(question, t, position + 1) }]
    : texts.map((_, i) => ({ id: ownId(ctx, position, i), label: LETTERS[i]!, style: 'primary' }));
  const clear: Button = { id: ownId(ctx, position, OWN.clear), label: t('quiz.clear') };
  const done: Button = { id: ownId(ctx, position, OWN.done), label: t('quiz.done'), style: 'success' };
  const more = kind === 'ordering' ? [clear] : kind === 'multiple' ? [done, clear] : [];
  const steps: Button[] = [
    ...(position > 0 ? [{ id: ownId(ctx, position - 1), label: t('quiz.own-back') }] : []),
    ...(position + 1 < total ? [{ id: ownId(ctx, position + 1), label: t('quiz.next') }] : []),
    { id: ownId(ctx, total), label: t('quiz.own-overview') },
  ];
  const blocks: Block[] = [
    ...when(said, () => ({ type: 'note', text: said! })),
    { type: 'heading', text: t('quiz.question-title', { number: position + 1, total }) },
    { type: 'markdown', text: localize(question.prompt, locale) },
    ...when(texts.length > 0, () => ({ type: 'markdown', text: lettered(texts) })),
    { type: 'note', text: isTyped(question) ? t('quiz.own-type') : howTo(question, t, t('quiz.done')) },
    ...when(given, () => ({ type: 'note', text: t('quiz.your-answer', { answer: describeValue(given!.value, question) }) })),
    { type: 'buttons', items: answering },
    ...when(more.length > 0, () => ({ type: 'buttons', items: more })),
    { type: 'buttons', items: steps },
  ];
  const told = { id: question.id, kind, position, total, choices: texts.map((label, i) => ({ id: ownId(ctx, position, i), label })) };
  return { ...whisper(blocks, { ...result(live), question: told, answered: own.size }), slot: slotOf(live) };
}

/** Which questions a person has answered, until when they can change it, and the way to each. */
export function ownOverview(ctx: OwnContext, said?: string): Reply {
  const { live, t, user } = ctx;
  const { total } = live.state.settings;
  const own = answersOf(live.state, user);
  const isDone = (given: GivenAnswer | undefined) => given?.final === true && !given.partial;
  const open = Array.from({ length: total }, (_, position) => position).filter((position) => !isDone(own.get(position)));
  const deadline = deadlineOf(live);
  const list = open.map((position) => position + 1).join(t('quiz.comma'));
  const buttons = (open.length > 0 ? open : [0]).slice(0, 5);
  const blocks: Block[] = [
    ...when(said, () => ({ type: 'note', text: said! })),
    {
      type: 'markdown',
      text: open.length === 0 ? t('quiz.own-all') : t('quiz.own-missing', { answered: total - open.length, total, list }),
    },
    ...when(deadline !== null, () => ({ type: 'deadline', text: t('quiz.closes-at'), at: deadline! })),
    {
      type: 'buttons',
      items: buttons.map((position) => ({ id: ownId(ctx, position), label: t('quiz.own-go', { number: position + 1 }) })),
    },
  ];
  return { ...whisper(blocks, { ...result(live), answered: total - open.length, total }), slot: slotOf(live) };
}

/** One private message a person and quiz. */
function slotOf({ stored }: LiveQuiz): string {
  return `quiz:${stored.id}:own`;
}
