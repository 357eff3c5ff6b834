import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runJsonMode } from '../../src/adapters/terminal/json-mode.ts';
import { toText } from '../../src/core/reply.ts';
import { fits } from '../../src/quiz/bare.ts';
import type { Services } from '../../src/services.ts';
import { startDiscordProgram } from '../helpers/discord/program.ts';
import { textOf } from '../helpers/discord/reading.ts';
import { gameContent, openGame } from '../helpers/game.ts';
import { startPlayground, startProgram } from '../helpers/playground.ts';
import { history, openSlackBench, until } from '../helpers/slack/bench.ts';
import { createWebClient } from '../helpers/web-client.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'bare-'));
const env = { CONTENT_DIR: gameContent(), LOG_LEVEL: 'fatal' };
/** What the quiz has recorded, as typed. */
const recorded = async ({ store }: Services) =>
  (await store.db.selectFrom('answers').select(['value', 'credit']).orderBy('at').execute()).map(({ value, credit }) => [
    (JSON.parse(value) as { typed: string }).typed,
    credit,
  ]);
const START = 'topic:numeric lobby:0 seconds:600';

it('only what can be an answer is one', async () => {
  const game = await openGame();
  const { numeric, term, single } = Object.fromEntries(['numeric', 'term', 'single'].map((id) => [id, game.question(`${id}.one`)]));
  for (const text of ['0.25', '1/4', '０．２５', '-1', '1,5', '25%']) expect(fits(numeric!, text)).toBe(true);
  for (const text of ['batch normalization', 'why 0.25?', 'x = 0.25']) expect(fits(numeric!, text)).toBe(false);
  for (const text of ['batch normalization', '批归一化。', 'the batch norm']) expect(fits(term!, text)).toBe(true);
  for (const text of ['what is batch normalization?', '什么是批归一化', 'so it is a thing that people do to layers'])
    expect(fits(term!, text)).toBe(false);
  expect(fits(single!, 'yes')).toBe(false);
  await game.close();
});

describe('bare text answers the open typed question', () => {
  it('on the page, where others do not read it, and other text is still a question', async () => {
    const playground = await startPlayground({ folder: folder(), env });
    const { post, read } = createWebClient(() => playground.url);
    await post('lab', { user: 'host', text: `/quiz start ${START}` });
    await until(
      'the question',
      () => playground.services.quiz.inRoom({ platform: 'web', space: 'local', room: 'lab' })?.state.openedAt ?? undefined,
    );
    const { json } = await post('lab', { user: 'ana', text: '０．２５' });
    expect(json).toMatchObject({ visibility: 'private', result: { kind: 'quiz', recorded: '０．２５' } });
    const asked = await post('lab', { user: 'ana', text: 'why does batch size matter?' });
    expect(asked.json.result).toMatchObject({ kind: 'answer' });
    expect(await recorded(playground.services)).toEqual([['０．２５', 1]]);
    expect(JSON.stringify(await read('lab', 'ben', 3))).not.toContain('０．２５');
    // Without a quiz it answers the person's own.
    const mine = await post('me', { user: 'cy', text: '/quiz me term' });
    expect(mine.json.text).toContain('Your quiz, question 1');
    expect((await post('me', { user: 'cy', text: 'the batch norm' })).json.text).toContain('Not yet');
    await playground.close();
  });

  it('in the terminal', async () => {
    const program = await startProgram({ folder: folder(), env });
    const input = new PassThrough();
    const lines: string[] = [];
    const done = runJsonMode(program.services, program.dispatch, { input, write: (line) => void lines.push(line), out: folder() });
    input.write('/review topic:term\n');
    input.end('{"text":"「Batch－Normalization」。"}\n');
    await done;
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ result: { review: { correct: true } } });
    await program.close();
  });

  it('on Discord, in direct messages and in replies to the board', { timeout: 60_000 }, async () => {
    const program = await startDiscordProgram({ folder: folder(), env: { ...env, DISCORD_MESSAGE_CONTENT: 'on' } });
    const { people, home, discord, services } = program;
    const { world } = discord;
    people.command(home.ana, home.place, 'quiz start', { topic: 'numeric', lobby: 0, seconds: 600 });
    const board = await world.until(
      () => world.messages(home.place).find((message) => textOf(message).includes('Question 1 of 1')),
      'the question',
    );
    await world.until(
      () => services.quiz.inRoom({ platform: 'discord', space: home.place.guild!.id, room: home.place.id })?.state.openedAt,
      'its clock',
    );
    people.say(home.ben, home.place, '0,25', { message: board, ping: false });
    const receipt = await world.until(
      () => world.directWith(home.ben.id) && world.messages(world.directWith(home.ben.id)!)[0],
      'a receipt',
    );
    expect(textOf(receipt)).toContain('Recorded: 0,25');
    expect(await recorded(services)).toEqual([['0,25', 1]]);
    await program.close();
    expect(discord.problems).toEqual([]);
  });

  it('on Slack, in the thread of the board', { timeout: 60_000 }, async () => {
    const bench = await openSlackBench({ folder: folder(), mode: 'socket', freshSeed: () => 7, env });
    const place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
    const [alice, bob] = ['alice', 'bob'].map((name) => bench.workspace.member(name));
    await bench.driver.slash(place, alice!, `/quiz start ${START}`);
    const board = await until('the question', async () =>
      (await history(bench.workspace, place.channel)).find(({ text }) => text?.startsWith('Question 1 of')),
    );
    await until(
      'its clock',
      () => bench.program.services.quiz.inRoom({ platform: 'slack', space: place.team, room: place.channel })?.state.openedAt ?? undefined,
    );
    const { ts } = await bob!.client.chat.postMessage({ channel: place.channel, text: '1/4', thread_ts: board.ts! });
    const event = { type: 'message', channel_type: 'channel', channel: place.channel, user: bob!.id, text: '1/4', thread_ts: board.ts };
    await bench.driver.event(place.team, { ...event, ts, event_ts: ts });
    await until('the answer', async () => (await recorded(bench.program.services)).length === 1);
    expect(await recorded(bench.program.services)).toEqual([['1/4', 1]]);
    await bench.close();
    expect(bench.com.violations).toEqual([]);
  });
});

it('a number that is not the number is wrong, however it is typed', async () => {
  const game = await openGame();
  const room = game.room();
  await room.say('host', `/quiz start ${START}`);
  await game.turn(0.1);
  for (const [user, text] of [
    ['a', '-0.25'],
    ['b', '0,25'],
    ['c', '２５％'],
    ['d', '.25.'],
  ] as const)
    await room.say(user, `/answer ${text}`);
  const credits = [...game.program.services.quiz.inRoom(room.ref)!.state.answers].map(([user, { credit }]) => [user, credit]);
  expect(credits).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 1],
    ['d', 1],
  ]);
  expect(toText(await room.say('e', '/answer abc'))).toMatch(/number/);
  await game.close();
});
