import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChannelType, GatewayIntentBits, MessageFlags, PermissionFlagsBits } from 'discord-api-types/v10';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inviteLink } from '../../../src/adapters/discord/permissions.ts';
import type { ImageBlock } from '../../../src/core/reply.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { pressables, textOf } from '../../helpers/discord/reading.ts';
import type { Guild, Person, Place, Stored } from '../../helpers/discord/world.ts';

let program: DiscordProgram;
let place: Place;
let ana: Person;
let ben: Person;
let guild: Guild;

beforeAll(async () => {
  program = await startDiscordProgram({ folder: mkdtempSync(join(tmpdir(), 'discord-')) });
  ({ place, ana, ben } = program.home);
  guild = place.guild!;
}, 60_000);
afterAll(() => program.close());
// Whatever a test is about: nothing that the bot sent may be something that Discord would refuse.
afterEach(() => expect(program.discord.problems).toEqual([]));

const isPrivate = ({ json, onlyFor }: Stored) => onlyFor !== undefined && (json.flags! & MessageFlags.Ephemeral) !== 0;
const command = async (...args: Parameters<DiscordProgram['people']['command']>) => {
  const live = program.people.command(...args);
  return program.people.answer(live, 30_000);
};
const press = async (...args: Parameters<DiscordProgram['people']['press']>) =>
  program.people.answer(program.people.press(...args), 30_000);

describe('connecting', () => {
  it('asks for no privileged intent', () => {
    const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits;
    expect(program.discord.gateway.intents()).toBe(Guilds | GuildMessages | DirectMessages);
    expect(program.adapter.health()).toMatchObject({ ok: true });
  });

  it('registers the commands, and offers an invitation with the least permissions', () => {
    expect(program.discord.world.commands.global.map(({ name }) => name)).toEqual([...program.services.registry.keys(), 'Save as note']);
    const permissions = BigInt(new URL(inviteLink('1')).searchParams.get('permissions')!);
    const { ViewChannel, SendMessages, SendMessagesInThreads, EmbedLinks, AttachFiles, ReadMessageHistory } = PermissionFlagsBits;
    expect(permissions).toBe(ViewChannel | SendMessages | SendMessagesInThreads | EmbedLinks | AttachFiles | ReadMessageHistory);
  });
});

describe('commands', () => {
  it('are acknowledged before any work, then answered in place', async () => {
    const from = program.discord.seen.length;
    const live = program.people.command(ana, place, 'explain', { topic: 'batchnorm' });
    const message = await program.people.answer(live);
    const mine = program.discord.seen.slice(from).filter(({ path }) => path.includes(live.token));
    expect(mine.map(({ method, body }) => [method, (body as { type?: number }).type])).toEqual([
      ['POST', 5],
      ['PATCH', undefined],
    ]);
    expect(textOf(message)).toContain('Batch normalization');
    expect(isPrivate(message)).toBe(false);
  });

  it('with a private answer are private from the start', async () => {
    const message = await command(ben, place, 'help');
    expect(isPrivate(message)).toBe(true);
    expect(textOf(message)).toContain('/quiz');
    expect(program.discord.world.messages(place, ana)).not.toContain(message);
  });

  it('answer a mistake privately, and leave nothing in the channel', async () => {
    const before = program.discord.world.messages(place).length;
    const message = await command(ben, place, 'demo', { name: 'gradient-nroms' });
    expect(isPrivate(message)).toBe(true);
    expect(textOf(message)).toMatch(/gradient-norms/);
    expect(textOf(message)).toMatch(/\p{Script=Han}/u);
    expect(program.discord.world.messages(place)).toHaveLength(before);
  });

  it('show a chart with the very bytes that were drawn, and its alt text', async () => {
    const live = program.people.command(ana, place, 'demo', { name: 'gradient-descent', seed: 3 });
    const message = await program.people.answer(live, 30_000);
    const image = program.replies.get(live.id)!.blocks.find((block): block is ImageBlock => block.type === 'image')!;
    const [file] = message.files;
    const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(sha(file!.data)).toBe(sha(image.png));
    expect(file).toMatchObject({ name: 'gradient-descent.png', description: image.alt });
    expect(JSON.stringify(message.json.components)).toContain(`"attachment_id":"${file!.id}"`);
    // The interim message, if there was one, has become this one.
    expect(live.outputs.every((output) => output === message)).toBe(true);
  });

  it.each([
    ['tdxs', 'vanishing-gradients'],
    ['梯度消', 'vanishing-gradients'],
    ['batchnrom', 'batch-normalization'],
    ['', 'activation-functions'],
  ])('complete “%s”', async (typed, topic) => {
    const { choices } = await program.people.complete(ben, place, 'explain', 'topic', typed);
    expect(choices!.map(({ value }) => value)).toContain(topic);
    expect(choices!.length).toBeLessThanOrEqual(25);
  });

  it('complete the parameters of the experiment that was chosen, after those that stand there', async () => {
    const { choices } = await program.people.complete(ana, place, 'demo', 'parameters', 'depth:20 wid', { name: 'gradient-norms' });
    expect(choices!.map(({ value }) => value)).toEqual([expect.stringMatching(/^depth:20 width:\d+$/)]);
    const start = await program.people.complete(ana, place, 'quiz start', 'topic', 'batch');
    expect(start.choices!.length).toBeGreaterThan(0);
  });
});

