// The playground's page: no framework and no build step. docs/api.md says what it talks to.
import { askFor, rename } from './lib/ask.js';
import { $, el, notice } from './lib/dom.js';
import {
  browser,
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

// A link that someone mistyped leads to the nearest room that there can be.
if (location.pathname.startsWith('/r/')) history.replaceState(null, '', roomPath(room()) + location.search);
await loadStrings();
await loadMe();
header();
if (!isRemembered()) notice(t('needs-cookie'));
tab.set('room', room());
const { show } = await loading;
await show($('main'));
