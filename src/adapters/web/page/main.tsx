// The playground's page. docs/api.md says what it talks to.
import { type ComponentType, render } from 'preact';
import { askFor, rename } from './lib/ask.tsx';
import {
  browser,
  getJson,
  isLocked,
  isRemembered,
  loadMe,
  loadStrings,
  locale,
  plain,
  postJson,
  room,
  roomName,
  roomPath,
  t,
  tab,
  user,
} from './lib/session.ts';
import { announced, notice, noticed } from './lib/telling.ts';
import { copyText } from './lib/ui.tsx';

interface View {
  name: string;
  path: () => string;
  fits: RegExp;
  /** Which of the style sheets' layouts it has. */
  class: string;
  /** Reached by a link of its own, not from the header. */
  aside?: boolean;
  /** Without the header, and without making anybody somebody: nobody in particular looks at it. */
  bare?: boolean;
  load: () => Promise<ComponentType>;
}

const VIEWS: View[] = [
  {
    name: 'chat',
    path: () => roomPath(room()),
    fits: /^\/(r\/.*)?$/,
    class: 'chat',
    load: async () => (await import('./chat/chat.tsx')).Chat,
  },
  {
    name: 'notes',
    path: () => '/notes',
    fits: /^\/notes/,
    class: 'page notes',
    load: async () => (await import('./notes/notes.tsx')).Notes,
  },
  { name: 'lab', path: () => '/lab', fits: /^\/lab/, class: 'lab', load: async () => (await import('./lab/lab.tsx')).Lab },
  { name: 'scores', path: () => '/scores', fits: /^\/scores/, class: 'page', load: async () => (await import('./scores.tsx')).Scores },
  {
    name: 'progress',
    path: () => '/progress',
    fits: /^\/progress/,
    class: 'page',
    load: async () => (await import('./progress.tsx')).ProgressView,
  },
  { name: 'host', path: () => '/host', fits: /^\/host/, class: 'page', load: async () => (await import('./host.tsx')).Host },
  {
    name: 'join',
    path: () => '/join',
    fits: /^\/join/,
    class: 'page',
    aside: true,
    load: async () => (await import('./quiz/join.tsx')).Join,
  },
  {
    name: 'present',
    path: () => '/present',
    fits: /^\/present/,
    class: 'present',
    aside: true,
    bare: true,
    load: async () => (await import('./quiz/present.tsx')).Present,
  },
];
const view = VIEWS.find(({ fits }) => fits.test(location.pathname)) ?? VIEWS[0]!;

function switchTheme(): void {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark';
  browser.set('theme', dataset.theme);
}

function switchLanguage(): void {
  browser.set('locale', locale === 'zh' ? 'en' : 'zh');
  location.reload();
}

async function logOut(): Promise<void> {
  await postJson('/api/logout', {});
  location.reload();
}

async function changeRoom(): Promise<void> {
  const wanted = roomName((await askFor(t('room'), room())) ?? '');
  if (wanted && wanted !== room()) location.href = roomPath(wanted);
}

async function share(): Promise<void> {
  const link = location.origin + roomPath(room());
  notice(`${t((await copyText(link)) ? 'copied' : 'copy-by-hand')} ${link}`, 8000);
}

function Header() {
  return (
    <header>
      <a id="home" href="/" aria-label={t('title')}>
        <img src="/static/icon.svg" alt="" width="26" height="26" />
        <span>Gradient Tutor</span>
      </a>
      <nav id="nav" aria-label={t('views')}>
        {VIEWS.filter(({ aside }) => !aside).map(({ name, path }) => (
          <a key={name} href={path()} aria-current={name === view.name ? 'page' : undefined}>
            {t(`nav-${name}`)}
          </a>
        ))}
      </nav>
      <div id="where" hidden={view.name !== 'chat'}>
        <button id="room" type="button" class="quiet" title={t('change-room')} onClick={changeRoom}>
          <span class="unseen">{t('room')} </span># {room()}
        </button>
        <button id="share" type="button" class="quiet" onClick={share}>
          {t('share')}
        </button>
      </div>
      <div id="who">
        <button id="name" type="button" class="quiet" title={t('change-name')} onClick={rename}>
          <span class="unseen">{t('name')}: </span>
          {user().name}
        </button>
        <button id="theme" type="button" class="quiet icon" aria-label={t('theme')} title={t('theme')} onClick={switchTheme}>
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="1.8" />
            <path d="M10 2a8 8 0 0 1 0 16z" fill="currentColor" />
          </svg>
        </button>
        <button id="language" type="button" class="quiet" lang={locale === 'zh' ? 'en' : 'zh-CN'} onClick={switchLanguage}>
          {t('language')}
        </button>
        <button id="leave" type="button" class="quiet" hidden={!isLocked()} onClick={logOut}>
          {t('leave')}
        </button>
      </div>
    </header>
  );
}

function Notice() {
  return (
    <div id="notice" role="status">
      {noticed.value}
    </div>
  );
}

function Announcer() {
  const { text, nth } = announced.value;
  return (
    <div id="announcer" class="unseen" role="status" aria-live="polite">
      {/* A screen reader speaks what is put in, so the same words come as another element. */}
      <span key={nth}>{text}</span>
    </div>
  );
}

/** One experiment within a page of somebody else: without header, and without becoming anybody. */
const isEmbed = view.name === 'lab' && new URLSearchParams(location.search).has('embed');
if (isEmbed) document.documentElement.dataset.embed = '';
/** Nobody in particular looks at it. */
const isBare = isEmbed || view.bare === true;
if (isBare) document.querySelector('header')?.remove();

function App({ View }: { View: ComponentType }) {
  return (
    <>
      <a id="skip" href="#main">
        {t('skip')}
      </a>
      {!isBare && <Header />}
      <Notice />
      <main id="main" tabIndex={-1} class={view.class}>
        <View />
      </main>
      <Announcer />
    </>
  );
}

/** The tab goes by a name from when a name was all that there was: what was kept under it may be theirs. */
async function offerOldName(): Promise<void> {
  const name = tab.get('name');
  if (!name || tab.get('old-name') === name) return;
  if (!(await getJson<{ claimable: boolean }>('/api/me/old', { name })).claimable) return;
  const decide = async (yes: boolean) => {
    tab.set('old-name', name);
    if (!yes) return notice();
    const response = await postJson(`/api/me/old?${new URLSearchParams({ locale })}`, { user: name, locale: undefined });
    if (!response.ok) return notice(plain((await response.json()).text));
    location.reload();
  };
  notice(
    <>
      {t('old-name', { name })}{' '}
      <button type="button" onClick={() => decide(true)}>
        {t('old-name-yes')}
      </button>{' '}
      <button type="button" onClick={() => decide(false)}>
        {t('old-name-no')}
      </button>
    </>,
  );
}

const loading = view.load();
// A link that someone mistyped leads to the nearest room that there can be.
if (location.pathname.startsWith('/r/')) history.replaceState(null, '', roomPath(room()) + location.search);
await loadStrings();
if (!isBare) await loadMe();
document.title = view.name === 'chat' ? `#${room()} · ${t('title')}` : `${t(`nav-${view.name}`)} · ${t('title')}`;
const told = tab.get('told');
if (!isBare && !isRemembered()) notice(t('needs-cookie'));
else if (told) notice(told, 10_000);
tab.set('told', '');
if (!isBare) void offerOldName();
tab.set('room', room());
render(<App View={await loading} />, document.body);
