import type { UserError } from './errors.ts';
import type { Reply } from './reply.ts';
import type { MessageRef, Platform, RoomRef, User } from './request.ts';

/** Direct messages to this person are closed (403): asking again is pointless until they open them. */
export class DirectRefused extends Error {
  override name = 'DirectRefused';
}

/** The room is closed to the bot (403) until somebody opens it; `reason` says what is missing, for the people there. */
export class PostRefused extends Error {
  override name = 'PostRefused';
  readonly reason: UserError;

  constructor(reason: UserError, options?: ErrorOptions) {
    super(reason.message, options);
    this.reason = reason;
  }
}

/** How the bot speaks by itself: quiz clocks, reminders, finished demos. Each adapter provides one. */
export interface Courier {
  /**
   * @param key names the message for ever: posting the same key again (after a crash, or after an error that may
   * have come too late) must not show it twice where the platform offers a way to tell: an id of ours, a nonce.
   * @throws PostRefused where the bot may not post; anything else may pass by itself.
   */
  post(room: RoomRef, reply: Reply, key?: string): Promise<MessageRef>;
  /** May be coalesced with a later update of the same message. */
  update(message: MessageRef, reply: Reply): Promise<void>;
  /**
   * Shows a person something in the room that nobody else sees. `reply.slot` names the message.
   * @returns false where there is no way to do that now; then it has to wait for what the person does next.
   */
  whisper?(room: RoomRef, user: Pick<User, 'id'>, reply: Reply): Promise<boolean>;
  /** A private message to one person. @throws DirectRefused where the platform or the person does not allow it. */
  direct(space: string, user: Pick<User, 'id'>, reply: Reply): Promise<void>;
}

export interface Outbox extends Omit<Courier, 'direct' | 'whisper'> {
  whisper(room: RoomRef, user: Pick<User, 'id'>, reply: Reply): Promise<boolean>;
  direct(platform: Platform, space: string, user: Pick<User, 'id'>, reply: Reply): Promise<void>;
  /** Called by an adapter once it is connected. */
  register(platform: Platform, courier: Courier): void;
  isConnected(platform: Platform): boolean;
  /** Resolves once the platform is connected. */
  connected(platform: Platform): Promise<void>;
}

/** Routes late messages to the adapter of their platform. */
export function createOutbox(): Outbox {
  const couriers = new Map<Platform, Courier>();
  const awaited = new Map<Platform, PromiseWithResolvers<void>>();
  const connection = (platform: Platform) => {
    const known = awaited.get(platform) ?? Promise.withResolvers<void>();
    awaited.set(platform, known);
    return known;
  };
  const of = (platform: Platform): Courier => {
    const courier = couriers.get(platform);
    if (!courier) throw new Error(`${platform} is not connected`);
    return courier;
  };
  return {
    register(platform, courier) {
      couriers.set(platform, courier);
      connection(platform).resolve();
    },
    connected: (platform) => connection(platform).promise,
    isConnected: (platform) => couriers.has(platform),
    post: async (room, reply, key) => of(room.platform).post(room, reply, key),
    update: async (message, reply) => of(message.platform).update(message, reply),
    whisper: async (room, user, reply) => (await of(room.platform).whisper?.(room, user, reply)) ?? false,
    direct: async (platform, space, user, reply) => of(platform).direct(space, user, reply),
  };
}
