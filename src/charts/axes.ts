import type { ChartConfiguration, ScaleOptionsByType } from 'chart.js';
import { num } from '../demos/lib/format.ts';
import { wrap } from './measure.ts';
import type { Axis, SinglePanel } from './spec.ts';
import { THEME } from './theme.ts';
import { logBounds, logLabel, logTicks } from './ticks.ts';

export interface Frame {
  width: number;
  height: number;
  /** Smaller text, for panels of small multiples. */
  small?: boolean;
}

/** Height of the line of names above a plot. */
export const KEY_HEIGHT = 20;

/** What all panels share: title, paddings, fonts, background; `key` leaves a line above the plot for its names. */
export function baseConfig(spec: SinglePanel, frame: Frame, rightPadding = 24, key = false): ChartConfiguration['options'] {
  const titleSize = frame.small ? 15 : 20;
  // The title is as wide as the plot with its axis; a longer line would be squeezed.
  const inner = frame.width - 20 - rightPadding;
  const below = 12 + (key ? KEY_HEIGHT : 0);
  return {
    responsive: false,
    animation: false,
    devicePixelRatio: THEME.ratio,
    font: { family: THEME.font, size: frame.small ? 12 : 13 },
    color: THEME.text,
    layout: { padding: { top: frame.small ? 8 : 14, bottom: 10, left: 14, right: rightPadding } },
    plugins: {
      legend: { display: false },
      tooltip: { enabled: false },
      title: {
        display: true,
        text: wrap(spec.title, titleSize, inner, true),
        align: 'start',
        color: THEME.text,
        font: { family: THEME.font, size: titleSize, weight: 'bold' },
        padding: { bottom: spec.subtitle ? 2 : below },
      },
      subtitle: {
        display: spec.subtitle !== undefined,
        text: wrap(spec.subtitle ?? '', 13, inner),
        align: 'start',
        color: THEME.muted,
        font: { family: THEME.font, size: 13 },
        padding: { bottom: below },
      },
    },
  } as ChartConfiguration['options'];
}

/** One axis; `values` are all that it must hold. */
export function scale(
  axis: Axis,
  values: readonly number[],
  frame: Frame,
): Partial<ScaleOptionsByType<'linear' | 'logarithmic' | 'category'>> {
  const font = { family: THEME.font, size: frame.small ? 12 : 13 };
  const common = {
    title: { display: axis.label !== '', text: axis.label, color: THEME.muted, font },
    grid: { color: THEME.grid },
    border: { color: THEME.reference },
  };
  if (axis.categories) {
    return {
      ...common,
      type: 'category',
      labels: axis.categories,
      grid: { display: false },
      ticks: { color: THEME.text, font, autoSkip: false, maxRotation: 0 },
    } as never;
  }
  if (axis.scale === 'log') {
    const bounds = logBounds(values);
    const min = axis.min ?? bounds.min;
    const max = axis.max ?? bounds.max;
    const ticks = logTicks(min, max);
    const decades = ticks.every((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
    return {
      ...common,
      type: 'logarithmic',
      min,
      max,
      afterBuildTicks: (built: { ticks: { value: number }[] }) => {
        built.ticks = ticks.map((value) => ({ value }));
      },
      ticks: {
        color: THEME.text,
        font,
        callback: (value: number | string) => (decades ? logLabel(Number(value)) : num(Number(value))),
        autoSkip: false,
        maxRotation: 0,
      },
    } as never;
  }
  return {
    ...common,
    type: 'linear',
    ...(axis.min !== undefined && { min: axis.min }),
    ...(axis.max !== undefined && { max: axis.max }),
    ticks: {
      color: THEME.text,
      font,
      maxTicksLimit: frame.small ? 6 : 9,
      // A bound such as 1.2, which only makes room, is no number to read.
      includeBounds: Number.isInteger(axis.min ?? 0) && Number.isInteger(axis.max ?? 0),
      maxRotation: 0,
      callback: (value: number | string) => num(Number(value)),
    },
  } as never;
}
