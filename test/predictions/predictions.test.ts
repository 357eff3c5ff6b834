import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import { createManualClock } from '../helpers/clock.ts';
import { type Program, startProgram } from '../helpers/playground.ts';
import { buttonsOf, errorOf, openRoom, type Room } from '../helpers/room.ts';

const open: Program[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((program) => program.close()));
});

const newFolder = () => mkdtempSync(join(tmpdir(), 'predictions-'));

async function start(folder = newFolder(), clock = createManualClock()) {
  const program = await startProgram({ folder, clock, env: { TF_BACKEND: 'wasm' } });
  open.push(program);
  const room = openRoom(program.services, program.dispatch);
  await program.services.resume();
  return { program, room, clock, folder };
}

const button = (room: Room, label: string) => buttonsOf(room.posts[0]!.reply).find((one) => one.label === label)!.id;
/** The reveal is drawn by real workers, beside the request. */
const revealed = (room: Room, post = 1) =>
  vi.waitFor(() => expect(room.posts[post]?.reply.result).toMatchObject({ kind: 'demo' }), { timeout: 20_000 });

describe('predict, observe, explain', { timeout: 60_000 }, () => {
  it('asks the room, hides and lets change the votes, closes on the clock, and shows who was right', async () => {
    const { room, clock } = await start();
    const reply = await room.say('host', '/demo saturation predict:true seconds:30 seed:5');
    expect(reply.visibility).toBe('private');
    expect(buttonsOf(room.posts[0]!.reply).map(({ label }) => label)).toEqual([
      'squared error',
      'cross-entropy',
      'no difference',
      'Close now and show',
    ]);
    expect((await room.press('ann', button(room, 'squared error'))).visibility).toBe('private');
    const vote = button(room, 'cross-entropy');
    await room.press('ann', vote);
    await room.press('bob', button(room, 'no difference'));
    await clock.advance(1_500);
    await vi.waitFor(() => expect(toText(room.posts[0]!.reply)).toContain('votes: 2'));
    const board = toText(room.posts[0]!.reply);
    for (const hidden of ['ann', 'bob', '50 %', 'seed:5']) expect(board).not.toContain(hidden);
    await clock.advance(30_000);
    await revealed(room);
    expect(room.posts).toHaveLength(2);
    expect(buttonsOf(room.posts[0]!.reply)).toEqual([]);
    expect(room.posts[1]!.reply.result).toMatchObject({
      demo: 'saturation',
      seed: 5,
      prediction: { right: 'cross-entropy', votes: { mse: 0, 'cross-entropy': 1, same: 1 }, names: ['ann'] },
    });
    const text = toText(room.posts[1]!.reply);
    expect(text).toContain('Predicted it: ann');
    // It ran while they voted: to them it is no earlier run.
    expect(text).toMatch(/\nRan on wasm/);
    expect(text).not.toContain('ran before');
    expect(text).toContain('1 (50 %)');
    expect(text).toContain('[saturation.png]');
    expect(errorOf(await room.press('cem', vote))).toBe('prediction-closed');
  });

  it('closes at once for the one who asked and for nobody else', async () => {
    const { room } = await start();
    await room.say('ann', '/demo gradient-direction predict:true');
    const close = button(room, 'Close now and show');
    expect(errorOf(await room.press('bob', close))).toBe('prediction-not-yours');
    const presses = await Promise.all([room.press('ann', close), room.press('ann', close)]);
    expect(presses.map(errorOf).sort()).toEqual(['prediction-closed', undefined]);
    await revealed(room);
    expect(toText(room.posts[1]!.reply)).toContain('Nobody had voted');
    expect(errorOf(await room.press('ann', close))).toBe('prediction-closed');
  });

  it('goes on after a restart: votes kept, the clock re-armed, shown once', async () => {
    const first = await start();
    await first.room.say('host', '/demo gradient-descent predict:true seconds:60');
    const [diverges] = buttonsOf(first.room.posts[0]!.reply).filter(({ label }) => label === 'it diverges');
    await first.room.press('ann', diverges!.id);
    await open.pop()!.close();
    // Started again before the deadline: a vote is taken, nothing is asked twice.
    const second = await start(first.folder, first.clock);
    expect(second.room.posts).toEqual([]);
    expect(errorOf(await second.room.press('bob', diverges!.id))).toBeUndefined();
    await open.pop()!.close();
    // Started again long after the deadline: shown at once, and only once.
    await first.clock.advance(600_000);
    const third = await start(first.folder, first.clock);
    await first.clock.advance(1);
    await revealed(third.room, 0);
    expect(third.room.posts[0]!.reply.result).toMatchObject({ prediction: { right: 'diverges', votes: { diverges: 2 } } });
    await vi.waitFor(async () =>
      expect(await third.program.services.store.db.selectFrom('predictions').select('phase').execute()).toEqual([{ phase: 'shown' }]),
    );
    await third.program.services.resume();
    await first.clock.advance(600_000);
    expect(third.room.posts).toHaveLength(1);
  });

  it('refuses what is unknown, another room’s buttons, and the same request twice', async () => {
    const { room, program } = await start();
    expect(errorOf(await room.say('host', '/demo saturation predict:true weight:99'))).toBe('parameter-out-of-range');
    expect(errorOf(await room.say('host', '/demo saturatoin predict:true'))).toBe('unknown-demo-did-you-mean');
    expect(room.posts).toEqual([]);
    await room.say('host', '/demo saturation predict:true', 'delivery-1');
    const vote = button(room, 'cross-entropy');
    const other = openRoom(program.services, program.dispatch, 'other');
    expect(errorOf(await other.press('ann', vote))).toBe('stale-button');
    expect(errorOf(await room.press('ann', vote.replace('cross-entropy', 'nonsense')))).toBe('stale-button');
    expect(errorOf(await room.press('ann', vote.replace(/predict~[^~]+/, 'predict~gone')))).toBe('stale-button');
  });
});
