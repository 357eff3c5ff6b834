import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageFlags, PermissionFlagsBits } from 'discord-api-types/v10';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDiscord } from '../../../src/adapters/discord/start.ts';
import { choiceContent } from '../../helpers/choice-content.ts';
import { createManualClock } from '../../helpers/clock.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { pressables, textOf } from '../../helpers/discord/reading.ts';
import { startLoopback } from '../../helpers/discord/server.ts';
import type { Stored } from '../../helpers/discord/world.ts';
import { holdable, holdRuns } from '../../helpers/held-run.ts';
import { startProgram } from '../../helpers/playground.ts';

const folder = (name: string) => mkdtempSync(join(tmpdir(), `discord-${name}-`));
const isPrivate = ({ json }: Stored) => (json.flags! & MessageFlags.Ephemeral) !== 0;

describe('a Discord that has its troubles', () => {
  let program: DiscordProgram;
  beforeAll(async () => {
    program = await startDiscordProgram({ folder: folder('faults'), env: { LOG_LEVEL: 'silent', CONTENT_DIR: choiceContent() } });
  }, 60_000);
  afterAll(() => program.close());
  afterEach(() => {
    delete program.discord.mutate.request;
    expect(program.discord.problems).toEqual([]);
  });

  const explain = () => {
    const { people, home } = program;
    const live = people.command(home.ana, home.place, 'explain', { topic: 'gradient' });
    return { live, answer: people.answer(live, 60_000) };
  };

  it('loses the answer to an acknowledgement: the repeated one counts', async () => {
    program.discord.fault({ match: /callback$/, times: 1, status: 500, afterwards: true });
    const { live, answer } = explain();
    expect(textOf(await answer)).toContain('The gradient');
    const callbacks = program.discord.seen.filter(({ path }) => path.includes(live.token) && path.endsWith('callback'));
    expect(callbacks.map(({ status }) => status)).toEqual([500, 400]);
  });

  it('no longer knows the interaction: nothing is worked or said, and the next one is answered', async () => {
    const { people, home } = program;
    const live = people.command(home.ana, home.place, 'explain', { topic: 'gradient' });
    // As if four seconds had passed on the way here.
    live.createdAt -= 4_000;
    live.excused = true;
    await program.discord.world.until(
      () => program.discord.seen.some(({ path, status }) => path.includes(live.token) && status === 404),
      'the refusal',
    );
    expect(textOf(await explain().answer)).toContain('The gradient');
    expect(program.replies.has(live.id)).toBe(false);
  });

  it('has let the token die while an experiment ran: the answer comes as an ordinary message', async () => {
    const { people, home, discord } = program;
    const before = discord.world.messages(home.place).length;
    discord.mutate.request = (seen) => {
      const live = discord.interactions.byToken(seen.path.split('/')[3] ?? '');
      if (live && seen.method === 'PATCH') live.expired = true;
      return [seen];
    };
    const live = people.command(home.ana, home.place, 'demo', { name: 'gradient-descent', seed: 11 });
    const message = await discord.world.until(
      () =>
        discord.world
          .messages(home.place)
          .slice(before)
          .find(({ files }) => files.length > 0),
      'the chart',
      30_000,
    );
    delete discord.mutate.request;
    expect(message.json.interaction_metadata).toBeUndefined();
    expect(live.outputs).toEqual([]);
    // The bot's own token has survived the 401.
    expect(textOf(await explain().answer)).toContain('The gradient');
  });

  it('is busy: requests wait as long as they are told to', async () => {
    program.discord.fault({ match: /^PATCH \/webhooks/, times: 1, status: 429, retryAfter: 0.2 });
    expect(textOf(await explain().answer)).toContain('The gradient');
  });

  it('stumbles twice: requests are repeated', async () => {
    program.discord.fault({ match: /^PATCH \/webhooks/, times: 2, status: 502 });
    expect(textOf(await explain().answer)).toContain('The gradient');
  });

  it('breaks a connection: what was on its way is sent again', async () => {
    program.discord.fault({ match: /^PATCH \/webhooks/, times: 1, status: 0 });
    const { live, answer } = explain();
    expect(textOf(await answer)).toContain('The gradient');
    const edits = program.discord.seen.filter(({ method, path }) => method === 'PATCH' && path.includes(live.token));
    expect(edits.map(({ status }) => status)).toEqual([0, 200]);
  });

  it('refuses the newer layout: the answer comes in embeds', async () => {
    program.discord.fault({ match: /^PATCH \/webhooks/, times: 1, status: 400, code: 50035 });
    const message = await explain().answer;
    expect(message.json.embeds[0]!.title).toBe('The gradient');
    expect(message.json.flags! & MessageFlags.IsComponentsV2).toBe(0);
  });

  it('asks to reconnect: the session goes on, and what was said meanwhile is answered once', async () => {
    const { gateway, world } = program.discord;
    const { identifies, resumes } = gateway.counts;
    gateway.askToReconnect();
    await world.until(() => !gateway.online(), 'the client to leave');
    const { live, answer } = explain();
    expect(textOf(await answer)).toContain('The gradient');
    expect(gateway.counts).toMatchObject({ identifies, resumes: resumes + 1 });
    expect(live.outputs).toHaveLength(1);
  });

  it('cuts the line, and declares the session over: the client comes back', { timeout: 60_000 }, async () => {
    const { gateway, world } = program.discord;
    gateway.close();
    await world.until(() => !gateway.online(), 'the cut');
    await world.until(() => gateway.online(), 'the client', 60_000);
    expect(textOf(await explain().answer)).toContain('The gradient');
    const { identifies } = gateway.counts;
    gateway.invalidate(false);
    await world.until(() => gateway.counts.identifies > identifies && gateway.online(), 'a new session', 60_000);
    expect(textOf(await explain().answer)).toContain('The gradient');
    expect(program.adapter.health()).toMatchObject({ ok: true });
  });

  it('takes a permission away from a board: its edits are given up, and the game goes on', async () => {
    const { people, home, discord } = program;
    const { world } = discord;
    const stage = world.addPlace(home.place.guild, 'stage');
    await people.answer(people.command(home.ana, stage, 'quiz start', { topic: 'batch-size', questions: 1, lobby: 0, seconds: 300 }));
    const board = await world.until(() => world.messages(stage).find((message) => textOf(message).includes('Question 1')), 'the question');
    people.deny(stage, PermissionFlagsBits.ViewChannel);
    const receipt = await people.answer(people.press(home.ana, board, 'A'));
    expect(isPrivate(receipt)).toBe(true);
    people.deny(stage, 0n);
    const sure = await people.answer(people.command(home.ana, stage, 'quiz stop'));
    expect(textOf(await people.answer(people.press(home.ana, sure, 'End it')))).toMatch(/ended/);
  });
});

