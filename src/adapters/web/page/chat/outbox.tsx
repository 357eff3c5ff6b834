// What was typed and is not in the room yet. It outlives a lost connection, a restart of the server and a reload:
// each has an id of its own, and the same id again has no second effect.
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { newId, postJson, room, t, tab } from '../lib/session.ts';
import type { ReplyJson } from '../lib/wire.ts';

export interface Unsent {
  id: string;
  text: string;
  problem?: string;
  /** It will never be accepted as it stands, so it is given back. `after` names the message that it stands below. */
  refused?: boolean;
  after?: string | undefined;
  /** The room shows it; whether it was answered is not known yet. */
  shown?: boolean;
  /** Nobody tries again by themselves. */
  stuck?: boolean;
}

export type Outbox = ReturnType<typeof createOutbox>;

/** @param last the message that is the newest now */
export function createOutbox(last: () => string | undefined) {
  const key = `outbox:${room()}`;
  const waiting = signal<readonly Unsent[]>(tab.getJson(key, []));
  const sending = new Set<string>();
  const timers = new Map<string, number>();

  const put = (entries: readonly Unsent[]) => {
    waiting.value = entries;
    // A refused line need not be said again after a reload: ↑ brings it back, unless it is too long for that.
    const kept = entries.filter(({ refused, text }) => !refused || text.length >= 2000).map(({ id, text }) => ({ id, text }));
    tab.setJson(key, kept);
  };
  const change = (id: string, more: Partial<Unsent>) => {
    if (waiting.value.some((entry) => entry.id === id))
      put(waiting.value.map((entry) => (entry.id === id ? { ...entry, ...more } : entry)));
  };
  const drop = (id: string) => put(waiting.value.filter((entry) => entry.id !== id));

  async function send({ id, text }: Unsent): Promise<void> {
    if (sending.has(id)) return;
    sending.add(id);
    clearTimeout(timers.get(id));
    try {
      const response = await postJson(`/api/rooms/${encodeURIComponent(room())}/messages`, { id, text });
      const reply: ReplyJson = await response.json();
      if (response.status === 429 || response.status >= 500) {
        const again = () => void send({ id, text });
        timers.set(id, window.setTimeout(again, 1000 * Number(response.headers.get('Retry-After') ?? 3)));
        change(id, { problem: reply.text, stuck: false });
      } else if (response.ok) drop(id);
      else change(id, { problem: reply.text, refused: true, shown: false, after: last() });
    } catch {
      change(id, { problem: t('not-sent'), stuck: true });
    } finally {
      sending.delete(id);
    }
  }

  return {
    waiting,
    drop,
    send,
    submit(text: string): void {
      const entry = { id: newId(), text };
      put([...waiting.value, entry]);
      void send(entry);
    },
    /** The room has it: its own message takes the place of the waiting one. */
    arrived(messageId: string): void {
      if (messageId.startsWith('u:')) change(messageId.slice(2), { shown: true });
    },
    /** The connection is back. */
    retry(): void {
      for (const entry of waiting.value) if (!entry.refused) void send(entry);
    },
  };
}

/** A line that waits or was refused. */
export function UnsentLine({ entry, outbox, edit }: { entry: Unsent; outbox: Outbox; edit: (text: string) => void }) {
  const { id, text, problem, refused, stuck } = entry;
  const item = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (problem) item.current?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  const again = () => {
    outbox.drop(id);
    edit(text);
  };
  return (
    <article ref={item} class={`message first unsent${problem ? ' failed' : ''}`}>
      <div class="said">{text.length > 500 ? `${text.slice(0, 500)}…` : text}</div>
      {problem && (
        <p class="note error" role="alert">
          {problem}
        </p>
      )}
      {(refused || (problem && stuck)) && (
        <div class="actions">
          {refused ? (
            <button type="button" onClick={again}>
              {t('edit')}
            </button>
          ) : (
            <button type="button" onClick={() => outbox.send(entry)}>
              {t('retry')}
            </button>
          )}
          <button type="button" onClick={() => outbox.drop(id)}>
            {t('discard')}
          </button>
        </div>
      )}
    </article>
  );
}
