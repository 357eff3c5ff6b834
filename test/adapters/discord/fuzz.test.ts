import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import { choiceContent } from '../../helpers/choice-content.ts';
import { createHastyClock } from '../../helpers/clock.ts';
import { frames, protocol, sample, typed } from '../../helpers/discord/fuzz.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { pressables, textOf } from '../../helpers/discord/reading.ts';
import type { Stored } from '../../helpers/discord/world.ts';

/** `npm run discord:fuzz` sends 50,000. */
const COUNT = Number(process.env.DISCORD_FUZZ ?? 3_000);
const BURST = 100;
/** Controls that turn the direction of what follows. */
const TURNING = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/;

const open = async (clock?: Clock) => {
  const lines: { level: number; msg: string }[] = [];
  const log = pino({ level: 'error' }, { write: (text: string) => void lines.push(JSON.parse(text) as (typeof lines)[number]) });
  const program = await startDiscordProgram({
    folder: mkdtempSync(join(tmpdir(), 'fuzz-')),
    log,
    ...(clock && { clock }),
    // Thousands of people speak at once: what is tried here is not how long a channel takes for the answers.
    loopback: { pace: 100_000 },
    env: { CONTENT_DIR: choiceContent('numeric'), DISCORD_MESSAGE_CONTENT: 'on' },
  });
  return { program, lines };
};

/** A board with a button that opens a form. */
async function typedQuestion({ people, home, discord }: DiscordProgram): Promise<{ question: Stored; button: string }> {
  const { world } = discord;
  await people.answer(people.command(home.ana, home.place, 'quiz start', { topic: 'batch-size', questions: 1, lobby: 0, seconds: 600 }));
  const formOf = (message: Stored) => pressables(message).find(({ id }) => id.includes('~type~'))?.id;
  const question = await world.until(() => world.messages(home.place).find(formOf), 'a question');
  return { question, button: formOf(question)! };
}

/** The bot is there and answers. What it was sent in a session that has been given up is lost, as at Discord. */
async function answered({ people, home, discord, adapter }: DiscordProgram): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await discord.world.until(() => discord.gateway.online() && adapter.health().ok, 'the client', 45_000);
    const live = people.command(home.ana, home.place, 'explain', { topic: 'gradient' });
    live.excused = true;
    const message = await people.answer(live, attempt < 8 ? 3_000 : 20_000).catch((error: Error) => {
      if (attempt === 8) throw error;
    });
    if (!message) continue;
    expect(textOf(message)).toContain('The gradient');
    return;
  }
}

// What is thrown and caught nowhere makes this run of the tests fail, and would end the program.
describe('nothing that a gateway sends ends the program', () => {
  let program: DiscordProgram;
  /** What Discord really sends, to be taken apart. */
  const genuine: { t: string; d: unknown }[] = [];
  beforeAll(async () => {
    ({ program } = await open(createHastyClock(50)));
    const { people, home, discord } = program;
    const { dispatch } = discord.gateway;
    discord.gateway.dispatch = (t, d) => {
      genuine.push({ t, d: JSON.parse(JSON.stringify(d)) });
      return dispatch(t, d);
    };
    const message = await people.answer(people.command(home.ana, home.place, 'explain', { topic: 'gradient' }));
    await people.answer(people.press(home.ben, message, pressables(message)[0]!.id));
    await people.complete(home.ana, home.place, 'demo', 'parameters', 'de', { name: 'gradient-norms' });
    people.say(home.ana, home.place, 'why?', { message, ping: true });
    people.thread(message);
    const { question, button } = await typedQuestion(program);
    const press = people.press(home.ben, question, button);
    await people.form(press);
    await people.answer(people.submit(press, '3'));
    discord.gateway.dispatch = dispatch;
  }, 90_000);
  afterAll(() => program.close());

  it(`${COUNT} broken events and envelopes`, { timeout: 3_600_000 }, async () => {
    expect(new Set(genuine.map(({ t }) => t))).toEqual(new Set(['INTERACTION_CREATE', 'MESSAGE_CREATE', 'THREAD_CREATE']));
    const all = sample(frames(genuine), COUNT);
    for (let from = 0; from < all.length; from += BURST) {
      for (const frame of all.slice(from, from + BURST)) program.discord.gateway.frame(frame);
      await sleep(5);
      if (from % 5_000 === 0) await answered(program);
    }
    await answered(program);
  });

  it('a broken protocol, again and again', { timeout: 3_600_000 }, async () => {
    const all = sample(protocol, Math.min(400, COUNT / 15));
    for (let from = 0; from < all.length; from += 40) {
      for (const frame of all.slice(from, from + 40)) program.discord.gateway.frame(frame);
      await sleep(20);
      await answered(program);
    }
  });
});

describe('nothing that people type is an accident', () => {
  let program: DiscordProgram;
  let lines: { level: number; msg: string }[];
  beforeAll(async () => {
    ({ program, lines } = await open());
  }, 60_000);
  afterAll(() => program.close());

  it('whatever people type into commands, fields, forms, presses and messages', { timeout: 3_600_000 }, async () => {
    const { people, home, discord } = program;
    const { question, button } = await typedQuestion(program);
    const from = discord.seen.length;
    const texts = sample(typed, Math.min(150, COUNT / 300));
    for (const [i, text] of texts.entries()) {
      // Everybody may ask only so much a minute.
      const person = discord.world.addPerson(`P${i} ${text.slice(0, 20)}`, { locale: i % 2 === 0 ? 'en-US' : 'zh-CN' });
      const { place } = home;
      const acts = [
        people.command(person, place, 'explain', { topic: text }),
        people.command(person, place, 'ask', { question: text }),
        people.command(person, place, 'demo', { name: text.slice(0, 400) }),
        people.command(person, place, 'demo', { name: 'gradient-norms', parameters: `${text} depth:1` }),
        people.command(person, place, 'help', { command: text }),
        people.command(person, place, 'answer', { text: text.slice(0, 200) }),
      ];
      await people.complete(person, place, 'explain', 'topic', text);
      await people.complete(person, place, 'demo', 'parameters', text, { name: 'gradient-norms' });
      people.say(person, place, `<@${discord.world.bot.id}> ${text}`);
      const press = people.press(person, question, button);
      await people.form(press);
      acts.push(people.submit(press, text.slice(0, 200)));
      await Promise.all(acts.map((act) => people.answer(act, 60_000)));
    }
    expect(lines.filter(({ msg }) => /command failed|could not be answered/.test(msg))).toEqual([]);
    expect(discord.problems).toEqual([]);
    const turned = discord.seen
      .slice(from)
      .filter(({ body }) =>
        TURNING.test(
          JSON.stringify(body ?? '').replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
        ),
      );
    expect(turned.map(({ body }) => JSON.stringify(body).slice(0, 300))).toEqual([]);
    await answered(program);
  });
});
