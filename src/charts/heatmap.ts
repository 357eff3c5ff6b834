import type { Chart, ChartArea, ChartConfiguration, Plugin } from 'chart.js';
import { num, percent } from '../demos/lib/format.ts';
import { baseConfig, scale } from './axes.ts';
import { type Frame, sizes, textWidth } from './frame.ts';
import { background, equalUnits } from './plugins.ts';
import type { HeatMapChart } from './spec.ts';

/** Cells with their numbers written in where they fit, and a key of the colours above; null cells are grey with a cross. */
export function heatmapConfig(spec: HeatMapChart, frame: Frame): ChartConfiguration {
  const { theme } = frame;
  const { ramp } = theme;
  const columns = spec.x.categories;
  const rows = spec.y.categories;
  const finite = spec.values.flat().filter((value): value is number => value !== null && Number.isFinite(value));
  const tone = (value: number) => (spec.scale === 'log' ? Math.log10(Math.max(value, 1e-12)) : value);
  const [least, most] = spec.range ?? [Math.min(...finite), Math.max(...finite)];
  const [low, high] = [tone(least), tone(most)];
  const share = (value: number) => (high > low ? (tone(value) - low) / (high - low) : 0.5);
  const cells = spec.values.flatMap((row, y) => row.map((value, x) => ({ x: columns[x]!, y: rows[y]!, v: value })));
  const fill = (value: number | null) =>
    value === null ? theme.nothing : ramp[Math.min(ramp.length - 1, Math.floor(share(value) * ramp.length))]!;
  const write = (value: number | null) => (value === null ? '×' : spec.format === 'percent' ? percent(value) : num(value, 2));
  const gap = spec.fine ? 0 : 2;
  const size = frame.small && !frame.page ? 12 : sizes(frame).note;
  const widest = Math.max(...cells.map(({ v }) => textWidth(frame, write(v), size)));
  const texts: Plugin = {
    id: 'cellTexts',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      ctx.save();
      ctx.font = `${size}px ${frame.font}`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      if (!spec.fine && widest < area.width / columns.length - 4)
        cells.forEach(({ v }, i) => {
          const x = area.left + ((i % columns.length) + 0.5) * (area.width / columns.length);
          const y = area.top + (Math.floor(i / columns.length) + 0.5) * (area.height / rows.length);
          ctx.fillStyle = v === null ? theme.text : theme.onRamp[share(v) * ramp.length >= 3 ? 1 : 0];
          ctx.fillText(write(v), x, y);
        });
      // What the colours are, above the last column.
      ctx.fillStyle = theme.muted;
      ctx.textAlign = 'right';
      ctx.textBaseline = 'bottom';
      ctx.fillText(
        spec.scaleLabel,
        area.right - (finite.length > 0 ? drawKey(ctx, area, frame, write(least), write(most)) : 0),
        area.top - 5,
      );
      ctx.restore();
    },
  };
  const axis = (side: 'x' | 'y') => {
    const usual = scale(spec[side], [], frame, side);
    return {
      ...usual,
      offset: true,
      // Small cells have no room for the name of each.
      ...(spec.fine && { ticks: { ...usual.ticks, autoSkip: true, maxTicksLimit: frame.width < 400 ? 5 : 9 } }),
      grid: { display: false },
    };
  };
  const config = {
    type: 'matrix',
    data: {
      datasets: [
        {
          data: cells,
          backgroundColor: cells.map(({ v }) => fill(v)),
          borderColor: theme.background,
          borderWidth: spec.fine ? 0 : 2,
          width: ({ chart }: { chart: { chartArea?: { width: number } } }) => (chart.chartArea?.width ?? 0) / columns.length - gap,
          height: ({ chart }: { chart: { chartArea?: { height: number } } }) => (chart.chartArea?.height ?? 0) / rows.length - gap,
        },
      ],
    },
    options: {
      ...baseConfig(spec, frame, frame.page ? 12 : 24, true),
      scales: { x: axis('x'), y: axis('y') },
    },
    plugins: [background(frame), ...(spec.square ? [equalUnits({ columns: columns.length, rows: rows.length })] : []), texts],
  };
  // The plug-in adds the chart type `matrix` at run time.
  return config as unknown as ChartConfiguration;
}

/** The ramp from low to high above the plot, between its least and its largest value; returns the width that it took. */
function drawKey(ctx: Chart['ctx'], area: ChartArea, { theme }: Frame, low: string, high: string): number {
  const { ramp } = theme;
  const [cell, gap] = [14, 6];
  const top = area.top - 16;
  ctx.fillText(high, area.right, area.top - 5);
  const left = area.right - ctx.measureText(high).width - gap - ramp.length * cell;
  ramp.forEach((fill, i) => {
    ctx.fillStyle = fill;
    ctx.fillRect(left + i * cell, top, cell, 11);
  });
  ctx.fillStyle = theme.muted;
  ctx.fillText(low, left - gap, area.top - 5);
  return area.right - left + ctx.measureText(low).width + 3 * gap;
}
