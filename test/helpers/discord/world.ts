import { EventEmitter } from 'node:events';
import { type APIMessage, ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';

export interface Person {
  id: string;
  username: string;
  name: string;
  locale: string;
  nick?: string;
  /** Does not take direct messages. */
  closed?: boolean;
  moderator?: boolean;
  /** Has Manage Server. */
  manager?: boolean;
}

export interface Place {
  id: string;
  name: string;
  type: ChannelType;
  /** Undefined for direct messages. */
  guild: Guild | undefined;
  /** Of a thread. */
  parent?: string;
  /** The person on the other side of direct messages. */
  with?: Person;
  /** Permissions that the bot lacks here. */
  denied: bigint;
  archived?: boolean;
  messages: Map<string, Stored>;
}

export interface Guild {
  id: string;
  name: string;
  /** False where only a person has installed the app for themselves. */
  hasBot: boolean;
  places: Place[];
}

export interface StoredFile {
  id: string;
  name: string;
  data: Buffer;
  description?: string;
}

/** A message as it looks now. */
export interface Stored {
  json: APIMessage;
  place: Place;
  files: StoredFile[];
  /** The only person who sees it. */
  onlyFor: string | undefined;
  edits: number;
  deleted: boolean;
}

const EPOCH = 1_420_070_400_000n;

/** Ids that tell the time, as Discord's do. */
function createIds(): () => string {
  let count = 0n;
  return () => String(((BigInt(Date.now()) - EPOCH) << 22n) | (count++ & 0xfffn));
}

/** Everything that exists on the loopback Discord. Emits `change` whenever a message does. */
export interface World extends EventEmitter {
  bot: { id: string; username: string };
  applicationId: string;
  guilds: Guild[];
  places: Map<string, Place>;
  commands: { global: Record<string, unknown>[]; guilds: Map<string, Record<string, unknown>[]> };
  id(): string;
  /** @param id where it matters which shard hears of it */
  addGuild(name: string, options?: { hasBot?: boolean; id?: string }): Guild;
  addPlace(guild: Guild | undefined, name: string, options?: Partial<Place>): Place;
  addPerson(name: string, options?: Partial<Person>): Person;
  directWith(person: string): Place | undefined;
  /** Messages of a place that are visible to a person, or to everyone. */
  messages(place: Place, person?: Person): Stored[];
  /** Resolves with what `find` returns as soon as it returns something. */
  until<T>(find: () => T | undefined | false, what: string, within?: number): Promise<T>;
}

const EVERYTHING =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ReadMessageHistory;

/** What the bot may do in a place. */
export function permissionsIn(place: Place): bigint {
  return EVERYTHING & ~place.denied;
}

export function createWorld(): World {
  const id = createIds();
  const applicationId = id();
  const people = new Map<string, Person>();
  const world: World = Object.assign(new EventEmitter().setMaxListeners(0), {
    bot: { id: applicationId, username: 'Gradient Tutor' },
    applicationId,
    guilds: [] as Guild[],
    places: new Map<string, Place>(),
    commands: { global: [], guilds: new Map<string, Record<string, unknown>[]>() },
    id,
    addGuild(name: string, { hasBot = true, id: chosen = id() } = {}) {
      const guild: Guild = { id: chosen, name, hasBot, places: [] };
      world.guilds.push(guild);
      return guild;
    },
    addPlace(guild: Guild | undefined, name: string, options: Partial<Place> = {}) {
      const place: Place = { id: id(), name, type: ChannelType.GuildText, guild, denied: 0n, messages: new Map(), ...options };
      guild?.places.push(place);
      world.places.set(place.id, place);
      return place;
    },
    addPerson(name: string, options: Partial<Person> = {}) {
      const person: Person = { id: id(), username: name.toLowerCase().replace(/\W/g, '') || 'someone', name, locale: 'en-US', ...options };
      people.set(person.id, person);
      return person;
    },
    directWith(user: string) {
      const person = people.get(user);
      if (!person) return undefined;
      const known = [...world.places.values()].find((place) => place.with === person);
      return known ?? world.addPlace(undefined, '', { type: ChannelType.DM, with: person });
    },
    messages(place: Place, person?: Person) {
      return [...place.messages.values()].filter(({ deleted, onlyFor }) => !deleted && (onlyFor === undefined || onlyFor === person?.id));
    },
    until<T>(find: () => T | undefined | false, what: string, within = 60_000): Promise<T> {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = find();
          if (found === undefined || found === false) return;
          stop();
          resolve(found);
        };
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`waited ${within} ms for ${what}`));
        }, within);
        // Not everything that is waited for happens on Discord.
        const poll = setInterval(look, 50);
        const stop = () => {
          clearInterval(poll);
          clearTimeout(timer);
          world.off('change', look);
        };
        world.on('change', look);
        look();
      });
    },
  });
  return world;
}
