import type { Chart, Plugin } from 'chart.js';
import { KEY_HEIGHT } from './axes.ts';
import type { Reference } from './spec.ts';
import { THEME } from './theme.ts';

export interface EndLabel {
  /** Index of the dataset whose last point the label stands at. */
  dataset: number;
  text: string;
  color: string;
}

const LINE = 17;

/** Writes each line's name at its end, moved apart so that no two overlap. */
export function endLabels(labels: readonly EndLabel[]): Plugin {
  return {
    id: 'endLabels',
    afterDatasetsDraw(chart) {
      const placed = labels
        // A line that another one's name stands for has none.
        .filter(({ text }) => text !== '')
        .flatMap((label) => {
          const points = chart.getDatasetMeta(label.dataset).data.filter((point) => Number.isFinite(point.y) && Number.isFinite(point.x));
          const last = points.at(-1);
          return last
            ? [
                {
                  ...label,
                  x: last.x,
                  wanted: clamp(last.y, chart.chartArea.top, chart.chartArea.bottom),
                  y: 0,
                },
              ]
            : [];
        })
        .sort((a, b) => a.wanted - b.wanted);
      spread(placed, chart);
      const { ctx } = chart;
      ctx.save();
      ctx.font = `bold 13px ${THEME.font}`;
      ctx.textBaseline = 'middle';
      for (const { text, x, y, wanted, color: fill } of placed) {
        const left = chart.chartArea.right + 10;
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

/** Thin dashed reference lines behind the data, their names in front of it, and the identity line. */
export function references(list: readonly Reference[], identity = false): Plugin {
  const visible = ({ chartArea: area, scales }: Chart) =>
    list
      .map((reference) => ({ ...reference, at: scales[reference.axis]!.getPixelForValue(reference.value) }))
      .filter(({ axis, at }) => (axis === 'y' ? at >= area.top - 1 && at <= area.bottom + 1 : at >= area.left - 1 && at <= area.right + 1));
  return {
    id: 'references',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales } = chart;
      ctx.save();
      ctx.strokeStyle = THEME.reference;
      ctx.setLineDash([5, 4]);
      ctx.lineWidth = 1.2;
      const segments = visible(chart).map(({ axis, at }) =>
        axis === 'y' ? [area.left, at, area.right, at] : [at, area.top, at, area.bottom],
      );
      if (identity) {
        const { min, max } = scales.x!;
        segments.push([
          scales.x!.getPixelForValue(min),
          scales.y!.getPixelForValue(min),
          scales.x!.getPixelForValue(max),
          scales.y!.getPixelForValue(max),
        ]);
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
      ctx.save();
      ctx.font = `12px ${THEME.font}`;
      ctx.fillStyle = THEME.muted;
      // A halo keeps the name readable where a curve passes behind it.
      ctx.strokeStyle = THEME.background;
      ctx.lineWidth = 4;
      ctx.lineJoin = 'round';
      for (const { axis, at, label, below } of visible(chart)) {
        const atTop = below === true || at - area.top < 20;
        const atRight = area.right - at < ctx.measureText(label).width + 10;
        ctx.textAlign = axis === 'y' || atRight ? 'right' : 'left';
        ctx.textBaseline = axis === 'x' ? (below ? 'bottom' : 'top') : atTop ? 'top' : 'bottom';
        const x = axis === 'y' ? area.right - 6 : at + (atRight ? -5 : 5);
        const y = axis === 'y' ? at + (atTop ? 3 : -3) : below ? area.bottom - 5 : area.top + 4;
        ctx.strokeText(label, x, y);
        ctx.fillText(label, x, y);
      }
      ctx.restore();
    },
  };
}

/** Writes every bar's value at its end. */
export function barLabels(format: (value: number) => string, horizontal: boolean): Plugin {
  return {
    id: 'barLabels',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = `12px ${THEME.font}`;
      ctx.fillStyle = THEME.text;
      const labels = chart.data.datasets.flatMap((dataset, i) =>
        chart.getDatasetMeta(i).data.flatMap((element, j) => {
          const value = dataset.data[j];
          if (typeof value !== 'number' || !Number.isFinite(value)) return [];
          const { x, y, width } = element as unknown as { x: number; y: number; width: number };
          return [{ x, y, width, text: format(value), down: !horizontal && value < 0 }];
        }),
      );
      // Narrow bars get smaller numbers, all of them alike, rather than some that run into their neighbours.
      if (!horizontal && labels.some(({ text, width }) => ctx.measureText(text).width > width)) ctx.font = `10px ${THEME.font}`;
      ctx.textAlign = horizontal ? 'left' : 'center';
      for (const { x, y, text, down } of labels) {
        ctx.textBaseline = horizontal ? 'middle' : down ? 'top' : 'bottom';
        ctx.fillText(text, x + (horizontal ? 5 : 0), y + (horizontal ? 0 : down ? 4 : -4));
      }
      ctx.restore();
    },
  };
}

/** Coloured names in a line above the plot, where lines have no ends to write at. */
export function keyPlugin(labels: readonly { name: string; stroke: string }[]): Plugin {
  return {
    id: 'key',
    afterDraw(chart) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.font = `bold 12px ${THEME.font}`;
      ctx.textAlign = 'left';
      ctx.textBaseline = 'middle';
      const y = chartArea.top - KEY_HEIGHT / 2 - 4;
      let x = chartArea.left;
      for (const { name, stroke } of labels) {
        ctx.fillStyle = stroke;
        ctx.fillRect(x, y - 4.5, 9, 9);
        ctx.fillText(name, x + 14, y);
        x += ctx.measureText(name).width + 32;
      }
      ctx.restore();
    },
  };
}

/** Fills the whole canvas, so that the chart is readable on any theme. */
export const background: Plugin = {
  id: 'background',
  beforeDraw(chart) {
    chart.ctx.save();
    chart.ctx.fillStyle = THEME.background;
    chart.ctx.fillRect(0, 0, chart.width, chart.height);
    chart.ctx.restore();
  },
};

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
