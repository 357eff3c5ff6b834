import { randomUUID } from 'node:crypto';
import type { Cluster } from '../../cluster/create.ts';
import type { Courier } from '../../core/outbox.ts';
import type { FileBlock, Reply } from '../../core/reply.ts';
import type { MessageRef, RoomRef, SaidMessage, User } from '../../core/request.ts';
import { visible } from '../../core/visible.ts';
import type { Db } from '../../store/database.ts';
import { replyToJson } from '../json.ts';
import type { ImageStore } from './images.ts';
import { createWebMessages, ownRoom } from './messages.ts';
import { blocksOf, type PageMessage, toPage, toPageBlocks } from './page-message.ts';
import { boardsOf } from './quiz-boards.ts';
import { SPACE } from './space.ts';

const BOT = { id: 'tutor', name: 'Gradient Tutor' };

/** What a page hears of its room. */
export type RoomEvent =
  | { type: 'message'; message: PageMessage }
  /** Work under way, such as a running experiment: shown until `done` or a message of the same id comes; never stored. */
  | { type: 'working'; id: string; at: number; blocks: unknown[] }
  | { type: 'done'; id: string };

export type Listener = (event: RoomEvent) => void;

/** A page that is open. */
export interface Reader {
  room: string;
  /** Undefined for somebody who is nobody yet: they see what everyone sees. */
  user: string | undefined;
  /** Closes the page's stream; it comes back by itself. */
  end(): void;
}

export interface Rooms {
  /** Listens to a room as one person sees it; the returned function stops. */
  listen(reader: Reader, listener: Listener): () => void;
  listeners(): number;
  /** Ends the streams of a person who is somebody else from now on. */
  hangUp(user: string): void;
  /** Shows what a person typed, to the room or to them alone. */
  said(room: string, user: User, text: string, id: string, at: number, secret?: boolean): Promise<void>;
  /** Shows a reply in the room, or to `audience` only; `inPlace`: a message of that id that is there already changes. */
  replied(room: string, reply: Reply, options: { id?: string; audience?: string; at: number; inPlace?: boolean }): Promise<MessageRef>;
  /** What a person said in a room, as another one there may see it. */
  saidIn(id: string, room: string, user: string): Promise<Omit<SaidMessage, 'url'> | undefined>;
  /** Whether a message is one that the bot has shown to this person alone. */
  isOwn(message: string, user: string): Promise<boolean>;
  /** Shows work under way in the place where its answer will be; `undefined` takes it away. */
  working(room: string, id: string, reply: Reply | undefined): void;
  /** What is under way now. */
  workingNow(room: string): RoomEvent[];
  /** What changed after `revision`; for 0 the newest messages. Ordered by revision. */
  since(room: string, user: string | undefined, revision: number): Promise<PageMessage[]>;
  /** What the room's quiz is at, oldest first, wherever it stands among the messages. */
  boards(room: string): Promise<PageMessage[]>;
  /** Older messages, oldest first. */
  before(room: string, user: string | undefined, seq: number): Promise<PageMessage[]>;
  toJson(reply: Reply): Record<string, unknown>;
  /** The file behind `/files/<message>/<index>`, for those who may see the message. */
  file(message: string, index: number, user: string | undefined): Promise<FileBlock | undefined>;
  courier: Courier;
}

/** Messages sent to a reader who comes in, and at each step back. */
export const SHOWN = 100;

