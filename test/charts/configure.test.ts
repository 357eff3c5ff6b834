import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChartDataset } from 'chart.js';
import { expect, it } from 'vitest';
import { scale } from '../../src/charts/axes.ts';
import { configure } from '../../src/charts/configure.ts';
import type { Frame } from '../../src/charts/frame.ts';
import type { LinesChart, SinglePanel } from '../../src/charts/spec.ts';
import { DARK, LIGHT } from '../../src/charts/theme.ts';
import { stepTicks } from '../../src/charts/ticks.ts';

const frame: Frame = { width: 680, height: 430, theme: LIGHT, font: 'x', measure: (text) => 7 * text.length };
const phone: Frame = { ...frame, width: 320, height: 200, theme: DARK, page: true };
const lines = (more: Partial<LinesChart>): LinesChart => ({
  type: 'lines',
  title: 'A title',
  alt: 'a picture',
  x: { label: 'step' },
  y: { label: 'loss', scale: 'log' },
  lines: [],
  ...more,
});

it('charts, experiments and what they share run in a browser too: nothing of Node in them', () => {
  const root = join(import.meta.dirname, '../..');
  const files = globSync('src/{charts/*,experiments/**/*,demos/lib/*,demos/{demo,params,random,afford,checks,restore}}.ts', { cwd: root });
  expect(files.length).toBeGreaterThan(70);
  const foreign = files.filter((file) => {
    const imports = readFileSync(join(root, file), 'utf8').matchAll(/^import (?!type\b)[^;]*from '([^']+)'/gm);
    return [...imports].some(([, from]) => /^node:|^canvas$|chartjs-node-canvas|\/node\//.test(from!));
  });
  expect(foreign).toEqual([]);
});

it('a run that leaves the finite numbers is drawn to the edge once, and no further', () => {
  const y = [1, 1e3, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];
  const { config } = configure(lines({ lines: [{ name: 'a', x: [0, 1, 2, 3, 4], y }] }), frame);
  const drawn = (config.data.datasets[0] as ChartDataset<'line'>).data as unknown as { y: number | null }[];
  const top = (config.options!.scales!.y as { max: number }).max;
  expect(drawn.map((point) => point.y)).toEqual([1, 1e3, top, null, null]);
});

it('theory is dashed without points, and belongs to its curve in the key', () => {
  const spec = lines({
    lines: [
      { name: 'measured', x: [0, 1], y: [1, 2], low: [1, 1], high: [2, 3] },
      { name: 'other', x: [0, 1], y: [1, 3] },
      { name: 'theory', label: '', x: [0, 1], y: [1, 2], color: 0, dashed: true },
    ],
  });
  const { config, names } = configure(spec, phone);
  expect(names).toEqual([
    { name: 'measured', color: DARK.palette[0], datasets: [0, 1, 2, 4] },
    { name: 'other', color: DARK.palette[1], datasets: [3] },
  ]);
  expect(config.data.datasets[4]).toMatchObject({ pointRadius: 0, borderDash: [6, 5] });
});

it('ticks are whole where the quantity is, stand apart, and are fewer on a phone', () => {
  const ticks = (values: number[], on = frame) =>
    (scale({ label: '' }, values, on, 'x') as { ticks: { precision?: number; maxTicksLimit: number } }).ticks;
  expect(ticks([0, 1, 2, 3]).precision).toBe(0);
  expect(ticks([0, 0.5, 1]).precision).toBeUndefined();
  expect(ticks([0, 1], phone).maxTicksLimit).toBeLessThan(ticks([0, 1]).maxTicksLimit);
  const built = (...values: number[]) => ({ min: values[0]!, max: values.at(-1)!, ticks: values.map((value) => ({ value })) });
  expect(stepTicks(built(0, 2, 4, 6, 7))).toEqual([0, 2, 4, 6]);
  expect(stepTicks(built(1, 2, 4, 6, 8, 10))).toEqual([1, 2, 4, 6, 8, 10]);
  expect(stepTicks(built(0, 50, 100, 360), 90)).toEqual([0, 90, 180, 270, 360]);
});

it('no letter of a chart in the page is smaller than 11 CSS pixels', () => {
  const panels: SinglePanel[] = [
    lines({ lines: [{ name: 'a', x: [0, 1], y: [1, 2] }] }),
    { type: 'bars', title: '', alt: '', x: { label: '', categories: ['a'] }, y: { label: '' }, groups: [{ name: '', values: [1] }] },
  ];
  for (const panel of panels) {
    const fonts = JSON.stringify(configure(panel, phone).config.options).matchAll(/"size":(\d+)/g);
    for (const [, size] of fonts) expect(Number(size)).toBeGreaterThanOrEqual(11);
  }
});
