import type { ChartConfiguration, ChartDataset, Plugin } from 'chart.js';
import { baseConfig, scale } from './axes.ts';
import type { Drawing, NamedSeries } from './configure.ts';
import { type Frame, isNarrow, sizes, textWidth, wrap } from './frame.ts';
import { type EndLabel, endLabels, references, type Taken } from './labels.ts';
import { background, equalUnits } from './plugins.ts';
import type { Axis, Line, LinesChart } from './spec.ts';
import { color, faded, type Theme } from './theme.ts';

/** Widest end label; longer names are broken into lines. */
const LABEL_WIDTH = 150;

export function linesConfig(spec: LinesChart, frame: Frame): Drawing {
  const { theme } = frame;
  const y = spec.y;
  const values = spec.lines.flatMap((line) => [...line.y, ...(line.low ?? []), ...(line.high ?? [])]);
  const scales = {
    x: scale(
      spec.x,
      spec.lines.flatMap((line) => line.x),
      frame,
      'x',
    ),
    y: scale(y, [...values, ...(spec.references ?? []).filter(({ axis }) => axis === 'y').map(({ value }) => value)], frame, 'y'),
  };
  const top = typeof scales.y.max === 'number' ? scales.y.max : Math.max(...values.filter(Number.isFinite));
  const groups = spec.lines.map((line, i) => lineDatasets(line, color(theme, line.color ?? i), y, top));
  // A band's datasets come before its line.
  const last = groups.map((_, i) => groups.slice(0, i + 1).flat().length - 1);
  const size = sizes(frame).text;
  const labels = isNarrow(frame)
    ? []
    : spec.lines.map(
        (line, i): EndLabel => ({
          dataset: last[i]!,
          text: wrap(frame, line.label ?? line.name, size, frame.page ? Math.min(LABEL_WIDTH, frame.width / 4) : LABEL_WIDTH, true).join(
            '\n',
          ),
          color: color(theme, line.color ?? i),
        }),
      );
  const widest = Math.max(0, ...labels.flatMap(({ text }) => text.split('\n')).map((text) => textWidth(frame, text, size, true)));
  const taken: Taken = new WeakMap();
  return {
    config: {
      type: 'line',
      data: { datasets: groups.flat() },
      options: {
        ...baseConfig(spec, frame, labels.length > 0 ? widest + 26 : frame.page ? 12 : 24),
        scales,
      } as ChartConfiguration['options'] & object,
      plugins: [
        background(frame),
        ...(spec.equal ? [equalUnits()] : []),
        references(spec.references ?? [], frame, taken),
        endLabels(labels, frame, taken),
      ] as Plugin<'line'>[],
    },
    names: namesOf(spec, (i) => groups[i]!.map((_, k) => last[i]! - groups[i]!.length + 1 + k), theme),
  };
}

/** A line without a label belongs to the one before it in its colour: theory beside what was measured. */
function namesOf({ lines }: LinesChart, datasetsOf: (line: number) => number[], theme: Theme): NamedSeries[] {
  const names: NamedSeries[] = [];
  lines.forEach((line, i) => {
    const stroke = color(theme, line.color ?? i);
    const main = line.label === '' ? names.find((one) => one.color === stroke) : undefined;
    if (main) main.datasets.push(...datasetsOf(i));
    else names.push({ name: line.label || line.name, color: stroke, ...(line.dashed && { dashed: true }), datasets: datasetsOf(i) });
  });
  return names;
}

/**
 * On a log axis nothing at or below zero can be drawn. A run that diverges to infinity is drawn to the edge of the
 * picture, once, so that one sees where it leaves.
 */
function drawable(values: readonly number[], axis: Axis, top: number): (number | null)[] {
  return values.map((value, i) => {
    if (value === Number.POSITIVE_INFINITY && Number.isFinite(values[i - 1])) return top;
    return Number.isFinite(value) && (axis.scale !== 'log' || value > 0) ? value : null;
  });
}

function lineDatasets(line: Line, stroke: string, axis: Axis, top: number): ChartDataset[] {
  const points = (values: readonly number[]) => drawable(values, axis, top).map((y, j) => ({ x: line.x[j]!, y }));
  const edge = { type: 'line' as const, borderWidth: 0, pointRadius: 0, pointHitRadius: 0 };
  const band: ChartDataset[] =
    line.low && line.high
      ? [
          { ...edge, data: points(line.low) as never, fill: false },
          { ...edge, data: points(line.high) as never, fill: '-1', backgroundColor: faded(stroke, 0.16) },
        ]
      : [];
  // Theory is known everywhere: it has no points.
  const few = line.x.length <= 30 && !line.dashed;
  return [
    ...band,
    {
      type: 'line',
      label: line.name,
      data: points(line.y) as never,
      borderColor: stroke,
      backgroundColor: stroke,
      borderWidth: line.points ? 0 : line.dashed ? 2 : 2.5,
      borderJoinStyle: 'round' as const,
      showLine: !line.points,
      pointRadius: line.points || few ? 3 : 0,
      ...(line.dashed && { borderDash: [6, 5] }),
    },
  ];
}
