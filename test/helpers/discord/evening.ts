import { setTimeout as sleep } from 'node:timers/promises';
import { InteractionType } from 'discord-api-types/v10';
import { createRng } from '../../../src/demos/random.ts';
import { type Bot, startBot } from './child.ts';
import type { Live } from './interactions.ts';
import { createPeople } from './people.ts';
import { pressables, textOf } from './reading.ts';
import { type LoopbackDiscord, startLoopback } from './server.ts';
import type { Person, Place, Stored } from './world.ts';

export interface EveningOptions {
  folder: string;
  /** Questions of each of the two quizzes. */
  questions: number;
  /** Experiments that train at the same time, all evening. */
  training: number;
  /** Explanations and questions between two questions of the quizzes. */
  chatter: number;
  seed: number;
  say?: (line: string) => void;
}

export interface EveningReport {
  interactions: number;
  kinds: Record<string, number>;
  /** Interactions without acknowledgement or without an answer. */
  failed: string[];
  /** Requests that Discord would not have taken. */
  invalid: string[];
  /** From the press or command to its acknowledgement, the loopback server's own work included. */
  acknowledged: Waits;
  /** Those of them that came over a connection which was there… */
  connected: Waits;
  /** …and those that the gateway held until the bot had reconnected; discord.js waits 500 ms before it does. */
  held: Waits;
  /** From a typed letter to its choices. */
  autocomplete: Waits;
  charts: number;
  /** Receipts for quiz answers. */
  receipts: number;
  /** Boards per quiz question; one each is right. */
  boards: Record<string, number>;
  podiums: number;
  restartMs: number;
  stopMs: number;
  gateway: { identifies: number; resumes: number; heartbeats: number };
  rateLimited: number;
  log: string;
}

