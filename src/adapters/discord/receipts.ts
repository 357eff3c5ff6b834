import type { Reply } from '../../core/reply.ts';
import type { RoomRef, User } from '../../core/request.ts';
import type { Api, Ticket } from './api.ts';
import { isInteractionGone, isMessageGone } from './errors.ts';
import type { Presenter } from './presenter.ts';

type Where = Pick<RoomRef, 'space' | 'room'> & { user: Pick<User, 'id'> };

/** What one person sees alone in a room: one message a slot, for as long as Discord lets us touch it. */
export interface Receipts {
  /** A person has done something here: for a quarter of an hour we may speak to them alone. */
  met(where: Where, ticket: Ticket): void;
  /** Changes the slot's message. @returns false where there is none, or none that can still be changed. */
  change(where: Where, slot: string, reply: Reply): Promise<boolean>;
  /** Takes the slot's message away; another one is about to take its place further down. */
  clear(where: Where, slot: string): Promise<void>;
  /** A message that has been shown is the slot's from now on. */
  keep(where: Where, slot: string, ticket: Ticket, message: string): void;
  /** Says something by ourselves. @returns false where the person has done nothing here lately. */
  whisper(where: Where, reply: Reply): Promise<boolean>;
}

/** Discord's tokens live for fifteen minutes; a little less, since the way there takes time too. */
const LIFE = 14.5 * 60_000;
const REMEMBERED = 5_000;

interface Kept {
  ticket: Ticket;
  message: string;
  until: number;
}

export function createReceipts({ api, presenter, now }: { api: Api; presenter: Presenter; now: () => number }): Receipts {
  const tickets = new Map<string, { ticket: Ticket; until: number }>();
  const kept = new Map<string, Kept>();
  const place = ({ space, room, user }: Where) => JSON.stringify([space, room, user.id]);
  const named = (where: Where, slot: string) => `${place(where)} ${slot}`;

  const remember = <V>(map: Map<string, V>, key: string, value: V): void => {
    map.delete(key);
    map.set(key, value);
    if (map.size > REMEMBERED) map.delete(map.keys().next().value!);
  };
  const find = (where: Where, slot: string): Kept | undefined => {
    const known = kept.get(named(where, slot));
    return known && known.until > now() ? known : undefined;
  };
  /** Whether Discord took it; that the token or the message is gone is no fault. */
  const tried = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (isInteractionGone(error) || isMessageGone(error)) return false;
      throw error;
    }
  };

  const receipts: Receipts = {
    met: (where, ticket) => remember(tickets, place(where), { ticket: { id: ticket.id, token: ticket.token }, until: now() + LIFE }),
    async change(where, slot, reply) {
      const known = find(where, slot);
      return known !== undefined && tried(() => presenter.send(reply, (payload) => api.editAnswer(known.ticket, known.message, payload)));
    },
    async clear(where, slot) {
      const known = find(where, slot);
      kept.delete(named(where, slot));
      if (known) await tried(() => api.deleteAnswer(known.ticket, known.message));
    },
    keep: (where, slot, ticket, message) =>
      remember(kept, named(where, slot), { ticket: { id: ticket.id, token: ticket.token }, message, until: now() + LIFE }),
    async whisper(where, reply) {
      const met = tickets.get(place(where));
      if (!met || met.until <= now()) return false;
      const { slot } = reply;
      if (slot !== undefined) await receipts.clear(where, slot);
      return tried(async () => {
        const { id } = await presenter.send(reply, (payload) => api.followUp(met.ticket, payload, true));
        if (slot !== undefined) receipts.keep(where, slot, met.ticket, id);
      });
    },
  };
  return receipts;
}