describe('buttons', () => {
  it('turn over one’s own message, and show others a copy of their own', async () => {
    const message = await command(ana, place, 'explain', { topic: 'saturation' });
    const turned = await press(ana, message, '中文');
    expect(turned).toBe(message);
    expect(textOf(message)).toContain('饱和');
    const copy = await press(ben, message, 'English');
    expect(copy).not.toBe(message);
    expect(isPrivate(copy)).toBe(true);
    expect(textOf(message)).toContain('饱和');
    expect(await press(ben, copy, '中文')).toBe(copy);
  });

  it('that are out of date or forged get a kind private answer', async () => {
    const message = await command(ana, place, 'explain', { topic: 'saturation' });
    for (const id of [
      '0~explain~topic~gradient',
      'nonsense',
      '1~quiz~pick~nosuchquiz~0~0',
      '1~discord~page~gone~1',
      '1~explain~constructor',
    ]) {
      const forged = structuredClone(message.json);
      (forged.components![0] as { components: unknown[] }).components.push({
        type: 1,
        id: 99,
        components: [{ type: 2, id: 100, style: 2, label: id, custom_id: id }],
      });
      const reply = await press(ben, { ...message, json: forged }, id);
      expect(isPrivate(reply)).toBe(true);
      expect(textOf(reply)).toMatch(/⚠️/);
    }
  });
});

describe('a quiz', () => {
  const board = (text: string) =>
    program.discord.world.until(
      () => program.discord.world.messages(place).findLast((message) => textOf(message).includes(text)),
      text,
      30_000,
    );

  it('is played on ordinary messages: private receipts, a counting board, reveal and podium', { timeout: 60_000 }, async () => {
    await command(ana, place, 'quiz start', { topic: 'batch-size', questions: 1, lobby: 60, seconds: 60 });
    const lobby = await board('Quiz:');
    expect(lobby.json.interaction_metadata).toBeUndefined();
    expect(lobby.json.nonce).toMatch(/^.{1,25}$/);
    expect(textOf(lobby)).toMatch(/<t:\d+:R>/);
    for (const person of [ana, ben]) expect(isPrivate(await press(person, lobby, 'Join'))).toBe(true);
    await board('Ana, Ben');
    await press(ana, lobby, 'Start now');
    const question = await board('Question 1 of 1');
    // Which kind of question comes is chance: some are answered by typing.
    const choice = pressables(question).find(({ id }) => id.includes('~pick~'));
    for (const person of [ana, ben]) {
      const receipt = await (choice ? press(person, question, choice.id) : command(person, place, 'answer', { text: '1' }));
      expect(isPrivate(receipt)).toBe(true);
      expect(receipt.onlyFor).toBe(person.id);
    }
    await command(ana, place, 'quiz skip');
    const reveal = await board('Answer to question 1');
    await program.discord.world.until(() => !pressables(question).some(({ id }) => id.includes('~pick~')), 'the closed board');
    await press(ana, reveal, 'Result');
    const { world } = program.discord;
    const again = () => world.messages(place).find((message) => pressables(message).some(({ id }) => id.includes('~again')));
    expect(textOf(await world.until(again, 'the podium'))).toContain('Result');
  });

  it('leaves one receipt of five changed answers, and then the verdict in its place', { timeout: 60_000 }, async () => {
    const { world } = program.discord;
    const here = world.addPlace(guild, 'minds');
    const sees = (person: Person) => world.messages(here, person).filter((message) => message.onlyFor === person.id && !message.deleted);
    await command(ana, here, 'quiz start', { topic: 'gradient', questions: 1, lobby: 0, seconds: 300 });
    const board = await world.until(
      () => world.messages(here).find((message) => textOf(message).includes('Question 1 of 1')),
      'the question',
    );
    const choice = pressables(board).find(({ id }) => id.includes('~pick~'));
    const before = sees(ben).length;
    for (let i = 0; i < 5; i++) await (choice ? press(ben, board, choice.id) : command(ben, here, 'answer', { text: String(i) }));
    await world.until(() => sees(ben).length === before + 1, 'one receipt');
    await command(ana, here, 'quiz skip');
    const verdict = await world.until(
      () => sees(ben).find((message) => /[✓✗◐–] 第 1 题/.test(textOf(message))),
      'the verdict in Ben’s language',
    );
    expect(isPrivate(verdict)).toBe(true);
    await world.until(() => sees(ben).length === before + 1, 'no receipt beside the verdict');
    expect(sees(ana).some((message) => /[✓✗◐–] (Question|第) 1/.test(textOf(message)))).toBe(false);
    await press(ana, await command(ana, here, 'quiz stop'), 'End it');
  });

  it('refuses to start where the bot may not post, and names what is missing, in the person’s language', async () => {
    const { SendMessages, AttachFiles, SendMessagesInThreads } = PermissionFlagsBits;
    const { world } = program.discord;
    const quiet = world.addPlace(guild, 'quiet', { denied: SendMessages | AttachFiles });
    const english = await command(ana, quiet, 'quiz start');
    expect(isPrivate(english)).toBe(true);
    expect(textOf(english)).toContain('Send Messages, Attach Files');
    expect(textOf(await command(ben, quiet, 'quiz start'))).toContain('发送消息');
    const thread = world.addPlace(guild, 'thread', { type: ChannelType.PublicThread, parent: place.id, denied: SendMessagesInThreads });
    expect(textOf(await command(ana, thread, 'quiz start'))).toContain('Send Messages in Threads');
    expect(world.messages(quiet)).toEqual([]);
  });

  it.each([
    ['a thread', { type: ChannelType.PublicThread }],
    ['a post of a forum', { type: ChannelType.PublicThread, parentType: ChannelType.GuildForum }],
    ['the text of a voice channel', { type: ChannelType.GuildVoice }],
    ['direct messages', { direct: true }],
  ])('runs in %s', async (_what, { type, parentType, direct }: { type?: ChannelType; parentType?: ChannelType; direct?: boolean }) => {
    const { world } = program.discord;
    const parent = parentType === undefined ? place : world.addPlace(guild, 'forum', { type: parentType });
    const isThread = type === ChannelType.PublicThread;
    const here = direct
      ? world.directWith(ana.id)!
      : world.addPlace(guild, 'elsewhere', { type: type!, ...(isThread && { parent: parent.id }) });
    await command(ana, here, 'quiz start', { questions: 1, lobby: 0, seconds: 60 });
    await world.until(() => world.messages(here).find((message) => textOf(message).includes('Question 1 of 1')), 'the question');
    const sure = await command(ana, here, 'quiz stop');
    expect(textOf(await press(ana, sure, 'End it'))).toMatch(/ended/);
    await world.until(() => world.messages(here).find((message) => textOf(message).includes('Result')), 'the result');
  });

  it('is not offered where somebody brought the bot along for themselves, whom *Quiz me* asks alone', async () => {
    const { world } = program.discord;
    const foreign = world.addPlace(world.addGuild('Elsewhere', { hasBot: false }), 'lounge');
    expect(() => program.people.command(ana, foreign, 'quiz start')).toThrow(/not offered/);
    const message = await command(ana, foreign, 'explain', { topic: 'batch size' });
    const reply = await press(ana, message, 'Quiz me');
    expect(isPrivate(reply)).toBe(true);
    expect(textOf(reply)).toContain('Your quiz, question 1 of 5: Batch size');
  });
});

