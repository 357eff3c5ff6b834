// The enlarged chart with the numbers behind it, as tables and as files.
import { download, el, num, table } from './lib/dom.js';
import { t } from './lib/session.ts';

/** Shows the picture in full width; for an experiment its series, measures and checks below. */
export function showChart({ url, alt, name, width, height }, demo) {
  const close = el('button', { type: 'submit', className: 'primary', textContent: t('close') });
  const tools = [el('a', { className: 'button', href: url, download: name, textContent: t('save') })];
  const body = [el('img', { src: url, alt, width, height })];
  if (demo) {
    const file = `${demo.demo}-seed${demo.seed}`;
    const csv = (label, rows, suffix) =>
      el('button', { type: 'button', textContent: label, onclick: () => download(`${file}${suffix}.csv`, toCsv(rows)) });
    tools.push(csv(t('csv-series'), seriesRows(demo.series), ''), csv(t('csv-measures'), measureRows(demo.measures), '-measures'));
    body.push(...numbers(demo));
  } else body.push(el('p', { className: 'note', textContent: alt }));
  const dialog = el(
    'dialog',
    { id: 'chart', 'aria-label': t('chart') },
    el('form', { method: 'dialog', className: 'bar' }, tools, close),
    el('div', { className: 'sheet', tabIndex: 0, role: 'region', 'aria-label': t('chart') }, body),
  );
  dialog.onclose = () => dialog.remove();
  // A click beside the sheet closes it.
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

function numbers({ series, measures, names = {} }) {
  const named = (name) => names[name] ?? name;
  return [
    ...byAxis(series).map(({ x, lines }) => {
      const columns = ['x', ...lines.flatMap(({ name, low }) => (low ? [named(name), t('low'), t('high')] : [named(name)]))];
      const rows = x.map((value, i) => [
        num(value),
        ...lines.flatMap(({ y, low, high }) => (low ? [num(y[i]), num(low[i]), num(high?.[i])] : [num(y[i])])),
      ]);
      return section(lines.length === 1 ? named(lines[0].name) : t('series'), columns, rows);
    }),
    section(
      t('measures'),
      [t('measure'), t('value')],
      Object.entries(measures).map(([name, value]) => [named(name), num(value)]),
    ),
  ];
}

function section(title, columns, rows) {
  const box = table(columns, rows, title);
  box.classList.add('tall');
  return el('section', {}, el('h3', { textContent: title }), box);
}

/** Lines over the same x values share a table. */
function byAxis(series) {
  const groups = new Map();
  for (const line of series) {
    const key = line.x.join();
    groups.set(key, { x: line.x, lines: [...(groups.get(key)?.lines ?? []), line] });
  }
  return [...groups.values()];
}

/** One row a point, which is what spreadsheets and data frames read best. */
export function seriesRows(series) {
  return [
    ['series', 'x', 'y', 'low', 'high'],
    ...series.flatMap(({ name, x, y, low, high }) => x.map((value, i) => [name, value, y[i], low?.[i], high?.[i]])),
  ];
}

export function measureRows(measures) {
  return [['measure', 'value'], ...Object.entries(measures)];
}

/** Full precision; the mark at the beginning tells spreadsheets that it is UTF-8. */
export function toCsv(rows) {
  const cell = (value) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
