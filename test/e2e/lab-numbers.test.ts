import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare } from '../../src/demos/checks.ts';
import type { Outcome } from '../../src/demos/demo.ts';
import { demos } from '../../src/experiments/index.ts';
import { chromiumPath, openBrowser, type Visitors } from '../helpers/browser.ts';
import { lightest } from '../helpers/lightest.ts';
import { startPlayground } from '../helpers/playground.ts';

/**
 * The WASM is the same to the last bit; JavaScript's own exp, log and sin are not: browsers and Node round them
 * differently in the last digit, and a sum of such values that cancel is nothing but that.
 */
const DIGITS = 1e-9;

/** Runs one order in a worker of the page, as the lab does; what is no number comes as a word. */
type Run = (order: { demo: string; params: object; seed: number }) => Promise<Pick<Outcome, 'series' | 'measures'> & { failed?: string }>;

/** What the page is given: `run(order)`, which sends the order to a worker of the page's own. */
const RUNNER = `{
  const worker = new Worker(document.querySelector('meta[name="worker"]').content, { type: 'module' });
  let last = 0;
  globalThis.run = (order) => new Promise((resolve) => {
    const id = ++last;
    const failed = (message) => resolve({ series: [], measures: {}, failed: message });
    worker.addEventListener('message', ({ data }) => {
      if (data.kind === 'unable') failed(data.message);
      if (data.id !== id || data.kind === 'progress') return;
      if (data.kind === 'done') resolve(data.outcome);
      else failed(data.message);
    });
    worker.postMessage({ id, ...order });
  });
}`;

describe.skipIf(!chromiumPath)('the page computes', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'lab-numbers-')), env: { TF_BACKEND: 'wasm' } });
    visitors = await openBrowser();
  });
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  it('the same numbers as the server’s WASM to nine digits, in every experiment (lightest parameters, one seed)', async () => {
    const { page, close } = await visitors.visit(`${playground.url}/notes`);
    await page.waitForSelector('main h1');
    await page.evaluate(RUNNER);
    const different: string[] = [];
    for (const demo of demos) {
      const { params, outcome } = await playground.services.demos.run(demo.name, lightest(demo), 7, { owner: 'test' });
      const here = await page.evaluate((order) => (globalThis as unknown as { run: Run }).run(order), { demo: demo.name, params, seed: 7 });
      expect(here.failed, demo.name).toBeUndefined();
      const shape = ({ series, measures }: typeof here) => [Object.keys(measures), series.map(({ name, x }) => [name, x.length])];
      expect(shape(here), demo.name).toEqual(shape(outcome));
      const { name, gap } = largestGap(here, outcome);
      if (!(gap <= DIGITS)) different.push(`${demo.name} ${name}: ${gap}`);
      const oks = (measures: Outcome['measures']) => compare(outcome.checks, measures, 'en').map(({ ok }) => ok);
      expect(oks(here.measures), demo.name).toEqual(oks(outcome.measures));
    }
    expect(different).toEqual([]);
    await close();
  });

  it('logged no error', () => {
    expect(visitors.errors).toEqual([]);
  });
});

/** Where two runs differ most, relative to a number above 1. */
function largestGap(one: Pick<Outcome, 'measures' | 'series'>, other: typeof one): { name: string; gap: number } {
  const gap = (a: number, b: number) => (Object.is(a, b) ? 0 : Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b)));
  const gaps = [
    ...Object.keys(other.measures).map((name) => ({ name, gap: gap(one.measures[name]!, other.measures[name]!) })),
    ...other.series.flatMap(({ name, x, y }, i) =>
      y.flatMap((value, j) => [
        { name, gap: gap(one.series[i]!.y[j]!, value) },
        { name, gap: gap(one.series[i]!.x[j]!, x[j]!) },
      ]),
    ),
  ];
  return gaps.reduce((worst, next) => (next.gap <= worst.gap ? worst : next), { name: '', gap: 0 });
}
