import type { Chart, Plugin } from 'chart.js';
import { type Frame, sizes, textWidth } from './frame.ts';
import { type Box, covered, freest, type Mark, marksOf, overlaps } from './place.ts';
import type { Reference } from './spec.ts';

export interface EndLabel {
  /** Index of the dataset whose last point the label stands at. */
  dataset: number;
  text: string;
  color: string;
}

const LINE = 17;
/** Ends nearer to each other than this meet, for the eye. */
const MEETING = 9;
/** A line that ends this far from the edge of the plot has its name in the plot. */
const EARLY = 40;

interface Named extends EndLabel {
  x: number;
  wanted: number;
  y: number;
}

/** What other texts must leave free, as it is drawn. */
export type Taken = WeakMap<Chart, Box[]>;

/**
 * Writes each line's name at its end, moved apart so that no two overlap. Where lines meet at their ends, or one ends
 * early, its name stands beside it in the plot, where it runs alone.
 */
export function endLabels(labels: readonly EndLabel[], frame: Frame, taken: Taken): Plugin {
  return {
    id: 'endLabels',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      const named = labels
        // A line that another one's name stands for has none.
        .filter(({ text, dataset }) => text !== '' && chart.isDatasetVisible(dataset))
        .flatMap((label): Named[] => {
          const last = chart
            .getDatasetMeta(label.dataset)
            .data.filter(({ x, y }) => Number.isFinite(y) && Number.isFinite(x))
            .at(-1);
          return last ? [{ ...label, x: last.x, wanted: clamp(last.y, area.top, area.bottom), y: 0 }] : [];
        })
        .sort((a, b) => a.wanted - b.wanted);
      const marks = marksOf(chart);
      const boxes = taken.get(chart) ?? [];
      ctx.save();
      ctx.font = `bold ${sizes(frame).text}px ${frame.font}`;
      ctx.textBaseline = 'middle';
      ctx.lineJoin = 'round';
      const outside = named.filter((label) => {
        const meets = named.some((other) => other !== label && Math.abs(other.wanted - label.wanted) < MEETING && other.x === label.x);
        if (!meets && area.right - label.x < EARLY) return true;
        const box = beside(label, named, chart, frame, marks, boxes);
        if (!box) return true;
        boxes.push(box);
        write(ctx, label, box, frame);
        return false;
      });
      spread(outside, chart);
      for (const { text, x, y, wanted, color: fill } of outside) {
        const left = area.right + 10;
        ctx.strokeStyle = fill;
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(Math.min(x + 3, left - 3), wanted);
        ctx.lineTo(left - 2, y);
        ctx.stroke();
        ctx.fillStyle = fill;
        text.split('\n').forEach((line, i, all) => ctx.fillText(line, left, y + (i - (all.length - 1) / 2) * LINE));
      }
      ctx.restore();
    },
  };
}

/** A place in the plot beside the line where nothing else runs and no other line is nearer; undefined where there is none. */
function beside(
  { text, dataset, x, wanted }: Named,
  named: readonly Named[],
  { chartArea: area }: Chart,
  frame: Frame,
  marks: readonly Mark[],
  taken: readonly Box[],
): Box | undefined {
  const lines = text.split('\n');
  const width = Math.max(...lines.map((line) => textWidth(frame, line, sizes(frame).text, true)));
  const height = LINE * lines.length;
  const own = marks.filter((mark) => mark.dataset === dataset);
  const others = marks.filter((mark) => mark.dataset !== dataset && named.some((one) => one.dataset === mark.dataset));
  const at = (left: number, top: number): Box => ({ left, right: left + width, top, bottom: top + height });
  const after = at(x + 8, wanted - height / 2);
  const along = own.flatMap((mark) =>
    [mark.y - height - 5, mark.y + 5].flatMap((top) => [mark.x - width / 2, mark.x + 4, mark.x - width - 4].map((left) => at(left, top))),
  );
  const candidates = (area.right - x >= EARLY ? [after, ...along] : along).filter(
    (box) => box.left > area.left + 4 && box.right < area.right - 2 && box.top > area.top + 2 && box.bottom < area.bottom - 2,
  );
  let best: { box: Box; room: number } | undefined;
  for (const box of candidates) {
    if (covered(box, marks) > 0 || taken.some((other) => overlaps(box, other))) continue;
    const [cx, cy] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const room = Math.min(60, ...others.map((mark) => (Math.abs(mark.x - cx) < width / 2 ? Math.abs(mark.y - cy) : 60)));
    if (box === after && room > LINE) return box;
    if (!best || room > best.room + 1) best = { box, room };
  }
  // Between two lines that run side by side a name could be either's.
  return best && best.room > 1.2 * LINE ? best.box : undefined;
}

