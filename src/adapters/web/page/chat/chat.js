// The chat view: a room's messages, what is under way in it, and the line to type into.
import { $, announce, el, html, notice } from '../lib/dom.js';
import { getJson, isRemembered, newId, postJson, room, t, tab, user } from '../lib/session.js';
import { createDrawers, markPicked } from './blocks.js';
import { createComposer } from './composer.js';
import { takeFiles } from './files.js';
import { createList } from './list.js';
import { createOutbox } from './outbox.js';
import { openStream } from './stream.js';

/** Work under way has its place below everything that has been said. */
const LAST = Number.MAX_SAFE_INTEGER;
const TRIES = ['explain', 'ask', 'demo', 'quiz'];

export async function show(main) {
  main.classList.add('chat');
  main.append(...build());
  let clockOffset = 0;
  let ready = false;
  let lost = false;

  const drawers = createDrawers({ press, serverNow: () => Date.now() + clockOffset });
  const list = createList({
    scroller: $('scroller'),
    list: $('messages'),
    drawers,
    onKeep: (message, button) => press('1~notes~keep', button, message),
    onMissed(count) {
      $('jump').hidden = count === 0;
      $('jump').textContent = `↓ ${t('new-messages', { count })}`;
    },
  });
  $('jump').onclick = () => list.toNewest();
  setInterval(() => {
    for (const clock of $('messages').querySelectorAll('.countdown')) drawers.tick(clock);
  }, 250);

  const composer = createComposer({
    form: $('composer'),
    line: $('line'),
    palette: $('palette'),
    complete: (line) => getJson('/api/complete', { line, zone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
    submit(text) {
      $('empty').hidden = true;
      list.toNewest();
      outbox.submit(text);
    },
  });
  const outbox = createOutbox({ list: $('pending'), log: $('messages'), edit: composer.write });
  takeFiles(main, async (name, size, data) => {
    notice(t('file-sent', { name }));
    const body = { id: newId(), name, size, ...(data !== undefined && { data }) };
    const response = await postJson(`/api/rooms/${encodeURIComponent(room())}/files`, body).catch(() => undefined);
    const reply = await response?.json().catch(() => undefined);
    notice(response?.ok ? undefined : (reply?.text ?? t('not-sent')));
  });
  const draft = new URLSearchParams(location.search).get('draft');
  if (draft) {
    history.replaceState(null, '', location.pathname);
    composer.write(draft);
  }
  for (const button of $('empty').querySelectorAll('button')) button.onclick = () => outbox.submit(button.dataset.say);
  // Anywhere on the page, / begins a command.
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.closest('input, textarea, select, dialog')) return;
    event.preventDefault();
    composer.write('/');
  });

  /** @param text what was typed into the button's form. @returns whether it was taken. */
  async function press(id, button, message, text) {
    button.setAttribute('aria-busy', 'true');
    const answer = await send({ press: id, message: message.id, ...(text !== undefined && { text }) }).catch(() => undefined);
    button.removeAttribute('aria-busy');
    // Somebody else from the next connection on: what was said of it is said again then.
    if (answer?.result?.forgotten || answer?.result?.linked) tab.set('told', answer.text);
    const shownInRoom = answer && (answer.visibility !== 'private' || answer.blocks.some(({ type }) => type !== 'note'));
    const failed = !answer || answer.result?.kind === 'error';
    const recorded = answer?.result?.recorded;
    const said = { text: answer ? (shownInRoom ? '' : answer.text) : t('not-sent'), recorded, press: failed ? undefined : id };
    // The question may have gone while the answer was under way.
    if (list.get(message.id)) list.answer(message.id, said, failed);
    if (recorded === undefined) return !failed;
    tab.setJson(`answer:${message.id}`, said);
    if (text === undefined) markPicked(button.parentElement, recorded);
    return true;
  }
  /** A press that the server had no time for is sent again, with the same id: a quiz answer must not be lost. */
  async function send(said, id = newId(), tries = 3) {
    const response = await postJson(`/api/rooms/${encodeURIComponent(room())}/messages`, { ...said, id });
    if (response.status !== 429 || tries === 0) return response.json();
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('Retry-After') ?? 1)));
    return send(said, id, tries - 1);
  }

  const heard = {
    hello({ now, person }) {
      // Somebody else from now on: linked with another device, forgotten, or signed in anew in another tab.
      if (isRemembered() && person?.id !== user().id) return location.reload();
      clockOffset = now - Date.now();
      // What was under way may have ended with the server that ran it.
      for (const item of $('messages').querySelectorAll('.working')) list.remove(item.dataset.id);
      outbox.retry();
    },
    ready({ more }) {
      ready = true;
      $('empty').hidden = list.size() > 0;
      if (more) $('earlier').hidden = false;
    },
    message(message) {
      $('empty').hidden = true;
      outbox.arrived(message.id);
      const heading = titleOf(list.get(message.id)?.message);
      const change = list.show(message, { catchingUp: !ready });
      const own = !message.author.bot && message.author.id === user().id;
      // Edits are announced only when they say something new: a question that closes, a run that is done.
      if (ready && change && !own && (change === 'new' || titleOf(message) !== heading)) announce(spoken(message));
    },
    working({ id, at, blocks }) {
      const author = { id: 'tutor', name: t('title'), bot: true };
      const known = list.get(id)?.message;
      if (known && !known.working) return;
      list.show({ id, at: known?.at ?? at, seq: LAST, revision: LAST, author, private: false, working: true, blocks });
    },
    done({ id }) {
      if (list.get(id)?.message.working) list.remove(id);
    },
  };
  openStream({
    room: room(),
    onEvent: (type, data) => heard[type](data),
    onState(state) {
      // What else is told there stays until it has been read.
      if (state === 'lost') notice(t('reconnecting'));
      else if (lost) notice(isRemembered() ? undefined : t('needs-cookie'));
      lost = state === 'lost';
    },
  });

  $('earlier').onclick = async () => {
    const { messages } = await getJson(`/api/rooms/${encodeURIComponent(room())}/messages`, { before: list.first()?.seq });
    const held = document.activeElement === $('earlier');
    list.prepend(messages, () => {
      $('earlier').hidden = messages.length < 100;
    });
    if (held && $('earlier').hidden) $('scroller').focus({ preventScroll: true });
  };
}

