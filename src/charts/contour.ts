import type { Chart, ChartConfiguration, Plugin } from 'chart.js';
import { baseConfig, scale } from './axes.ts';
import type { Drawing } from './configure.ts';
import { type Frame, sizes } from './frame.ts';
import { background, equalUnits, keyPlugin } from './plugins.ts';
import type { ContourChart } from './spec.ts';
import { color } from './theme.ts';

/** Level lines of a function over a grid (marching squares), with paths and arrows on top. */
export function contourConfig(spec: ContourChart, frame: Frame): Drawing {
  const { theme } = frame;
  const { xs, ys } = spec.grid;
  const x = { ...spec.x, min: spec.x.min ?? xs[0]!, max: spec.x.max ?? xs.at(-1)! };
  const y = { ...spec.y, min: spec.y.min ?? ys[0]!, max: spec.y.max ?? ys.at(-1)! };
  const names = spec.paths.flatMap(({ name, color: own }, i) => (name ? [{ name, color: color(theme, own ?? i), datasets: [i] }] : []));
  const labels = names.map(({ name, color: stroke }) => ({ name, stroke }));
  const levels: Plugin = { id: 'levels', beforeDatasetsDraw: (chart) => drawLevels(chart, spec, frame) };
  const arrows: Plugin = { id: 'arrows', afterDatasetsDraw: (chart) => drawArrows(chart, spec, frame) };
  const config = {
    type: 'scatter',
    data: {
      datasets: spec.paths.map((path, i) => ({
        label: path.name,
        data: path.x.map((value, j) => ({ x: value, y: path.y[j]! })),
        showLine: path.points === undefined,
        borderColor: color(theme, path.color ?? i),
        backgroundColor: path.points === 'ring' ? 'transparent' : color(theme, path.color ?? i),
        borderWidth: 2,
        pointBorderWidth: path.points === 'ring' ? 2 : 0,
        pointRadius: path.points === 'ring' ? 7 : path.points === 'filled' ? 3.5 : path.x.length > 200 ? 0 : 2.5,
      })),
    },
    options: {
      ...baseConfig(spec, frame, frame.page ? 12 : 24, labels.length > 0 && !frame.page),
      scales: { x: scale(x, xs, frame, 'x'), y: scale(y, ys, frame, 'y') },
    } as ChartConfiguration['options'] & object,
    plugins: [background(frame), ...(spec.equal ? [equalUnits()] : []), levels, arrows, keyPlugin(labels, frame)] as Plugin<'scatter'>[],
  };
  return { config: config as ChartConfiguration, names };
}

function drawLevels(chart: Chart, { grid, levels }: ContourChart, { theme }: Frame): void {
  const { ctx, chartArea: area, scales } = chart;
  const px = (value: number) => scales.x!.getPixelForValue(value);
  const py = (value: number) => scales.y!.getPixelForValue(value);
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.width, area.height);
  ctx.clip();
  ctx.strokeStyle = theme.reference;
  ctx.lineWidth = 0.9;
  for (const level of levels) {
    ctx.beginPath();
    for (let j = 0; j + 1 < grid.ys.length; j++) {
      for (let i = 0; i + 1 < grid.xs.length; i++) {
        const crossings = cellCrossings(grid, i, j, level);
        for (let k = 0; k + 1 < crossings.length; k += 2) {
          ctx.moveTo(px(crossings[k]![0]), py(crossings[k]![1]));
          ctx.lineTo(px(crossings[k + 1]![0]), py(crossings[k + 1]![1]));
        }
      }
    }
    ctx.stroke();
  }
  ctx.restore();
}

/** Where a level crosses the four sides of a cell, interpolated. */
function cellCrossings({ xs, ys, values }: ContourChart['grid'], i: number, j: number, level: number): [number, number][] {
  const corners: [number, number, number][] = [
    [xs[i]!, ys[j]!, values[j]![i]!],
    [xs[i + 1]!, ys[j]!, values[j]![i + 1]!],
    [xs[i + 1]!, ys[j + 1]!, values[j + 1]![i + 1]!],
    [xs[i]!, ys[j + 1]!, values[j + 1]![i]!],
  ];
  return corners.flatMap(([x0, y0, v0], k): [number, number][] => {
    const [x1, y1, v1] = corners[(k + 1) % 4]!;
    if (v0 < level === v1 < level) return [];
    const t = (level - v0) / (v1 - v0);
    return [[x0 + t * (x1 - x0), y0 + t * (y1 - y0)]];
  });
}

function drawArrows(chart: Chart, { arrows = [] }: ContourChart, frame: Frame): void {
  const { ctx, chartArea: area, scales } = chart;
  ctx.save();
  ctx.font = `bold ${sizes(frame).text}px ${frame.font}`;
  ctx.textBaseline = 'middle';
  arrows.forEach((arrow, i) => {
    const stroke = color(frame.theme, arrow.color ?? i);
    const from = [scales.x!.getPixelForValue(arrow.x), scales.y!.getPixelForValue(arrow.y)] as const;
    const to = [scales.x!.getPixelForValue(arrow.x + arrow.dx), scales.y!.getPixelForValue(arrow.y + arrow.dy)] as const;
    const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
    ctx.strokeStyle = stroke;
    ctx.fillStyle = stroke;
    ctx.lineWidth = 2.5;
    ctx.beginPath();
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(...to);
    for (const side of [-1, 1]) ctx.lineTo(to[0] - 11 * Math.cos(angle + side * 0.4), to[1] - 11 * Math.sin(angle + side * 0.4));
    ctx.fill();
    if (arrow.label) {
      const left = to[0] + 12 + ctx.measureText(arrow.label).width > area.right;
      ctx.textAlign = left ? 'right' : 'left';
      ctx.fillText(arrow.label, to[0] + (left ? -12 : 12), to[1] - 12);
    }
  });
  ctx.restore();
}
