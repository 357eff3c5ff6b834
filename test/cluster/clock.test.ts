import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import { createManualClock } from '../helpers/clock.ts';
import { rowsOf } from '../helpers/cluster.ts';
import { type Program, startProgram } from '../helpers/playground.ts';
import { databaseFor, onPostgres } from '../helpers/postgres.ts';
import { openRoom, type Room } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { reviewButtons } from '../helpers/study.ts';

await onPostgres();

const HOUR = 3_600_000;
/** A Tuesday, 12:00 UTC. */
const clock = createManualClock();
let folder: string;
/** Two processes of role clock over one database. */
let programs: [Program, Program];
let rooms: [Room, Room];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clocks-'));
  const start = () => startProgram({ folder, clock, freshSeed: () => 7, env: { CONTENT_DIR: smallContent() } });
  programs = [await start(), await start()];
  rooms = programs.map(({ services, dispatch }) => openRoom(services, dispatch)) as [Room, Room];
  for (const { services } of programs) {
    services.learning.reminders.start();
    services.gaps.digest.start();
    services.timetable.start();
  }
  clock.idle = async () => {
    for (const { services } of programs) {
      await services.timetable.idle();
      await services.learning.reminders.idle();
      await services.gaps.digest.idle();
      await services.quiz.idle();
    }
  };
});
afterAll(async () => {
  for (const program of programs) await program.close();
});

const all = <T>(of: (room: Room) => T[]) => rooms.flatMap(of);
const said = (what: RegExp) => all(({ posts }) => posts.map(({ reply }) => toText(reply))).filter((text) => what.test(text));
/** One of them may have left it to the other, which does it in its own time. */
const soon = (what: () => boolean) => expect.poll(what, { timeout: 20_000 }).toBe(true);
/** The clock stands still; what the other process might still do, it does now. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 500));

it('a schedule is held by one of several processes, whichever was told of it', async () => {
  const made = await rooms[0].say('host', '/quiz schedule batch-size when:"in 1 hour" zone:UTC questions:2 lobby:0');
  expect(made.result).toMatchObject({ kind: 'info', schedule: { kind: 'quiz' } });
  // The other one has heard of it.
  await settle();
  await clock.advance(HOUR + 1_000);
  await soon(() => said(/Question 1 of 2/).length > 0);
  await settle();
  const url = (await databaseFor(folder))!;
  expect(await rowsOf(url, 'select id from quizzes')).toHaveLength(1);
  expect(await rowsOf(url, 'select id from schedules')).toEqual([]);
  expect(said(/Question 1 of 2/)).toHaveLength(1);
});

it('a reminder and a digest go out once', async () => {
  const [room, other] = rooms;
  const card = await room.say('ana', '/review topic:batch-size');
  const [{ services }] = programs;
  const buttons = reviewButtons({ question: (id: string) => services.notes.content().questions.get(id)! } as never, card);
  await room.press('ana', buttons.wrong);
  await room.say('ana', '/review remind:on hour:14');
  await other.say('host', '/settings digest on hour:9 zone:UTC');
  for (const one of rooms) one.posts.length = 0;
  // Nobody turns the clock for a whole day: Wednesday 13:50, then Monday 8:50.
  clock.set(Date.UTC(2026, 10, 25, 13, 50));
  await clock.advance(20 * 60_000);
  await soon(() => all(({ directs }) => directs).length > 0);
  await settle();
  expect(all(({ directs }) => directs).map(({ user }) => user)).toEqual(['ana']);
  for (const one of rooms) one.directs.length = 0;
  await room.say('ana', '/review remind:off');

  clock.set(Date.UTC(2026, 10, 30, 8, 50));
  await clock.advance(20 * 60_000);
  await soon(() => said(/questions? asked/).length > 0);
  await settle();
  expect(said(/questions? asked/)).toHaveLength(1);
});
