// Draws messages. Everything that people typed is set as text; only the server's own Markdown is set as HTML,
// and the server escapes raw HTML there.

export function el(tag, props = {}, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}

export function createMessages(list, { t, locale, user, press, enlarge, serverNow }) {
  const shown = new Map();

  const drawers = {
    heading: ({ text }) => el('h2', { textContent: text }),
    markdown({ html }) {
      const box = el('div', { innerHTML: html });
      for (const link of box.querySelectorAll('a[href^="http"]')) Object.assign(link, { target: '_blank', rel: 'noopener noreferrer' });
      return box;
    },
    note: ({ text, tone }) => el('p', { className: `note ${tone ?? ''}`, textContent: text }),
    fields: ({ items }) =>
      el('dl', {}, ...items.flatMap(({ name, value }) => [el('dt', { textContent: name }), el('dd', { textContent: value })])),
    table({ columns, rows }) {
      const head = el('tr', {}, ...columns.map((text) => el('th', { scope: 'col', textContent: text })));
      const lines = rows.map((row) => el('tr', {}, ...row.map((text) => el('td', { textContent: text }))));
      const box = el('div', { className: 'scroll', tabIndex: 0 }, el('table', {}, el('thead', {}, head), el('tbody', {}, ...lines)));
      box.setAttribute('role', 'region');
      box.setAttribute('aria-label', columns.join(', '));
      return box;
    },
    image({ url, alt, width, height, name }) {
      const img = el('img', { src: url, alt, width, height });
      const button = el('button', { type: 'button', title: t('enlarge') }, img);
      button.onclick = () => enlarge({ url, alt, name });
      return el('figure', {}, button);
    },
    file: ({ name, url }) =>
      el('p', {}, el('a', { href: `${url}?user=${encodeURIComponent(user())}`, download: name, textContent: `${t('save-file')} ${name}` })),
    buttons: ({ items }, message) => el('div', { className: 'actions' }, ...items.map((item) => drawButton(item, message))),
    deadline({ text, at }) {
      const clock = el('span', { className: 'countdown' });
      clock.dataset.at = at;
      tick(clock);
      const time = new Date(at).toLocaleTimeString(locale());
      return el('p', { className: 'note' }, `${text.replace('{time}', time)} · `, clock);
    },
    divider: () => el('hr'),
  };

  function drawButton({ id, label, style, disabled }, message) {
    const button = el('button', { type: 'button', textContent: label, disabled: Boolean(disabled) });
    if (style) button.classList.add(style);
    button.dataset.press = id;
    button.onclick = async () => {
      button.setAttribute('aria-busy', 'true');
      const status = shown.get(message.id).status;
      const answer = await press(id);
      button.removeAttribute('aria-busy');
      status.textContent = answer?.text ?? '';
      status.className = `answer ${answer?.error ? 'error' : ''}`;
    };
    return button;
  }

  function draw(message) {
    const time = new Date(message.at);
    const head = el(
      'div',
      { className: 'head' },
      el('b', { textContent: message.author.name }),
      el('time', {
        dateTime: time.toISOString(),
        textContent: time.toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' }),
      }),
      message.private ? el('span', { className: 'private', textContent: t('only-you') }) : undefined,
    );
    if (message.text !== undefined) return [head, el('div', { className: 'said', textContent: message.text })];
    const card = el('div', { className: 'card' }, ...message.blocks.map((block) => (drawers[block.type] ?? drawers.note)(block, message)));
    return [head, card];
  }

  /** Days and runs of one author; cheap enough to do anew, since a room shows a few hundred messages. */
  function arrange() {
    for (const old of list.querySelectorAll('.day')) old.remove();
    const sorted = [...shown.values()].sort((a, b) => a.message.seq - b.message.seq);
    let before;
    for (const { item, message } of sorted) {
      const day = new Date(message.at).toDateString();
      const newDay = !before || new Date(before.at).toDateString() !== day;
      if (newDay) list.append(el('div', { className: 'day', textContent: dayName(message.at) }));
      const together =
        !newDay && before.author.id === message.author.id && before.author.bot === message.author.bot && message.at - before.at < 300_000;
      item.classList.toggle('first', !together);
      if (list.lastElementChild !== item) list.append(item);
      before = message;
    }
  }

  function dayName(at) {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
    if (days === 0) return t('today');
    if (days === 1) return t('yesterday');
    return new Date(at).toLocaleDateString(locale(), { dateStyle: 'full' });
  }

  function tick(clock) {
    const left = Math.ceil((Number(clock.dataset.at) - serverNow()) / 1000);
    clock.textContent = left > 0 ? t('seconds-left', { seconds: left }) : t('time-up');
  }
  setInterval(() => {
    for (const clock of list.querySelectorAll('.countdown')) tick(clock);
  }, 500);

  return {
    size: () => shown.size,
    show(message) {
      const known = shown.get(message.id);
      if (known && known.message.revision >= message.revision) return;
      const atBottom = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
      const item = known?.item ?? el('article', { className: 'message' });
      const status = known?.status ?? el('p', { className: 'answer' });
      status.setAttribute('role', 'status');
      // An edited board must not take the focus away from the button under the reader's finger.
      const focused = known && item.contains(document.activeElement) ? document.activeElement.dataset.press : undefined;
      item.dataset.id = message.id;
      item.replaceChildren(...draw(message), status);
      if (focused) item.querySelector(`[data-press="${CSS.escape(focused)}"]`)?.focus();
      const isNew = !known;
      shown.set(message.id, { item, status, message });
      if (isNew) arrange();
      if (atBottom) list.scrollTop = list.scrollHeight;
    },
    redraw() {
      for (const { item, status, message } of shown.values()) item.replaceChildren(...draw(message), status);
      arrange();
    },
    clear() {
      shown.clear();
      list.replaceChildren();
    },
  };
}