/** Milliseconds. */
export interface Waits {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

const TOPICS = ['batchnorm', '梯度消失', 'batch size', 'bagging', 'saturation', 'tidu xiajiang'];
const ASKED = [
  'why does batchnorm behave differently at test time?',
  '为什么深层网络的低层学得慢？',
  'what is the noise floor of SGD?',
  'tell me about the weather',
];

/**
 * An evening of three servers, five channels and forty players, with two quizzes at once while experiments train: in
 * mid-question the program is killed and started again, later the gateway asks it to reconnect and requests are held up.
 */
export async function runEvening(options: EveningOptions): Promise<EveningReport> {
  const discord = await startLoopback();
  const running: { bot?: Bot } = {};
  try {
    return await play(options, discord, running);
  } finally {
    await running.bot?.kill().catch(() => {});
    await discord.close();
  }
}

async function play(options: EveningOptions, discord: LoopbackDiscord, running: { bot?: Bot }): Promise<EveningReport> {
  const say = options.say ?? (() => {});
  const { world } = discord;
  const people = createPeople(discord);
  const rng = createRng(options.seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(rng.uniform() * list.length)]!;
  const guilds = ['Alpha', 'Beta', 'Gamma'].map((name) => world.addGuild(name));
  const places = [0, 0, 1, 1, 2].map((guild, i) => world.addPlace(guilds[guild], `channel-${i}`));
  const crowd = Array.from({ length: 40 }, (_, i) =>
    world.addPerson(`Player ${i}`, { locale: i > 1 && i % 3 === 0 ? 'zh-CN' : 'en-US', moderator: i < 2 }),
  );
  const failed: string[] = [];
  const kinds: Record<string, number> = {};
  let receipts = 0;
  let boot = Date.now();
  let bot: Bot = await startBot(discord, options.folder);
  running.bot = bot;
  say(`started in ${Date.now() - boot} ms`);

  /** Waits for the answer to an act; whatever does not come is counted. */
  const expect = async (kind: string, act: () => Live, within = 120_000): Promise<Stored | undefined> => {
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    try {
      return await people.answer(act(), within);
    } catch (error) {
      failed.push(`${kind}: ${(error as Error).message}`);
      return undefined;
    }
  };

  let training = true;
  let paused = false;
  const underWay = new Set<Promise<unknown>>();
  const train = async (who: number): Promise<void> => {
    for (let seed = 1; training; seed++) {
      if (paused) {
        await sleep(50);
        continue;
      }
      const demo = pick(['gradient-norms', 'residual-depth', 'equal-epochs', 'training-plateau']);
      const run = expect(
        'demo',
        () => people.command(crowd[who]!, pick(places), 'demo', { name: demo, seed: options.seed * 1000 + who * 100 + seed }),
        300_000,
      );
      underWay.add(run);
      await run;
      underWay.delete(run);
    }
  };
  const trainers = Array.from({ length: options.training }, (_, i) => train(20 + i));

  const chatter = async (): Promise<void> => {
    for (let i = 0; i < options.chatter; i++) {
      const [person, place] = [pick(crowd), pick(places)];
      const message = await (i % 2 === 0
        ? expect('explain', () => people.command(person, place, 'explain', { topic: pick(TOPICS) }))
        : expect('ask', () => people.command(person, place, 'ask', { question: pick(ASKED) })));
      const button =
        message &&
        pressables(message).find(({ id, disabled }) => !disabled && /~(section|language|topic)~/.test(id) && !/^1~quiz/.test(id));
      if (button) await expect('press', () => people.press(person, message, button.id));
      const live = await people
        .complete(person, place, 'explain', 'topic', pick(['bat', '梯', 'tdxs', '']))
        .catch((error: Error) => void failed.push(error.message));
      if (live) kinds.autocomplete = (kinds.autocomplete ?? 0) + 1;
    }
  };

  const newest = (place: Place, pattern: RegExp) =>
    world.messages(place).findLast((message) => pressables(message).some(({ id }) => pattern.test(id)));
  const idOf = (message: Stored, pattern: RegExp) => pressables(message).find(({ id }) => pattern.test(id))!.id;
  const questionIn = (place: Place, number: number) =>
    world.until(
      () => world.messages(place).find((message) => textOf(message).includes(`Question ${number} of`)),
      `question ${number}`,
      180_000,
    );

  /** One person's answer, by button where there are some, else typed. */
  const answer = async (person: Person, board: Stored): Promise<void> => {
    const choice = pressables(board).filter(({ id }) => /~pick~/.test(id));
    const message = await (choice.length > 0
      ? expect('answer', () => people.press(person, board, pick(choice).id))
      : expect('answer', () => people.command(person, board.place, 'answer', { text: '1' })));
    if (message?.onlyFor === person.id) receipts++;
  };

  const quizzes = [
    { place: places[0]!, host: crowd[0]!, players: crowd.slice(0, 10) },
    { place: places[2]!, host: crowd[1]!, players: [crowd[1]!, ...crowd.slice(11, 20)] },
  ];
  await Promise.all(
    quizzes.map(async ({ place, host, players }) => {
      await expect('quiz', () => people.command(host, place, 'quiz start', { questions: options.questions, lobby: 300, seconds: 300 }));
      const lobby = await world.until(() => newest(place, /~join~/), 'the lobby', 60_000);
      await Promise.all(players.map((player) => expect('join', () => people.press(player, lobby, idOf(lobby, /~join~/)))));
      await expect('begin', () => people.press(host, lobby, idOf(lobby, /~begin~/)));
    }),
  );
  const boards: Record<string, number> = {};
  let restartMs = 0;
  for (let number = 1; number <= options.questions; number++) {
    say(`question ${number}`);
    const open = await Promise.all(quizzes.map(({ place }) => questionIn(place, number)));
    const half = (from: number, to: number) =>
      Promise.all(quizzes.flatMap(({ players }, i) => players.slice(from, to).map((player) => answer(player, open[i]!))));
    await Promise.all([half(0, 5), chatter()]);
    if (number === 1) {
      // Answers that are being written when the power goes may fail; what was receipted may not.
      paused = true;
      await Promise.allSettled([...underWay]);
      await bot.kill();
      boot = Date.now();
      bot = await startBot(discord, options.folder);
      running.bot = bot;
      restartMs = Date.now() - boot;
      paused = false;
      say(`killed, and back after ${restartMs} ms`);
    }
    if (number === 2) {
      discord.gateway.askToReconnect();
      for (const match of [/^(PATCH|POST) \/webhooks/, /^(PATCH|POST) \/channels/])
        discord.fault({ match, times: 8, status: 429, retryAfter: 0.5 });
      say('reconnect, and a burst of 429s');
    }
    await half(5, 10);
    await Promise.all(
      quizzes.map(async ({ place, host }) => {
        await expect('skip', () => people.command(host, place, 'quiz skip'));
        const last = number === options.questions;
        const next = () => world.messages(place).findLast((message) => textOf(message).includes(`Answer to question ${number}`));
        const reveal = await world.until(next, `the answer to question ${number}`, 120_000);
        const button = pressables(reveal).find(({ id }) => /~next~/.test(id));
        if (button && !last) await expect('next', () => people.press(host, reveal, button.id));
        else if (last) await expect('skip', () => people.command(host, place, 'quiz skip'));
      }),
    );
  }
  const podium = (place: Place) => world.messages(place).filter((message) => pressables(message).some(({ id }) => /~again~/.test(id)));
  await Promise.all(quizzes.map(({ place }) => world.until(() => podium(place).length > 0, 'the podium', 120_000)));
  training = false;
  await Promise.all(trainers);
  for (const { place } of quizzes) {
    for (let number = 1; number <= options.questions; number++) {
      boards[`${place.name} question ${number}`] = world
        .messages(place)
        .filter((message) => textOf(message).includes(`Question ${number} of`)).length;
    }
  }
  const stopMs = await bot.stop();
  delete running.bot;
  return {
    ...summarise(discord, failed),
    kinds,
    receipts,
    boards,
    podiums: quizzes.reduce((sum, { place }) => sum + podium(place).length, 0),
    restartMs,
    stopMs,
    log: bot.log(),
  };
}

function summarise({ interactions, problems, seen, gateway, world }: LoopbackDiscord, failed: string[]) {
  const late = new Set(gateway.late.map((event) => (event as { id?: string }).id));
  const isTyping = ({ type }: Live) => type === InteractionType.ApplicationCommandAutocomplete;
  const acts = interactions.all.filter((live) => !isTyping(live));
  const silent = interactions.all
    .filter(({ acknowledgedAt }) => acknowledgedAt === undefined)
    .map(({ id }) => `${id} was never acknowledged`);
  const charts = [...world.places.values()].flatMap((place) => [...place.messages.values()]).filter(({ files }) => files.length > 0).length;
  return {
    interactions: interactions.all.length,
    failed: [...failed, ...silent],
    invalid: [...problems],
    acknowledged: waitsOf(acts),
    connected: waitsOf(acts.filter(({ id }) => !late.has(id))),
    held: waitsOf(acts.filter(({ id }) => late.has(id))),
    autocomplete: waitsOf(interactions.all.filter(isTyping)),
    charts,
    gateway: { ...gateway.counts },
    rateLimited: seen.filter(({ status }) => status === 429).length,
  };
}

function waitsOf(lives: readonly Live[]): Waits {
  const waits = lives
    .filter(({ acknowledgedAt }) => acknowledgedAt !== undefined)
    .map(({ acknowledgedAt, createdAt }) => acknowledgedAt! - createdAt)
    .sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.ceil(share * waits.length) - 1)] ?? 0;
  return { count: waits.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
