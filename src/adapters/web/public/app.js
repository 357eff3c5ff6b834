// The playground's page: no framework and no build step. See docs/api.md for what it talks to.
import { createComposer } from './composer.js';
import { createMessages, el } from './messages.js';
import { openStream } from './stream.js';

const $ = (id) => document.getElementById(id);

// A browser may refuse storage; then settings live as long as the page.
const remembered = new Map();
const store = (kind) => ({
  get(key) {
    try {
      return window[kind].getItem(key) ?? remembered.get(key);
    } catch {
      return remembered.get(key);
    }
  },
  set(key, value) {
    remembered.set(key, value);
    try {
      window[kind].setItem(key, value);
    } catch {
      // Kept in memory above.
    }
  },
});
const tab = store('sessionStorage');
const browser = store('localStorage');

let strings = {};
let locale = browser.get('locale') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
let clockOffset = 0;
let closeStream = () => {};
const t = (key, params = {}) => (strings[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => params[name] ?? place);

const room = decodeURIComponent(location.pathname.match(/^\/r\/([^/]+)/)?.[1] ?? 'main');
// Two tabs are two people, so the name belongs to the tab.
const userName = () => tab.get('name');

const messages = createMessages($('messages'), {
  t,
  locale: () => locale,
  serverNow: () => Date.now() + clockOffset,
  user: userName,
  async press(id) {
    const reply = await post({ press: id });
    if (!reply) return { text: t('not-sent'), error: true };
    const shownInRoom = reply.visibility !== 'private' || reply.blocks.some(({ type }) => type !== 'note');
    return shownInRoom ? undefined : { text: reply.text, error: reply.result?.kind === 'error' };
  },
  enlarge({ url, alt, name }) {
    const dialog = $('chart');
    Object.assign(dialog.querySelector('img'), { src: url, alt });
    Object.assign(dialog.querySelector('a'), { href: url, download: name });
    dialog.showModal();
  },
});

createComposer({
  form: $('composer'),
  line: $('line'),
  palette: $('palette'),
  complete: async (line) => (await fetch(`/api/complete?locale=${locale}&line=${encodeURIComponent(line)}`)).json(),
  submit: (text) => say(text, crypto.randomUUID()),
});

/** Sends; the same id again has no second effect, so a retry is safe. */
async function post(body, id = crypto.randomUUID()) {
  try {
    const response = await fetch(`/api/rooms/${encodeURIComponent(room)}/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: userName(), locale, id, ...body }),
    });
    return { ...(await response.json()), status: response.status };
  } catch {
    return undefined;
  }
}

async function say(text, id) {
  const reply = await post({ text }, id);
  if (reply && reply.status < 400) return;
  const retry = el('button', { type: 'button', textContent: t('retry') });
  const item = el(
    'article',
    { className: 'message unsent' },
    el('div', { className: 'said', textContent: text.slice(0, 500) }),
    el('p', { textContent: reply?.text ?? t('not-sent') }),
    reply ? undefined : retry,
  );
  item.setAttribute('role', 'alert');
  retry.onclick = () => {
    item.remove();
    void say(text, id);
  };
  $('messages').append(item);
  item.scrollIntoView();
}

function connect() {
  closeStream();
  messages.clear();
  closeStream = openStream({
    room,
    user: userName(),
    onClock: (now) => {
      clockOffset = now - Date.now();
    },
    onMessage(message) {
      $('empty').hidden = true;
      messages.show(message);
    },
    onReady: () => {
      $('empty').hidden = messages.size() > 0;
    },
    onState(connected) {
      $('status').hidden = connected;
      $('status').textContent = connected ? '' : t('reconnecting');
    },
  });
}

function askFor(label, value) {
  const dialog = $('ask');
  const input = dialog.querySelector('input');
  dialog.querySelector('span').textContent = label;
  input.value = value;
  dialog.showModal();
  input.select();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === 'ok' ? input.value.trim() : undefined);
  });
}

function label() {
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
  document.title = `${room} · ${t('title')}`;
  $('room').textContent = `# ${room}`;
  $('room').title = t('change-room');
  $('share').textContent = t('share');
  $('name').textContent = userName();
  $('name').title = t('change-name');
  $('theme').title = t('theme');
  $('theme').setAttribute('aria-label', t('theme'));
  $('language').textContent = t('language');
  $('send').textContent = t('send');
  $('line').placeholder = t('placeholder');
  $('line').setAttribute('aria-label', t('placeholder'));
  $('messages').setAttribute('aria-label', t('messages'));
  $('composer').setAttribute('aria-label', t('placeholder'));
  $('palette').setAttribute('aria-label', t('suggestions'));
  const [cancel, ok] = $('ask').querySelectorAll('button');
  cancel.textContent = t('cancel');
  ok.textContent = t('ok');
  $('chart').querySelector('button').textContent = t('close');
  $('chart').querySelector('a').textContent = t('save');
  const tries = ['try-explain', 'try-ask', 'try-demo', 'try-quiz'].map((key) => {
    const button = el('button', { type: 'button', textContent: t(key) });
    button.onclick = () => say(t(key), crypto.randomUUID());
    return button;
  });
  $('empty').replaceChildren(el('p', { textContent: t('welcome') }), el('div', { className: 'actions' }, ...tries));
}

async function setLocale(wanted) {
  locale = wanted;
  browser.set('locale', wanted);
  strings = await (await fetch(`/api/strings?locale=${wanted}`)).json();
  if (!userName()) tab.set('name', `${t('guest')} ${Math.floor(Math.random() * 900 + 100)}`);
  label();
  messages.redraw();
}

const dark = matchMedia('(prefers-color-scheme: dark)');
function applyTheme() {
  document.documentElement.dataset.theme = browser.get('theme') ?? (dark.matches ? 'dark' : 'light');
}
dark.addEventListener('change', applyTheme);
applyTheme();

$('theme').onclick = () => {
  browser.set('theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  applyTheme();
};
$('language').onclick = () => setLocale(locale === 'zh' ? 'en' : 'zh');
$('name').onclick = async () => {
  const name = (await askFor(t('name'), userName()))?.slice(0, 32);
  if (!name) return;
  tab.set('name', name);
  label();
  connect();
};
$('room').onclick = async () => {
  const wanted = (await askFor(t('room'), room))?.replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 40);
  if (wanted && wanted !== room) location.href = `/r/${encodeURIComponent(wanted)}`;
};
$('share').onclick = async () => {
  const link = `${location.origin}/r/${encodeURIComponent(room)}`;
  await navigator.clipboard?.writeText(link).catch(() => {});
  $('status').textContent = `${t('copied')} ${link}`;
  $('status').hidden = false;
  setTimeout(() => {
    $('status').hidden = true;
  }, 4000);
};

await setLocale(locale);
connect();
