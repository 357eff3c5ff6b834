// One's own progress: what is known by topic, what comes up for review, what would be forgotten.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { draftPath, getJson, region, t, user } from './lib/session.ts';
import { num, Table } from './lib/ui.tsx';

/** Days of the forecast that are said in words. */
const MARKS = [1, 7, 30];

interface Topic {
  topic: string;
  title: string;
  mastery: number;
  seen: number;
  total: number;
}
interface Day {
  day: number;
  retention: number;
}
interface Progress {
  topics: Topic[];
  streak: { days: number; freeze: boolean; today: boolean };
  answered: number;
  right: number;
  due: { day: string; count: number }[];
  forecast: Day[];
}

export function ProgressView() {
  const [progress, setProgress] = useState<Progress>();
  useEffect(() => {
    void getJson<Progress>('/api/progress').then(setProgress);
  }, []);
  const met = progress?.topics.filter(({ seen }) => seen > 0).sort((a, b) => a.mastery - b.mastery) ?? [];
  return (
    <>
      <h1>{t('progress.title', { name: user().name })}</h1>
      {progress && met.length === 0 && (
        <>
          <NothingYet />
          <Devices />
        </>
      )}
      {progress && met.length > 0 && (
        <>
          <Streak progress={progress} />
          <Reviews due={progress.due} />
          <Mastery met={met} />
          {progress.forecast.length > 0 && <Forecast days={progress.forecast} />}
          <Devices />
        </>
      )}
    </>
  );
}

function InChat({ draft, class: look = 'button', children }: { draft: string; class?: string; children: ComponentChildren }) {
  return (
    <a class={look} href={draftPath(draft)}>
      {children}
    </a>
  );
}

function Panel({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="panel">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function NothingYet() {
  return (
    <section class="panel">
      <p>{t('progress.nothing')}</p>
      <div class="actions">
        <InChat draft="/quiz start questions:5">{t('try-quiz-title')}</InChat>
        <InChat draft="/topics">{t('progress.topics')}</InChat>
      </div>
    </section>
  );
}

/** The way to be the same person elsewhere. */
function Devices() {
  return (
    <Panel title={t('progress.devices')}>
      <p class="note">{t('progress.devices-note')}</p>
      <div class="actions">
        <InChat draft="/link">{t('progress.devices-code')}</InChat>
      </div>
    </Panel>
  );
}

function Streak({ progress: { streak, answered, right } }: { progress: Progress }) {
  const { days, freeze, today } = streak;
  const items = [
    [String(days), t(days === 1 ? 'progress.streak-one' : 'progress.streak')],
    [String(answered), t('progress.answered')],
    [`${Math.round((100 * right) / Math.max(1, answered))} %`, t('progress.right')],
  ];
  return (
    <section class="panel">
      <ul class="figures">
        {items.map(([value, label]) => (
          <li key={label}>
            <b>{value}</b>
            <span>{label}</span>
          </li>
        ))}
      </ul>
      <p class="note">
        {`${t(today ? 'progress.today-done' : 'progress.today-open')} ${t(freeze ? 'progress.freeze' : 'progress.no-freeze')}`}
      </p>
    </section>
  );
}

function Reviews({ due }: { due: Progress['due'] }) {
  const most = Math.max(1, ...due.map(({ count }) => count));
  const now = due[0]?.count ?? 0;
  return (
    <Panel title={t('progress.coming')}>
      <ul class="bars">
        {due.map(({ day, count }, i) => (
          <li key={day}>
            <span>{i === 0 ? t('progress.today') : dayName(day)}</span>
            <meter min={0} max={most} value={count} aria-hidden="true" />
            <b>{count}</b>
          </li>
        ))}
      </ul>
      {now > 0 ? (
        <InChat draft="/review" class="button primary">
          {t('progress.review-now', { count: now })}
        </InChat>
      ) : (
        <p class="note">{t('progress.none-due')}</p>
      )}
    </Panel>
  );
}

function Mastery({ met }: { met: Topic[] }) {
  const columns = ['progress.topic', 'progress.mastery', 'progress.seen', 'progress.practise'].map((key) => t(key));
  const rows = met.map(({ topic, title, mastery, seen, total }) => {
    const percent = `${Math.round(100 * mastery)} %`;
    return {
      key: topic,
      cells: [
        <InChat draft={`/explain ${topic}`} class="">
          {title}
        </InChat>,
        <span class="points">
          <meter min={0} max={1} low={0.5} high={0.8} optimum={1} value={mastery} aria-label={`${title}: ${percent}`} />
          {percent}
        </span>,
        `${seen}/${total}`,
        <InChat draft={`/review ${topic}`} class="">
          {t('progress.practise-one')}
        </InChat>,
      ],
    };
  });
  return (
    <Panel title={t('progress.by-topic')}>
      <Table columns={columns} rows={rows} label={t('progress.by-topic')} />
    </Panel>
  );
}

/** The share that would still be known, day by day, as a line; in words below it. */
function Forecast({ days }: { days: Day[] }) {
  const [width, height, last] = [600, 140, days.at(-1)!.day];
  const at = ({ day, retention }: Day) => `${((day / Math.max(1, last)) * width).toFixed(1)},${((1 - retention) * height).toFixed(1)}`;
  const words = days
    .filter(({ day }) => MARKS.includes(day))
    .map(({ day, retention }) => t('progress.mark', { days: day, share: `${Math.round(100 * retention)} %` }))
    .join(' · ');
  return (
    <Panel title={t('progress.forecast')}>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={words} class="curve">
        <title>{words}</title>
        {[0, 0.5, 1].map((share) => (
          <line key={share} x1={0} x2={width} y1={share * height} y2={share * height} class="grid" />
        ))}
        <polyline points={days.map(at).join(' ')} fill="none" stroke="currentColor" stroke-width={3} vector-effect="non-scaling-stroke" />
      </svg>
      <p class="ends">
        <span>{t('progress.now', { share: `${Math.round(100 * days[0]!.retention)} %` })}</span>
        <span>{t('progress.in-days', { days: num(last) })}</span>
      </p>
      <p>{words}</p>
    </Panel>
  );
}

function dayName(day: string): string {
  return new Intl.DateTimeFormat(region, { timeZone: 'UTC', weekday: 'short', day: 'numeric' }).format(new Date(`${day}T12:00:00Z`));
}
