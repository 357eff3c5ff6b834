// Two runs beside each other: what differs between them, and what came out.
import { el, num, table } from '../lib/dom.js';
import { t } from '../lib/session.ts';

export function comparison(kept, fresh) {
  const settings = ({ params, seed }) => ({ ...params, seed });
  const [before, after] = [settings(kept), settings(fresh)];
  const changed = Object.keys(after).filter((name) => String(before[name]) !== String(after[name]));
  const columns = (first, ...more) => [first, t('lab.kept'), t('lab.new'), ...more];
  const common = Object.keys(fresh.measures).filter((name) => name in kept.measures);
  return el(
    'section',
    { className: 'panel', 'aria-label': t('lab.compare') },
    el('h2', { textContent: t('lab.compare') }),
    changed.length === 0
      ? el('p', { className: 'note', textContent: t('lab.same') })
      : table(
          columns(t('lab.differs')),
          changed.map((name) => [el('code', { textContent: name }), show(before[name]), show(after[name])]),
        ),
    common.length === 0
      ? undefined
      : table(
          columns(t('measure'), t('lab.ratio')),
          common.map((name) => {
            const [a, b] = [kept.measures[name], fresh.measures[name]];
            return [fresh.names?.[name] ?? name, num(a), num(b), num(a ? b / a : Number.NaN)];
          }),
        ),
  );
}

function show(value) {
  return Array.isArray(value) ? value.join(', ') : typeof value === 'number' ? num(value) : String(value ?? '—');
}
