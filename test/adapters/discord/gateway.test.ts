import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeb } from '../../../src/adapters/web/start.ts';
import { createHastyClock } from '../../helpers/clock.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { textOf } from '../../helpers/discord/reading.ts';

interface Line {
  level: number;
  msg: string;
}

/** A log whose lines can be read again. */
function recorder() {
  const lines: Line[] = [];
  const log = pino({ level: 'info' }, { write: (text: string) => void lines.push(JSON.parse(text) as Line) });
  return { log, lines, about: (pattern: RegExp) => lines.filter(({ msg }) => pattern.test(msg)) };
}

const folder = () => mkdtempSync(join(tmpdir(), 'gateway-'));

describe('a Discord that is away', () => {
  let program: DiscordProgram;
  const { log, lines, about } = recorder();
  beforeAll(async () => {
    program = await startDiscordProgram({ folder: folder(), log });
  }, 60_000);
  afterAll(() => program.close());

  it('is asked less and less often, told of once, and once when it is back; /health tells since when', { timeout: 60_000 }, async () => {
    const { gateway, world } = program.discord;
    const web = await startWeb(program.services, program.dispatch, () => [web, program.adapter]);
    const health = async () => (await (await fetch(`${web.url}/health`)).json()) as { platforms: Record<string, unknown> };
    const before = program.adapter.health();
    expect(await health()).toMatchObject({
      ok: true,
      platforms: { discord: { connected: true, since: new Date(before.since!).toISOString() } },
    });

    const from = lines.length;
    const { connections } = gateway.counts;
    const left = Date.now();
    gateway.away(true);
    await sleep(8_000);
    const told = lines.slice(from);
    expect(gateway.counts.connections - connections).toBeLessThanOrEqual(5);
    expect(told.map(({ msg }) => msg)).toEqual(['Discord: connection lost, reconnecting']);
    const away = program.adapter.health();
    expect(away).toMatchObject({ ok: false, detail: expect.stringMatching(/reconnecting/) });
    expect(Math.abs(away.since! - left)).toBeLessThan(2_000);
    expect(await health()).toMatchObject({ ok: true, platforms: { discord: { connected: false } } });

    gateway.away(false);
    await world.until(() => program.adapter.health().ok, 'the client', 45_000);
    expect(about(/connected again/)).toHaveLength(1);
    expect(await health()).toMatchObject({ platforms: { discord: { connected: true } } });
    await web.close();
  });
});

describe('/health', () => {
  it('names a platform that is wanted and has not come up, and none that is not wanted', async () => {
    const program = await startDiscordProgram({ folder: folder(), log: pino({ level: 'silent' }), token: 'wrong' });
    const web = await startWeb(program.services, program.dispatch, () => [web]);
    const { platforms } = (await (await fetch(`${web.url}/health`)).json()) as { platforms: Record<string, unknown> };
    expect(platforms).toEqual({ discord: { connected: false, since: expect.stringMatching(/^\d{4}-/) } });
    await web.close();
    await program.close();
  });
});

describe('a gateway that is out of reach from the start', () => {
  it('holds nothing else up', { timeout: 60_000 }, async () => {
    const began = Date.now();
    const program = await startDiscordProgram({
      folder: folder(),
      log: pino({ level: 'silent' }),
      prepare: ({ gateway }) => gateway.away(true),
    });
    expect(Date.now() - began).toBeLessThan(25_000);
    expect(program.adapter.health().ok).toBe(false);
    program.discord.gateway.away(false);
    await program.discord.world.until(() => program.adapter.health().ok, 'the client', 40_000);
    await program.close();
  });
});

