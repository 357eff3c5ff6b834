import type { ChartConfiguration, ScaleOptionsByType } from 'chart.js';
import { num } from '../demos/lib/format.ts';
import { type Frame, sizes, textWidth, wrap } from './frame.ts';
import type { Axis, SinglePanel } from './spec.ts';
import { logBounds, logLabel, logTicks, sparse, stepTicks } from './ticks.ts';

/** Height of the line of names above a plot. */
export const KEY_HEIGHT = 20;

/** What all panels share: title, paddings, fonts, background; `key` leaves a line above the plot for its names. */
export function baseConfig(spec: SinglePanel, frame: Frame, rightPadding = 24, key = false): ChartConfiguration['options'] {
  const { theme, font, small, page } = frame;
  const { title, text } = sizes(frame);
  // The title is as wide as the plot with its axis; a longer line would be squeezed.
  const inner = frame.width - 20 - rightPadding;
  const below = 12 + (key ? KEY_HEIGHT : 0);
  return {
    responsive: false,
    animation: false,
    ...(frame.ratio && { devicePixelRatio: frame.ratio }),
    font: { family: font, size: text },
    color: theme.text,
    layout: {
      padding: page
        ? { top: key ? KEY_HEIGHT + 6 : 10, bottom: 4, left: 2, right: rightPadding }
        : { top: small ? 8 : 14, bottom: 10, left: 14, right: rightPadding },
    },
    plugins: {
      legend: { display: false },
      tooltip: { enabled: false },
      title: {
        display: !page,
        text: wrap(frame, spec.title, title, inner, true),
        align: 'start',
        color: theme.text,
        font: { family: font, size: title, weight: 'bold' },
        padding: { bottom: spec.subtitle ? 2 : below },
      },
      subtitle: {
        display: spec.subtitle !== undefined && !page,
        text: wrap(frame, spec.subtitle ?? '', 13, inner),
        align: 'start',
        color: theme.muted,
        font: { family: font, size: 13 },
        padding: { bottom: below },
      },
    },
  } as ChartConfiguration['options'];
}

type Scale = Partial<ScaleOptionsByType<'linear' | 'logarithmic' | 'category'>>;
type Built = { min: number; max: number; ticks: { value: number }[] };

/** Beside a plot's height or width there are ticks, the other axis' name and paddings: so many letters' height. */
const BESIDE = { x: 6, y: 5.5 };
const SMALLEST = 11;

/** An axis' name in lines that fit beside the plot, in smaller letters where a single word would not. */
function nameOf(label: string, side: 'x' | 'y', frame: Frame): { text: string | string[]; size: number } {
  const size = sizes(frame).text;
  const titled = frame.page ? 0 : 2 * sizes(frame).title;
  const room = side === 'x' ? frame.width - BESIDE.x * size : frame.height - BESIDE.y * size - titled;
  // What stands in brackets has a line of its own rather than half of one.
  const parts = textWidth(frame, label, size) > room ? label.split(/\s*(?=[（(])/) : [label];
  const lines = parts.flatMap((part) => wrap(frame, part, size, room));
  const widest = Math.max(...lines.map((line) => textWidth(frame, line, size)));
  return { text: lines.length === 1 ? label : lines, size: widest > room ? Math.max(SMALLEST, Math.floor((size * room) / widest)) : size };
}

/** One axis; `values` are all that it must hold. Where all of them are whole numbers, so are its ticks. */
export function scale(axis: Axis, drawn: readonly number[], frame: Frame, side: 'x' | 'y'): Scale {
  const values = axis.also ? [...drawn, ...axis.also] : drawn;
  const { theme } = frame;
  const font = { family: frame.font, size: sizes(frame).text };
  const name = nameOf(axis.label, side, frame);
  const common = {
    title: { display: axis.label !== '', text: name.text, color: theme.muted, font: { ...font, size: name.size } },
    grid: { color: theme.grid },
    border: { color: theme.reference },
  };
  const most = Math.max(3, Math.min(frame.small ? 6 : 9, Math.floor(frame.width / 60)));
  if (axis.categories) {
    return {
      ...common,
      type: 'category',
      labels: axis.categories,
      grid: { display: false },
      ticks: { color: theme.text, font, autoSkip: false, maxRotation: 0 },
    } as never;
  }
  if (axis.scale === 'log') {
    const bounds = logBounds(values);
    const min = axis.min ?? bounds.min;
    const max = axis.max ?? bounds.max;
    const ticks = sparse(logTicks(min, max), most);
    const decades = ticks.every((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
    return {
      ...common,
      type: 'logarithmic',
      min,
      max,
      afterBuildTicks: (built: Built) => {
        built.ticks = ticks.map((value) => ({ value }));
      },
      ticks: {
        color: theme.text,
        font,
        callback: (value: number | string) => (decades ? logLabel(Number(value)) : num(Number(value))),
        autoSkip: false,
        maxRotation: 0,
      },
    } as never;
  }
  const whole = values.length > 0 && values.every((value) => Number.isInteger(value) || !Number.isFinite(value));
  return {
    ...common,
    type: 'linear',
    ...(axis.also && axis.also.length > 0 && { suggestedMin: Math.min(...axis.also), suggestedMax: Math.max(...axis.also) }),
    ...(axis.min !== undefined && { min: axis.min }),
    ...(axis.max !== undefined && { max: axis.max }),
    afterBuildTicks: (built: Built) => {
      built.ticks = stepTicks(built, axis.step).map((value) => ({ value }));
    },
    ticks: {
      color: theme.text,
      font,
      maxTicksLimit: most,
      ...(whole && { precision: 0 }),
      // A bound such as 1.2, which only makes room, is no number to read.
      includeBounds: Number.isInteger(axis.min ?? 0) && Number.isInteger(axis.max ?? 0),
      autoSkip: axis.step === undefined,
      maxRotation: 0,
      callback: (value: number | string) => num(Number(value)),
    },
  } as never;
}
