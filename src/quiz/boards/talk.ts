import { escapeMarkdown } from '../../core/escape-markdown.ts';
import { actionId } from '../../core/ids.ts';
import { type Block, type Button, type Reply, say } from '../../core/reply.ts';
import { gainOf, MAX_REASON, reasonsOf } from '../discussion.ts';
import { deadlineOf } from '../live.ts';
import type { Graded, Reason } from '../state.ts';
import { type BoardContext, controlButton, result, when } from './context.ts';

/** Reasons that a message shows; they have a button each. */
const SHOWN = 5;

/** Between the two votes: talk, write why, or pick a reason. How the votes fell is not shown. */
export function talkBoard(ctx: BoardContext, position: number): Reply {
  const { live, t } = ctx;
  const { phase, paused, first, settings, reasons } = live.state;
  const going = phase === 'talk' && live.state.position === position;
  const stopped = phase === 'paused' && paused?.phase === 'talk';
  const deadline = going ? deadlineOf(live) : null;
  const { id } = live.stored;
  const written = reasonsOf(reasons).slice(0, SHOWN);
  const write: Button = {
    id: actionId('quiz', 'reason', id, position),
    label: t('quiz.reason'),
    style: 'primary',
    form: {
      title: t('quiz.form-title-number', { number: position + 1 }),
      label: t('quiz.reason-label'),
      placeholder: t('quiz.reason-example'),
      maxLength: MAX_REASON,
    },
  };
  const likes = written.map(({ user }, i): Button => ({ id: actionId('quiz', 'like', id, position, user), label: `👍 ${i + 1}` }));
  const blocks: Block[] = [
    { type: 'heading', text: t('quiz.talk-title', { number: position + 1 }) },
    { type: 'markdown', text: t('quiz.talk', { votes: first.size, seconds: settings.talkSeconds ?? 0 }) },
    ...when(written.length > 0, () => ({ type: 'markdown', text: listed(ctx, written) })),
    ...when(deadline !== null, () => ({ type: 'deadline', text: t('quiz.talk-until'), at: deadline! })),
    ...when(stopped, () => ({ type: 'note', text: t('quiz.paused') })),
    ...when(going, () => ({ type: 'buttons', items: [write, ...likes.filter((one) => one.id.length <= 100).slice(0, SHOWN - 1)] })),
    ...when(going, () => ({
      type: 'buttons',
      items: [
        controlButton(ctx, 'skip', undefined, t('quiz.vote-again')),
        controlButton(ctx, 'pause'),
        controlButton(ctx, 'stop', 'danger'),
      ],
    })),
    ...when(stopped, () => ({ type: 'buttons', items: [controlButton(ctx, 'resume', 'primary'), controlButton(ctx, 'stop', 'danger')] })),
  ];
  return say(blocks, { ...result(live), position, votes: first.size, reasons: written.length });
}

/** What the talk changed, as part of the reveal: both splits, the normalised gain, and what convinced. */
export function discussed(
  ctx: BoardContext,
  results: readonly Graded[],
  reasons: readonly (readonly [string, Reason])[],
  texts: readonly string[],
): Block[] {
  const { t } = ctx;
  const found = gainOf(results);
  if (!found || texts.length === 0) return [];
  const percent = (share: number) => Math.round(share * 100);
  const { before, after, people, gain } = found;
  const told = gain === undefined ? t(before === 1 ? 'quiz.gain-full' : 'quiz.gain-less') : t('quiz.gain', { gain: gain.toFixed(2) });
  const best = reasonsOf(reasons).filter(({ likes }) => likes > 0);
  return [
    { type: 'markdown', text: `${t('quiz.both-votes', { before: percent(before), after: percent(after), people })} ${told}` },
    ...when(best.length > 0, () => ({ type: 'markdown', text: `${t('quiz.convinced')}\n\n${listed(ctx, best.slice(0, 3))}` })),
  ];
}

/** Reasons are people's words: shown as they stand, without formatting, with the name of who does not mind. */
function listed({ live, hidden, t }: BoardContext, reasons: readonly { user: string; text: string; likes: number }[]): string {
  return reasons
    .map(({ user, text, likes }, i) => {
      const name = hidden.has(user) ? t('quiz.someone') : (live.state.players.get(user)?.name ?? t('quiz.someone'));
      return `${i + 1}. ${escapeMarkdown(name)}: ${escapeMarkdown(text)}${likes > 0 ? t('quiz.aside', { text: `👍 ${likes}` }) : ''}`;
    })
    .join('\n');
}
