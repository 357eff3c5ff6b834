import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageFlags } from 'discord-api-types/v10';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHastyClock } from '../../helpers/clock.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { textOf } from '../../helpers/discord/reading.ts';
import { holdable, holdRuns } from '../../helpers/held-run.ts';

/** Fifteen minutes of Discord are one and a half seconds here; the run is held for longer. */
describe('a run that Discord has no patience for', () => {
  let program: DiscordProgram;
  const long = { name: 'training-plateau', seed: 5 };
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'long-'));
    program = await startDiscordProgram({ folder, ...holdable, clock: createHastyClock(600), env: { LOG_LEVEL: 'silent' } });
  }, 60_000);
  afterAll(() => program.close());
  afterEach(() => expect(program.discord.problems).toEqual([]));

  it('is stopped where we may not post, and the person is told in time where it has more', { timeout: 60_000 }, async () => {
    const { people, home, discord } = program;
    const foreign = discord.world.addPlace(discord.world.addGuild('Elsewhere', { hasBot: false }), 'lounge');
    const live = people.command(home.ana, foreign, 'demo', long);
    await holdRuns(program);
    const message = await people.answer(live, 50_000);
    expect(textOf(message)).toMatch(/fifteen minutes[\s\S]*direct message/);
    expect(message.json.flags! & MessageFlags.Ephemeral).not.toBe(0);
    expect(discord.world.messages(foreign)).toEqual([]);
    expect(program.services.demos.status()).toMatchObject({ queued: 0 });
  });

  it('says so while it can, and its answer comes as a message of its own; no “Running …” is left', { timeout: 120_000 }, async () => {
    const { people, home, discord } = program;
    const live = people.command(home.ana, home.place, 'demo', { ...long, seed: 6 });
    const letGo = await holdRuns(program);
    const parked = await discord.world.until(
      () => live.outputs.find((message) => /takes longer/.test(textOf(message))),
      'the word',
      60_000,
    );
    expect(textOf(parked)).not.toMatch(/Running/);
    live.expired = true;
    letGo();
    const chart = await discord.world.until(
      () => discord.world.messages(home.place).find(({ files }) => files.length > 0),
      'the chart',
      90_000,
    );
    expect(chart.json.interaction_metadata).toBeUndefined();
    await discord.world.until(() => parked.deleted, 'the old message to go');
    expect(discord.world.messages(home.place).map(textOf).join()).not.toMatch(/Running|takes longer/);
  });
});
