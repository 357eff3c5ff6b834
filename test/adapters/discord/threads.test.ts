import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayIntentBits } from 'discord-api-types/v10';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDiscord } from '../../../src/adapters/discord/start.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { pressables, textOf } from '../../helpers/discord/reading.ts';
import type { Person, Place, Stored } from '../../helpers/discord/world.ts';

const open = (content: 'on' | 'off') =>
  startDiscordProgram({
    folder: mkdtempSync(join(tmpdir(), 'threads-')),
    env: { LOG_LEVEL: 'silent', DISCORD_MESSAGE_CONTENT: content },
  });

let program: DiscordProgram;
const people = () => program.people;
/** What the bot says next in a place; undefined when it says nothing. */
const next = async (place: Place, act: () => void, patient = true): Promise<Stored | undefined> => {
  const { world } = program.discord;
  const before = world.messages(place).length;
  act();
  if (patient) return world.until(() => world.messages(place)[before], 'an answer');
  await sleep(400);
  return world.messages(place)[before];
};
const topicOf = (message: Stored | undefined) => (message ? textOf(message) : 'nothing');
const ask = async (person: Person, place: Place, question: string) =>
  (await next(place, () => people().say(person, place, `<@${program.discord.world.bot.id}> ${question}`)))!;

describe('below an answer, where the bot may read what is said', () => {
  let place: Place;
  let ana: Person;
  let ben: Person;
  beforeAll(async () => {
    program = await open('on');
    ({ place, ana, ben } = program.home);
  }, 60_000);
  afterAll(() => program.close());
  afterEach(() => expect(program.discord.problems).toEqual([]));

  it('asks for the privileged intent', () => {
    expect(program.discord.gateway.intents() & GatewayIntentBits.MessageContent).not.toBe(0);
  });

  it('a question in its thread is answered without a mention, in the light of the answer, whoever asks', async () => {
    const live = people().command(ana, place, 'explain', { topic: 'batch normalization' });
    const answer = await people().answer(live);
    const thread = people().thread(answer);
    const later = await next(thread, () => people().say(ben, thread, 'and what about at test time?'));
    const request = program.requests.at(-1)!;
    expect(later).toBeDefined();
    expect(program.replies.get(request.id)!.result).toMatchObject({ kind: 'answer', topic: 'batch-normalization', answered: true });
    expect(request).toMatchObject({ room: thread.id, thread: answer.json.id, command: 'ask' });
  });

  it('a reply to it is answered, ping or no ping, and a reply to that is of the same thread', async () => {
    const first = await ask(ana, place, 'what is dropout?');
    const second = await next(place, () => people().say(ben, place, 'why does it help?', { message: first, ping: false }));
    expect(program.requests.at(-1)).toMatchObject({ thread: first.json.id });
    expect(program.replies.get(program.requests.at(-1)!.id)!.result).toMatchObject({ topic: 'dropout' });
    await next(place, () => people().say(ana, place, 'what does it do at test time?', { message: second!, ping: true }));
    expect(program.requests.at(-1)).toMatchObject({ thread: first.json.id, options: { question: 'what does it do at test time?' } });
  });

  it('talk between people is not answered', async () => {
    const answer = await ask(ana, place, 'what is momentum?');
    const thread = people().thread(answer);
    const count = program.requests.length;
    const others: [string, () => void][] = [
      ['a remark in the thread', () => people().say(ben, thread, 'haha, nice')],
      ['a question to somebody', () => people().say(ben, thread, `<@${ana.id}> what do you think?`)],
      ['a remark as a reply', () => people().say(ben, place, 'told you so', { message: answer, ping: true })],
      ['a question beside the answer', () => people().say(ben, place, 'what is for lunch?')],
      ['nothing', () => people().say(ben, thread, '')],
    ];
    for (const [what, act] of others) expect(topicOf(await next(thread, act, false)), what).toBe('nothing');
    const talk = program.discord.world.addPlace(place.guild, 'talk');
    program.discord.gateway.dispatch('CHANNEL_CREATE', {
      id: talk.id,
      guild_id: place.guild!.id,
      type: 0,
      name: 'talk',
      position: 1,
      permission_overwrites: [],
      parent_id: null,
    });
    expect(topicOf(await next(talk, () => people().say(ben, talk, 'why is that?'), false))).toBe('nothing');
    // Somebody's thanks are answered by nobody, the asker's next line only where the notes know something.
    expect(topicOf(await next(thread, () => people().say(ana, thread, 'see you tomorrow'), false))).toBe('nothing');
    expect(program.requests.slice(count).filter(({ user }) => user.id === ben.id)).toEqual([]);
  });

  it('a reply to a quiz board is none of its business', async () => {
    const { world } = program.discord;
    const stage = world.addPlace(place.guild, 'stage');
    program.discord.gateway.dispatch('CHANNEL_CREATE', {
      id: stage.id,
      guild_id: place.guild!.id,
      type: 0,
      name: 'stage',
      position: 1,
      permission_overwrites: [],
      parent_id: null,
    });
    await people().answer(people().command(ana, stage, 'quiz start', { lobby: 300 }));
    const board = await world.until(() => world.messages(stage).find((message) => pressables(message).length > 0), 'the lobby');
    expect(topicOf(await next(stage, () => people().say(ben, stage, 'who is in?', { message: board, ping: true }), false))).toBe('nothing');
    await people().answer(people().command(ana, stage, 'quiz stop'));
  });

  it('is still known after a restart', async () => {
    const answer = await ask(ana, place, 'what is batch size?');
    await program.adapter.close();
    const again = await startDiscord(program.services, program.dispatch);
    const reply = await next(place, () => people().say(ben, place, 'how do I choose it?', { message: answer, ping: false }));
    expect(program.requests.at(-1)).toMatchObject({ thread: answer.json.id });
    expect(reply).toBeDefined();
    await again.close();
  });
});

describe('below an answer, where the bot may not read what is said', () => {
  beforeAll(async () => {
    program = await open('off');
  }, 60_000);
  afterAll(() => program.close());

  it('a reply that pings it is answered, since Discord shows it that; another is not there for it', async () => {
    const { place, ana, ben } = program.home;
    const answer = await ask(ana, place, 'what is dropout?');
    expect(await next(place, () => people().say(ben, place, 'why does it help?', { message: answer, ping: false }), false)).toBeUndefined();
    await next(place, () => people().say(ben, place, 'why does it help?', { message: answer, ping: true }));
    expect(program.requests.at(-1)).toMatchObject({ thread: answer.json.id, options: { question: 'why does it help?' } });
  });
});
