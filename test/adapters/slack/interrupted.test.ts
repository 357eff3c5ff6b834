import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holdable, holdRuns } from '../../helpers/held-run.ts';
import { buttonOf, elementsOf, history, openSlackBench, restartSlack, type SlackBench, until } from '../../helpers/slack/bench.ts';
import { visibleText } from '../../helpers/slack/block-kit.ts';
import type { Place } from '../../helpers/slack/payloads.ts';

/** It runs long enough to be seen at work; then it is held. */
const LONG = '/demo batchnorm-grid gains:0.05,0.2,1,2,20 steps:200';

let bench: SlackBench;
let place: Place;
let folder: string;
const member = (name: string) => bench.workspace.member(name);
const posts = () => history(bench.workspace, place.channel);
const rows = () => bench.program.services.store.db.selectFrom('under_way').selectAll().execute();
const running = async () => {
  const message = await until('a message under way', async () => (await posts()).find(({ text }) => /^Running/.test(text ?? '')));
  await holdRuns(bench.program);
  await until('its row', async () => (await rows()).length === 1);
  return message;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slack-interrupted-'));
  bench = await openSlackBench({ folder, mode: 'socket', freshSeed: () => 7, ...holdable, env: { LOG_LEVEL: 'silent' } });
  place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
});
afterEach(async () => {
  await bench.close();
  expect(bench.com.violations).toEqual([]);
});

it('a run that was killed is told as interrupted at the next start, and cannot be cancelled any more', { timeout: 90_000 }, async () => {
  await bench.driver.slash(place, member('alice'), LONG);
  const { ts } = await running();
  const killed = bench.program;
  // As a killed process: its calls reach nobody any more.
  bench.com.fail('chat.update', { error: 'fatal_error' }, 1_000, ({ text }) => /Running|cancelled/.test(String(text)));
  await restartSlack(bench, { folder, freshSeed: () => 7 });
  const told = await until('the last word', async () => (await posts()).find((one) => one.ts === ts && /interrupted/.test(one.text ?? '')));
  expect(elementsOf(told)).toEqual([]);
  await until('no row', async () => (await rows()).length === 0);
  expect(await posts()).toHaveLength(1);
  await killed.close();
});

it('a run that SIGTERM ends is told as interrupted before the program leaves', { timeout: 60_000 }, async () => {
  await bench.driver.slash(place, member('alice'), LONG);
  const { ts } = await running();
  const from = Date.now();
  await bench.adapter.close();
  expect(Date.now() - from).toBeLessThan(8_500);
  const told = (await posts()).find((one) => one.ts === ts)!;
  expect(told.text).toMatch(/interrupted/);
  expect(elementsOf(told)).toEqual([]);
  expect(await rows()).toEqual([]);
});

it('a run that somebody cancels says so once', { timeout: 60_000 }, async () => {
  await bench.driver.slash(place, member('alice'), LONG);
  const message = await running();
  const { hook } = await bench.driver.press(place, member('alice'), { message, element: buttonOf(message, 'Cancel') });
  const told = await until('the last word', async () =>
    (await posts()).find((one) => one.ts === message.ts && /cancelled/.test(one.text ?? '')),
  );
  expect(visibleText(told.blocks)).toMatch(/The run was cancelled/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(hook.responses).toEqual([]);
  expect(await posts()).toHaveLength(1);
  expect(await rows()).toEqual([]);
});
