// Who this page is and what it remembers.

// A browser may refuse storage. Then the tab's own name, which outlives a reload, holds it.
const MARK = 'gradient-tutor:';
const kept = new Map(readWindowName());

function readWindowName() {
  try {
    return window.name.startsWith(MARK) ? JSON.parse(window.name.slice(MARK.length)) : [];
  } catch {
    return [];
  }
}

const storeOf = (kind) => ({
  get(key) {
    try {
      return window[kind].getItem(key) ?? kept.get(key);
    } catch {
      return kept.get(key);
    }
  },
  set(key, value) {
    try {
      window[kind].setItem(key, value);
    } catch {
      kept.set(key, value);
      window.name = MARK + JSON.stringify([...kept]);
    }
  },
  getJson(key, otherwise) {
    try {
      return JSON.parse(this.get(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  setJson(key, value) {
    this.set(key, JSON.stringify(value));
  },
});

/** Two tabs are two people, so the name and what one is about to say belong to the tab. */
export const tab = storeOf('sessionStorage');
export const browser = storeOf('localStorage');

export const locale = (browser.get('locale') ?? navigator.language).startsWith('zh') ? 'zh' : 'en';

/** For times and numbers: the reader's own region where it speaks the page's language. */
export const region = navigator.language.startsWith(locale) ? navigator.language : locale;

/** Tells two pages of one name apart; a new one for each page. */
export const pageId = newId();

let strings = {};
/** A string of the page in its language. */
export const t = (key, params = {}) => (strings[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => params[name] ?? place);

export async function loadStrings() {
  strings = await getJson('/api/strings');
}

export const user = () => tab.get('name');

export function setUser(name) {
  tab.set('name', name);
}

export function guestName() {
  return `${t('guest')} ${Math.floor(1000 + Math.random() * 9000)}`;
}

/** The room in the address, else the one that this tab was last in. */
export function room() {
  const named = location.pathname.match(/^\/r\/([^/]+)/)?.[1];
  if (named === undefined) return location.pathname === '/' ? 'main' : (tab.get('room') ?? 'main');
  try {
    return roomName(decodeURIComponent(named)) || 'main';
  } catch {
    return roomName(named);
  }
}

/** A room's name as the server takes it. */
export function roomName(wanted) {
  return wanted.replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 40);
}

export const roomPath = (name) => `/r/${encodeURIComponent(name)}`;

export async function getJson(path, query = {}) {
  const given = Object.entries({ locale, ...query }).filter(([, value]) => value !== undefined && value !== '');
  const response = await fetch(`${path}?${new URLSearchParams(given)}`);
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.text ?? response.statusText), { reply: body });
  return body;
}

export function postJson(path, body, signal) {
  return fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: user(), locale, ...body }),
    signal,
  });
}

/** `crypto.randomUUID` exists on secure pages only, and a playground on the local network is plain HTTP. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
