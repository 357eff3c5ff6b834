import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDiscord } from '../../../src/adapters/discord/start.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { pressables, textOf } from '../../helpers/discord/reading.ts';
import type { Stored } from '../../helpers/discord/world.ts';
import { holdable, holdRuns } from '../../helpers/held-run.ts';
import { startProgram } from '../../helpers/playground.ts';

/** It runs long enough to be seen at work; then it is held. */
const LONG = { name: 'batchnorm-grid', parameters: 'gains:0.05,0.2,1,2,20 steps:200', seed: 7 };

describe('a run', () => {
  let program: DiscordProgram;
  let folder: string;
  const rows = () => program.services.store.db.selectFrom('under_way').selectAll().execute();
  const here = () => program.discord.world.messages(program.home.place);
  const running = async () => {
    const shown = () => here().find((message) => /Running/.test(textOf(message)));
    const message = await program.discord.world.until(shown, 'a message under way', 30_000);
    await holdRuns(program);
    return message;
  };
  const noted = async () => {
    for (let i = 0; i < 200 && (await rows()).length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await rows()).toHaveLength(1);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'interrupted-'));
    program = await startDiscordProgram({ folder, ...holdable, env: { LOG_LEVEL: 'silent' } });
  }, 60_000);
  afterEach(async () => {
    await program.close();
    expect(program.discord.problems).toEqual([]);
  });

  it('that was killed is told as interrupted at the next start, and cannot be cancelled any more', { timeout: 90_000 }, async () => {
    const { people, home, discord } = program;
    const live = people.command(home.ana, home.place, 'demo', LONG);
    const message = await running();
    await noted();
    // As a killed process: what it says reaches nobody any more.
    discord.mutate.request = (seen) => (seen.path.includes(live.token) ? [] : [seen]);
    const next = await startProgram({ folder, env: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url, LOG_LEVEL: 'silent' } });
    const adapter = await startDiscord(next.services, next.dispatch);
    await discord.world.until(() => /interrupted/.test(textOf(message)), 'the last word');
    expect(pressables(message)).toEqual([]);
    expect(await rows()).toEqual([]);
    await adapter.close();
    await next.close();
  });

  it('that a stop ends is told as interrupted before the program leaves', { timeout: 60_000 }, async () => {
    const { people, home } = program;
    people.command(home.ana, home.place, 'demo', LONG);
    const message = await running();
    await noted();
    await program.adapter.close();
    expect(textOf(message)).toMatch(/interrupted/);
    expect(pressables(message)).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('that somebody cancels says so once, to them', { timeout: 60_000 }, async () => {
    const { people, home } = program;
    const live = people.command(home.ana, home.place, 'demo', LONG);
    const press = people.press(home.ana, await running(), 'Cancel');
    const told = await people.answer(live);
    expect(textOf(told)).toMatch(/cancelled/);
    await people.acknowledged(press);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const said = (outputs: readonly Stored[]) => outputs.filter(({ deleted }) => !deleted).map(textOf);
    expect([...said(live.outputs), ...said(press.outputs)]).toEqual([textOf(told)]);
    expect(here()).toEqual([]);
    expect(await rows()).toEqual([]);
  });
});
