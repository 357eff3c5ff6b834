import { setTimeout as sleep } from 'node:timers/promises';
import { createPeople } from '../../../test/helpers/discord/people.ts';
import { pressables } from '../../../test/helpers/discord/reading.ts';
import type { Place, Stored } from '../../../test/helpers/discord/world.ts';
import { elementsOf, history } from '../../../test/helpers/slack/bench.ts';
import { createDriver, overHttp } from '../../../test/helpers/slack/driver.ts';
import type { PressedElement, ShownMessage } from '../../../test/helpers/slack/payloads.ts';
import { at } from '../pressing.ts';
import { type Fleet, waitFor } from './fleet.ts';

/** Presses on a platform: from the press to its acknowledgement, milliseconds. */
export interface Acks {
  platform: string;
  waits: number[];
  /** Acknowledged but never answered, or not at all. */
  failed: number;
}

const PLAYERS = 10;

/** One quiz in a server of each shard, answered by ten people each at a steady rate. */
export async function benchDiscord({ discord, places }: Fleet, perSecond: number, seconds: number): Promise<Acks> {
  const people = createPeople(discord);
  const { world } = discord;
  const crowd = Array.from({ length: PLAYERS }, (_, i) => world.addPerson(`Player ${i}`, { moderator: i === 0 }));
  const boards = await Promise.all(
    places.map(async (place: Place) => {
      await people.answer(people.command(crowd[0]!, place, 'quiz start', { questions: 5, lobby: 0, seconds: 600 }));
      return world.until(() => world.messages(place).find((message) => picks(message).length > 0), 'the board');
    }),
  );
  const failed: unknown[] = [];
  const before = discord.interactions.all.length;
  const answers: Promise<unknown>[] = [];
  await steadily(perSecond, seconds, (i) => {
    const board = boards[i % boards.length]!;
    const choices = picks(board);
    const live = people.press(crowd[Math.floor(i / boards.length) % PLAYERS]!, board, choices[i % choices.length]!.id);
    answers.push(people.answer(live, 10_000).catch((error: unknown) => failed.push(error)));
  });
  await Promise.all(answers);
  const waits = discord.interactions.all
    .slice(before)
    .flatMap(({ acknowledgedAt, createdAt }) => (acknowledgedAt === undefined ? [] : acknowledgedAt - createdAt));
  return { platform: `Discord, ${places.length} shards`, waits, failed: failed.length + discord.problems.length };
}

function picks(board: Stored) {
  return pressables(board).filter(({ id }) => id.includes('~pick~'));
}

/** A quiz in a channel of Slack, answered through any of the processes. */
export async function benchSlack({ com, workspace, ships }: Fleet, perSecond: number, seconds: number): Promise<Acks> {
  const drivers = ships.map(({ slack }) => createDriver(com, overHttp(slack, com)));
  const names = Array.from({ length: PLAYERS }, (_, i) => `player${i}`);
  const channel = workspace.channels.study!;
  const place = { team: workspace.team, channel };
  await drivers[0]!.slash(place, workspace.member(names[0]!), '/tutor quiz start questions:5 lobby:0 seconds:600');
  let board: { message: ShownMessage; choices: PressedElement[] } | undefined;
  await waitFor('the board', async () => {
    for (const message of await history(workspace, channel, names[0])) {
      const choices = elementsOf(message).filter(({ value }) => value?.includes('~pick~'));
      if (choices.length > 0) board = { message, choices };
    }
    return board !== undefined;
  });
  const { message, choices } = board!;
  const before = drivers.map(({ acks }) => acks.length);
  let failed = 0;
  const deeds: Promise<unknown>[] = [];
  await steadily(perSecond, seconds, (i) => {
    const member = workspace.member(names[i % PLAYERS]!);
    const deed = drivers[i % drivers.length]!.press(place, member, { message, element: choices[i % choices.length]! });
    deeds.push(deed.catch(() => failed++));
  });
  await Promise.all(deeds);
  return {
    platform: 'Slack, HTTP',
    waits: drivers.flatMap(({ acks }, i) => acks.slice(before[i])),
    failed: failed + com.violations.length,
  };
}

async function steadily(perSecond: number, seconds: number, act: (i: number) => void): Promise<void> {
  const begun = performance.now();
  for (let i = 0; ; ) {
    const elapsed = (performance.now() - begun) / 1000;
    if (elapsed >= seconds) return;
    while (i < elapsed * perSecond) act(i++);
    await sleep(2);
  }
}

export function acksTable(rows: readonly Acks[]): [string[], string[][]] {
  const cells = rows.map(({ platform, waits, failed }) => {
    const sorted = [...waits].sort((a, b) => a - b);
    return [platform, String(sorted.length), String(failed), ...[0.5, 0.99, 1].map((share) => at(sorted, share).toFixed(0))];
  });
  return [['presses on', 'acknowledged', 'failed', 'p50 ms', 'p99 ms', 'longest ms'], cells];
}
