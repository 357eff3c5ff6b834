import type { ChartConfiguration, Plugin } from 'chart.js';
import { num, percent } from '../demos/lib/format.ts';
import { baseConfig, scale } from './axes.ts';
import { contourConfig } from './contour.ts';
import type { Frame } from './frame.ts';
import { heatmapConfig } from './heatmap.ts';
import { references, type Taken } from './labels.ts';
import { linesConfig } from './lines.ts';
import { background, barLabels, equalUnits, keyPlugin } from './plugins.ts';
import type { BarsChart, HistogramChart, ScatterChart, SinglePanel } from './spec.ts';
import { color, faded } from './theme.ts';

/** A name beside a colour, and the datasets that it stands for. */
export interface NamedSeries {
  name: string;
  color: string;
  dashed?: boolean;
  datasets: number[];
}

/** What Chart.js draws, and the names in it, for a key that can be pressed. */
export interface Drawing {
  config: ChartConfiguration;
  names: NamedSeries[];
}

/** A panel as Chart.js draws it, in a PNG or in the page: the frame is all that differs. */
export function configure(spec: SinglePanel, frame: Frame): Drawing {
  switch (spec.type) {
    case 'lines':
      return linesConfig(spec, frame);
    case 'scatter':
      return scatterConfig(spec, frame);
    case 'bars':
      return barsConfig(spec, frame);
    case 'histogram':
      return histogramConfig(spec, frame);
    case 'heatmap':
      return { config: heatmapConfig(spec, frame), names: [] };
    case 'contour':
      return contourConfig(spec, frame);
    default:
      return spec satisfies never;
  }
}

/** Groups with their colours; one alone needs no name. */
function namesOf(groups: readonly { name: string; color?: number }[], { theme }: Frame): NamedSeries[] {
  return groups.length > 1 ? groups.map(({ name, color: own }, i) => ({ name, color: color(theme, own ?? i), datasets: [i] })) : [];
}

const keyOf = (names: readonly NamedSeries[]) => names.map(({ name, color: stroke }) => ({ name, stroke }));
const sideOf = ({ page }: Frame) => (page ? 12 : 24);

function scatterConfig(spec: ScatterChart, frame: Frame): Drawing {
  const names = namesOf(spec.groups, frame);
  const taken: Taken = new WeakMap();
  const config = {
    type: 'scatter',
    data: {
      datasets: spec.groups.map((group, i) => ({
        label: group.name,
        data: group.x.map((x, j) => ({ x, y: group.y[j]! })),
        backgroundColor: faded(color(frame.theme, group.color ?? i), 0.75),
        pointRadius: frame.small ? 2.5 : 4,
      })),
    },
    options: {
      ...baseConfig(spec, frame, sideOf(frame), names.length > 0 && !frame.page),
      scales: {
        x: scale(
          spec.x,
          spec.groups.flatMap(({ x }) => x),
          frame,
          'x',
        ),
        y: scale(
          spec.y,
          spec.groups.flatMap(({ y }) => y),
          frame,
          'y',
        ),
      },
    } as ChartConfiguration['options'] & object,
    plugins: [
      background(frame),
      ...(spec.equal ? [equalUnits()] : []),
      references(spec.references ?? [], frame, taken, spec.identity),
      keyPlugin(keyOf(names), frame),
    ] as Plugin<'scatter'>[],
  };
  return { config: config as ChartConfiguration, names };
}

function barsConfig(spec: BarsChart, frame: Frame): Drawing {
  const format =
    spec.format === 'percent'
      ? percent
      : spec.format === 'integer'
        ? (value: number) => String(Math.round(value))
        : (value: number) => num(value);
  const horizontal = spec.horizontal ?? false;
  const values = spec.groups.flatMap((group) => group.values);
  const category = scale(spec.x, [], frame, horizontal ? 'y' : 'x');
  const axis = scale(spec.y, spec.format === undefined ? [...values, 0.5] : values, frame, horizontal ? 'x' : 'y');
  const value = {
    ...axis,
    ...(spec.format === 'integer' && { ticks: { ...axis.ticks, precision: 0 } }),
    ...(spec.y.scale !== 'log' && spec.y.min === undefined && { beginAtZero: true }),
    grace: '8%',
  };
  const names = namesOf(spec.groups, frame);
  const config = {
    type: 'bar',
    data: {
      labels: spec.x.categories,
      datasets: spec.groups.map((group, i) => ({
        label: group.name,
        data: group.values,
        backgroundColor: group.values.map((_, j) => {
          const fill = color(frame.theme, group.color ?? i);
          return spec.highlight === undefined || spec.highlight.includes(j) ? fill : faded(fill, 0.35);
        }),
        maxBarThickness: 56,
      })),
    },
    options: {
      ...baseConfig(spec, frame, horizontal ? 60 : sideOf(frame), names.length > 0 && !frame.page),
      indexAxis: horizontal ? 'y' : 'x',
      scales: horizontal ? { x: value, y: category } : { x: category, y: value },
    } as ChartConfiguration['options'] & object,
    plugins: [
      background(frame),
      references(spec.references ?? [], frame, new WeakMap()),
      barLabels(format, horizontal, frame),
      keyPlugin(keyOf(names), frame),
    ] as Plugin<'bar'>[],
  };
  return { config: config as ChartConfiguration, names };
}

function histogramConfig(spec: HistogramChart, frame: Frame): Drawing {
  const names = namesOf(spec.groups, frame);
  const config = {
    type: 'line',
    data: {
      datasets: spec.groups.map((group, i) => ({
        label: group.name,
        // A step line over the edges: bars would hide the group behind.
        data: group.edges.map((x, j) => ({ x, y: group.counts[Math.min(j, group.counts.length - 1)]! })),
        stepped: 'before' as const,
        fill: 'origin',
        pointRadius: 0,
        borderColor: color(frame.theme, group.color ?? i),
        backgroundColor: faded(color(frame.theme, group.color ?? i), 0.2),
        borderWidth: 2,
      })),
    },
    options: {
      ...baseConfig(spec, frame, sideOf(frame), names.length > 0 && !frame.page),
      scales: {
        x: scale(
          spec.x,
          spec.groups.flatMap(({ edges }) => edges),
          frame,
          'x',
        ),
        y: {
          ...scale(
            spec.y,
            spec.groups.flatMap(({ counts }) => counts),
            frame,
            'y',
          ),
          beginAtZero: true,
        },
      },
    } as ChartConfiguration['options'] & object,
    plugins: [
      background(frame),
      references(spec.references ?? [], frame, new WeakMap()),
      keyPlugin(keyOf(names), frame),
    ] as Plugin<'line'>[],
  };
  return { config: config as ChartConfiguration, names };
}
