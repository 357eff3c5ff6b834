import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/create-services.ts';
import { createDemos } from '../../src/demos/create.ts';
import type { DemoRun } from '../../src/demos/service.ts';
import { demos } from '../../src/experiments/index.ts';
import { faultsOf } from './sweep/examine.ts';
import { sweep } from './sweep/run.ts';
import { truths } from './sweep/truths.ts';

const config = { ...readConfig({ TF_BACKEND: 'wasm' }, 'no.env'), cacheDir: mkdtempSync(join(tmpdir(), 'sweep-')) };
const lab = createDemos({ config, log: createLog('silent') });
afterAll(() => lab.close());

/** These train for seconds; `npm run demos:sweep` runs them at all their settings. */
const SLOW: Record<string, Record<string, unknown>> = {
  'batchnorm-grid': { steps: 20, seeds: 1 },
  'training-plateau': { depth: 2, steps: 20, seeds: 1 },
  'bert-layers': { layers: 1, steps: 20 },
};
const quick = demos.filter(({ name }) => !(name in SLOW));

describe('what an experiment says is true of the run', () => {
  it.each(quick.map((demo) => [demo.name, demo] as const))(
    '%s at its ends and at random settings',
    { timeout: 120_000 },
    async (_name, demo) => {
      // The largest settings are for the long sweep, except where they are quick or refused at once.
      const quickest = demo.deadline <= 20_000;
      const which = ({ name }: { name: string }) => quickest || !name.endsWith('most') || (demo.cost !== undefined && name === 'all most');
      for await (const { setting, faults } of sweep(lab, demo, { count: 2, seed: 2026, which }))
        expect(faults, JSON.stringify(setting)).toEqual([]);
    },
  );

  it.each(Object.entries(SLOW))('%s in a short run', { timeout: 60_000 }, async (name, given) => {
    expect(faultsOf(await lab.run(name, given, 5, { owner: 'sweep' }))).toEqual([]);
  });

  it('has a truth for every experiment', () => {
    expect(Object.keys(truths).sort()).toEqual(demos.map(({ name }) => name).sort());
  });
});

describe('the sweep finds', () => {
  const broken = async (change: (run: DemoRun) => DemoRun) =>
    faultsOf(change(await lab.run('gradient-descent', {}, 1, { owner: 'sweep' })));

  it('a sentence that the numbers do not bear out, and one that nobody has a guard for', async () => {
    const calm = (run: DemoRun): DemoRun => ({
      ...run,
      outcome: { ...run.outcome, series: run.outcome.series.map((one) => ({ ...one, y: one.y.map(() => 1) })) },
    });
    expect(await broken(calm)).toContainEqual(expect.stringMatching(/^untrue: η = 0.0808 diverges/));
    const silly = (run: DemoRun): DemoRun => ({ ...run, demo: { ...run.demo, reading: () => 'Momentum helps.' } });
    expect(await broken(silly)).toContainEqual('0 guards know: Momentum helps.');
  });

  it('numbers that are none, in measures, series and words, and a vote that nobody could have cast', async () => {
    const lost = (run: DemoRun): DemoRun => ({
      ...run,
      demo: { ...run.demo, predict: { ...run.demo.predict, outcome: () => 'sideways' }, reading: () => 'NaN steps' },
      outcome: { ...run.outcome, measures: { ...run.outcome.measures, extra: Number.NaN } },
    });
    const faults = await broken(lost);
    expect(faults).toEqual(expect.arrayContaining(['measure extra is NaN', 'en: NaN steps', expect.stringContaining('sideways')]));
  });

  it('a prediction that does not come out', async () => {
    const off = (run: DemoRun): DemoRun => ({
      ...run,
      outcome: { ...run.outcome, checks: run.outcome.checks.map((check) => ({ ...check, predicted: 9 })) },
    });
    expect(await broken(off)).toContainEqual(expect.stringMatching(/^check contraction:0.072: /));
  });
});

describe('a run that would not end in time', () => {
  it('is refused before it starts, with a change that makes it fit, and so is a vote on it', async () => {
    const given = { depth: '50', width: '256', seeds: '50' };
    const refusal = await lab.run('gradient-norms', given, 1, { owner: 'a' }).catch((error) => error);
    expect(refusal).toMatchObject({ code: 'run-too-heavy', params: { change: expect.stringMatching(/^seeds:\d+$/) } });
    const seeds = refusal.params.change.split(':')[1];
    expect(lab.resolve('gradient-norms', { ...given, seeds }).params).toMatchObject({ seeds: Number(seeds) });
    // It names the least change: one more would not fit.
    expect(() => lab.resolve('gradient-norms', { ...given, seeds: Number(seeds) + 2 })).toThrow('run-too-heavy');
    expect(() => lab.resolve('gradient-norms', given)).toThrow('run-too-heavy');
  });
});
