// The leaderboard: the same figures as /scores, by period, topic and room.
import { $, el, medal, table } from './lib/dom.js';
import { getJson, room, t, user } from './lib/session.js';

const PERIODS = ['today', 'week', 'month', 'all'];

export async function show(main) {
  main.classList.add('page');
  const { topics } = await getJson('/api/topics');
  const chosen = new URLSearchParams(location.search);
  const periods = PERIODS.map((period) =>
    el(
      'label',
      {},
      el('input', { type: 'radio', name: 'period', value: period, checked: period === (chosen.get('period') ?? 'all') }),
      el('span', { textContent: t(`scores.${period}`) }),
    ),
  );
  const select = (id, label, options) =>
    el('div', { className: 'field' }, el('label', { for: id, textContent: t(label) }), el('select', { id }, options));
  main.append(
    el('h1', { textContent: t('scores.title') }),
    el(
      'form',
      { id: 'filters' },
      el('fieldset', { className: 'segments' }, el('legend', { className: 'unseen', textContent: t('scores.period') }), periods),
      select('topic', 'scores.topic', [
        el('option', { value: '', textContent: t('scores.all-topics') }),
        ...topics.map(({ id, title }) => el('option', { value: id, textContent: title, selected: id === chosen.get('topic') })),
      ]),
      select('where-scores', 'scores.where', [
        el('option', { value: room(), textContent: t('scores.here', { room: room() }) }),
        el('option', { value: '', textContent: t('scores.everywhere'), selected: chosen.get('where') === 'all' }),
      ]),
    ),
    el('div', { id: 'board', 'aria-live': 'polite' }),
  );
  $('filters').onchange = load;
  await load();

  async function load() {
    const period = $('filters').querySelector(':checked').value;
    const topic = $('topic').value;
    const where = $('where-scores').value;
    history.replaceState(null, '', `/scores?${new URLSearchParams({ period, ...(topic && { topic }), ...(!where && { where: 'all' }) })}`);
    const { rows } = await getJson('/api/scores', { period, topic, room: where });
    $('board').replaceChildren(rows.length === 0 ? el('p', { className: 'note', textContent: t('scores.none') }) : board(rows));
  }
}

function board(rows) {
  const columns = ['rank', 'name', 'points', 'correct', 'share'].map((key) => t(`scores.${key}`));
  const best = Math.max(...rows.map(({ score }) => score));
  return table(
    columns,
    rows.map(({ rank, user: { id, name }, score, correct, answered }) => {
      const mine = id === user();
      const who = el('span', {}, name, mine ? el('small', { textContent: ` (${t('you')})` }) : '');
      const points = el(
        'span',
        { className: 'points' },
        el('meter', { min: 0, max: best || 1, value: score, 'aria-label': t('scores.points') }),
        String(score),
      );
      const row = [
        medal(rank) ?? String(rank),
        who,
        points,
        `${correct}/${answered}`,
        `${Math.round((100 * correct) / Math.max(1, answered))} %`,
      ];
      return Object.assign(row, { className: mine ? 'mine' : '' });
    }),
    t('scores.title'),
  );
}
