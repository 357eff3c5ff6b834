import type { ChartConfiguration, ChartDataset, Plugin } from 'chart.js';
import { num, percent } from '../demos/lib/format.ts';
import { baseConfig, type Frame, scale } from './axes.ts';
import { textWidth, wrap } from './measure.ts';
import { background, barLabels, type EndLabel, endLabels, keyPlugin, references } from './plugins.ts';
import type { Axis, BarsChart, HistogramChart, Line, LinesChart, ScatterChart } from './spec.ts';
import { color, faded } from './theme.ts';

/** Widest end label; longer names are broken into lines. */
const LABEL_WIDTH = 150;

/** On a log axis nothing at or below zero can be drawn. */
function drawable(values: readonly number[], axis: Axis): (number | null)[] {
  return values.map((value) => (Number.isFinite(value) && (axis.scale !== 'log' || value > 0) ? value : null));
}

export function linesConfig(spec: LinesChart, frame: Frame): ChartConfiguration {
  const groups = spec.lines.map((line, i) => lineDatasets(spec, line, i));
  const datasets = groups.flat();
  let count = 0;
  const labels = spec.lines.map((line, i): EndLabel => {
    // A band's datasets come before its line.
    count += groups[i]!.length;
    return {
      dataset: count - 1,
      text: wrap(line.label ?? line.name, 13, LABEL_WIDTH, true).join('\n'),
      color: color(line.color ?? i),
    };
  });
  const values = spec.lines.flatMap((line) => [...line.y, ...(line.low ?? []), ...(line.high ?? [])]);
  const widest = Math.max(0, ...labels.flatMap(({ text }) => text.split('\n')).map((text) => textWidth(text, 13, true)));
  const base = baseConfig(spec, frame, labels.length > 0 ? widest + 26 : 24);
  return {
    type: 'line',
    data: { datasets },
    options: {
      ...base,
      scales: {
        x: scale(
          spec.x,
          spec.lines.flatMap((line) => line.x),
          frame,
        ),
        y: scale(spec.y, [...values, ...(spec.references ?? []).filter(({ axis }) => axis === 'y').map(({ value }) => value)], frame),
      },
    } as ChartConfiguration['options'] & object,
    plugins: [background, references(spec.references ?? []), endLabels(labels)] as Plugin<'line'>[],
  };
}

function lineDatasets(spec: LinesChart, line: Line, i: number): ChartDataset[] {
  const stroke = color(line.color ?? i);
  const points = (values: readonly number[]) => drawable(values, spec.y).map((y, j) => ({ x: line.x[j]!, y }));
  const band: ChartDataset[] =
    line.low && line.high
      ? [
          { type: 'line', data: points(line.low) as never, borderWidth: 0, pointRadius: 0, fill: false },
          {
            type: 'line',
            data: points(line.high) as never,
            borderWidth: 0,
            pointRadius: 0,
            fill: '-1',
            backgroundColor: faded(stroke, 0.16),
          },
        ]
      : [];
  const few = line.x.length <= 30;
  return [
    ...band,
    {
      type: 'line',
      data: points(line.y) as never,
      borderColor: stroke,
      backgroundColor: stroke,
      borderWidth: line.points ? 0 : 2.5,
      borderJoinStyle: 'round' as const,
      showLine: !line.points,
      pointRadius: line.points ? 3 : few ? 3 : 0,
      ...(line.dashed && { borderDash: [6, 5] }),
    },
  ];
}

export function scatterConfig(spec: ScatterChart, frame: Frame): ChartConfiguration {
  const few = spec.groups.length > 1;
  const labels = few ? spec.groups.map((group, i) => ({ name: group.name, stroke: color(group.color ?? i) })) : [];
  return {
    type: 'scatter',
    data: {
      datasets: spec.groups.map((group, i) => ({
        label: group.name,
        data: group.x.map((x, j) => ({ x, y: group.y[j]! })),
        backgroundColor: faded(color(group.color ?? i), 0.75),
        pointRadius: frame.small ? 2.5 : 4,
      })),
    },
    options: {
      ...baseConfig(spec, frame, 24, labels.length > 0),
      scales: {
        x: scale(
          spec.x,
          spec.groups.flatMap(({ x }) => x),
          frame,
        ),
        y: scale(
          spec.y,
          spec.groups.flatMap(({ y }) => y),
          frame,
        ),
      },
    } as ChartConfiguration['options'] & object,
    plugins: [background, references(spec.references ?? [], spec.identity), keyPlugin(labels)] as Plugin<'scatter'>[],
  } as ChartConfiguration;
}

export function barsConfig(spec: BarsChart, frame: Frame): ChartConfiguration {
  const format =
    spec.format === 'percent'
      ? percent
      : spec.format === 'integer'
        ? (value: number) => String(Math.round(value))
        : (value: number) => num(value);
  const horizontal = spec.horizontal ?? false;
  const values = spec.groups.flatMap((group) => group.values);
  const category = scale(spec.x, [], frame);
  const axis = scale(spec.y, values, frame);
  const value = {
    ...axis,
    ...(spec.format === 'integer' && { ticks: { ...axis.ticks, precision: 0 } }),
    ...(spec.y.scale !== 'log' && spec.y.min === undefined && { beginAtZero: true }),
    grace: '8%',
  };
  const labels = spec.groups.length > 1 ? spec.groups.map((group, i) => ({ name: group.name, stroke: color(group.color ?? i) })) : [];
  return {
    type: 'bar',
    data: {
      labels: spec.x.categories,
      datasets: spec.groups.map((group, i) => ({
        label: group.name,
        data: group.values,
        backgroundColor: group.values.map((_, j) => {
          const fill = color(group.color ?? i);
          return spec.highlight === undefined || spec.highlight.includes(j) ? fill : faded(fill, 0.35);
        }),
        maxBarThickness: 56,
      })),
    },
    options: {
      ...baseConfig(spec, frame, horizontal ? 60 : 24, labels.length > 0),
      indexAxis: horizontal ? 'y' : 'x',
      scales: horizontal ? { x: value, y: category } : { x: category, y: value },
    } as ChartConfiguration['options'] & object,
    plugins: [background, barLabels(format, horizontal), keyPlugin(labels)] as Plugin<'bar'>[],
  } as ChartConfiguration;
}

export function histogramConfig(spec: HistogramChart, frame: Frame): ChartConfiguration {
  const labels = spec.groups.length > 1 ? spec.groups.map((group, i) => ({ name: group.name, stroke: color(group.color ?? i) })) : [];
  return {
    type: 'line',
    data: {
      datasets: spec.groups.map((group, i) => ({
        // A step line over the edges: bars would hide the group behind.
        data: group.edges.map((x, j) => ({ x, y: group.counts[Math.min(j, group.counts.length - 1)]! })),
        stepped: 'before' as const,
        fill: 'origin',
        pointRadius: 0,
        borderColor: color(group.color ?? i),
        backgroundColor: faded(color(group.color ?? i), 0.2),
        borderWidth: 2,
      })),
    },
    options: {
      ...baseConfig(spec, frame, 24, labels.length > 0),
      scales: {
        x: scale(
          spec.x,
          spec.groups.flatMap(({ edges }) => edges),
          frame,
        ),
        y: {
          ...scale(
            spec.y,
            spec.groups.flatMap(({ counts }) => counts),
            frame,
          ),
          beginAtZero: true,
        },
      },
    } as ChartConfiguration['options'] & object,
    plugins: [background, keyPlugin(labels)] as Plugin<'line'>[],
  };
}