/** The rooms of the playground: who listens, what was said. */
export async function createRooms(db: Db, images: ImageStore, now: () => number, cluster?: Cluster): Promise<Rooms> {
  const readers = new Map<string, Set<{ reader: Reader; listener: Listener }>>();
  const underway = new Map<string, Map<string, Extract<RoomEvent, { type: 'working' }>>>();
  const inRoom = (room: string) => [...(readers.get(room) ?? [])];
  const everyone = () => [...readers.values()].flatMap((set) => [...set]);
  const messages = await createWebMessages(
    db,
    (row) => {
      const event: RoomEvent = { type: 'message', message: toPage(row) };
      const direct = row.audience !== null && row.room === ownRoom(row.audience);
      for (const { reader, listener } of direct ? everyone() : inRoom(row.room))
        if (row.audience === null || row.audience === reader.user) listener(event);
    },
    cluster,
  );
  const toJson = (reply: Reply) => replyToJson(reply, (image) => ({ ...images.put(image) }));

  const replied: Rooms['replied'] = async (room, reply, { id = randomUUID(), audience = null, at, inPlace = false }) => {
    const body = JSON.stringify(toJson(reply));
    if (inPlace && (await messages.get(id))) await messages.edit(id, body);
    else await messages.add({ id, room, author_id: BOT.id, author_name: BOT.name, bot: 1, audience, body, at });
    return { ...ref(room), id };
  };

  return {
    toJson,
    replied,
    listen(reader, listener) {
      const set = readers.get(reader.room) ?? new Set();
      readers.set(reader.room, set);
      const entry = { reader, listener };
      set.add(entry);
      return () => {
        set.delete(entry);
        if (set.size === 0 && readers.get(reader.room) === set) readers.delete(reader.room);
      };
    },
    listeners: () => [...readers.values()].reduce((sum, set) => sum + set.size, 0),
    hangUp(user) {
      for (const { reader } of everyone()) if (reader.user === user) reader.end();
    },
    said(room, { id: author_id, name: author_name }, text, id, at, secret = false) {
      const audience = secret ? author_id : null;
      return messages.add({ id: `u:${id}`, room, author_id, author_name, bot: 0, audience, body: visible(text), at });
    },
    working(room, id, reply) {
      const here = underway.get(room) ?? new Map();
      const event: RoomEvent = reply
        ? { type: 'working', id, at: now(), blocks: toPageBlocks(toJson(reply).blocks, id) }
        : { type: 'done', id };
      if (event.type === 'working') underway.set(room, here.set(id, event));
      else if (here.delete(id) && here.size === 0) underway.delete(room);
      for (const { listener } of inRoom(room)) listener(event);
    },
    workingNow: (room) => [...(underway.get(room)?.values() ?? [])],
    async since(room, user, revision) {
      if (revision > 0) return (await messages.since(room, user, revision)).map(toPage);
      const newest = await messages.before(room, user, Number.MAX_SAFE_INTEGER, SHOWN);
      return newest.sort((a, b) => a.revision - b.revision).map(toPage);
    },
    boards: async (room) => (await boardsOf(db, room)).map(toPage),
    before: async (room, user, seq) => (await messages.before(room, user, seq, SHOWN)).map(toPage),
    async isOwn(id, user) {
      const row = await messages.get(id);
      return row?.bot === 1 && row.audience === user;
    },
    async saidIn(id, room, user) {
      const row = await messages.get(id);
      if (!row || row.bot === 1 || row.room !== room || (row.audience !== null && row.audience !== user)) return undefined;
      return { author: { id: row.author_id, name: row.author_name }, text: row.body };
    },
    async file(id, index, user) {
      const row = await messages.get(id);
      if (!row || row.bot === 0 || (row.audience !== null && row.audience !== user)) return undefined;
      const block = blocksOf(row)[index];
      return block?.type === 'file' ? block : undefined;
    },
    courier: {
      async whisper({ room }, user, reply) {
        const id = reply.slot === undefined ? randomUUID() : `w:${room}:${user.id}:${reply.slot}`;
        await replied(room, reply, { id, audience: user.id, at: now() });
        return true;
      },
      post: (room, reply, key) => replied(room.room, reply, { ...(key && { id: key }), at: now() }),
      update: ({ id }, reply) => messages.edit(id, JSON.stringify(toJson(reply))),
      async direct(_space, user, reply) {
        await replied(ownRoom(user.id), reply, { audience: user.id, at: now() });
      },
    },
  };
}

function ref(room: string): RoomRef {
  return { platform: 'web', space: SPACE, room };
}
