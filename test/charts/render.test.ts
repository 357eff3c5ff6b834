import { createCanvas, loadImage } from 'canvas';
import { describe, expect, it } from 'vitest';
import { heatmapConfig } from '../../src/charts/heatmap.ts';
import { renderChart } from '../../src/charts/node/render.ts';
import type { ChartSpec, SinglePanel } from '../../src/charts/spec.ts';
import { contrast, DARK, LIGHT, PNG } from '../../src/charts/theme.ts';
import { logBounds, logLabel, logTicks } from '../../src/charts/ticks.ts';

const text = { title: '梯度 Gradient', alt: 'a picture' };
const panels: Record<string, SinglePanel> = {
  lines: {
    ...text,
    type: 'lines',
    x: { label: 'x' },
    y: { label: 'y', scale: 'log' },
    lines: [{ name: 'a', x: [1, 2, 3], y: [1e-8, 1e-3, 1], low: [1e-9, 1e-4, 0.1], high: [1e-7, 1e-2, 2] }],
    references: [{ axis: 'y', value: 0.1, label: 'r' }],
  },
  'lines with NaN and zero on a log axis': {
    ...text,
    type: 'lines',
    x: { label: 'x' },
    y: { label: 'y', scale: 'log' },
    lines: [{ name: 'a', x: [1, 2, 3], y: [0, Number.NaN, 1] }],
  },
  'lines without data': {
    ...text,
    type: 'lines',
    x: { label: 'x' },
    y: { label: 'y' },
    lines: [{ name: 'a', x: [], y: [] }],
  },
  scatter: {
    ...text,
    type: 'scatter',
    x: { label: 'x' },
    y: { label: 'y' },
    identity: true,
    groups: [
      { name: 'a', x: [1, 2], y: [2, 1] },
      { name: 'b', x: [1], y: [1] },
    ],
  },
  bars: {
    ...text,
    type: 'bars',
    x: { label: 'x', categories: ['a', 'b'] },
    y: { label: 'y' },
    groups: [
      { name: 'one', values: [1, -2] },
      { name: 'two', values: [3, 4] },
    ],
  },
  histogram: {
    ...text,
    type: 'histogram',
    x: { label: 'x' },
    y: { label: 'y' },
    groups: [{ name: 'a', edges: [0, 1, 2], counts: [3, 4] }],
  },
  heatmap: {
    ...text,
    type: 'heatmap',
    x: { label: 'x', categories: ['1', '2'] },
    y: { label: 'y', categories: ['a', 'b'] },
    values: [
      [1, null],
      [0.1, 10],
    ],
    scaleLabel: 'loss',
    scale: 'log',
  },
  contour: {
    ...text,
    type: 'contour',
    x: { label: 'x', min: -1, max: 1 },
    y: { label: 'y', min: -1, max: 1 },
    grid: {
      xs: [-1, 0, 1],
      ys: [-1, 0, 1],
      values: [
        [2, 1, 2],
        [1, 0, 1],
        [2, 1, 2],
      ],
    },
    levels: [0.5, 1.5],
    paths: [{ name: 'p', x: [1, 0], y: [1, 0] }],
  },
};

async function pixels(png: Uint8Array, width: number, height: number): Promise<Uint8ClampedArray> {
  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext('2d');
  ctx.drawImage(await loadImage(Buffer.from(png)), 0, 0);
  return ctx.getImageData(0, 0, width, height).data;
}

it('heat maps of one range colour the same value alike', () => {
  const colours = (values: number[][], range?: [number, number]) => {
    const spec = { ...panels.heatmap, values, ...(range && { range }) } as Extract<ChartSpec, { type: 'heatmap' }>;
    return heatmapConfig(spec, { width: 680, height: 430, theme: LIGHT, font: PNG.font, measure: (text) => 7 * text.length }).data
      .datasets[0]!.backgroundColor as string[];
  };
  const [one, two] = [[[0.01, 0.6]], [[0.6, 3]]];
  expect(colours(one)[1]).not.toBe(colours(two)[0]);
  expect(colours(one, [0.01, 3])[1]).toBe(colours(two, [0.01, 3])[0]);
  expect(new Set(colours([[0.01, 0.6, 3]], [0.01, 3])).size).toBe(3);
});

