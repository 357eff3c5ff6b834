// The playground's page: no framework and no build step. docs/api.md says what it talks to.
import { askFor, rename } from './lib/ask.js';
import { $, el, notice } from './lib/dom.js';
import {
  browser,
  getJson,
  isLocked,
  isRemembered,
  loadMe,
  loadStrings,
  locale,
  postJson,
  room,
  roomName,
  roomPath,
  t,
  tab,
  user,
} from './lib/session.js';

const VIEWS = [
  { name: 'chat', path: () => roomPath(room()), fits: /^\/(r\/.*)?$/, load: () => import('./chat/chat.js') },
  { name: 'notes', path: () => '/notes', fits: /^\/notes/, load: () => import('./notes/notes.js') },
  { name: 'lab', path: () => '/lab', fits: /^\/lab/, load: () => import('./lab/lab.js') },
  { name: 'scores', path: () => '/scores', fits: /^\/scores/, load: () => import('./scores.js') },
  { name: 'progress', path: () => '/progress', fits: /^\/progress/, load: () => import('./progress.js') },
  { name: 'host', path: () => '/host', fits: /^\/host/, load: () => import('./host.js') },
];
const view = VIEWS.find(({ fits }) => fits.test(location.pathname)) ?? VIEWS[0];
const loading = view.load();

function header() {
  document.title = view.name === 'chat' ? `#${room()} · ${t('title')}` : `${t(`nav-${view.name}`)} · ${t('title')}`;
  $('skip').textContent = t('skip');
  $('home').setAttribute('aria-label', t('title'));
  $('nav').setAttribute('aria-label', t('views'));
  $('nav').replaceChildren(
    ...VIEWS.map(({ name, path }) =>
      el('a', { href: path(), textContent: t(`nav-${name}`), 'aria-current': name === view.name ? 'page' : undefined }),
    ),
  );
  $('room').append(el('span', { className: 'unseen', textContent: `${t('room')} ` }), `# ${room()}`);
  $('room').title = t('change-room');
  $('share').textContent = t('share');
  $('where').hidden = view.name !== 'chat';
  $('name').append(el('span', { className: 'unseen', textContent: `${t('name')}: ` }), user().name);
  $('name').title = t('change-name');
  $('theme').setAttribute('aria-label', t('theme'));
  $('theme').title = t('theme');
  $('language').textContent = t('language');
  $('language').lang = locale === 'zh' ? 'en' : 'zh-CN';
  $('leave').textContent = t('leave');
  $('leave').hidden = !isLocked();
}

$('theme').onclick = () => {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark';
  browser.set('theme', dataset.theme);
};
$('language').onclick = () => {
  browser.set('locale', locale === 'zh' ? 'en' : 'zh');
  location.reload();
};
$('leave').onclick = async () => {
  await postJson('/api/logout', {});
  location.reload();
};
$('name').onclick = rename;
$('room').onclick = async () => {
  const wanted = roomName((await askFor(t('room'), room())) ?? '');
  if (wanted && wanted !== room()) location.href = roomPath(wanted);
};
$('share').onclick = async () => {
  const link = location.origin + roomPath(room());
  const copied = await navigator.clipboard?.writeText(link).then(
    () => true,
    () => false,
  );
  notice(`${t(copied ? 'copied' : 'copy-by-hand')} ${link}`, 8000);
};

/** The tab goes by a name from when a name was all that there was: what was kept under it may be theirs. */
async function offerOldName() {
  const name = tab.get('name');
  if (!name || tab.get('old-name') === name) return;
  if (!(await getJson('/api/me/old', { name })).claimable) return;
  const decide = (label, yes) => {
    const button = el('button', { type: 'button', textContent: t(label) });
    button.onclick = async () => {
      tab.set('old-name', name);
      const response = yes && (await postJson(`/api/me/old?${new URLSearchParams({ locale })}`, { user: name, locale: undefined }));
      if (response && !response.ok) return notice((await response.json()).text.replace(/^! /, ''));
      if (yes) location.reload();
      else notice();
    };
    return button;
  };
  notice([t('old-name', { name }), ' ', decide('old-name-yes', true), ' ', decide('old-name-no', false)]);
}

// A link that someone mistyped leads to the nearest room that there can be.
if (location.pathname.startsWith('/r/')) history.replaceState(null, '', roomPath(room()) + location.search);
await loadStrings();
await loadMe();
header();
if (!isRemembered()) notice(t('needs-cookie'));
else if (tab.get('told')) notice(tab.get('told'), 10_000);
tab.set('told', '');
void offerOldName();
tab.set('room', room());
const { show } = await loading;
await show($('main'));
