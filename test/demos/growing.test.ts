import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChartSpec } from '../../src/charts/spec.ts';
import type { Demo, Outcome, Sofar } from '../../src/demos/demo.ts';
import { growingChart } from '../../src/demos/growing.ts';
import { validateParams } from '../../src/demos/params.ts';
import { createRng } from '../../src/demos/random.ts';
import { demos } from '../../src/experiments/index.ts';
import { lightest } from '../helpers/lightest.ts';

/** Their charts need what comes after training, so they are shown by their loss until then. */
const BY_THEIR_CURVES = ['bert-layers'];

/** As quick as they can be, but with steps. */
const given = (demo: Demo) => ({ ...lightest(demo), ...(demo.name === 'bert-layers' && { steps: 20 }) });

/** Enough of each run: its beginning, and whenever something is added. */
const LOOKS = 12;

async function watch(demo: Demo): Promise<{ outcome: Outcome; looks: Sofar[] }> {
  const params = validateParams(demo.name, demo.params, given(demo));
  const looks: Sofar[] = [];
  const look = (sofar: Sofar) =>
    looks.length < LOOKS && looks.push(structuredClone({ series: sofar.series, measures: sofar.measures ?? {} }));
  const { run } = demo;
  const ctx = { tf, rng: createRng(5), seed: 5 };
  if (typeof run === 'function') return { outcome: await run({ ...ctx, progress: (_, sofar) => sofar && look(sofar()) }, params), looks };
  const results: unknown[] = [];
  for (let part = 0; part < run.count; part++) {
    const progress = (_: number, sofar?: () => unknown) => sofar && look(run.join([...results, sofar()], params));
    results.push(await run.part({ ...ctx, rng: createRng(5), progress }, params, part));
  }
  return { outcome: run.join(results, params), looks };
}

describe('a run that is under way', () => {
  afterEach(() => vi.unstubAllEnvs());
  const still: string[] = [];

  it.each(demos.map((demo) => [demo.name, demo] as const))(
    '%s is drawn by its own chart as far as it has come',
    { timeout: 30_000 },
    async (name, demo) => {
      const { outcome, looks } = await watch(demo);
      if (looks.length === 0) still.push(name);
      const params = validateParams(demo.name, demo.params, given(demo));
      const names = outcome.series.map((one) => one.name);
      // As in the page, where what is not measured yet is a dash in words that nobody sees.
      vi.stubEnv('NODE_ENV', 'production');
      for (const { series, measures = {} } of looks) {
        expect(names).toEqual(expect.arrayContaining(BY_THEIR_CURVES.includes(name) ? [] : series.map((one) => one.name)));
        for (const { x, y } of series) expect(x.length).toBe(y.length);
        expect(series.some(({ x }) => x.length > 0)).toBe(true);
        if (!BY_THEIR_CURVES.includes(name)) demo.chart({ series: [...series], measures, checks: [] }, params, 'zh');
        const spec = growingChart(demo, params, { series, measures }, 'Training …', 'en');
        expect([spec.title, spec.alt, spec.subtitle]).toEqual(['Training …', 'Training …', undefined]);
        expect(points(spec)).toBeGreaterThan(0);
      }
    },
  );

  it('is shown growing by every experiment but those that the documentation gives a reason for', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/lab.md'), 'utf8');
    const listed = text
      .split('## What does not grow')[1]!
      .split('\n## ')[0]!
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(still.sort()).toEqual(listed.flatMap((line) => [...line.split('|')[1]!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)).sort());
  });

  it('keeps the axes of the chart whose place it takes', () => {
    const demo = demos.find(({ name }) => name === 'sgd-floor')!;
    const params = validateParams(demo.name, demo.params, {});
    const sofar = { series: [{ name: '0.1', x: [1, 2], y: [3, 4] }] };
    const before = demo.chart(
      { series: [{ name: 'decay', x: [1, 900], y: [7, 8] }], measures: { 'floor:decay': 1 }, checks: [] },
      { ...params, rates: [] },
      'en',
    );
    const spec = growingChart(demo, params, sofar, 'Training …', 'en', before);
    expect(spec.type === 'lines' && [spec.x.also, spec.y.also]).toEqual([expect.arrayContaining([1, 900]), expect.arrayContaining([7, 8])]);
  });
});

/** How many numbers a chart draws. */
function points(spec: ChartSpec): number {
  switch (spec.type) {
    case 'multiples':
      return spec.panels.reduce((sum, panel) => sum + points(panel), 0);
    case 'lines':
      return spec.lines.flatMap(({ y }) => y.filter(Number.isFinite)).length;
    case 'bars':
      return spec.groups.flatMap(({ values }) => values.filter(Number.isFinite)).length;
    case 'heatmap':
      return spec.values.flat().filter((value) => value !== null && Number.isFinite(value)).length;
    case 'histogram':
      return spec.groups.flatMap(({ counts }) => counts).length;
    case 'scatter':
      return spec.groups.flatMap(({ y }) => y).length;
    case 'contour':
      return spec.grid.values.length;
    default:
      return spec satisfies never;
  }
}
