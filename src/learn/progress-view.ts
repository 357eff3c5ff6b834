import type { BarsChart, ChartSpec, LinesChart } from '../charts/spec.ts';
import type { Translate } from '../core/i18n.ts';
import type { Locale } from '../core/locale.ts';
import { type Block, clipWidth } from '../core/reply.ts';
import { percent } from '../demos/lib/format.ts';
import { titleOf } from '../notes/naming.ts';
import type { NotesView } from '../notes/service.ts';
import type { Progress, TopicMastery } from './service.ts';

export interface ProgressContext {
  notes: NotesView;
  locale: Locale;
  t: Translate;
}

/** Bars that stay readable in a panel. */
const SHOWN_TOPICS = 12;
/** Letters, Han characters counting double. */
const LABEL_WIDTH = 28;
const FORECAST_MARKS = [1, 7, 30];

/** Topics that the person has met, weakest first: that is where the next hour goes. */
function metTopics({ topics }: Progress): TopicMastery[] {
  return topics.filter(({ seen }) => seen > 0).sort((a, b) => a.mastery - b.mastery);
}

/** The whole as one picture; undefined when nothing was answered yet. */
export function progressChart(ctx: ProgressContext, progress: Progress): ChartSpec | undefined {
  const { t, locale } = ctx;
  const met = metTopics(progress);
  if (met.length === 0) return undefined;
  const shown = met.slice(0, SHOWN_TOPICS);
  const mastery: BarsChart = {
    type: 'bars',
    title: t('progress.mastery'),
    ...(met.length > shown.length && { subtitle: t('progress.weakest', { count: shown.length }) }),
    alt: '',
    horizontal: true,
    format: 'percent',
    x: { label: '', categories: shown.map(({ topic }) => clipWidth(titleOf(ctx.notes, topic, locale), LABEL_WIDTH)) },
    y: { label: t('progress.mastery-axis'), min: 0, max: 1 },
    groups: [{ name: t('progress.mastery'), values: shown.map((topic) => topic.mastery) }],
  };
  const due: BarsChart = {
    type: 'bars',
    title: t('progress.coming'),
    alt: '',
    format: 'integer',
    x: { label: '', categories: progress.due.map(({ day }, i) => dayName(ctx, day, i)) },
    y: { label: t('progress.reviews-axis') },
    groups: [{ name: t('progress.coming'), values: progress.due.map(({ count }) => count) }],
  };
  const forecast: LinesChart = {
    type: 'lines',
    title: t('progress.forecast'),
    alt: '',
    x: { label: t('progress.days-axis') },
    y: { label: t('progress.retention-axis'), min: 0, max: 1 },
    lines: [
      {
        name: t('progress.forecast'),
        label: percent(progress.forecast.at(-1)?.retention ?? 0),
        x: progress.forecast.map(({ day }) => day),
        y: progress.forecast.map(({ retention }) => retention),
      },
    ],
  };
  const activity: BarsChart = {
    type: 'bars',
    title: t('progress.activity'),
    alt: '',
    format: 'integer',
    x: { label: t('progress.day-axis'), categories: progress.activity.map(({ day }) => String(Number(day.slice(8)))) },
    y: { label: t('progress.answers-axis') },
    groups: [{ name: t('progress.activity'), values: progress.activity.map(({ count }) => count) }],
  };
  return {
    type: 'multiples',
    title: t('progress.title'),
    subtitle: streakText(t, progress),
    alt: [t('progress.title'), streakText(t, progress), ...lines(ctx, progress)].join(' '),
    columns: 2,
    panels: [mastery, due, ...(progress.forecast.length > 0 ? [forecast] : []), activity],
  };
}

/** The same in words and numbers. */
export function progressBlocks(ctx: ProgressContext, progress: Progress): Block[] {
  const { t, locale } = ctx;
  const met = metTopics(progress);
  if (met.length === 0) return [{ type: 'note', text: t('progress.nothing-yet') }];
  return [
    { type: 'markdown', text: streakText(t, progress) },
    {
      type: 'table',
      columns: [t('progress.topic'), t('progress.mastery'), t('progress.seen')],
      rows: met.map(({ topic, mastery, seen, total }) => [titleOf(ctx.notes, topic, locale), percent(mastery), `${seen}/${total}`]),
    },
    { type: 'note', text: lines(ctx, progress).slice(1).join('\n') },
  ];
}

function lines(ctx: ProgressContext, progress: Progress): string[] {
  const { t, locale } = ctx;
  const met = metTopics(progress);
  const topics = met
    .map(({ topic, mastery }) => `${titleOf(ctx.notes, topic, locale)} ${percent(mastery)}`)
    .join(locale === 'zh' ? '，' : ', ');
  const due = progress.due.map(({ day, count }, i) => `${dayName(ctx, day, i)} ${count}`).join(locale === 'zh' ? '，' : ', ');
  const marks = progress.forecast.filter(({ day }) => FORECAST_MARKS.includes(day));
  return [
    t('progress.mastery-line', { topics }),
    ...(marks.length > 0
      ? [
          t('progress.forecast-line', {
            marks: marks
              .map(({ day, retention }) => t('progress.forecast-mark', { days: day, share: percent(retention) }))
              .join(locale === 'zh' ? '，' : ', '),
          }),
        ]
      : []),
    t('progress.due-line', { due }),
    t('progress.answered-line', { answered: progress.answered, right: progress.right }),
  ];
}

/** `3 days in a row. One missed day would be forgiven.` */
export function streakText(t: Translate, { streak }: Progress): string {
  const key = streak.days === 0 ? 'progress.no-streak' : streak.days === 1 ? 'progress.streak-one' : 'progress.streak';
  return [
    t(key, { days: streak.days }),
    ...(streak.days > 0 ? [t(streak.freeze ? 'progress.freeze-ready' : 'progress.freeze-used')] : []),
  ].join(' ');
}

/** `today`, else `Thu`. */
function dayName({ locale, t }: ProgressContext, day: string, index: number): string {
  if (index === 0) return t('progress.today');
  const date = new Date(`${day}T12:00:00Z`);
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' }).format(date);
}
