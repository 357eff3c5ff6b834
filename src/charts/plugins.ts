import type { Plugin } from 'chart.js';
import { KEY_HEIGHT } from './axes.ts';
import { type Frame, sizes } from './frame.ts';

/** Writes every bar's value at its end. */
export function barLabels(format: (value: number) => string, horizontal: boolean, frame: Frame): Plugin {
  return {
    id: 'barLabels',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = `12px ${frame.font}`;
      ctx.fillStyle = frame.theme.text;
      const labels = chart.data.datasets.flatMap((dataset, i) =>
        chart.isDatasetVisible(i)
          ? chart.getDatasetMeta(i).data.flatMap((element, j) => {
              const value = dataset.data[j];
              if (typeof value !== 'number' || !Number.isFinite(value)) return [];
              const { x, y, width } = element as unknown as { x: number; y: number; width: number };
              return [{ x, y, width, text: format(value), down: !horizontal && value < 0 }];
            })
          : [],
      );
      // Narrow bars get smaller numbers, all of them alike, rather than some that run into their neighbours; or none.
      const tight = (room: number) => !horizontal && labels.some(({ text, width }) => ctx.measureText(text).width > room * width);
      if (tight(1)) ctx.font = `${frame.page ? 11 : 10}px ${frame.font}`;
      ctx.textAlign = horizontal ? 'left' : 'center';
      if (!(frame.page && tight(1.6)))
        for (const { x, y, text, down } of labels) {
          ctx.textBaseline = horizontal ? 'middle' : down ? 'top' : 'bottom';
          ctx.fillText(text, x + (horizontal ? 5 : 0), y + (horizontal ? 0 : down ? 4 : -4));
        }
      ctx.restore();
    },
  };
}

/** Coloured names in a line above the plot, where lines have no ends to write at. The page has them as buttons. */
export function keyPlugin(labels: readonly { name: string; stroke: string }[], frame: Frame): Plugin {
  return {
    id: 'key',
    afterDraw(chart) {
      if (frame.page) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.font = `bold ${sizes(frame).note}px ${frame.font}`;
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
export function background({ theme }: Frame): Plugin {
  return {
    id: 'background',
    beforeDraw(chart) {
      chart.ctx.save();
      chart.ctx.fillStyle = theme.background;
      chart.ctx.fillRect(0, 0, chart.width, chart.height);
      chart.ctx.restore();
    },
  };
}

/** After the layout, narrows or flattens the plot until a unit has the same length on both axes; or a cell. */
export function equalUnits(cells?: { columns: number; rows: number }): Plugin {
  return {
    id: 'equalUnits',
    afterLayout({ scales, chartArea }) {
      const [x, y] = [scales.x!, scales.y!];
      const [across, up] = cells ? [cells.columns, cells.rows] : [x.max - x.min, y.max - y.min];
      const unit = Math.min(chartArea.width / across, chartArea.height / up);
      chartArea.right = chartArea.left + unit * across;
      chartArea.top = chartArea.bottom - unit * up;
      chartArea.width = chartArea.right - chartArea.left;
      chartArea.height = chartArea.bottom - chartArea.top;
      [x.right, x.width] = [chartArea.right, chartArea.width];
      [y.top, y.height] = [chartArea.top, chartArea.height];
      for (const axis of [x, y]) axis.configure();
    },
  };
}
