import { randomUUID } from 'node:crypto';
import type { Courier } from '../../core/outbox.ts';
import type { Block, FileBlock, Reply } from '../../core/reply.ts';
import type { MessageRef, RoomRef, User } from '../../core/request.ts';
import type { WebMessageRow } from '../../store/schema.ts';
import { replyToJson } from '../json.ts';
import { markdownToHtml } from './html.ts';
import type { ImageStore } from './images.ts';
import type { WebMessages } from './messages.ts';

export const SPACE = 'local';
const BOT = { id: 'tutor', name: 'Gradient Tutor' };

/** A message as the page receives it. */
export interface PageMessage {
  id: string;
  seq: number;
  revision: number;
  at: number;
  author: { id: string; name: string; bot: boolean };
  private: boolean;
  /** What a person typed. */
  text?: string;
  /** What the bot says; Markdown blocks carry their HTML. */
  blocks?: unknown[];
}

export type Listener = (message: PageMessage) => void;

export interface Rooms {
  /** Listens to a room as one person sees it; the returned function stops. */
  listen(room: string, user: string, listener: Listener): () => void;
  listeners(): number;
  /** Shows what a person typed, to the room or to them alone. */
  said(room: string, user: User, text: string, id: string, at: number, secret?: boolean): Promise<void>;
  /** Shows a reply in the room, or to `audience` only. */
  replied(room: string, reply: Reply, options: { id?: string; audience?: string; at: number }): Promise<MessageRef>;
  since(room: string, user: string, revision: number): Promise<PageMessage[]>;
  toJson(reply: Reply): Record<string, unknown>;
  /** The file behind `/files/<message>/<index>`, for those who may see the message. */
  file(message: string, index: number, user: string): Promise<FileBlock | undefined>;
  courier: Courier;
}

/** Messages sent to a reader who comes in. */
const SHOWN = 100;

/** The rooms of the playground: who listens, what was said. */
export function createRooms(messages: WebMessages, images: ImageStore, now: () => number): Rooms {
  const listeners = new Map<string, Set<{ user: string; listener: Listener }>>();
  const publish = (row: WebMessageRow) => {
    const message = toPage(row);
    for (const { user, listener } of listeners.get(row.room) ?? []) if (row.audience === null || row.audience === user) listener(message);
  };
  const toJson = (reply: Reply) => replyToJson(reply, (image) => ({ ...images.put(image) }));

  const replied: Rooms['replied'] = async (room, reply, { id = randomUUID(), audience = null, at }) => {
    const body = JSON.stringify(toJson(reply));
    const { row, fresh } = await messages.add({
      id,
      room,
      author_id: BOT.id,
      author_name: BOT.name,
      bot: 1,
      audience,
      body,
      at,
    });
    if (fresh) publish(row);
    return { ...ref(room), id };
  };
  const update = async (id: string, reply: Reply) => {
    const row = await messages.edit(id, JSON.stringify(toJson(reply)));
    if (row) publish(row);
  };

  return {
    toJson,
    replied,
    listen(room, user, listener) {
      const set = listeners.get(room) ?? new Set();
      listeners.set(room, set);
      const entry = { user, listener };
      set.add(entry);
      return () => {
        set.delete(entry);
        if (set.size === 0) listeners.delete(room);
      };
    },
    listeners: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
    async said(room, user, text, id, at, secret = false) {
      const { row, fresh } = await messages.add({
        id: `u:${id}`,
        room,
        author_id: user.id,
        author_name: user.name,
        bot: 0,
        audience: secret ? user.id : null,
        body: text,
        at,
      });
      if (fresh) publish(row);
    },
    async file(id, index, user) {
      const row = await messages.get(id);
      if (!row || row.bot === 0 || (row.audience !== null && row.audience !== user)) return undefined;
      const block = blocksOf(row)[index];
      return block?.type === 'file' ? block : undefined;
    },
    since: async (room, user, revision) => (await messages.since(room, user, revision, SHOWN)).map(toPage),
    courier: {
      post: (room, reply, key) => replied(room.room, reply, { ...(key && { id: key }), at: now() }),
      update: ({ id }, reply) => update(id, reply),
      // The playground has no private conversations: a direct message appears in the person's own room.
      async direct(_space, user, reply) {
        await replied(`@${user.id}`, reply, { audience: user.id, at: now() });
      },
    },
  };
}

function ref(room: string): RoomRef {
  return { platform: 'web', space: SPACE, room };
}

function toPage(row: WebMessageRow): PageMessage {
  const { id, seq, revision, at } = row;
  const head = {
    id,
    seq,
    revision,
    at,
    author: { id: row.author_id, name: row.author_name, bot: row.bot === 1 },
    private: row.audience !== null,
  };
  if (row.bot === 0) return { ...head, text: row.body };
  return {
    ...head,
    blocks: blocksOf(row).map((block, index) => {
      if (block.type === 'markdown') return { ...block, html: markdownToHtml(block.text) };
      // A file may be large: the page gets a link to it.
      if (block.type === 'file') return { type: 'file', name: block.name, url: `/files/${encodeURIComponent(id)}/${index}` };
      return block;
    }),
  };
}

function blocksOf(row: WebMessageRow): Block[] {
  return (JSON.parse(row.body) as { blocks: Block[] }).blocks;
}