function titleOf(message) {
  return message?.blocks?.find(({ type }) => type === 'heading')?.text;
}

/** The words of what the server made of Markdown; of a formula what screen readers are given, once. */
function wordsOf(markup) {
  const box = html(markup);
  for (const double of box.querySelectorAll('.katex-html, annotation')) double.remove();
  return box.textContent.replace(/\s+/g, ' ').trim();
}

/** A message as it is read out: who, and the beginning of what. */
function spoken({ author, text, blocks = [] }) {
  const words =
    text ??
    blocks
      .map((block) => (block.html ? wordsOf(block.html) : (block.text ?? block.alt ?? '')))
      .filter(Boolean)
      .join('. ');
  return `${author.name}: ${words.slice(0, 300)}`;
}

function build() {
  const tries = TRIES.map((name) =>
    el(
      'button',
      { type: 'button', 'data-say': t(`try-${name}`) },
      el('b', { textContent: t(`try-${name}-title`) }),
      el('span', { textContent: t(`try-${name}`) }),
    ),
  );
  const line = el('input', {
    id: 'line',
    maxLength: 120_000,
    placeholder: t('placeholder'),
    autocomplete: 'off',
    spellcheck: false,
    enterKeyHint: 'send',
    role: 'combobox',
    'aria-label': t('placeholder'),
    'aria-autocomplete': 'list',
    'aria-controls': 'palette',
    'aria-expanded': 'false',
  });
  queueMicrotask(() => matchMedia('(hover: hover)').matches && line.focus());
  return [
    el('h1', { className: 'unseen', textContent: `${t('room')} ${room()}` }),
    el(
      'div',
      { id: 'scroller', tabIndex: 0, role: 'region', 'aria-label': t('messages') },
      el(
        'div',
        { className: 'column' },
        el('button', { id: 'earlier', type: 'button', hidden: true, textContent: t('earlier') }),
        // New messages are announced one by one below, not the whole log when it loads.
        el('div', { id: 'messages', role: 'log', 'aria-live': 'off', 'aria-label': t('messages') }),
        el('div', { id: 'pending' }),
      ),
    ),
    el('div', { id: 'empty', hidden: true }, el('p', { textContent: t('welcome') }), el('div', { className: 'tries' }, tries)),
    el(
      'form',
      { id: 'composer' },
      el('button', { id: 'jump', type: 'button', hidden: true }),
      el('ul', { id: 'palette', role: 'listbox', 'aria-label': t('suggestions'), hidden: true }),
      line,
      el('button', { id: 'send', type: 'submit', className: 'primary', textContent: t('send') }),
    ),
  ];
}
