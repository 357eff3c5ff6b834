// Who this page is and what it remembers.
import type { Person, ReplyJson } from './wire.ts';

// A browser may refuse storage. Then the tab's own name, which outlives a reload, holds it.
const MARK = 'gradient-tutor:';
const kept = new Map<string, string>(readWindowName());

function readWindowName(): [string, string][] {
  try {
    return window.name.startsWith(MARK) ? JSON.parse(window.name.slice(MARK.length)) : [];
  } catch {
    return [];
  }
}

const storeOf = (kind: 'sessionStorage' | 'localStorage') => ({
  get(key: string): string | undefined {
    try {
      return window[kind].getItem(key) ?? kept.get(key);
    } catch {
      return kept.get(key);
    }
  },
  set(key: string, value: string): void {
    try {
      window[kind].setItem(key, value);
    } catch {
      kept.set(key, value);
      window.name = MARK + JSON.stringify([...kept]);
    }
  },
  getJson<T>(key: string, otherwise: T): T {
    try {
      return JSON.parse(this.get(key) ?? 'null') ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  setJson(key: string, value: unknown): void {
    this.set(key, JSON.stringify(value));
  },
});

/** What one is about to say belongs to the tab. */
export const tab = storeOf('sessionStorage');
export const browser = storeOf('localStorage');

export const locale = (browser.get('locale') ?? navigator.language).startsWith('zh') ? 'zh' : 'en';

/** For times and numbers: the reader's own region where it speaks the page's language. */
export const region = navigator.language.startsWith(locale) ? navigator.language : locale;

let strings: Record<string, string> = {};
/** A string of the page in its language. */
export const t = (key: string, params: Record<string, string | number> = {}): string =>
  (strings[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => String(params[name] ?? place));

export async function loadStrings(): Promise<void> {
  strings = await getJson('/api/strings');
}

interface Me {
  person: Person | null;
  host: boolean;
  locked: boolean;
}

let me: Me = { person: null, host: false, locked: false };
let remembered = true;
/** The person behind this browser, by a cookie that no script can read: a public id, and a name to be shown by. */
export const user = (): Person => me.person ?? { id: '', name: '' };
export const isHost = () => me.host;
export const isLocked = () => me.locked;
/** Whether the browser kept the cookie. */
export const isRemembered = () => remembered;

/** Asks who this browser is; a new one becomes somebody, under the name that the tab has from before or as a guest. */
export async function loadMe(): Promise<void> {
  me = await getJson<Me>('/api/me');
  if (me.person) return;
  const made = await setUser(tab.get('name') ?? `${t('guest')} ${Math.floor(1000 + Math.random() * 9000)}`);
  remembered = (await getJson<Me>('/api/me')).person?.id === made.person?.id;
}

export async function setUser(name: string): Promise<Me> {
  const response = await postJson('/api/me', { user: name, locale: undefined });
  const body = await response.json();
  if (!response.ok) throw new Error(body.text);
  me = body;
  return me;
}

/** The room in the address, else the one that this tab was last in. */
export function room(): string {
  const named = location.pathname.match(/^\/r\/([^/]+)/)?.[1];
  if (named === undefined) return location.pathname === '/' ? 'main' : (tab.get('room') ?? 'main');
  try {
    return roomName(decodeURIComponent(named)) || 'main';
  } catch {
    return roomName(named);
  }
}

/** A room's name as the server takes it. */
export function roomName(wanted: string): string {
  return wanted.replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 40);
}

export const roomPath = (name: string): string => `/r/${encodeURIComponent(name)}`;
/** The chat of this room, with a line that waits to be sent. */
export const draftPath = (draft: string): string => `${roomPath(room())}?${new URLSearchParams({ draft })}`;

/** What the server said instead of an answer. */
export class Refused extends Error {
  reply: ReplyJson | undefined;
  constructor(reply: ReplyJson | undefined, otherwise: string) {
    super(reply?.text ?? otherwise);
    this.reply = reply;
  }
}

/** @throws Refused when the server answers with an error */
export async function getJson<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> {
  const given = Object.entries({ locale, ...query }).filter(([, value]) => value !== undefined && value !== '');
  const response = await fetch(`${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`);
  const body = await response.json();
  // The password was changed, or this browser has logged out in another tab: the server shows the way in.
  if (body.result?.code === 'password-needed') location.reload();
  if (!response.ok) throw new Refused(body, response.statusText);
  return body;
}

export function postJson(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...(remembered ? {} : { user: me.person?.name }), locale, ...body }),
    ...(signal && { signal }),
  });
}

/** An error's text as it is shown: without the mark that plain text has for it. */
export const plain = (text: string): string => text.replace(/^! /, '');

/** `crypto.randomUUID` exists on secure pages only, and a playground on the local network is plain HTTP. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
