import type { Chart, ChartConfiguration, Plugin } from 'chart.js';
import { baseConfig, scale } from './axes.ts';
import type { Drawing } from './configure.ts';
import { type Frame, sizes } from './frame.ts';
import { background, equalUnits, keyPlugin } from './plugins.ts';
import type { ContourChart } from './spec.ts';
import { color } from './theme.ts';

/** The corners of a cell in turn, counted from its lower left. */
const [ACROSS, UP] = [
  [0, 1, 1, 0],
  [0, 0, 1, 1],
];

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
    eachCrossing(grid, level, (x, y, begins) => {
      if (begins) ctx.moveTo(px(x), py(y));
      else ctx.lineTo(px(x), py(y));
    });
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * Pairs of points where a level crosses the sides of a cell, interpolated. A picture that follows a slider goes through
 * thousands of cells, most of which a level does not touch.
 */
function eachCrossing({ xs, ys, values }: ContourChart['grid'], level: number, at: (x: number, y: number, begins: boolean) => void): void {
  for (let j = 0; j + 1 < ys.length; j++) {
    const [lower, upper] = [values[j]!, values[j + 1]!];
    for (let i = 0; i + 1 < xs.length; i++) {
      const corners = [lower[i]!, lower[i + 1]!, upper[i + 1]!, upper[i]!];
      const below = corners[0]! < level;
      if (corners[1]! < level === below && corners[2]! < level === below && corners[3]! < level === below) continue;
      let begins = true;
      for (let k = 0; k < 4; k++) {
        const next = (k + 1) % 4;
        const [v0, v1] = [corners[k]!, corners[next]!];
        if (v0 < level === v1 < level) continue;
        const t = (level - v0) / (v1 - v0);
        const [x0, x1] = [xs[i + ACROSS[k]!]!, xs[i + ACROSS[next]!]!];
        const [y0, y1] = [ys[j + UP[k]!]!, ys[j + UP[next]!]!];
        at(x0 + t * (x1 - x0), y0 + t * (y1 - y0), begins);
        begins = !begins;
      }
    }
  }
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
