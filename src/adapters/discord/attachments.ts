import type { APIMessage } from 'discord.js';
import type { Payload } from './render.ts';

/** Pictures that a message holds already, so that an edit need not send them again. */
export interface Attachments {
  /** Remembers where Discord has put the files of a message. */
  learn(message: APIMessage, payload: Payload): void;
  /** The payload without the files that the message holds; Discord wants id and name of those that stay. */
  reuse(message: string, payload: Payload): Payload;
}

/** Boards that are edited at the same time. */
const REMEMBERED = 200;

export function createAttachments(): Attachments {
  const known = new Map<string, Map<string, { id: string; data: Uint8Array }>>();
  return {
    learn({ id: message, components }, { files }) {
      if (files.length === 0) return;
      const places = mediaIn(components);
      const held = known.get(message) ?? new Map<string, { id: string; data: Uint8Array }>();
      for (const { name, data } of files) {
        const id = places.get(name);
        if (id) held.set(name, { id, data });
      }
      known.delete(message);
      known.set(message, held);
      if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
    },
    reuse(message, payload) {
      const held = known.get(message);
      const stays = ({ name, data }: Payload['files'][number]) => {
        const there = held?.get(name);
        return there !== undefined && Buffer.compare(there.data, data) === 0 ? there.id : undefined;
      };
      const files = payload.files.filter((file) => stays(file) === undefined);
      if (files.length === payload.files.length) return payload;
      const attachments = payload.files.map((file, i) => ({
        ...payload.body.attachments[i]!,
        id: stays(file) ?? String(files.indexOf(file)),
      }));
      return { ...payload, body: { ...payload.body, attachments }, files };
    },
  };
}

/** File name → attachment id, from the pictures of a message in components. */
function mediaIn(value: unknown, found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) return found;
  const { url, attachment_id: id } = value as { url?: unknown; attachment_id?: unknown };
  if (typeof url === 'string' && typeof id === 'string' && URL.canParse(url)) found.set(new URL(url).pathname.split('/').at(-1)!, id);
  for (const child of Object.values(value)) mediaIn(child, found);
  return found;
}
