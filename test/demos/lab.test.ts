import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { LOCALES } from '../../src/core/locale.ts';
import { createLog } from '../../src/create-services.ts';
import { nativeAvailable } from '../../src/demos/backend.ts';
import { compare } from '../../src/demos/checks.ts';
import { createDemos } from '../../src/demos/create.ts';
import { told } from '../../src/demos/demo.ts';
import { nameOf } from '../../src/demos/lib/names.ts';
import { validateParams } from '../../src/demos/params.ts';
import { claimCheck } from '../../src/demos/present.ts';
import { demos } from '../../src/experiments/index.ts';
import { checkContent } from '../../src/notes/check.ts';
import { loadContent } from '../../src/notes/load.ts';

const root = join(import.meta.dirname, '../..');
const config = {
  ...readConfig({ TF_BACKEND: 'wasm' }, 'no.env'),
  cacheDir: mkdtempSync(join(tmpdir(), 'lab-')),
  contentDir: join(root, 'content'),
};
const lab = createDemos({ config, log: createLog('silent') });
const native = nativeAvailable()
  ? createDemos({
      config: { ...config, tfBackend: 'native', cacheDir: mkdtempSync(join(tmpdir(), 'lab-')) },
      log: createLog('silent'),
    })
  : undefined;
const content = loadContent(config.contentDir);
afterAll(async () => {
  await lab.close();
  await native?.close();
});

const SEED = 11;
const owner = 'test';

describe('the registry', () => {
  it('holds every file of the folders', () => {
    const files = globSync('src/experiments/*/*.ts', { cwd: root });
    expect(files.filter((file) => !readFileSync(join(root, file), 'utf8').includes('export default defineDemo('))).toEqual([]);
    expect(demos.map(({ name }) => name).sort()).toEqual(files.map((file) => file.replace(/^.*\/|\.ts$/g, '')).sort());
  });

  it.each(demos.map((demo) => [demo.name, demo] as const))('%s is worded in both languages', (_name, demo) => {
    const texts = [
      demo.title,
      demo.summary,
      ...[demo.predict.question, demo.predict.why].filter((text) => typeof text !== 'function'),
      ...told(demo.predict.options, validateParams(demo.name, demo.params, {})).map(({ text }) => text),
      ...demo.variations.map(({ label }) => label),
      ...Object.values(demo.params).map(({ description }) => description),
    ];
    for (const text of texts) for (const locale of LOCALES) expect(text[locale], JSON.stringify(text)).toBeTruthy();
    expect(demo.topics.length).toBeGreaterThan(0);
  });
});

/**
 * How far the backends may be apart: they sum in another order, in 32 bits. Training multiplies such differences up, so
 * there what was learnt is compared, by the checks, and of the numbers only these.
 */
const APART = 2e-3;
const TRAINED: Record<string, readonly string[]> = {
  'bert-layers': ['hidden-states', 'bank-cosine:0', 'cls-cosine:0'],
  'batchnorm-grid': [],
  'training-plateau': ['loss:sigmoid'],
};

function expectAlike(name: string, a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): void {
  expect(Object.keys(a)).toEqual(Object.keys(b));
  for (const key of TRAINED[name] ?? Object.keys(a)) {
    const gap = Math.abs(a[key]! - b[key]!);
    expect(gap, `${name} ${key}: ${a[key]} and ${b[key]}`).toBeLessThanOrEqual(APART * Math.max(1e-2, Math.abs(a[key]!)));
  }
}

if (!native) console.info('The native backend is not set up (npm run setup:native): the demos are tested on WASM alone.');

