// What was typed and is not in the room yet. It outlives a lost connection, a restart of the server and a reload:
// each has an id of its own, and the same id again has no second effect.
import { el } from '../lib/dom.js';
import { newId, postJson, room, t, tab } from '../lib/session.js';

/** @param list where lines wait, below everything; `log` what has been said: a refused line is part of it. */
export function createOutbox({ list, log, edit }) {
  const key = `outbox:${room()}`;
  const waiting = new Map(tab.getJson(key, []).map((entry) => [entry.id, entry]));
  /** A refused line need not be said again after a reload: ↑ brings it back, unless it is too long for that. */
  const keep = () =>
    tab.setJson(
      key,
      [...waiting.values()].filter(({ refused, text }) => !refused || text.length >= 2000).map(({ id, text }) => ({ id, text })),
    );

  const draw = (entry, problem, actions = []) => {
    entry.item?.remove();
    entry.item = el(
      'article',
      { className: `message first unsent${problem ? ' failed' : ''}` },
      el('div', { className: 'said', textContent: entry.text.length > 500 ? `${entry.text.slice(0, 500)}…` : entry.text }),
      problem ? el('p', { className: 'note error', role: 'alert', textContent: problem }) : undefined,
      actions.length > 0 ? el('div', { className: 'actions' }, actions) : undefined,
    );
    (entry.refused ? log : list).append(entry.item);
    if (problem) entry.item.scrollIntoView({ block: 'nearest' });
  };
  const drop = (id) => {
    const entry = waiting.get(id);
    entry?.item?.remove();
    waiting.delete(id);
    keep();
  };
  const button = (label, onclick) => el('button', { type: 'button', textContent: t(label), onclick });

  async function send(entry) {
    if (entry.sending) return;
    entry.sending = true;
    clearTimeout(entry.timer);
    try {
      const response = await postJson(`/api/rooms/${encodeURIComponent(room())}/messages`, { id: entry.id, text: entry.text });
      const reply = await response.json();
      if (response.status === 429 || response.status >= 500) {
        entry.timer = setTimeout(() => send(entry), 1000 * Number(response.headers.get('Retry-After') ?? 3));
        draw(entry, reply.text);
      } else if (response.ok) drop(entry.id);
      else {
        // It will never be accepted as it stands, so it is given back.
        entry.refused = true;
        keep();
        draw(entry, reply.text, [
          button('edit', () => {
            drop(entry.id);
            edit(entry.text);
          }),
          button('discard', () => drop(entry.id)),
        ]);
      }
    } catch {
      draw(entry, t('not-sent'), [button('retry', () => send(entry)), button('discard', () => drop(entry.id))]);
    } finally {
      entry.sending = false;
    }
  }

  return {
    submit(text) {
      const entry = { id: newId(), text };
      waiting.set(entry.id, entry);
      keep();
      draw(entry);
      void send(entry);
    },
    /** The room has it: its own message takes the place of the waiting one. */
    arrived(messageId) {
      const entry = messageId.startsWith('u:') ? waiting.get(messageId.slice(2)) : undefined;
      entry?.item?.remove();
    },
    /** The connection is back. */
    retry() {
      for (const entry of waiting.values()) if (!entry.refused) void send(entry);
    },
  };
}
