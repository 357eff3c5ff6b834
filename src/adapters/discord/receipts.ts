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
  /** A message that has been shown is the slot's from now on; the one before is taken away. */
  keep(where: Where, slot: string, ticket: Ticket, message: string): Promise<void>;
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
    async keep(where, slot, { id, token }, message) {
      const before = kept.get(named(where, slot));
      remember(kept, named(where, slot), { ticket: { id, token }, message, until: now() + LIFE });
      const same = before?.ticket.token === token && before.message === message;
      if (before && !same && before.until > now()) await tried(() => api.deleteAnswer(before.ticket, before.message));
    },
    async whisper(where, reply) {
      const met = tickets.get(place(where));
      if (!met || met.until <= now()) return false;
      const { slot } = reply;
      return tried(async () => {
        const { id } = await presenter.send(reply, (payload) => api.followUp(met.ticket, payload, true));
        if (slot !== undefined) await receipts.keep(where, slot, met.ticket, id);
      });
    },
  };
  return receipts;
}
