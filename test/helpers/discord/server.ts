import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { createInteractions, type Interactions } from './interactions.ts';
import { createRest, type Fault, type RestDeps, type Seen } from './rest.ts';
import { loadSpec } from './spec.ts';
import { createWorld, type World } from './world.ts';

export interface LoopbackDiscord {
  /** For DISCORD_API_URL. */
  url: string;
  token: string;
  world: World;
  gateway: Gateway;
  interactions: Interactions;
  /** What Discord would not have liked; empty is what tests want. */
  problems: string[];
  /** Requests of the bot, in order. */
  seen: Seen[];
  fault(fault: Fault): void;
  mutate: RestDeps['mutate'];
  close(): Promise<void>;
}

export interface LoopbackOptions extends Partial<Omit<GatewayOptions, 'token'>> {
  /** Milliseconds for the first answer to an interaction. */
  acknowledgeWithin?: number;
  /** Requests that a route of one channel takes in five seconds, as Discord tells them: 5. */
  pace?: number;
}

/** A Discord on this machine for the real client: HTTP and gateway on one port of the loopback address. */
export async function startLoopback({ acknowledgeWithin = 3_000, pace = 5, ...options }: LoopbackOptions = {}): Promise<LoopbackDiscord> {
  const world = createWorld();
  const problems: string[] = [];
  const complain = (what: string) => {
    problems.push(what);
    world.emit('change');
  };
  const interactions = createInteractions(world, acknowledgeWithin, complain);
  const token = `${Buffer.from(world.applicationId).toString('base64url')}.loopback.${'x'.repeat(27)}`;
  const seen: Seen[] = [];
  const faults: Fault[] = [];
  const mutate: RestDeps['mutate'] = {};
  let port = 0;
  const rest = createRest({
    world,
    interactions,
    token,
    pace,
    spec: loadSpec(),
    faults,
    seen,
    complain,
    mutate,
    sharding: { shards: options.shards ?? 1, maxConcurrency: options.maxConcurrency ?? 1 },
    gatewayUrl: () => `ws://127.0.0.1:${port}/gateway`,
  });
  const server = createServer(rest);
  const gateway = createGateway(server, world, { token, ...options });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${port}/api`,
    token,
    world,
    gateway,
    interactions,
    problems,
    seen,
    mutate,
    fault: (fault) => void faults.push(fault),
    async close() {
      interactions.close();
      gateway.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
