// Draws what the bot says, block by block. Everything that people typed is set as text; only the server's own
// Markdown is set as HTML, and the server escapes raw HTML there.
import { showChart } from '../chart.js';
import { el, html, medal, table } from '../lib/dom.js';
import { region, t, tab } from '../lib/session.js';

const MEDALS = ['🥇', '🥈', '🥉'];

/**
 * @param press called with the id of a pressed button, the button and its message.
 * @param serverNow the server's clock, for deadlines.
 * @param inLab leaves out the way to the lab.
 */
export function createDrawers({ press, serverNow = Date.now, inLab = false }) {
  const drawers = {
    heading: ({ text }, { note }) =>
      el('h2', {}, note && !inLab ? el('a', { href: note, textContent: text, title: t('notes.whole') }) : text),
    markdown: (block) => html(block.html),
    note: ({ text, tone }) => el('p', { className: `note ${tone ?? ''}`, textContent: text }),
    fields: ({ items }) =>
      items.length > 0 && items.every(({ name }) => MEDALS.includes(name.split(' ')[0])) ? podium(items) : list(items),
    table: ({ columns, rows }) => table(columns, rows),
    image: (block, { demo }) => figure(block, demo, inLab),
    file: ({ name, url }) => el('p', {}, el('a', { href: url, download: name, textContent: `${t('save-file')} ${name}` })),
    buttons: ({ items }, message) => {
      const picks = choicesOf(message, items);
      const row = el(
        'div',
        { className: picks ? 'actions picks' : 'actions' },
        items.map((item) => drawButton(item, message, picks?.get(item.id))),
      );
      if (picks) {
        row.dataset.order = String(message.quiz.ordered);
        markPicked(row, tab.getJson(`answer:${message.id}`)?.recorded ?? '');
      }
      return row;
    },
    rows: ({ items }, message) =>
      el(
        'ul',
        { className: 'rows' },
        items.map((item) => el('li', {}, html(item.html, 'span'), drawButton(item.button, message))),
      ),
    sources: ({ label, items }) =>
      el(
        'details',
        { className: 'sources' },
        el('summary', { textContent: `${label.replace(/[:：]$/, '')} (${items.length})` }),
        el('ol', {}, items.map(sourceLine)),
      ),
    deadline({ text, at }) {
      const clock = el('b', { className: 'countdown', role: 'timer', 'data-at': at });
      tick(clock);
      const time = new Date(at).toLocaleTimeString(region, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
      return el('p', { className: 'note deadline' }, clock, el('span', { textContent: text.replace('{time}', time) }));
    },
    divider: () => el('hr'),
  };

  function drawButton({ id, label, style, disabled, form }, message, choice) {
    const button = el(
      'button',
      { type: 'button', disabled: Boolean(disabled), className: style ?? '', 'data-press': id },
      choice ? [el('b', { textContent: label }), html(choice, 'span')] : label,
    );
    button.onclick = () => (form ? openForm(form, button, message) : press(id, button, message));
    return button;
  }

  /** A form takes the button's place until it is sent or left with Escape. */
  function openForm({ title, label, placeholder, maxLength, lines, value }, button, message) {
    const field = el(lines ? 'textarea' : 'input', {
      ...(lines ? { rows: value === undefined ? 5 : 12 } : { type: 'text' }),
      value: value ?? '',
      required: true,
      maxLength,
      placeholder: placeholder ?? '',
      autocomplete: 'off',
      'aria-label': label,
    });
    const close = () => {
      form.replaceWith(button);
      button.focus();
    };
    const form = el(
      'form',
      // It stands for its button: what is said of a press stays while either is there.
      { className: 'ask-line', 'aria-label': title, 'data-press': button.dataset.press },
      el('label', {}, el('span', { textContent: label }), field),
      el('button', { type: 'submit', className: 'primary', textContent: t('send') }),
    );
    form.onkeydown = (event) => {
      if (event.key === 'Escape') close();
      // In a field of several lines Enter begins the next one.
      if (lines && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (await press(button.dataset.press, form.lastChild, message, field.value)) close();
      else field.focus();
    };
    button.replaceWith(form);
    field.focus();
  }

  function tick(clock) {
    const left = Math.ceil((Number(clock.dataset.at) - serverNow()) / 1000);
    const soon = left > 120 ? t('minutes-left', { minutes: Math.ceil(left / 60) }) : t('seconds-left', { seconds: left });
    const text = left > 0 ? soon : t('time-up');
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle('soon', left <= 5);
  }

  return {
    /** Blocks as `[key, draw]`: a block whose key stays the same need not be drawn anew. */
    parts(message) {
      // While one can choose, the choices are on the buttons.
      const open = message.quiz && message.blocks.some(({ type, items }) => type === 'buttons' && choicesOf(message, items));
      return message.blocks
        .filter((block) => !(open && block.type === 'markdown' && block.text.startsWith('**A.** ')))
        .map((block) => [JSON.stringify(block), () => (drawers[block.type] ?? drawers.note)(block, message)]);
    },
    tick,
  };
}

/** Shows on the letters which were picked; where their order counts, as which one. */
export function markPicked(row, recorded) {
  const picked = recorded.split(', ');
  for (const button of row.querySelectorAll('[data-press]')) {
    const letter = button.querySelector('b');
    if (!letter) continue;
    const place = picked.indexOf(letter.textContent);
    button.setAttribute('aria-pressed', String(place >= 0));
    button.querySelector('i')?.remove();
    if (place >= 0 && row.dataset.order === 'true') button.append(el('i', { className: 'place', textContent: `${place + 1}.` }));
  }
}

/** The texts behind a question's letters, by button id, when these buttons are its choices. */
function choicesOf({ quiz }, items) {
  const texts = new Map(quiz?.choices.map(({ id, html: text }) => [id, text]));
  return items.some(({ id }) => texts.has(id)) ? texts : undefined;
}

function sourceLine({ title, author, year, url, supports }) {
  const by = [author, year].filter(Boolean).join(', ');
  return el(
    'li',
    {},
    el('a', { href: url, target: '_blank', rel: 'noopener', textContent: title }),
    by ? ` (${by})` : '',
    supports ? `: ${supports}` : '',
  );
}

function list(items) {
  return el(
    'dl',
    {},
    items.flatMap(({ name, value }) => [el('dt', { textContent: name }), el('dd', { textContent: value })]),
  );
}

/** The best three on their steps; people who share a rank stand equally high. */
function podium(items) {
  const steps = items.map(({ name, value }) => {
    const [first, ...words] = name.split(' ');
    const rank = MEDALS.indexOf(first) + 1;
    return el(
      'li',
      { className: `step-${rank}` },
      medal(rank),
      el('b', { textContent: words.join(' ') }),
      el('span', { textContent: value }),
    );
  });
  return el('ol', { className: 'podium' }, steps);
}

/** A chart: a click enlarges it and shows its numbers. Its size is known before it has come, so nothing jumps. */
function figure(block, demo, inLab) {
  const img = el('img', { src: block.url, alt: block.alt, width: block.width, height: block.height, decoding: 'async' });
  const open = () => showChart(block, demo);
  const tools = [el('button', { type: 'button', className: 'link', textContent: t(demo ? 'numbers' : 'enlarge'), onclick: open })];
  if (demo && !inLab) tools.push(el('a', { href: labLink(demo), textContent: t('open-in-lab') }));
  return el(
    'figure',
    {},
    el('button', { type: 'button', className: 'zoom', title: t('enlarge'), onclick: open }, img),
    el('figcaption', {}, tools),
  );
}

function labLink({ demo, params, seed }) {
  const query = Object.entries({ ...params, seed }).map(([name, value]) => [name, String(value)]);
  return `/lab/${encodeURIComponent(demo)}?${new URLSearchParams(query)}`;
}
