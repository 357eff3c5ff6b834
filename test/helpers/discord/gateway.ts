import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10';
import { type WebSocket, WebSocketServer } from 'ws';
import { botJson, guildJson } from './shapes.ts';
import type { World } from './world.ts';

interface Session {
  id: string;
  intents: number;
  /** Which shard of how many. */
  shard: [number, number];
  socket: WebSocket | undefined;
  /** Everything that was sent, for a resume. */
  log: { s: number; t: string; d: unknown }[];
  resumable: boolean;
}

export interface Gateway {
  /** Sends an event to the bot; while it is away for a moment, as soon as it resumes. @returns whether a session takes it. */
  dispatch(event: string, data: unknown): boolean;
  /** A bot is connected and has identified. */
  online(): boolean;
  intents(): number;
  /** Op 7: please reconnect. */
  askToReconnect(): void;
  /** Op 9. */
  invalidate(resumable: boolean): void;
  /** Sends a frame as it is, whatever it may be. @returns whether somebody is there to take it. */
  frame(text: string): boolean;
  /** Away: connections are cut, and new ones too as soon as they are made, until it is back. */
  away(gone: boolean): void;
  /** Closes the connection with a code, or cuts it without one. */
  close(code?: number): void;
  counts: { connections: number; identifies: number; resumes: number; heartbeats: number };
  /** Every identify that was taken, in order. */
  identified: { shard: number; at: number }[];
  /** Shards that are connected, each as often as it is. */
  connected(): number[];
  /** Events that had to wait for a resume, newest last. */
  late: unknown[];
  stop(): void;
}

export interface GatewayOptions {
  token: string;
  /** Intents for which the connection is closed with 4014. */
  forbidden?: number;
  heartbeat?: number;
  /** Shards that Discord recommends; 1. */
  shards?: number;
  /** Shards of different remainders may identify at once; 1. */
  maxConcurrency?: number;
}

/** Whose session hears of a server. https://docs.discord.com/developers/events/gateway#sharding */
export function shardOfGuild(guild: string, count: number): number {
  return Number((BigInt(guild) >> 22n) % BigInt(count));
}

/** The gateway: hello, identify, ready, guild creates, heartbeats, resume. */
export function createGateway(server: Server, world: World, { token, forbidden = 0, heartbeat = 10_000 }: GatewayOptions): Gateway {
  const sockets = new WebSocketServer({ server, path: '/gateway' });
  const counts = { connections: 0, identifies: 0, resumes: 0, heartbeats: 0 };
  const late: unknown[] = [];
  const identified: Gateway['identified'] = [];
  /** As on Discord, two sessions of one shard may be there at once, and both hear everything. */
  let sessions: Session[] = [];
  const current = () => sessions.at(-1);
  const send = (socket: WebSocket, message: unknown) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(message));
  const event = (to: Session, t: string, d: unknown): void => {
    const entry = { s: to.log.length + 1, t, d };
    to.log.push(entry);
    if (to.socket) send(to.socket, { op: GatewayOpcodes.Dispatch, ...entry });
  };

  const identify = (socket: WebSocket, d: { token: string; intents: number; shard?: [number, number] }): void => {
    counts.identifies++;
    if (d.token !== token) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    if ((d.intents & forbidden) !== 0) {
      socket.close(4014, 'Disallowed intent(s).');
      return;
    }
    const shard = d.shard ?? [0, 1];
    identified.push({ shard: shard[0], at: performance.now() });
    const session: Session = { id: randomBytes(8).toString('hex'), intents: d.intents, shard, socket, log: [], resumable: true };
    // One that is away is forgotten as soon as its shard comes anew.
    sessions = [...sessions.filter((other) => other.socket || other.shard[0] !== shard[0]), session];
    const guilds = world.guilds.filter(({ hasBot, id }) => hasBot && shardOfGuild(id, shard[1]) === shard[0]);
    event(session, 'READY', {
      v: 10,
      user: { ...botJson(world), verified: true, mfa_enabled: true, email: null },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/gateway`,
      shard,
      application: { id: world.applicationId, flags: 0 },
    });
    for (const guild of guilds) event(session, 'GUILD_CREATE', guildJson(guild, world));
    world.emit('change');
  };
  const resume = (socket: WebSocket, d: { session_id: string; seq: number }): void => {
    counts.resumes++;
    const session = sessions.find(({ id }) => id === d.session_id);
    if (!session?.resumable) {
      send(socket, { op: GatewayOpcodes.InvalidSession, d: false });
      return;
    }
    session.socket = socket;
    for (const entry of session.log.filter(({ s }) => s > d.seq)) {
      late.push(entry.d);
      send(socket, { op: GatewayOpcodes.Dispatch, ...entry });
    }
    event(session, 'RESUMED', {});
    world.emit('change');
  };

  let gone = false;
  sockets.on('connection', (socket) => {
    counts.connections++;
    if (gone) {
      socket.terminate();
      return;
    }
    send(socket, { op: GatewayOpcodes.Hello, d: { heartbeat_interval: heartbeat } });
    socket.on('message', (raw) => {
      const { op, d } = JSON.parse(String(raw)) as { op: number; d: never };
      if (op === GatewayOpcodes.Heartbeat) {
        counts.heartbeats++;
        send(socket, { op: GatewayOpcodes.HeartbeatAck });
      } else if (op === GatewayOpcodes.Identify) identify(socket, d);
      else if (op === GatewayOpcodes.Resume) resume(socket, d);
    });
    socket.on('close', (code) => {
      const session = sessions.find((one) => one.socket === socket);
      if (!session) return;
      session.socket = undefined;
      // A bot that says goodbye gives its session up.
      if (code === 1000 || code === 1001) sessions = sessions.filter((one) => one !== session);
      world.emit('change');
    });
  });

  return {
    counts,
    late,
    identified,
    connected: () => sessions.flatMap(({ socket, shard }) => (socket ? [shard[0]] : [])).sort((a, b) => a - b),
    online: () => sessions.some(({ socket }) => socket !== undefined),
    intents: () => current()?.intents ?? 0,
    dispatch(t, d) {
      const { guild_id: guild, id } = d as { guild_id?: string; id?: string };
      const about = guild ?? (t.startsWith('GUILD_') ? id : undefined);
      const hearing = sessions.filter(({ shard: [shard, count] }) => shard === (about === undefined ? 0 : shardOfGuild(about, count)));
      const needed = t !== 'MESSAGE_CREATE' ? 0 : guild === undefined ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages;
      for (const session of hearing) if ((session.intents & needed) === needed) event(session, t, d);
      return hearing.length > 0;
    },
    askToReconnect() {
      const session = current();
      if (session?.socket) send(session.socket, { op: GatewayOpcodes.Reconnect, d: null });
    },
    invalidate(resumable) {
      const session = current();
      if (!session?.socket) return;
      session.resumable = resumable;
      send(session.socket, { op: GatewayOpcodes.InvalidSession, d: resumable });
    },
    frame(text) {
      const session = current();
      session?.socket?.send(text);
      return session?.socket !== undefined;
    },
    away(now) {
      gone = now;
      if (gone) for (const socket of sockets.clients) socket.terminate();
    },
    close(code) {
      const session = current();
      if (code === undefined) session?.socket?.terminate();
      else session?.socket?.close(code);
    },
    stop() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
