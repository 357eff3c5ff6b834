import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageFlags } from 'discord-api-types/v10';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inviteLink } from '../../../src/adapters/discord/permissions.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { pressables, textOf } from '../../helpers/discord/reading.ts';
import type { Person, Place, Stored } from '../../helpers/discord/world.ts';

let program: DiscordProgram;
let place: Place;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  program = await startDiscordProgram({ folder: mkdtempSync(join(tmpdir(), 'fields-')), env: { LOG_LEVEL: 'silent' } });
  ({ place, ana, ben } = program.home);
}, 60_000);
afterAll(() => program.close());
afterEach(() => expect(program.discord.problems).toEqual([]));

const isPrivate = ({ json, onlyFor }: Stored) => onlyFor !== undefined && (json.flags! & MessageFlags.Ephemeral) !== 0;
const command = (...args: Parameters<DiscordProgram['people']['command']>) =>
  program.people.answer(program.people.command(...args), 30_000);

const press = (...args: Parameters<DiscordProgram['people']['press']>) => program.people.answer(program.people.press(...args), 30_000);

describe('the fields of /demo', () => {
  const complete = async (typed: string, person = ana) => {
    const live = await program.people.complete(person, place, 'demo', 'parameters', typed, { name: 'gradient-norms' });
    return live.choices!.map(({ value }) => value);
  };

  it('offer no parameter that stands there already', async () => {
    const offered = await complete('depth:20 ');
    expect(offered.length).toBeGreaterThan(2);
    for (const value of offered) expect(value).toMatch(/^depth:20 (?!depth:)\w+:/);
  });

  it('find a parameter by its Chinese name', async () => {
    expect(await complete('深', ben)).toContain('depth:10');
  });

  it.each([
    ['the parameters', { name: 'gradient-descent', parameters: 'steps:30 seed:7' }],
    ['the name', { name: 'gradient-descent steps:30 seed:7' }],
    ['the name, with the slash', { name: '/demo gradient-descent steps:30 seed:7' }],
    ['the parameters, without a name', { parameters: '/demo gradient-descent steps:30 seed:7' }],
  ])('take the line that a run prints, in %s', async (_where, options) => {
    const live = program.people.command(ana, place, 'demo', options as Record<string, string>);
    const message = await program.people.answer(live, 60_000);
    expect(program.replies.get(live.id)!.result).toMatchObject({ kind: 'demo', seed: 7, params: { steps: 30 } });
    const [line] = /\/demo gradient-descent .*seed:7/.exec(textOf(message))!;
    expect(line.length).toBeLessThan(400);
  });

  it('left empty show the list to the person alone, and nothing to the channel, not even for a moment', async () => {
    const from = program.discord.seen.length;
    const message = await command(ana, place, 'demo');
    expect(isPrivate(message)).toBe(true);
    const [acknowledgement] = program.discord.seen.slice(from).filter(({ path }) => path.endsWith('/callback'));
    expect(acknowledgement!.body).toMatchObject({ type: 5, data: { flags: MessageFlags.Ephemeral } });
  });
});

describe('a prediction where somebody brought the bot along for themselves', () => {
  it('is refused for what it is, with the invitation', async () => {
    const { world } = program.discord;
    const foreign = world.addPlace(world.addGuild('Elsewhere', { hasBot: false }), 'lounge');
    const message = await command(ana, foreign, 'demo', { name: 'saturation', predict: true });
    expect(isPrivate(message)).toBe(true);
    expect(textOf(message)).toContain(inviteLink(world.applicationId));
  });
});

describe('/help', () => {
  it('of a command with subcommands names what Discord has, and no option that it lacks', async () => {
    const text = textOf(await command(ana, place, 'help', { command: 'quiz' }));
    const registered = program.discord.world.commands.global.find(({ name }) => name === 'quiz')!;
    for (const { name } of registered.options as { name: string }[]) expect(text).toContain(`/quiz ${name}`);
    expect(text).not.toMatch(/^\*\*do\*\*$/m);
    expect(text).not.toMatch(/<start\|/);
    for (const [, sub] of text.matchAll(/^- `\/quiz ([a-z-]+)/gm))
      expect((registered.options as { name: string }[]).map(({ name }) => name)).toContain(sub);
  });

  it('calls options as a Chinese Discord does', async () => {
    expect(textOf(await command(ben, place, 'help', { command: 'quiz' }))).toContain('题数（questions）');
  });
});

describe('a quiz in a mixed room', () => {
  it('speaks the room’s language on its boards, and each person’s own in what only they see', { timeout: 60_000 }, async () => {
    const { world } = program.discord;
    const mixed = world.addPlace(place.guild, 'mixed');
    await command(ana, mixed, 'lang', { language: 'zh', for: 'channel' });
    await command(ana, mixed, 'lang', { language: 'en' });
    const started = await command(ana, mixed, 'quiz start', { topic: 'batch-size', questions: 1, lobby: 300 });
    expect(textOf(started)).not.toMatch(/\p{Script=Han}/u);
    const lobby = await world.until(
      () => world.messages(mixed).find((message) => pressables(message).some(({ id }) => id.includes('~join~'))),
      'the lobby',
    );
    expect(textOf(lobby)).toMatch(/\p{Script=Han}/u);
    const join = pressables(lobby).find(({ id }) => id.includes('~join~'))!.id;
    expect(textOf(await press(ana, lobby, join))).not.toMatch(/\p{Script=Han}/u);
    expect(textOf(await press(ben, lobby, join))).toMatch(/\p{Script=Han}/u);
    await command(ana, mixed, 'quiz stop');
    await command(ana, mixed, 'lang', { language: 'auto' });
  });
});
