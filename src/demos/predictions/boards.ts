import type { UserError } from '../../core/errors.ts';
import type { Translate } from '../../core/i18n.ts';
import { actionId } from '../../core/ids.ts';
import { localize } from '../../core/locale.ts';
import { plainName } from '../../core/names.ts';
import { type Block, type Reply, say } from '../../core/reply.ts';
import { type Demo, told } from '../demo.ts';
import { percent } from '../lib/format.ts';
import { type AnyParams, formatParams } from '../params.ts';
import { changed, demoBlocks, demoResult, type PresentedRun } from '../present.ts';
import type { Prediction, Vote } from './repository.ts';

/** Names written out; a large room gets a number for the rest. */
const NAMED = 20;

/** The question with a button for each answer; without buttons once it is closed. Votes show as a number only. */
export function question(prediction: Prediction, demo: Demo, votes: readonly Vote[], t: Translate): Reply {
  const { id, locale, params, deadline, phase } = prediction;
  const open = phase === 'open';
  const blocks: Block[] = [
    { type: 'heading', text: t('predict.title', { demo: localize(demo.title, locale) }) },
    { type: 'markdown', text: localize(told(demo.predict.question, params), locale) },
    { type: 'note', text: [commandOf(demo, params), t('predict.votes', { votes: votes.length })].join(' · ') },
  ];
  if (!open) return say([...blocks, { type: 'note', text: t('predict.closed') }], result(prediction, demo, votes));
  if (deadline !== null) blocks.push({ type: 'deadline', text: t('predict.closes-at'), at: deadline });
  blocks.push({
    type: 'buttons',
    items: [
      ...told(demo.predict.options, params).map((option) => ({
        id: actionId('demo', 'predict', id, option.id),
        label: localize(option.text, locale),
        style: 'primary' as const,
      })),
      { id: actionId('demo', 'reveal', id), label: t('predict.close-now') },
    ],
  });
  return say(blocks, result(prediction, demo, votes));
}

/** The chart, what the room had thought, who was right, and why. */
export function reveal(prediction: Prediction, presented: PresentedRun, votes: readonly Vote[], t: Translate): Reply {
  const { locale } = prediction;
  const { demo, outcome, params } = presented.run;
  const right = demo.predict.outcome(outcome, params);
  const names = votes.filter(({ choice }) => choice === right).map(({ name }) => plainName(name));
  // It ran while people thought, or before that: nobody here has seen it.
  const [heading, ...rest] = demoBlocks(presented, locale, t, 'demos.made-voted');
  const counts = told(demo.predict.options, params).map((option) => ({
    ...option,
    count: votes.filter(({ choice }) => choice === option.id).length,
  }));
  const answer = counts.find((option) => option.id === right);
  return say(
    [
      heading!,
      { type: 'markdown', text: `**${t('predict.answer')}** ${answer ? localize(answer.text, locale) : right}` },
      {
        type: 'table',
        columns: [t('predict.option'), t('predict.share'), ''],
        rows: counts.map(({ id, text, count }) => [
          localize(text, locale),
          votes.length === 0 ? '0' : `${count} (${percent(count / votes.length)})`,
          id === right ? '✓' : '',
        ]),
      },
      { type: 'note', text: whoWasRight(names, votes.length, t) },
      { type: 'markdown', text: localize(told(demo.predict.why, outcome, params), locale) },
      ...rest,
    ],
    {
      ...demoResult(presented, locale),
      prediction: { id: prediction.id, right, votes: Object.fromEntries(counts.map(({ id, count }) => [id, count])), names },
    },
  );
}

/** In place of the reveal when the experiment did not come to an end. */
export function failed(prediction: Prediction, demo: Demo, error: UserError, t: Translate): Reply {
  const text = `${t(`errors.${error.code}.message`, error.params)}\n${t(`errors.${error.code}.hint`, error.params)}`;
  return say([
    { type: 'heading', text: t('predict.title', { demo: localize(demo.title, prediction.locale) }) },
    { type: 'note', tone: 'error', text },
    { type: 'note', text: `${commandOf(demo, prediction.params)} seed:${prediction.seed}` },
  ]);
}

function whoWasRight(names: readonly string[], voters: number, t: Translate): string {
  if (voters === 0) return t('predict.nobody-voted');
  if (names.length === 0) return t('predict.nobody-right');
  const rest = names.length - NAMED;
  return t('predict.right', { names: names.slice(0, NAMED).join(', ') + (rest > 0 ? ` +${rest}` : '') });
}

/** The command as it was asked, without the seed: nobody is to look the answer up. */
function commandOf(demo: Demo, params: AnyParams): string {
  return `/demo ${demo.name} ${formatParams(changed(demo, params))}`.trim();
}

function result({ id, phase, deadline }: Prediction, demo: Demo, votes: readonly Vote[]) {
  return { kind: 'info' as const, prediction: id, demo: demo.name, phase, deadline, votes: votes.length };
}
