// The leaderboard: the same figures as /scores, by period, topic and room.
import { $, el, medal, table } from './lib/dom.js';
import { getJson, room, t, user } from './lib/session.js';

const PERIODS = ['today', 'week', 'month', 'season', 'all'];

export async function show(main) {
  main.classList.add('page');
  const [{ topics }, { season, seasons }] = await Promise.all([getJson('/api/topics'), getJson('/api/scores')]);
  const chosen = new URLSearchParams(location.search);
  const periods = PERIODS.map((period) =>
    el(
      'label',
      {},
      el('input', { type: 'radio', name: 'period', value: period, checked: period === (chosen.get('period') ?? 'all') }),
      el('span', { textContent: t(`scores.${period}`, { season }) }),
    ),
  );
  const select = (id, label, options) =>
    el('div', { className: 'field' }, el('label', { for: id, textContent: t(label) }), el('select', { id }, options));
  const option = (value, textContent, selected) => el('option', { value, textContent, selected: value === selected });
  main.append(
    el('h1', { textContent: t('scores.title') }),
    el(
      'form',
      { id: 'filters' },
      el('fieldset', { className: 'segments' }, el('legend', { className: 'unseen', textContent: t('scores.period') }), periods),
      select('topic', 'scores.topic', [
        option('', t('scores.all-topics')),
        ...topics.map(({ id, title }) => option(id, title, chosen.get('topic'))),
      ]),
      select('where-scores', 'scores.where', [
        option(room(), t('scores.here', { room: room() })),
        option('', t('scores.everywhere'), chosen.get('where') === 'all' ? '' : room()),
      ]),
      seasons.length === 0
        ? undefined
        : select('past', 'scores.past', [
            option('', t('scores.running')),
            ...seasons.map(({ number, name }) => option(String(number), `${number}: ${name}`, chosen.get('past'))),
          ]),
    ),
    el('div', { id: 'board', 'aria-live': 'polite' }),
  );
  $('filters').onchange = load;
  await load();

  async function load() {
    const period = $('filters').querySelector(':checked').value;
    const [topic, where, past] = [$('topic').value, $('where-scores').value, $('past')?.value ?? ''];
    const shown = { period, ...(topic && { topic }), ...(!where && { where: 'all' }), ...(past && { past }) };
    history.replaceState(null, '', `/scores?${new URLSearchParams(shown)}`);
    const { rows, you } = await getJson('/api/scores', { period, season: past, topic, room: where });
    const own = you && !rows.some(({ user: { id } }) => id === user().id) ? [you] : [];
    $('board').replaceChildren(
      rows.length === 0 ? el('p', { className: 'note', textContent: t('scores.none') }) : board([...rows, ...own]),
    );
  }
}

function board(rows) {
  const columns = ['rank', 'name', 'points', 'correct', 'share'].map((key) => t(`scores.${key}`));
  const best = Math.max(1, ...rows.map(({ score }) => score));
  return table(
    columns,
    rows.map(({ rank, user: { id, name }, score, correct, answered }) => {
      const mine = id === user().id;
      const who = el('span', {}, name, mine ? el('small', { textContent: ` (${t('you')})` }) : '');
      const points = el(
        'span',
        { className: 'points' },
        el('meter', { min: 0, max: best, value: score, 'aria-hidden': 'true' }),
        String(score),
      );
      const share = `${Math.round((100 * correct) / Math.max(1, answered))} %`;
      return Object.assign([medal(rank) ?? String(rank), who, points, `${correct}/${answered}`, share], { className: mine ? 'mine' : '' });
    }),
    t('scores.title'),
  );
}