describe('a channel that is closed to the bot in mid-quiz', () => {
  it('makes the quiz wait: the host is told in private what is missing, and it goes on when that is given back', {
    timeout: 60_000,
  }, async () => {
    const clock = createManualClock(Date.now());
    const program = await startDiscordProgram({
      folder: folder('closed'),
      clock,
      env: { LOG_LEVEL: 'silent', CONTENT_DIR: choiceContent() },
    });
    const { people, home, discord } = program;
    const { world } = discord;
    const find = (text: string) => world.messages(home.place).find((message) => textOf(message).includes(text));
    await people.answer(people.command(home.ana, home.place, 'quiz start', { topic: 'batch-size', questions: 2, lobby: 0, seconds: 10 }));
    await clock.advance(1);
    await world.until(() => find('Question 1 of 2'), 'the question');
    await program.services.quiz.idle();
    people.deny(home.place, PermissionFlagsBits.SendMessages);
    await clock.advance(11_000);
    const direct = world.directWith(home.ana.id)!;
    const told = await world.until(() => world.messages(direct)[0], 'a word to the host');
    expect(textOf(told)).toContain('Send Messages');
    expect(find('Answer to question 1')).toBeUndefined();
    people.deny(home.place, 0n);
    await clock.advance(31_000);
    await world.until(() => find('Answer to question 1'), 'the answer');
    expect(world.messages(direct)).toHaveLength(1);
    expect(discord.problems).toEqual([]);
    await program.close();
  });
});

