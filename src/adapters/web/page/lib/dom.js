// The few helpers that the lab uses.

export const $ = (id) => document.getElementById(id);

/** An element with properties; `data-*`, `aria-*` and `role` are set as attributes. Text is always text, never HTML. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (/^(data-|aria-|role$|for$)/.test(key)) node.setAttribute(key, String(value));
    else node[key] = value;
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/** Offers a text as a file. */
export function download(name, text, type = 'text/csv') {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A table in a box that scrolls sideways where it is too wide, also by keyboard. */
export function table(columns, rows, label = columns.join(', ')) {
  const head = el(
    'tr',
    {},
    columns.map((text) => el('th', { scope: 'col', textContent: text })),
  );
  const lines = rows.map((row) =>
    el(
      'tr',
      { className: row.className },
      row.map((cell) => el('td', { className: isNumber(cell) ? 'number' : '' }, cell)),
    ),
  );
  return el(
    'div',
    { className: 'scroll', tabIndex: 0, role: 'group', 'aria-label': label },
    el('table', {}, el('thead', {}, head), el('tbody', {}, lines)),
  );
}

function isNumber(cell) {
  return typeof cell === 'string' && /^[-−+]?[\d.,]+(e[-+]?\d+)?( ?%| ± .*|\/\d+)?$/.test(cell);
}

/** A number as it is read: four significant digits. */
export function num(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '—';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}