describe('whatever the gateway sends', () => {
  let program: DiscordProgram;
  const { log, lines } = recorder();
  beforeAll(async () => {
    program = await startDiscordProgram({ folder: folder(), log, clock: createHastyClock(50) });
  }, 60_000);
  afterAll(() => program.close());

  const answered = async () => {
    const { people, home } = program;
    const message = await people.answer(people.command(home.ana, home.place, 'explain', { topic: 'gradient' }), 45_000);
    expect(textOf(message)).toContain('The gradient');
  };
  const url = () => program.discord.url.replace(/^http/, 'ws').replace('/api', '/nowhere');

  // What is thrown and caught nowhere makes this run of the tests fail, and would end the program.
  it.each<[string, () => string]>([
    ['null', () => 'null'],
    ['a number', () => '5'],
    ['no JSON', () => '{"op":'],
    ['nothing', () => ''],
    ['an envelope without anything', () => '{}'],
    ['an event without data', () => '{"op":0,"t":"INTERACTION_CREATE","s":1}'],
    ['an event with null for data', () => '{"op":0,"t":"MESSAGE_CREATE","s":1,"d":null}'],
    ['a message without an author', () => `{"op":0,"t":"MESSAGE_CREATE","s":1,"d":{"id":"1","channel_id":"${program.home.place.id}"}}`],
    ['an interaction of which everything is missing', () => '{"op":0,"t":"INTERACTION_CREATE","s":1,"d":{"type":2}}'],
    ['an interaction without an id', () => '{"op":0,"t":"INTERACTION_CREATE","s":1,"d":{"type":2,"data":{},"user":{"id":"1"}}}'],
    ['a server without channels', () => '{"op":0,"t":"GUILD_CREATE","s":1,"d":{"id":"77"}}'],
    ['a hello without data', () => '{"op":10}'],
    ['a hello without an interval', () => '{"op":10,"d":{}}'],
    ['an invalid session without data', () => '{"op":9}'],
    ['a ready without data', () => '{"op":0,"t":"READY","s":1}'],
    [
      'a ready with an address that is none',
      () => '{"op":0,"t":"READY","s":1,"d":{"session_id":"x","resume_gateway_url":"no address","guilds":[]}}',
    ],
    ['a request to reconnect after that', () => '{"op":7}'],
    [
      'a session that is to be resumed where nobody is',
      () => `{"op":0,"t":"READY","s":1,"d":{"session_id":"x","resume_gateway_url":"${url()}","guilds":[]}}`,
    ],
    ['a request to reconnect there', () => '{"op":7}'],
  ])('%s: the bot goes on', { timeout: 90_000 }, async (_what, frame) => {
    program.discord.gateway.frame(frame());
    await sleep(50);
    await program.discord.world.until(() => program.discord.gateway.online() && program.adapter.health().ok, 'the client', 45_000);
    await answered();
  });

  it('a burst of the same is told once, and renews the connection once', { timeout: 60_000 }, async () => {
    const { gateway, world } = program.discord;
    const from = lines.length;
    const { connections } = gateway.counts;
    for (let i = 0; i < 100; i++) gateway.frame('{"op":9}');
    await sleep(50);
    await world.until(() => gateway.online() && program.adapter.health().ok, 'the client', 45_000);
    expect(gateway.counts.connections - connections).toBe(1);
    expect(lines.slice(from).filter(({ msg }) => /cannot be read/.test(msg)).length).toBeLessThanOrEqual(1);
    await answered();
  });
});

it('a server that removed the bot while it was not running is noticed at the next start; others keep theirs', {
  timeout: 60_000,
}, async () => {
  const kept = folder();
  const before = await startDiscordProgram({ folder: kept });
  const { world } = before.discord;
  const stays = world.addGuild('Another group');
  const leaves = before.home.place.guild!;
  for (const { id: space } of [leaves, stays])
    await before.services.ownNotes.publishAnswer(
      { platform: 'discord', space },
      { question: 'Where is the zebra?', paraphrases: [], answer: 'In the zoo.', locale: 'en', by: { id: '1', name: 'Ana' } },
    );
  await before.close();

  const after = await startDiscordProgram({ folder: kept, prepare: ({ world: now }) => void now.guilds.push(stays) });
  const left = await after.services.store.db.selectFrom('left_spaces').select(['platform', 'space']).execute();
  await after.close();
  expect(left).toEqual([{ platform: 'discord', space: leaves.id }]);
});