describe('pages of a long answer', () => {
  it('turn after a restart too', { timeout: 60_000 }, async () => {
    const here = folder('pages');
    const content = join(here, 'content');
    mkdirSync(join(content, 'topics/long'), { recursive: true });
    const idea = Array.from({ length: 160 }, (_, i) => `Sentence ${i} of the note says something of its own.`).join(' ');
    writeFileSync(
      join(content, 'topics/long/en.md'),
      `---\ntitle: Long note\narea: other\naliases: [long note]\nsources: []\n---\n\n${idea}\n`,
    );
    const program = await startDiscordProgram({ folder: here, env: { CONTENT_DIR: content, LOG_LEVEL: 'silent' } });
    const { people, home, discord } = program;
    const message = await people.answer(people.command(home.ana, home.place, 'explain', { topic: 'long note' }));
    expect(textOf(message)).toContain('Sentence 0 ');
    await program.adapter.close();
    await startDiscord(program.services, program.dispatch);
    expect(await people.answer(people.press(home.ana, message, '▶'))).toBe(message);
    expect(textOf(message)).not.toContain('Sentence 0 ');
    expect(pressables(message).find(({ label }) => label === '2/3')).toBeDefined();
    expect(isPrivate(await people.answer(people.press(home.ben, message, '▶')))).toBe(true);
    expect(discord.problems).toEqual([]);
    await program.close();
  });
});

describe('stopping', () => {
  it('gives up what runs, says so, and tells newcomers to come back', { timeout: 60_000 }, async () => {
    const program = await startDiscordProgram({ folder: folder('stop'), ...holdable, env: { LOG_LEVEL: 'silent' } });
    const { people, home, discord } = program;
    const running = people.command(home.ana, home.place, 'demo', { name: 'gradient-norms', parameters: 'depth:50', seed: 1 });
    await people.acknowledged(running);
    await holdRuns(program);
    const closed = program.adapter.close();
    const late = people.command(home.ben, home.place, 'explain', { topic: 'gradient' });
    expect(textOf(await people.answer(late))).toMatch(/重启/);
    expect(textOf(await people.answer(running))).toMatch(/interrupted/);
    await closed;
    expect(discord.gateway.online()).toBe(false);
    expect(discord.problems).toEqual([]);
    await program.close();
  });
});

describe('a start that fails', () => {
  it.each([
    ['a wrong token', { token: 'wrong' }, /Bot → “Reset Token”/],
    ['intents that are not allowed', { loopback: { forbidden: 1 << 9 } }, /DISCORD_MESSAGES=off[\s\S]*Privileged Gateway Intents/],
  ])('at %s says where to click, and takes nothing else down', { timeout: 60_000 }, async (_what, options, expected) => {
    const program = await startDiscordProgram({ folder: folder('setup'), env: { LOG_LEVEL: 'silent' }, ...options });
    expect(program.adapter.health()).toMatchObject({ ok: false, detail: expect.stringMatching(expected) });
    await program.close();
  });

  it('at a Discord out of reach is tried again later', { timeout: 60_000 }, async () => {
    const clock = createManualClock();
    const program = await startProgram({
      folder: folder('later'),
      clock,
      env: { DISCORD_TOKEN: 'a.b.c', DISCORD_API_URL: 'http://127.0.0.1:9/api', LOG_LEVEL: 'silent' },
    });
    const adapter = await startDiscord(program.services, program.dispatch);
    expect(adapter.health()).toMatchObject({ ok: false, detail: expect.stringMatching(/not reachable/) });
    const discord = await startLoopback();
    // The settings do not change while the program runs; the place that they name does.
    Object.assign(program.services.config.discord, { apiUrl: discord.url, token: discord.token });
    await clock.advance(5_000);
    await discord.world.until(() => discord.gateway.online() && adapter.health().ok, 'the second attempt');
    await adapter.close();
    await program.close();
    await discord.close();
  });
});
