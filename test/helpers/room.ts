import { randomUUID } from 'node:crypto';
import { registry } from '../../commands/index.ts';
import type { Dispatch } from '../../src/core/dispatch.ts';
import { parseText } from '../../src/core/parse.ts';
import type { Button, Reply } from '../../src/core/reply.ts';
import type { MessageRef, Request, RoomRef } from '../../src/core/request.ts';
import type { Services } from '../../src/services.ts';

export interface Posted {
  ref: MessageRef;
  reply: Reply;
  /** How often it was edited. */
  edits: number;
}

export interface Room {
  ref: RoomRef;
  /** Messages that the bot posted by itself, in order, as they look now. */
  posts: Posted[];
  /** Direct messages; `refuse` throws what a platform throws that does not allow one. */
  directs: { user: string; reply: Reply }[];
  refuse: ((user: string) => Error | undefined) | undefined;
  say(user: string, text: string, id?: string, more?: Partial<Request>): Promise<Reply>;
  /** `text` is what was typed into the button's form. */
  press(user: string, button: string, id?: string, text?: string): Promise<Reply>;
  /** `/quiz stop`, and yes. */
  stop(user?: string): Promise<Reply>;
  /** What was shown to one person by itself. */
  whispers: { user: string; reply: Reply }[];
  /** Whether the platform can show something to this person alone now. */
  deaf: Set<string>;
}

/** The rooms of a program, for its one courier. */
const rooms = new WeakMap<Services, Room[]>();

function roomsOf(services: Services): Room[] {
  const known = rooms.get(services);
  if (known) return known;
  const own: Room[] = [];
  rooms.set(services, own);
  const find = ({ space, room }: RoomRef) => own.findLast(({ ref }) => ref.space === space && ref.room === room);
  services.outbox.register('terminal', {
    async post(room, reply) {
      const message = { ...room, id: randomUUID() };
      find(room)?.posts.push({ ref: message, reply, edits: 0 });
      return message;
    },
    async update(message, reply) {
      const known = find(message)?.posts.find((post) => post.ref.id === message.id);
      if (known) Object.assign(known, { reply, edits: known.edits + 1 });
    },
    async whisper(room, { id }, reply) {
      const known = find(room);
      if (!known || known.deaf.has(id)) return false;
      known.whispers.push({ user: id, reply });
      return true;
    },
    async direct(space, { id }, reply) {
      const room = own.findLast(({ ref }) => ref.space === space);
      const error = room?.refuse?.(id);
      if (error) throw error;
      room?.directs.push({ user: id, reply });
    },
  });
  return own;
}

/** A room on a platform of its own making: the real core and services, with a courier that remembers. */
export function openRoom(services: Services, dispatch: Dispatch, name = 'main', space = 'test'): Room {
  const ref: RoomRef = { platform: 'terminal', space, room: name };
  const base = (user: string, id: string) => ({
    ...ref,
    id,
    user: { id: user, name: user, admin: user === 'host', manager: user === 'host' },
    locale: 'en' as const,
    receivedAt: services.clock.now(),
  });
  const room: Room = {
    ref,
    posts: [],
    directs: [],
    refuse: undefined,
    say: (user, text, id = randomUUID(), more = {}) => dispatch({ ...base(user, id), ...parseText(text, registry), ...more }),
    whispers: [],
    deaf: new Set(),
    press: (user, button, id = randomUUID(), text) =>
      dispatch({ ...base(user, id), action: button, options: text === undefined ? {} : { text } }),
    async stop(user = 'host') {
      const [yes] = buttonsOf(await room.say(user, '/quiz stop'));
      if (!yes) throw new Error('there is no quiz that this person may end');
      return room.press(user, yes.id);
    },
  };
  roomsOf(services).push(room);
  return room;
}

export function buttonsOf(reply: Reply): Button[] {
  return reply.blocks.flatMap((block) => (block.type === 'buttons' ? block.items : []));
}

/** The error code of a reply, or undefined. */
export function errorOf(reply: Reply): string | undefined {
  return reply.result?.kind === 'error' ? (reply.result as { code: string }).code : undefined;
}
