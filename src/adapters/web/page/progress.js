// One's own progress: what is known by topic, what comes up for review, what would be forgotten.
import { el, num, table } from './lib/dom.js';
import { getJson, region, room, roomPath, t, user } from './lib/session.js';

/** Days of the forecast that are said in words. */
const MARKS = [1, 7, 30];

export async function show(main) {
  main.classList.add('page');
  const progress = await getJson('/api/progress');
  const met = progress.topics.filter(({ seen }) => seen > 0).sort((a, b) => a.mastery - b.mastery);
  main.append(el('h1', { textContent: t('progress.title', { name: user().name }) }));
  if (met.length === 0) main.append(nothingYet(), devices());
  else
    main.append(
      streak(progress),
      reviews(progress),
      mastery(met),
      ...(progress.forecast.length > 0 ? [forecast(progress)] : []),
      devices(),
    );
}

const inChat = (draft, label, className = 'button') =>
  el('a', { className, href: `${roomPath(room())}?${new URLSearchParams({ draft })}`, textContent: label });

function panel(title, ...children) {
  return el('section', { className: 'panel' }, el('h2', { textContent: title }), children);
}

function nothingYet() {
  return el(
    'section',
    { className: 'panel' },
    el('p', { textContent: t('progress.nothing') }),
    el('div', { className: 'actions' }, inChat('/quiz start questions:5', t('try-quiz-title')), inChat('/topics', t('progress.topics'))),
  );
}

/** The way to be the same person elsewhere. */
function devices() {
  return panel(
    t('progress.devices'),
    el('p', { className: 'note', textContent: t('progress.devices-note') }),
    el('div', { className: 'actions' }, inChat('/link', t('progress.devices-code'))),
  );
}

function streak({ streak: { days, freeze, today }, answered, right }) {
  const items = [
    [String(days), t(days === 1 ? 'progress.streak-one' : 'progress.streak')],
    [String(answered), t('progress.answered')],
    [`${Math.round((100 * right) / Math.max(1, answered))} %`, t('progress.right')],
  ];
  return el(
    'section',
    { className: 'panel' },
    el(
      'ul',
      { className: 'figures' },
      items.map(([value, label]) => el('li', {}, el('b', { textContent: value }), el('span', { textContent: label }))),
    ),
    el('p', {
      className: 'note',
      textContent: `${t(today ? 'progress.today-done' : 'progress.today-open')} ${t(freeze ? 'progress.freeze' : 'progress.no-freeze')}`,
    }),
  );
}

function reviews({ due }) {
  const most = Math.max(1, ...due.map(({ count }) => count));
  const days = due.map(({ day, count }, i) =>
    el(
      'li',
      {},
      el('span', { textContent: i === 0 ? t('progress.today') : dayName(day) }),
      el('meter', { min: 0, max: most, value: count, 'aria-hidden': 'true' }),
      el('b', { textContent: String(count) }),
    ),
  );
  const now = due[0]?.count ?? 0;
  return panel(
    t('progress.coming'),
    el('ul', { className: 'bars' }, days),
    now > 0
      ? inChat('/review', t('progress.review-now', { count: now }), 'button primary')
      : el('p', { className: 'note', textContent: t('progress.none-due') }),
  );
}

function mastery(met) {
  const columns = ['progress.topic', 'progress.mastery', 'progress.seen', 'progress.practise'].map((key) => t(key));
  return panel(
    t('progress.by-topic'),
    table(
      columns,
      met.map(({ topic, title, mastery: share, seen, total }) => {
        const percent = `${Math.round(100 * share)} %`;
        return [
          inChat(`/explain ${topic}`, title, ''),
          el(
            'span',
            { className: 'points' },
            el('meter', { min: 0, max: 1, low: 0.5, high: 0.8, optimum: 1, value: share, 'aria-label': `${title}: ${percent}` }),
            percent,
          ),
          `${seen}/${total}`,
          inChat(`/review ${topic}`, t('progress.practise-one'), ''),
        ];
      }),
      t('progress.by-topic'),
    ),
  );
}

/** The share that would still be known, day by day, as a line; in words below it. */
function forecast({ forecast: days }) {
  const [width, height, last] = [600, 140, days.at(-1).day];
  const at = ({ day, retention }) => `${((day / Math.max(1, last)) * width).toFixed(1)},${((1 - retention) * height).toFixed(1)}`;
  const words = days
    .filter(({ day }) => MARKS.includes(day))
    .map(({ day, retention }) => t('progress.mark', { days: day, share: `${Math.round(100 * retention)} %` }))
    .join(' · ');
  const line = svg('polyline', {
    points: days.map(at).join(' '),
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 3,
    'vector-effect': 'non-scaling-stroke',
  });
  const frame = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': words,
    class: 'curve',
  });
  frame.append(
    ...[0, 0.5, 1].map((share) => svg('line', { x1: 0, x2: width, y1: share * height, y2: share * height, class: 'grid' })),
    line,
  );
  return panel(
    t('progress.forecast'),
    frame,
    el(
      'p',
      { className: 'ends' },
      el('span', { textContent: t('progress.now', { share: `${Math.round(100 * days[0].retention)} %` }) }),
      el('span', { textContent: t('progress.in-days', { days: num(last) }) }),
    ),
    el('p', { textContent: words }),
  );
}

function svg(tag, attributes) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function dayName(day) {
  return new Intl.DateTimeFormat(region, { timeZone: 'UTC', weekday: 'short', day: 'numeric' }).format(new Date(`${day}T12:00:00Z`));
}
