import type { Chart, ChartArea, ChartConfiguration, Plugin } from 'chart.js';
import { num, percent } from '../demos/lib/format.ts';
import { baseConfig, type Frame, scale } from './axes.ts';
import { background } from './plugins.ts';
import type { HeatMapChart } from './spec.ts';
import { THEME } from './theme.ts';

/** From low to high: light to dark blue, one hue, so that order survives every colour blindness and greyscale. */
const RAMP = ['#EAF2F8', '#B9D6EA', '#7FB2D6', '#3F86BB', '#0B5A94', '#063A63'];
const DIVERGED = '#D9D4CC';

/** Cells with their numbers written in, or a key of the colours above; null cells are grey and marked with a cross. */
export function heatmapConfig(spec: HeatMapChart, frame: Frame): ChartConfiguration {
  const columns = spec.x.categories;
  const rows = spec.y.categories;
  const finite = spec.values.flat().filter((value): value is number => value !== null && Number.isFinite(value));
  const tone = (value: number) => (spec.scale === 'log' ? Math.log10(Math.max(value, 1e-12)) : value);
  const [least, most] = spec.range ?? [Math.min(...finite), Math.max(...finite)];
  const [low, high] = [tone(least), tone(most)];
  const share = (value: number) => (high > low ? (tone(value) - low) / (high - low) : 0.5);
  const cells = spec.values.flatMap((row, y) => row.map((value, x) => ({ x: columns[x]!, y: rows[y]!, v: value })));
  const fill = (value: number | null) =>
    value === null ? DIVERGED : RAMP[Math.min(RAMP.length - 1, Math.floor(share(value) * RAMP.length))]!;
  const write = (value: number | null) => (value === null ? '×' : spec.format === 'percent' ? percent(value) : num(value, 2));
  const gap = spec.key ? 0 : 2;
  const texts: Plugin = {
    id: 'cellTexts',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      ctx.save();
      ctx.font = `${frame.small ? 12 : 13}px ${THEME.font}`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      if (!spec.key)
        cells.forEach(({ v }, i) => {
          const x = area.left + ((i % columns.length) + 0.5) * (area.width / columns.length);
          const y = area.top + (Math.floor(i / columns.length) + 0.5) * (area.height / rows.length);
          ctx.fillStyle = v !== null && share(v) > 0.5 ? '#FFFFFF' : THEME.text;
          ctx.fillText(write(v), x, y);
        });
      // What the numbers are, above the last column.
      ctx.fillStyle = THEME.muted;
      ctx.textAlign = 'right';
      ctx.textBaseline = 'bottom';
      ctx.fillText(spec.scaleLabel, area.right - (spec.key ? drawKey(ctx, area, write(least), write(most)) : 0), area.top - 5);
      ctx.restore();
    },
  };
  const axis = (which: HeatMapChart['x'], offset: boolean, reverse: boolean) => ({
    ...scale(which, [], frame),
    offset,
    reverse,
    // Small cells have no room for the name of each.
    ...(spec.key && { ticks: { ...scale(which, [], frame).ticks, autoSkip: true, maxTicksLimit: 9 } }),
    grid: { display: false },
  });
  const config = {
    type: 'matrix',
    data: {
      datasets: [
        {
          data: cells,
          backgroundColor: cells.map(({ v }) => fill(v)),
          borderColor: THEME.background,
          borderWidth: spec.key ? 0 : 2,
          width: ({ chart }: { chart: { chartArea?: { width: number } } }) => (chart.chartArea?.width ?? 0) / columns.length - gap,
          height: ({ chart }: { chart: { chartArea?: { height: number } } }) => (chart.chartArea?.height ?? 0) / rows.length - gap,
        },
      ],
    },
    options: {
      ...baseConfig(spec, frame, 24, spec.key),
      scales: { x: axis(spec.x, true, false), y: axis(spec.y, true, false) },
    },
    plugins: [background, texts],
  };
  // The plug-in adds the chart type `matrix` at run time.
  return config as unknown as ChartConfiguration;
}

/** The ramp from low to high above the plot, between its least and its largest value; returns the width that it took. */
function drawKey(ctx: Chart['ctx'], area: ChartArea, low: string, high: string): number {
  const [cell, gap] = [14, 6];
  const top = area.top - 16;
  ctx.fillText(high, area.right, area.top - 5);
  const ramp = area.right - ctx.measureText(high).width - gap - RAMP.length * cell;
  RAMP.forEach((fill, i) => {
    ctx.fillStyle = fill;
    ctx.fillRect(ramp + i * cell, top, cell, 11);
  });
  ctx.fillStyle = THEME.muted;
  ctx.fillText(low, ramp - gap, area.top - 5);
  return area.right - ramp + ctx.measureText(low).width + 3 * gap;
}
