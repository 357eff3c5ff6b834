import { actionId, MAX_BUTTON_ID } from '../../core/ids.ts';
import { localize } from '../../core/locale.ts';
import { type Block, type Button, type ImageBlock, type Reply, say } from '../../core/reply.ts';
import { gainOf } from '../discussion.ts';
import { rightPicks } from '../grade.ts';
import { deadlineOf } from '../live.ts';
import { hasNote, type Question } from '../question.ts';
import { MAX_IDLE } from '../reducer.ts';
import type { Graded } from '../state.ts';
import { choiceTexts, rationales, rightAnswer } from '../wording.ts';
import { type BoardContext, controlButton, namesOf, result, type Shown, shownChoices, when } from './context.ts';
import { discussed } from './talk.ts';

/** The right answer, why, how the votes fell, and where to read on. */
export function revealBoard(ctx: BoardContext, position: number, { question, instance }: Shown, votes?: ImageBlock): Reply {
  const { live, t } = ctx;
  const { settings, phase, paused, asked } = live.state;
  const { locale } = settings;
  const texts = choiceTexts(question, instance, locale, t);
  const right = rightAnswer(question, instance, locale, texts, t);
  const going = settings.pace === undefined && phase === 'reveal' && live.state.position === position;
  const stopped = phase === 'paused' && paused?.phase === 'reveal';
  const deadline = going ? deadlineOf(live) : null;
  // After the last question comes the result, and so it does when nobody answers any more.
  const isLast = position + 1 >= settings.total || live.state.idle >= MAX_IDLE;
  const { results = [], reasons = [] } = asked.find((one) => one.position === position) ?? {};
  const controls = going
    ? [
        controlButton(ctx, 'next', 'primary', t(isLast ? 'quiz.to-result' : 'quiz.next')),
        controlButton(ctx, 'pause'),
        controlButton(ctx, 'stop', 'danger'),
      ]
    : stopped
      ? [controlButton(ctx, 'resume', 'primary'), controlButton(ctx, 'stop', 'danger')]
      : [];
  const gain = gainOf(results);
  const why = rationales(question, instance, locale);
  const blocks: Block[] = [
    { type: 'heading', text: settings.pace === 'daily' ? t('quiz.daily-answer') : t('quiz.answer-title', { number: position + 1 }) },
    ...when(settings.pace === 'daily', () => ({ type: 'markdown', text: localize(question.prompt, locale) })),
    { type: 'markdown', text: `**${t('quiz.right-answer')}** ${right}` },
    { type: 'markdown', text: localize(question.explanation, locale) },
    ...when(why, () => ({ type: 'markdown', text: why })),
    { type: 'note', text: whoWasRight(ctx, results) },
    ...discussed(ctx, results, reasons, texts),
    ...(votes ? [votes] : []),
    ...when(deadline !== null, () => ({ type: 'deadline', text: t(isLast ? 'quiz.result-at' : 'quiz.next-at'), at: deadline! })),
    ...when(stopped, () => ({ type: 'note', text: t('quiz.paused') })),
    ...when(controls.length > 0, () => ({ type: 'buttons', items: controls })),
    ...when(hasNote(question), () => ({ type: 'buttons', items: [noteButton(question, t('quiz.open-note'))] })),
  ];
  return say(blocks, {
    ...result(live),
    question: {
      id: question.id,
      kind: question.kind,
      position,
      total: settings.total,
      right,
      picks: rightPicks(question, instance) ?? [],
      choices: shownChoices(live, position, texts),
      deadline,
    },
    answered: results.length,
    players: live.state.players.size,
    split: splitOf(texts.length, results),
    ...(gain && { firstSplit: splitOf(texts.length, alone(results)), gain }),
  });
}

/** Opens the note where it answers the question. */
export function noteButton({ topic, section }: Question, label: string): Button {
  const exact = section && `1~explain~section~${topic}~${section}`.length <= MAX_BUTTON_ID;
  return { id: exact ? actionId('explain', 'section', topic, section) : actionId('explain', 'topic', topic), label };
}

function whoWasRight(ctx: BoardContext, results: readonly Graded[]): string {
  const right = results.filter(({ credit }) => credit === 1).map(({ user }) => user);
  if (results.length === 0) return ctx.t('quiz.nobody-answered');
  const counts = { right: right.length, answered: results.length };
  return right.length === 0
    ? ctx.t('quiz.nobody-was-right', counts)
    : ctx.t('quiz.who-was-right', { ...counts, names: namesOf(ctx, right) });
}

/** The first votes as graded answers. */
export function alone(results: readonly Graded[]): Pick<Graded, 'value'>[] {
  return results.flatMap(({ alone: first }) => first ?? []);
}

/** Votes per shown choice. */
export function splitOf(choices: number, results: readonly Pick<Graded, 'value'>[]): number[] {
  const votes = new Array<number>(choices).fill(0);
  for (const { value } of results) if ('picked' in value) for (const pick of value.picked) votes[pick]! += 1;
  return votes;
}