function write(ctx: Chart['ctx'], { text, color }: EndLabel, box: Box, { theme }: Frame): void {
  ctx.strokeStyle = theme.background;
  ctx.lineWidth = 4;
  ctx.fillStyle = color;
  text.split('\n').forEach((line, i) => {
    ctx.strokeText(line, box.left, box.top + (i + 0.5) * LINE);
    ctx.fillText(line, box.left, box.top + (i + 0.5) * LINE);
  });
}

/** Moves labels down until they are a line apart, then the whole pile up again if it leaves the chart. */
function spread(placed: { text: string; wanted: number; y: number }[], chart: Chart): void {
  const heightOf = (text: string) => LINE * text.split('\n').length;
  let floor = chart.chartArea.top;
  for (const label of placed) {
    const half = heightOf(label.text) / 2;
    label.y = Math.max(label.wanted, floor + half);
    floor = label.y + half + 2;
  }
  let ceiling = chart.chartArea.bottom + LINE / 2;
  for (const label of [...placed].reverse()) {
    const half = heightOf(label.text) / 2;
    label.y = Math.min(label.y, ceiling - half);
    ceiling = label.y - half - 2;
  }
}

/** Thin dashed reference lines behind the data, their names in front of it where it is free, and the identity line. */
export function references(list: readonly Reference[], frame: Frame, taken: Taken, identity = false): Plugin {
  const { theme } = frame;
  const visible = ({ chartArea: area, scales }: Chart) =>
    list
      .map((reference) => ({ ...reference, at: scales[reference.axis]!.getPixelForValue(reference.value) }))
      .filter(({ axis, at }) => (axis === 'y' ? at >= area.top - 1 && at <= area.bottom + 1 : at >= area.left - 1 && at <= area.right + 1));
  return {
    id: 'references',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales } = chart;
      taken.set(chart, []);
      ctx.save();
      ctx.strokeStyle = theme.reference;
      ctx.setLineDash([5, 4]);
      ctx.lineWidth = 1.2;
      const segments = visible(chart).map(({ axis, at }) =>
        axis === 'y' ? [area.left, at, area.right, at] : [at, area.top, at, area.bottom],
      );
      if (identity) {
        const [x, y] = [scales.x!, scales.y!];
        const [min, max] = [Math.max(x.min, y.min), Math.min(x.max, y.max)];
        segments.push([x.getPixelForValue(min), y.getPixelForValue(min), x.getPixelForValue(max), y.getPixelForValue(max)]);
      }
      for (const [x1, y1, x2, y2] of segments as [number, number, number, number][]) {
        ctx.beginPath();
        ctx.moveTo(x1, y1);
        ctx.lineTo(x2, y2);
        ctx.stroke();
      }
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      const marks = marksOf(chart);
      ctx.save();
      ctx.font = `12px ${frame.font}`;
      ctx.fillStyle = theme.muted;
      // A halo keeps the name readable where a curve passes behind it.
      ctx.strokeStyle = theme.background;
      ctx.lineWidth = 4;
      ctx.lineJoin = 'round';
      ctx.textAlign = 'left';
      ctx.textBaseline = 'top';
      for (const reference of visible(chart).filter(({ label }) => label !== '')) {
        const box = freest(placesOf(reference, ctx.measureText(reference.label).width, area), marks, taken.get(chart)!);
        if (!box) continue;
        taken.get(chart)!.push(box);
        ctx.strokeText(reference.label, box.left, box.top + 1);
        ctx.fillText(reference.label, box.left, box.top + 1);
      }
      ctx.restore();
    },
  };
}

/** Where a reference's name may stand, the usual place first. */
function placesOf({ axis, at, below }: Reference & { at: number }, width: number, area: Box): Box[] {
  const height = 14;
  const box = (left: number, top: number): Box => ({ left, right: left + width, top, bottom: top + height });
  const inside = ({ left, right, top, bottom }: Box) =>
    left >= area.left && right <= area.right + 1 && top >= area.top - 1 && bottom <= area.bottom + 1;
  const [middle, span] = [(area.left + area.right) / 2, area.right - area.left];
  const all =
    axis === 'y'
      ? [area.right - 6 - width, middle - width / 2, area.left + 8, area.left + span / 4].flatMap((left) => {
          const [above, under] = [box(left, at - height - 2), box(left, at + 2)];
          return below ? [under, above] : [above, under];
        })
      : [area.top + 4, area.bottom - height - 4, (area.top + area.bottom) / 2].flatMap((top) => [
          box(at + 5, top),
          box(at - 5 - width, top),
        ]);
  if (axis === 'x' && below) all.unshift(box(at + 5, area.bottom - height - 4), box(at - 5 - width, area.bottom - height - 4));
  const fitting = all.filter(inside);
  return fitting.length > 0 ? fitting : all.slice(0, 1);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
