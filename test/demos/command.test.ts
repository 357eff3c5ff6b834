import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import { demoBlocks, present } from '../../src/demos/present.ts';
import { demos } from '../../src/experiments/index.ts';
import { createManualClock } from '../helpers/clock.ts';
import { startProgram } from '../helpers/playground.ts';
import { buttonsOf, openRoom } from '../helpers/room.ts';

const clock = createManualClock();
const program = await startProgram({ folder: mkdtempSync(join(tmpdir(), 'demo-')), clock, env: { TF_BACKEND: 'wasm' } });
const room = openRoom(program.services, program.dispatch);
afterAll(() => program.close());

it('says its seed and every parameter, so that the line repeats the run', async () => {
  const reply = await room.say('ann', '/demo gradient-descent curvature:16 seed:5');
  const line = /\/demo gradient-descent .*/.exec(toText(reply))![0];
  expect(line).toBe('/demo gradient-descent rates:0.072,0.0769231,0.0808 curvature:16 steps:60 momentum:0 seed:5');
  const again = await room.say('bob', line);
  expect(again.result).toMatchObject({ cached: true, measures: (reply.result as { measures: object }).measures });
});

it('changes one thing of the run that the button stands under, and keeps its seed', async () => {
  const reply = await room.say('ann', '/demo gradient-descent steps:80 curvature:16 seed:5');
  const momentum = buttonsOf(reply).find(({ label }) => label === 'with momentum')!;
  const { result } = await room.press('ann', momentum.id);
  expect(result).toMatchObject({ params: { steps: 80, curvature: 16, momentum: 0.444 }, seed: 5 });
  const fresh = buttonsOf(reply).find(({ label }) => label === 'New seed')!;
  const other = (await room.press('ann', fresh.id)).result as { params: object; seed: number };
  expect(other.params).toMatchObject({ steps: 80, curvature: 16 });
  expect(other.seed).not.toBe(5);
});

it('shows what diverged with the step', async () => {
  const diverged = toText(await room.say('ann', '/demo gradient-descent seed:5'));
  expect(diverged).toContain('η = 0.0808 diverges: from step 17 on');
});

it('shows a check that fails as failed', async () => {
  const run = await program.services.demos.run('gradient-descent', {}, 5, { owner: 'test' });
  const checks = run.outcome.checks.map((check, i) => (i === 1 ? { ...check, predicted: 0.5 } : check));
  const shown = demoBlocks(
    await present(program.services, { ...run, outcome: { ...run.outcome, checks } }, 'en'),
    'en',
    program.services.i18n('en'),
  );
  const table = shown.find(({ type }) => type === 'table') as { rows: string[][] };
  expect(table.rows.map((row) => row.at(-1))).toEqual(['✓ Yes', '✗ No', '✓ Yes']);
});

it('has a button for its note and room for all on one row', { timeout: 60_000 }, async () => {
  const reply = await room.say('ann', '/demo gradient-norms depth:3 width:8 seeds:1 activations:sigmoid,tanh,relu,linear,relu-bn');
  expect(buttonsOf(reply)).toHaveLength(5);
  expect(buttonsOf(reply).at(-1)!.label).toBe('Read the note');
  for (const demo of demos)
    for (const [i] of demo.variations.entries()) expect(`1~demo~vary~${demo.name}~${i}~4294967295`.length).toBeLessThanOrEqual(100);
});
