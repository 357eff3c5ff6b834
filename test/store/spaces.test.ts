import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Game, openGame } from '../helpers/game.ts';
import { openRoom } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { everythingStored, rowsOfSpace } from '../helpers/stored.ts';

const DAY = 86_400_000;
let game: Game;
beforeAll(async () => {
  game = await openGame(smallContent());
});
afterAll(() => game.close());

it('erases everything of a space thirty days after the bot was removed, and nothing of another', async () => {
  const { services, dispatch } = game.program;
  const { ownNotes, spaces, store } = services;
  const rooms = ['gone', 'kept', 'returned'].map((space) => openRoom(services, dispatch, 'main', space));
  for (const room of rooms) {
    await ownNotes.publishAnswer(room.ref, {
      question: `Where is the ${room.ref.space} zebra?`,
      paraphrases: [],
      answer: 'In the zoo.',
      locale: 'en',
      by: { id: 'ana', name: 'Ana' },
    });
    await room.say('ana', '/quiz start topic:batch-size questions:1 lobby:0');
    await room.say('ana', '/lang zh');
    await room.stop();
  }
  const rows = (space: string) => rowsOfSpace(store, space);
  const before = await rows('kept');
  expect(Object.keys(before).length).toBeGreaterThan(3);
  await spaces.left(rooms[0]!.ref);
  await spaces.left(rooms[2]!.ref);
  game.clock.set(game.clock.now() + 29 * DAY);
  expect(await spaces.eraseDue()).toBe(0);
  expect(ownNotes.search(rooms[0]!.ref, 'Where is the gone zebra?').kind).toBe('answer');
  await spaces.back(rooms[2]!.ref);
  game.clock.set(game.clock.now() + DAY);
  expect(await spaces.eraseDue()).toBe(1);
  for (const room of rooms) await ownNotes.ready(room.ref);
  // What is left is a number, by which other processes notice.
  expect(await rows('gone')).toEqual({ note_spaces: 1 });
  expect(await rows('kept')).toEqual(before);
  expect(ownNotes.search(rooms[0]!.ref, 'Where is the gone zebra?').kind).not.toBe('answer');
  expect(ownNotes.search(rooms[2]!.ref, 'Where is the returned zebra?').kind).toBe('answer');
  expect(await everythingStored(store)).not.toContain('gone zebra');
});

it('/export space gives managers what belongs to the group, of people nothing', async () => {
  const { services, dispatch } = game.program;
  const room = openRoom(services, dispatch, 'main', 'kept');
  expect((await room.say('ana', '/export space')).result).toMatchObject({ code: 'notes-managers-only' });
  const reply = await room.say('host', '/export space');
  const file = reply.blocks.find((block) => block.type === 'file')!;
  const data = JSON.parse((file as { text: string }).text) as Record<string, unknown[]>;
  expect(JSON.stringify(data.note_versions)).toMatch(/kept zebra/);
  expect(JSON.stringify(data)).not.toMatch(/\bana\b|gone zebra|returned zebra/i);
});
