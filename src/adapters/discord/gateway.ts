import {
  GatewayOpcodes,
  type IShardingStrategy,
  SimpleShardingStrategy,
  WebSocketShardDestroyRecovery,
  WebSocketShardEvents,
} from 'discord.js';
import type { Clock } from '../../core/clock.ts';
import { checkFrame } from './protocol.ts';
import type { Tell } from './tell.ts';

type Manager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

/** Waits before a connection is tried again; discord.js itself waits half a second each time. Discord allows 1000 a day. */
const WAITS = [0, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000];
/** A connection that did not last this long counts as one that failed. */
const LASTING = 10_000;
/** After so many failures the session is given up, and with it the address at which it was to be resumed. */
const GIVE_UP_SESSION = 5;
const IDLE = 0;

/**
 * What a shard's socket and timers call without waiting for it: whatever these throw would end the program. They are
 * private in the types of @discordjs/ws, whose version is pinned; a test sends frames that make each of them throw.
 */
interface Shard {
  status: number;
  on(event: string, listener: () => void): unknown;
  unpackMessage(data: unknown, isBinary: boolean): Promise<unknown>;
  onMessage(data: unknown, isBinary: boolean): Promise<void>;
  onClose(code: number): Promise<void>;
  onError(error: Error): void;
  heartbeat(requested?: boolean): Promise<void>;
  internalConnect(): Promise<void>;
  destroy(options: object): Promise<void>;
}

/**
 * Connections that nothing which arrives over them can end: what cannot be read is told in the log, and the connection
 * is renewed. While Discord is away it is asked less and less often.
 */
export function patientStrategy(manager: Manager, { clock, tell }: { clock: Clock; tell: Tell }): IShardingStrategy {
  return new PatientStrategy(manager, clock, tell);
}

class PatientStrategy extends SimpleShardingStrategy {
  readonly #manager: Manager;
  readonly #clock: Clock;
  readonly #tell: Tell;
  #stopped = false;

  constructor(manager: Manager, clock: Clock, tell: Tell) {
    super(manager);
    this.#manager = manager;
    this.#clock = clock;
    this.#tell = tell;
  }

  override async spawn(ids: number[]): Promise<void> {
    await super.spawn(ids);
    // The manager also ends the shards that there were before it makes some.
    this.#stopped = false;
    const { shards } = this as unknown as { shards: Map<number, Shard> };
    for (const [id, shard] of shards) this.#protect(id, shard);
  }

  override async destroy(options?: Parameters<SimpleShardingStrategy['destroy']>[0]): Promise<void> {
    this.#stopped = true;
    await super.destroy(options);
  }

  #protect(id: number, shard: Shard): void {
    let failures = 0;
    let connectedAt: number | undefined;
    let ending = false;
    let greeted = false;
    const connected = () => {
      connectedAt = this.#clock.now();
    };
    shard.on(WebSocketShardEvents.Ready, connected);
    shard.on(WebSocketShardEvents.Resumed, connected);

    const destroy = shard.destroy.bind(shard);
    const fault = (where: string, error: unknown) => this.#tell({ shard: id, where, err: error }, 'Discord: something that cannot be read');
    const renew = async (where: string, error: unknown): Promise<void> => {
      fault(where, error);
      // A session that did not come about cannot be resumed.
      const recover = connectedAt === undefined ? WebSocketShardDestroyRecovery.Reconnect : WebSocketShardDestroyRecovery.Resume;
      await shard.destroy({ reason: 'unreadable', recover });
    };
    const guarded = <A extends unknown[]>(where: string, run: (...args: A) => Promise<void>, failed: typeof renew) => {
      const original = run.bind(shard);
      return async (...args: A): Promise<void> => {
        try {
          await original(...args);
        } catch (error) {
          await failed(where, error);
        }
      };
    };
    const unpack = shard.unpackMessage.bind(shard);
    shard.unpackMessage = async (data, isBinary) => {
      const payload = await unpack(data, isBinary);
      const op = checkFrame(payload, greeted);
      if (op === GatewayOpcodes.Hello) greeted = true;
      return op === undefined ? null : payload;
    };
    shard.onMessage = guarded('message', shard.onMessage, renew);
    shard.onClose = guarded('close', shard.onClose, renew);
    shard.heartbeat = guarded('heartbeat', shard.heartbeat, renew);
    // Several frames of one burst may end a connection; it is renewed once.
    shard.destroy = async (options) => {
      if (ending) return;
      ending = true;
      try {
        await destroy(options);
      } catch (error) {
        fault('end', error);
      } finally {
        ending = false;
      }
    };
    const onError = shard.onError.bind(shard);
    shard.onError = (error) => {
      try {
        onError(error);
      } catch (unreadable) {
        fault('error', unreadable);
      }
    };

    const connect = shard.internalConnect.bind(shard);
    shard.internalConnect = async () => {
      ending = false;
      greeted = false;
      for (;;) {
        const lasted = connectedAt === undefined ? 0 : this.#clock.now() - connectedAt;
        connectedAt = undefined;
        if (lasted >= LASTING) failures = 0;
        await this.#wait(WAITS[Math.min(failures, WAITS.length - 1)]!);
        failures++;
        if (this.#stopped) return;
        if (failures > GIVE_UP_SESSION) await this.#manager.options.updateSessionInfo(id, null);
        try {
          return await connect();
        } catch (error) {
          // Such as an address that is none: it came with the session.
          fault('connect', error);
          if (shard.status !== IDLE) return;
          await this.#manager.options.updateSessionInfo(id, null);
        }
      }
    };
  }

  #wait(milliseconds: number): Promise<void> {
    return milliseconds === 0
      ? Promise.resolve()
      : new Promise((resolve) => void this.#clock.schedule(this.#clock.now() + milliseconds, resolve));
  }
}
