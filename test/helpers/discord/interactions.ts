import { randomBytes } from 'node:crypto';
import { type InteractionType, MessageFlags } from 'discord-api-types/v10';
import { createMessage, deleteMessage, editMessage, layoutConflict, type Upload } from './messages.ts';
import type { Person, Place, Stored, World } from './world.ts';

type Json = Record<string, unknown>;

/** What Discord says to a request: a status and a body. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** An interaction from the press to its last message. */
export interface Live {
  id: string;
  token: string;
  type: InteractionType;
  person: Person;
  place: Place;
  /** The message whose button was pressed. */
  pressed: Stored | undefined;
  createdAt: number;
  acknowledgedAt?: number;
  /** Choices of an autocomplete. */
  choices?: { name: string; value: string }[];
  /** The press that opened the form which this one sends. */
  trigger?: Live;
  /** The form that was opened. */
  form?: OpenedForm;
  original?: Stored;
  /** The first answer still says that the bot is thinking. */
  thinking: boolean;
  /** Messages made or changed through this interaction, newest last. */
  outputs: Stored[];
  followUps: number;
  expired: boolean;
  /** A fault of ours makes the client repeat its answer: the second one is not its mistake. */
  excused: boolean;
}

/** A form on somebody's screen. */
export interface OpenedForm {
  custom_id: string;
  title: string;
  components: { label: string; component: { custom_id: string; placeholder?: string; max_length?: number } }[];
}

export interface Interactions {
  all: Live[];
  open(type: InteractionType, person: Person, place: Place, pressed?: Stored): Live;
  callback(id: string, token: string, body: Json, uploads: readonly Upload[], withResponse: boolean): Answer;
  create(token: string, body: Json, uploads: readonly Upload[]): Answer;
  on(token: string, message: string, method: string, body: Json, uploads: readonly Upload[]): Answer;
  byToken(token: string): Live | undefined;
  find(token: string, message: string): Stored | undefined;
  /** Nobody is waited for any more. */
  close(): void;
}

export const error = (status: number, code: number, message: string): Answer => ({ status, body: { code, message } });

const FOLLOW_UPS_OF_GUESTS = 5;
const LIFE = 15 * 60_000;

/** The life of interactions: three seconds for the first answer, one of them, fifteen minutes for the rest. */
export function createInteractions(world: World, within: number, complain: (what: string) => void): Interactions {
  const all: Live[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const byToken = (token: string) => all.find((live) => live.token === token);
  const isGuest = ({ place }: Live) => place.guild !== undefined && !place.guild.hasBot;

  const metadataOf = (live: Live): Json => ({
    id: live.id,
    type: live.type,
    user: {
      id: live.person.id,
      username: live.person.username,
      avatar: null,
      discriminator: '0',
      public_flags: 0,
      flags: 0,
      global_name: live.person.name,
      primary_guild: null,
    },
    authorizing_integration_owners: {},
    ...(live.trigger
      ? { triggering_interaction_metadata: metadataOf(live.trigger) }
      : live.pressed
        ? { interacted_message_id: live.pressed.json.id }
        : { name: 'command' }),
  });
  const metadata = (live: Live) => ({ interaction_metadata: metadataOf(live) as never });
  const place = (live: Live, body: Json, uploads: readonly Upload[]): Stored => {
    const stored = createMessage(world, live.place, body, uploads, { ...metadata(live), webhook_id: world.applicationId });
    if ((Number(body.flags ?? 0) & MessageFlags.Ephemeral) !== 0) stored.onlyFor = live.person.id;
    return stored;
  };
  const make = (live: Live, body: Json, uploads: readonly Upload[]): Stored => {
    const stored = place(live, body, uploads);
    live.outputs.push(stored);
    world.emit('change');
    return stored;
  };
  const change = (live: Live, stored: Stored, body: Json, uploads: readonly Upload[]): Answer => {
    const conflict = layoutConflict(stored, body);
    if (conflict) return error(400, 50035, conflict);
    live.outputs.push(stored);
    if (stored === live.original) live.thinking = false;
    editMessage(world, stored, body, uploads);
    return { status: 200, body: stored.json };
  };
  const usable = (token: string): Live | Answer => {
    const live = byToken(token);
    if (!live || live.acknowledgedAt === undefined) return error(404, 10015, 'Unknown Webhook');
    if (live.expired || Date.now() - live.createdAt > LIFE) return error(401, 50027, 'Invalid Webhook Token');
    return live;
  };

  return {
    all,
    byToken,
    find: (token, message) => {
      const live = byToken(token);
      return message === '@original' || message === '%40original' ? live?.original : live?.place.messages.get(message);
    },
    open(type, person, place, pressed) {
      const live: Live = {
        id: world.id(),
        token: randomBytes(40).toString('base64url'),
        type,
        person,
        place,
        pressed,
        createdAt: Date.now(),
        thinking: false,
        outputs: [],
        followUps: 0,
        expired: false,
        excused: false,
      };
      all.push(live);
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (live.acknowledgedAt === undefined && !live.excused) complain(`interaction ${live.id} was not acknowledged within ${within} ms`);
      }, within);
      timers.add(timer);
      return live;
    },
    callback(id, token, body, uploads, withResponse) {
      const live = all.find((one) => one.id === id && one.token === token);
      if (!live || (live.acknowledgedAt === undefined && Date.now() - live.createdAt > within))
        return error(404, 10062, 'Unknown interaction');
      if (live.acknowledgedAt !== undefined) {
        if (!live.excused) complain(`interaction ${id} was acknowledged twice`);
        return error(400, 40060, 'Interaction has already been acknowledged.');
      }
      live.acknowledgedAt = Date.now();
      const data = (body.data ?? {}) as Json;
      if (body.type === 4) live.original = make(live, data, uploads);
      if (body.type === 5) {
        live.original = place(live, data, []);
        live.original.json.flags = Number(data.flags ?? 0) | MessageFlags.Loading;
        live.thinking = true;
      }
      if (body.type === 6 || body.type === 7) live.original = live.pressed!;
      if (body.type === 7) change(live, live.pressed!, data, uploads);
      if (body.type === 9) live.form = data as unknown as OpenedForm;
      if (body.type === 8) live.choices = data.choices as Live['choices'] & object;
      world.emit('change');
      if (!withResponse) return { status: 204 };
      return { status: 200, body: { interaction: { id, type: live.type, response_message_loading: live.thinking } } };
    },
    create(token, body, uploads) {
      const live = usable(token);
      if ('status' in live) return live;
      if (++live.followUps > FOLLOW_UPS_OF_GUESTS && isGuest(live))
        return error(400, 40094, 'Maximum number of follow up messages reached.');
      // While the first answer is open, a follow-up becomes that answer, and stays as private or public as it was.
      if (live.thinking && live.original) return change(live, live.original, body, uploads);
      return { status: 200, body: make(live, body, uploads).json };
    },
    on(token, message, method, body, uploads) {
      const live = usable(token);
      if ('status' in live) return live;
      const original = message === '@original' || message === '%40original';
      const stored = original ? live.original : live.place.messages.get(message);
      if (!stored || stored.deleted) return error(404, 10008, 'Unknown Message');
      if (method === 'GET') return { status: 200, body: stored.json };
      if (method === 'PATCH') return change(live, stored, body, uploads);
      deleteMessage(world, stored);
      if (original) live.thinking = false;
      return { status: 204 };
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