describe('every kind of panel', () => {
  const multiples: ChartSpec = {
    ...text,
    type: 'multiples',
    columns: 2,
    panels: [panels.lines!, panels.bars!],
  };
  it.each([...Object.entries(panels), ['multiples', multiples] as const])(
    '%s becomes an opaque picture with something on it',
    async (_name, spec) => {
      const { png, width, height } = await renderChart(spec as ChartSpec);
      const data = await pixels(png, width, height);
      const background = LIGHT.background.match(/[0-9A-F]{2}/gi)!.map((hex) => Number.parseInt(hex, 16));
      let drawn = 0;
      for (let i = 0; i < data.length; i += 4) {
        expect.soft(data[i + 3] === 255 || i > 400_000).toBe(true);
        if (Math.abs(data[i]! - background[0]!) + Math.abs(data[i + 1]! - background[1]!) > 30) drawn++;
        if (i > 400_000 && drawn > 2_000) break;
      }
      expect(drawn).toBeGreaterThan(1_000);
    },
  );
});

it.each([
  ['wide', 4, 1],
  ['tall', 1, 4],
])('draws a unit as long on both axes where angles matter, in a %s view', async (_name, halfWidth, halfHeight) => {
  const spec: ChartSpec = {
    ...(panels.contour as Extract<SinglePanel, { type: 'contour' }>),
    equal: true,
    x: { label: 'x', min: -halfWidth, max: halfWidth },
    y: { label: 'y', min: -halfHeight, max: halfHeight },
    levels: [],
    paths: [{ name: '', x: [-0.8, 0.8, 0.8, -0.8], y: [-0.8, -0.8, 0.8, 0.8], color: 2 }],
  };
  const { png, width, height } = await renderChart(spec);
  const data = await pixels(png, width, height);
  const [red, green, blue] = LIGHT.palette[2]!.match(/[0-9A-F]{2}/gi)!.map((hex) => Number.parseInt(hex, 16)) as [number, number, number];
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let i = 0; i < data.length; i += 4)
    if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) {
      xs.push((i / 4) % width);
      ys.push(Math.floor(i / 4 / width));
    }
  const extent = (values: number[]) =>
    values.reduce((high, value) => Math.max(high, value)) - values.reduce((low, value) => Math.min(low, value));
  expect(extent(ys)).toBeGreaterThan(80);
  expect(Math.abs(extent(xs) / extent(ys) - 1)).toBeLessThan(0.02);
});

it('has a glyph for everything that charts write', async () => {
  await renderChart(panels.lines!);
  const draw = (letter: string) => {
    const canvas = createCanvas(60, 60);
    const ctx = canvas.getContext('2d');
    ctx.font = `32px ${PNG.font}`;
    ctx.fillText(letter, 10, 40);
    return canvas.toBuffer('image/png').toString('base64');
  };
  // What a missing character looks like.
  const tofu = draw('\u{10FFFD}');
  const blank = draw(' ');
  for (const letter of '⁰¹²³⁴⁵⁶⁷⁸⁹⁻‖∂∇δσηνρκλ·×±√≤′ᵀ½¼…梯度批归一化，（）：；“”层种子') {
    expect([tofu, blank], letter).not.toContain(draw(letter));
  }
});

describe('log axes', () => {
  it('show clean powers of ten over many decades', () => {
    expect(logBounds([3e-8, 0.04])).toEqual({ min: 1e-8, max: 0.1 });
    expect(logTicks(1e-8, 1).map(logLabel)).toEqual(['10⁻⁸', '10⁻⁷', '10⁻⁶', '10⁻⁵', '10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '1']);
    expect(logTicks(1e-30, 1).length).toBeLessThanOrEqual(10);
  });

  it('show 1–2–5 steps over little more than one', () => {
    expect(logTicks(0.02, 0.6)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5].map((value) => expect.closeTo(value, 12)));
  });

  it('survive values that have no logarithm', () => {
    expect(logBounds([0, -1, Number.NaN])).toEqual({ min: 0.1, max: 10 });
  });
});

it.each([
  ['light', LIGHT],
  ['dark', DARK],
])('has %s colours that stand out from the card (WCAG AA, since names are written in them), and from each other', (_name, theme) => {
  for (const colour of [...theme.palette, theme.text, theme.muted])
    expect(contrast(colour, theme.background), colour).toBeGreaterThanOrEqual(4.5);
  expect(contrast(theme.reference, theme.background)).toBeGreaterThanOrEqual(3);
  expect(new Set(theme.palette).size).toBe(theme.palette.length);
  // The numbers in the cells of a heat map, and order by lightness alone.
  theme.ramp.forEach((fill, i) => expect(contrast(theme.onRamp[i >= 3 ? 1 : 0], fill), fill).toBeGreaterThanOrEqual(4.5));
  const steps = theme.ramp.map((fill) => contrast(fill, theme.background));
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});
