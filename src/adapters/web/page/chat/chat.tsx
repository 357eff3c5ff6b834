// The chat view: a room's messages, what is under way in it, and the line to type into.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isRemembered, newId, postJson, room, t, tab, user } from '../lib/session.ts';
import { announce, notice } from '../lib/telling.ts';
import type { Block, Message, Person, ReplyJson } from '../lib/wire.ts';
import { type Press, Pressing } from './blocks.tsx';
import { clockOffset } from './clock.tsx';
import { Composer, compose } from './composer.tsx';
import { takeFiles } from './files.ts';
import { MessageList } from './list.tsx';
import { createOutbox } from './outbox.tsx';
import { createRoomState, type PressAnswer } from './room-state.ts';
import { spoken, titleOf } from './spoken.ts';
import { openStream } from './stream.ts';

/** Work under way has its place below everything that has been said. */
const LAST = Number.MAX_SAFE_INTEGER;
const TRIES = ['explain', 'ask', 'demo', 'quiz'];

const state = createRoomState();
const outbox = createOutbox(() => state.entries.value.at(-1)?.message.id);
/** Whether what was said before has come. */
const ready = signal(false);
let toNewest = () => {};

/** A press that the server had no time for is sent again, with the same id: a quiz answer must not be lost. */
async function post(said: object, id = newId(), tries = 3): Promise<ReplyJson> {
  const response = await postJson(`/api/rooms/${encodeURIComponent(room())}/messages`, { ...said, id });
  if (response.status !== 429 || tries === 0) return response.json();
  await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('Retry-After') ?? 1)));
  return post(said, id, tries - 1);
}

/** What one answers in one tab is marked in the others. */
const tabs = new BroadcastChannel('answers');
const mark = (id: string, said: PressAnswer) => {
  tab.setJson(`answer:${id}`, said);
  state.answer(id, said);
};
tabs.onmessage = ({ data: [id, said] }: MessageEvent<[string, PressAnswer]>) => mark(id, said);

const press: Press = async (id, message, text) => {
  const answer = await post({ press: id, message: message.id, ...(text !== undefined && { text }) }).catch(() => undefined);
  // Somebody else from the next connection on: what was said of it is said again then.
  if (answer?.result?.forgotten || answer?.result?.linked) tab.set('told', answer.text);
  const shownInRoom = answer && (answer.visibility !== 'private' || answer.blocks.some(({ type }) => type !== 'note'));
  const failed = !answer || answer.result?.kind === 'error';
  const recorded = answer?.result?.recorded;
  const said = { text: answer ? (shownInRoom ? '' : answer.text) : t('not-sent'), recorded, press: failed ? undefined : id };
  if (recorded === undefined) {
    state.answer(message.id, { ...said, error: failed });
    return !failed;
  }
  mark(message.id, said);
  tabs.postMessage([message.id, said]);
  return true;
};

const heard = {
  hello({ now, person }: { now: number; person: Person | null }) {
    // Somebody else from now on: linked with another device, forgotten, or signed in anew in another tab.
    if (isRemembered() && person?.id !== user().id) return location.reload();
    clockOffset.value = now - Date.now();
    // What was under way may have ended with the server that ran it.
    for (const { message } of state.entries.value) if (message.working) state.remove(message.id);
    outbox.retry();
  },
  board(message: Message) {
    state.show(message);
  },
  ready(past: { more: boolean }) {
    ready.value = true;
    if (past.more) state.more.value = true;
  },
  message(message: Message) {
    outbox.arrived(message.id);
    const heading = titleOf(state.get(message.id)?.message);
    const change = state.show(message, !ready.value);
    const own = !message.author.bot && message.author.id === user().id;
    // Edits are announced only when they say something new: a question that closes, a run that is done.
    if (ready.value && change && !own && (change === 'new' || titleOf(message) !== heading)) announce(spoken(message));
  },
  working({ id, at, blocks }: { id: string; at: number; blocks: Block[] }) {
    const author = { id: 'tutor', name: t('title'), bot: true };
    const known = state.get(id)?.message;
    if (known && !known.working) return;
    state.show({ id, at: known?.at ?? at, seq: LAST, revision: LAST, author, private: false, working: true, blocks });
  },
  done({ id }: { id: string }) {
    if (state.get(id)?.message.working) state.remove(id);
  },
};

function begin(): void {
  let lost = false;
  openStream({
    room: room(),
    onEvent: (type, data) => heard[type as keyof typeof heard](data),
    onState(now) {
      // What else is told there stays until it has been read.
      if (now === 'lost') notice(t('reconnecting'));
      else if (lost) notice(isRemembered() ? undefined : t('needs-cookie'));
      lost = now === 'lost';
    },
  });
  takeFiles(document.getElementById('main')!, async (name, size, data) => {
    notice(t('file-sent', { name }));
    const body = { id: newId(), name, size, ...(data !== undefined && { data }) };
    const response = await postJson(`/api/rooms/${encodeURIComponent(room())}/files`, body).catch(() => undefined);
    const reply = await response?.json().catch(() => undefined);
    notice(response?.ok ? undefined : (reply?.text ?? t('not-sent')));
  });
  const draft = new URLSearchParams(location.search).get('draft');
  if (draft) {
    history.replaceState(null, '', location.pathname);
    compose(draft);
  }
  // Anywhere on the page, / begins a command.
  document.addEventListener('keydown', (event) => {
    const from = event.target as Element;
    if (event.key !== '/' || event.ctrlKey || event.metaKey || from.closest('input, textarea, select, dialog')) return;
    event.preventDefault();
    compose('/');
  });
}

function submit(line: string): void {
  toNewest();
  outbox.submit(line);
}

export function Chat() {
  useEffect(begin, []);
  return (
    <Pressing.Provider value={press}>
      <h1 class="unseen">{`${t('room')} ${room()}`}</h1>
      <MessageList
        state={state}
        outbox={outbox}
        edit={compose}
        take={(go) => {
          toNewest = go;
        }}
      />
      <Welcome />
      <Composer submit={submit}>
        <Jump />
      </Composer>
    </Pressing.Provider>
  );
}

function Welcome() {
  const idle = ready.value && state.entries.value.length === 0 && outbox.waiting.value.length === 0;
  return (
    <div id="empty" hidden={!idle}>
      <p>{t('welcome')}</p>
      <div class="tries">
        {TRIES.map((name) => (
          <button key={name} type="button" onClick={() => submit(t(`try-${name}`))}>
            <b>{t(`try-${name}-title`)}</b>
            <span>{t(`try-${name}`)}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

function Jump() {
  return (
    <button id="jump" type="button" hidden={state.missed.value === 0} onClick={() => toNewest()}>
      {`↓ ${t('new-messages', { count: state.missed.value })}`}
    </button>
  );
}
