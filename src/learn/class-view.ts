import type { HeatMapChart } from '../charts/spec.ts';
import type { Translate } from '../core/i18n.ts';
import { actionId, MAX_BUTTON_ID } from '../core/ids.ts';
import { type Locale, localize } from '../core/locale.ts';
import { type Block, type Button, clipWidth } from '../core/reply.ts';
import { titleOf } from '../notes/naming.ts';
import type { NotesView } from '../notes/service.ts';
import { hasNote } from '../quiz/question.ts';
import { BANDS, CLASS_FROM, type ClassItem, type ClassTopic, type ClassView } from './class.ts';
import { buttonRow } from './present.ts';

export interface ClassContext {
  notes: NotesView;
  locale: Locale;
  t: Translate;
}

/** Rows of a picture that stay readable on a phone, and of a table. */
const ROWS = 14;
/** What a message offers to open. */
const OPENED = 5;
/** Questions that are discussed in one go. */
export const DISCUSSED = 5;
/** Letters, Han characters counting double. */
const LABEL_WIDTH = 26;

const percent = (share: number) => `${Math.round(share * 100)} %`;

function bandNames(t: Translate): string[] {
  return BANDS.map((low, i) => t('class.band', { low: low * 100, high: (BANDS[i + 1] ?? 1) * 100 }));
}

/** Topics × bands of mastery; a cell is the share of the people who have met the topic. */
export function classChart({ notes, locale, t }: ClassContext, { topics, people }: ClassView): HeatMapChart | undefined {
  const shown = topics.slice(0, ROWS);
  const [weakest] = shown;
  if (!weakest) return undefined;
  const name = (topic: string) => titleOf(notes, topic, locale);
  const lines = shown.map(({ topic, mean }) => t('class.alt-row', { topic: name(topic), mean: Math.round(mean * 100) }));
  return {
    type: 'heatmap',
    title: t('class.chart-title', { topic: name(weakest.topic), mean: Math.round(weakest.mean * 100) }),
    ...(topics.length > shown.length && { subtitle: t('class.shown', { count: shown.length, total: topics.length }) }),
    alt: `${t('class.chart-alt', { people })} ${lines.join(t('quiz.semicolon'))}`,
    x: { label: t('class.bands'), categories: bandNames(t) },
    y: { label: '', categories: shown.map(({ topic }) => clipWidth(name(topic), LABEL_WIDTH)) },
    values: shown.map(({ bands, people: met }) => bands.map((count) => count / met)),
    format: 'percent',
    scaleLabel: t('class.scale'),
  };
}

/** The same in text, the weakest topics and questions, and what is worth a discussion. */
export function classBlocks(ctx: ClassContext, view: ClassView): Block[] {
  const { notes, locale, t } = ctx;
  if (view.people < CLASS_FROM) return [{ type: 'note', text: t('class.too-few', { count: CLASS_FROM }) }];
  if (view.topics.length === 0) return [{ type: 'note', text: t('class.no-topic', { count: CLASS_FROM }) }];
  const { topics, items } = view;
  const opened = topics.filter(({ topic }) => actionId('class', 'topic', topic).length <= MAX_BUTTON_ID).slice(0, OPENED);
  const weak = items.filter(({ right }) => right < 1).slice(0, OPENED);
  return [
    {
      type: 'table',
      columns: [t('class.topic'), t('class.people'), t('class.mean'), ...bandNames(t)],
      rows: topics
        .slice(0, ROWS)
        .map(({ topic, people, mean, bands }) => [titleOf(notes, topic, locale), `${people}`, percent(mean), ...bands.map(String)]),
    },
    { type: 'note', text: t('class.how', { people: view.people, count: CLASS_FROM }) },
    { type: 'rows', items: opened.map((one) => topicRow(ctx, one)) },
    ...(weak.length > 0
      ? [{ type: 'markdown', text: `**${t('class.weakest-items')}**\n\n${weak.map((item) => itemLine(ctx, item)).join('\n')}` } as const]
      : []),
    ...discussBlocks(ctx, items),
  ];
}

function topicRow({ notes, locale, t }: ClassContext, { topic, people, mean }: ClassTopic): { text: string; button: Button } {
  const text = t('class.row', { topic: titleOf(notes, topic, locale), mean: Math.round(mean * 100), people });
  return { text, button: { id: actionId('class', 'topic', topic), label: t('notes.open') } };
}

function itemLine({ locale, t }: ClassContext, { question, right, answers }: ClassItem): string {
  return `- ${t('class.item', { prompt: localize(question.prompt, locale), right: Math.round(right * 100), answers })}`;
}

/** Questions between 30 and 70 % right are proposed for a discussion. */
function discussBlocks({ t }: ClassContext, items: readonly ClassItem[], topic?: string): Block[] {
  const count = items.filter(({ discuss }) => discuss).length;
  if (count === 0) return [];
  const id = actionId('class', 'discuss', ...(topic === undefined ? [] : [topic]));
  const button: Button = { id, label: t('class.discuss', { count: Math.min(count, DISCUSSED) }), style: 'primary' };
  return [{ type: 'note', text: t('class.discuss-why', { count }) }, ...buttonRow(id.length <= MAX_BUTTON_ID ? [button] : [])];
}

/** One row opened: how the people of a topic stand, and its questions, hardest first. */
export function classTopicBlocks(ctx: ClassContext, view: ClassView, topic: string): Block[] {
  const { notes, locale, t } = ctx;
  const found = view.topics.find((one) => one.topic === topic);
  if (!found) return [{ type: 'note', text: t('class.no-topic', { count: CLASS_FROM }) }];
  const items = view.items.filter(({ question }) => question.topic === topic);
  const names = bandNames(t);
  return [
    {
      type: 'heading',
      text: t('class.row', { topic: titleOf(notes, topic, locale), mean: Math.round(found.mean * 100), people: found.people }),
    },
    { type: 'fields', items: found.bands.map((count, i) => ({ name: names[i]!, value: t('class.in-band', { count }) })) },
    ...(items.length > 0 ? [{ type: 'markdown', text: items.map((item) => itemLine(ctx, item)).join('\n') } as const] : []),
    ...discussBlocks(ctx, items, topic),
    ...buttonRow(
      items.some(({ question }) => hasNote(question)) ? [{ id: actionId('explain', 'topic', topic), label: t('quiz.open-note') }] : [],
    ),
  ];
}
