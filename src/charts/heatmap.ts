import type { ChartConfiguration, Plugin } from 'chart.js';
import { num, percent } from '../demos/lib/format.ts';
import { baseConfig, type Frame, scale } from './axes.ts';
import { background } from './plugins.ts';
import type { HeatMapChart } from './spec.ts';
import { THEME } from './theme.ts';

/** From low to high: light to dark blue, one hue, so that order survives every colour blindness and greyscale. */
const RAMP = ['#EAF2F8', '#B9D6EA', '#7FB2D6', '#3F86BB', '#0B5A94', '#063A63'];
const DIVERGED = '#D9D4CC';

/** Cells with their numbers written in; null cells are hatched grey and marked with a cross. */
export function heatmapConfig(spec: HeatMapChart, frame: Frame): ChartConfiguration {
  const columns = spec.x.categories;
  const rows = spec.y.categories;
  const finite = spec.values.flat().filter((value): value is number => value !== null && Number.isFinite(value));
  const tone = (value: number) => (spec.scale === 'log' ? Math.log10(Math.max(value, 1e-12)) : value);
  const low = Math.min(...finite.map(tone));
  const high = Math.max(...finite.map(tone));
  const share = (value: number) => (high > low ? (tone(value) - low) / (high - low) : 0.5);
  const cells = spec.values.flatMap((row, y) => row.map((value, x) => ({ x: columns[x]!, y: rows[y]!, v: value })));
  const fill = (value: number | null) =>
    value === null ? DIVERGED : RAMP[Math.min(RAMP.length - 1, Math.floor(share(value) * RAMP.length))]!;
  const write = (value: number | null) => (value === null ? '×' : spec.format === 'percent' ? percent(value) : num(value, 2));
  const texts: Plugin = {
    id: 'cellTexts',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      ctx.save();
      ctx.font = `${frame.small ? 12 : 13}px ${THEME.font}`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
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
      ctx.fillText(spec.scaleLabel, area.right, area.top - 5);
      ctx.restore();
    },
  };
  const axis = (which: HeatMapChart['x'], offset: boolean, reverse: boolean) => ({
    ...scale(which, [], frame),
    offset,
    reverse,
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
          borderWidth: 2,
          width: ({ chart }: { chart: { chartArea?: { width: number } } }) => (chart.chartArea?.width ?? 0) / columns.length - 2,
          height: ({ chart }: { chart: { chartArea?: { height: number } } }) => (chart.chartArea?.height ?? 0) / rows.length - 2,
        },
      ],
    },
    options: {
      ...baseConfig(spec, frame),
      scales: { x: axis(spec.x, true, false), y: axis(spec.y, true, false) },
    },
    plugins: [background, texts],
  };
  // The plug-in adds the chart type `matrix` at run time.
  return config as unknown as ChartConfiguration;
}