describe('every demo with its defaults', () => {
  it.each(demos.map((demo) => [demo.name, demo] as const))(
    '%s agrees with theory on every backend, draws, and says what it shows',
    { timeout: 300_000 },
    async (name, demo) => {
      const run = await lab.run(name, {}, SEED, { owner });
      expect(run.backend).toContain('wasm');
      const runs = [run, ...(native ? [await native.run(name, {}, SEED, { owner })] : [])];
      for (const { backend, outcome } of runs) {
        const checks = compare(outcome.checks, outcome.measures, 'en');
        expect(checks.length).toBeGreaterThan(0);
        expect(
          checks.filter(({ ok }) => !ok),
          backend,
        ).toEqual([]);
        expectAlike(name, run.outcome.measures, outcome.measures);
      }
      // A table that people read shows words, not keys.
      for (const key of [...Object.keys(run.outcome.measures), ...run.outcome.series.map((one) => one.name)])
        for (const part of key.split(':').filter((one) => /[a-z][-/][a-z]/.test(one))) expect(nameOf(demo, key, 'zh')).not.toContain(part);
      const outcome = demo.predict.outcome(run.outcome, run.params);
      expect(told(demo.predict.options, run.params).map(({ id }) => id)).toContain(outcome);
      for (const locale of LOCALES) {
        expect(demo.reading(run.outcome, run.params, locale).split('\n')).toHaveLength(2);
        const image = await lab.draw(run, locale);
        expect(image.alt.length).toBeGreaterThan(30);
        expect(Buffer.from(image.png.subarray(1, 4)).toString()).toBe('PNG');
        expect(image.width).toBeGreaterThan(1000);
        expect(image.png.length).toBeLessThan(200_000);
      }
    },
  );

  // Set-ups beside the defaults that theory or a paper gives numbers for.
  it.each([
    ['saturation', { weight: '0.6', bias: '0.9' }, { 'step:mse': 36, 'step:cross-entropy': 8 }],
    ['boosting-residuals', { rates: '1,1.9,2.1' }, { 'monotone:1.9': 1, 'monotone:2.1': 0 }],
    ['gradient-norms', { activations: 'relu-bn', depth: '20' }, {}],
    ['batchnorm-statistics', { momentum: '0.9' }, {}],
    ['training-plateau', { remedies: 'sigmoid', rate: '1', seeds: '2' }, {}],
    ['training-plateau', { remedies: 'linear', seeds: '2' }, {}],
  ])('%s %j agrees with theory', { timeout: 120_000 }, async (name, params, exact) => {
    const { outcome } = await lab.run(name, params, SEED, { owner });
    expect(outcome.checks.length).toBeGreaterThan(0);
    expect(compare(outcome.checks, outcome.measures, 'en').filter(({ ok }) => !ok)).toEqual([]);
    expect(outcome.measures).toMatchObject(exact);
  });

  it('gives the same numbers for the same seed, others for another', { timeout: 60_000 }, async () => {
    const fresh = createDemos({
      config: { ...config, cacheDir: mkdtempSync(join(tmpdir(), 'lab-')) },
      log: createLog('silent'),
    });
    const first = await lab.run('gradient-norms', { depth: 6, seeds: 3 }, 5, { owner });
    const again = await fresh.run('gradient-norms', { depth: 6, seeds: 3 }, 5, { owner });
    const other = await fresh.run('gradient-norms', { depth: 6, seeds: 3 }, 6, { owner });
    await fresh.close();
    expect(again.cached).toBe(false);
    expect(again.outcome).toEqual(first.outcome);
    expect(other.outcome.measures).not.toEqual(first.outcome.measures);
  });
});

describe('the notes', () => {
  it('have no problem that content:check finds', () => {
    expect(checkContent(content, config.contentDir, demos)).toEqual([]);
  });

  const claims = [...content.topics.values()].flatMap((topic) => topic.claims.map((claim) => ({ name: `${topic.id}/${claim.id}`, claim })));
  it.each(claims)('$name comes out as claimed', { timeout: 200_000 }, async ({ claim }) => {
    const run = await lab.run(claim.demo, claim.params, SEED, { owner });
    const [check] = compare([claimCheck(claim)], run.outcome.measures, 'en');
    expect(check!.measured).toBeGreaterThanOrEqual(check!.predicted - check!.tolerance);
    expect(check!.measured).toBeLessThanOrEqual(check!.predicted + check!.tolerance);
  });
});

describe('a run', () => {
  it('is cancelled at once, and the worker is replaced', { timeout: 60_000 }, async () => {
    let started = () => {};
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const run = lab.run('batchnorm-grid', { steps: 150 }, 1, {
      owner: 'impatient',
      onProgress: ({ fraction }) => fraction > 0 && started(),
    });
    const failed = expect(run).rejects.toMatchObject({ code: 'run-cancelled' });
    await running;
    expect(await lab.cancel('impatient')).toBe(1);
    await failed;
    expect(await lab.cancel('impatient')).toBe(0);
    expect((await lab.run('gradient-descent', {}, 3, { owner })).outcome.checks.length).toBe(3);
  });

  it.each([
    ['gradient-norms', { depth: '-3' }, 'parameter-out-of-range'],
    ['gradient-norms', { depth: '1e9' }, 'parameter-out-of-range'],
    ['gradient-norms', { dept: '3' }, 'unknown-parameter-did-you-mean'],
    ['gradient-norms', { activations: 'sigmoid,swish' }, 'parameter-out-of-range'],
    ['gradient-descent', { rates: '' }, 'parameter-out-of-range'],
    ['gradent-norms', {}, 'unknown-demo-did-you-mean'],
    ['🙂', {}, 'unknown-demo'],
  ])('refuses %s %j', async (name, params, code) => {
    await expect(lab.run(name, params, 1, { owner })).rejects.toMatchObject({ code });
  });

  it('reports what diverged instead of drawing it blank', async () => {
    const run = await lab.run('gradient-descent', { rates: '3', curvature: '1000', steps: '1000' }, 1, {
      owner,
    });
    expect(run.outcome.diverged?.[0]?.name).toBe('η = 3');
    const image = await lab.draw(run, 'en');
    expect(image.png.length).toBeGreaterThan(5_000);
  });
});