describe('messages', () => {
  const ask = (person: Person, where: Place, text: string) => {
    program.people.say(person, where, text);
    const before = program.discord.world.messages(where).length;
    return program.discord.world.until(() => program.discord.world.messages(where)[before], `an answer to “${text}”`);
  };
  const mention = () => `<@${program.discord.world.bot.id}>`;

  it('that mention the bot are questions, answered below them without a ping', async () => {
    const answer = await ask(ana, place, `${mention()} what is batch normalization?`);
    expect(answer.json.message_reference).toBeDefined();
    expect(textOf(answer)).toMatch(/Batch normalization/);
    expect(program.discord.seen.findLast(({ body }) => (body as { message_reference?: unknown })?.message_reference)?.body).toMatchObject({
      allowed_mentions: { parse: [], replied_user: false },
    });
  });

  it('in private are questions too, in the language that they are written in', async () => {
    const direct = program.discord.world.directWith(ben.id)!;
    expect(textOf(await ask(ben, direct, '什么是梯度消失？'))).toMatch(/梯度消失/);
    expect(textOf(await ask(ben, direct, '/explian gradient'))).toMatch(/explain/);
  });

  it('get what is personal in private', async () => {
    const direct = program.discord.world.directWith(ana.id)!;
    const before = program.discord.world.messages(direct).length;
    const note = await ask(ana, place, `${mention()} /help`);
    expect(textOf(note)).toMatch(/direct message/);
    expect(textOf(program.discord.world.messages(direct)[before]!)).toContain('/quiz');
    const shy = program.discord.world.addPerson('Shy', { closed: true });
    expect(textOf(await ask(shy, place, `${mention()} /help`))).toMatch(/could not send you/);
  });

  it('of others, of everyone and of replies are none of its business', async () => {
    const before = program.discord.world.messages(place).length;
    program.people.say(ana, place, '@everyone what is batchnorm?');
    program.people.say(ana, place, 'batchnorm?');
    await ask(ana, place, `${mention()} batch size`);
    expect(program.discord.world.messages(place)).toHaveLength(before + 1);
  });
});
