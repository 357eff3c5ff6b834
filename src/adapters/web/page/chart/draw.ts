// Chart.js in the page: what it can draw, and a panel on a canvas.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  ScatterController,
  Tooltip,
  type TooltipItem,
} from 'chart.js';
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix';
import { configure, type NamedSeries } from '../../../../charts/configure.ts';
import type { Frame, Measure } from '../../../../charts/frame.ts';
import type { SinglePanel } from '../../../../charts/spec.ts';
import { num } from '../lib/ui.tsx';

Chart.register(
  ...[BarController, BarElement, CategoryScale, Filler, LinearScale, LineController, LineElement, LogarithmicScale],
  ...[MatrixController, MatrixElement, PointElement, ScatterController, Tooltip],
);

/** The page's own letters, which every machine has. */
export const FONT = 'system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const pen = document.createElement('canvas').getContext('2d');
export const measure: Measure = (text, font) => {
  if (!pen) return 7 * text.length;
  pen.font = font;
  return pen.measureText(text).width;
};

export interface DrawnPanel {
  chart: Chart;
  names: NamedSeries[];
}

/** @param until where the run is stopped: what comes later along the x axis is not drawn. */
export function drawPanel(
  canvas: HTMLCanvasElement,
  spec: SinglePanel,
  frame: Frame,
  hidden: ReadonlySet<string>,
  until?: number,
): DrawnPanel {
  const { config, names } = configure(spec, frame);
  const plugins = until === undefined ? config.plugins : [curtain(until), ...(config.plugins ?? [])];
  const options = {
    ...config.options,
    plugins: { ...config.options?.plugins, tooltip: tooltip(spec, frame) },
    interaction: interactionOf(spec),
  };
  for (const { name, datasets } of names)
    if (hidden.has(name)) for (const i of datasets) (config.data.datasets[i] as { hidden?: boolean }).hidden = true;
  return { chart: new Chart(canvas, { ...config, options, plugins } as ChartConfiguration), names };
}

const interactionOf = ({ type }: SinglePanel) =>
  type === 'heatmap' || type === 'bars'
    ? { mode: 'nearest', intersect: true }
    : { mode: 'nearest', axis: type === 'lines' || type === 'histogram' ? 'x' : 'xy', intersect: false };

/** The values under the pointer or the finger. */
function tooltip(spec: SinglePanel, { theme, font }: Frame): object {
  const letters = { family: font, size: 12 };
  const value = (raw: unknown) => (typeof raw === 'number' ? num(raw) : '×');
  return {
    enabled: true,
    animation: false,
    backgroundColor: theme.text,
    titleColor: theme.background,
    bodyColor: theme.background,
    titleFont: letters,
    bodyFont: letters,
    padding: 8,
    filter: ({ dataset }: TooltipItem<'line'>) => spec.type === 'heatmap' || dataset.label !== undefined,
    callbacks: {
      title: (items: TooltipItem<'line'>[]) => {
        const [item] = items;
        if (!item) return '';
        if (spec.type === 'bars') return item.label;
        const raw = item.raw as { x?: number | string };
        return typeof raw.x === 'number' ? `${spec.x.label}: ${num(raw.x)}` : `${spec.x.label}: ${raw.x}`;
      },
      label: (item: TooltipItem<'line'>) => {
        const raw = item.raw as { y?: number | string; v?: number | null } | number;
        if (typeof raw === 'number') return item.dataset.label ? `${item.dataset.label}: ${num(raw)}` : num(raw);
        if (spec.type === 'heatmap') return `${spec.y.label}: ${raw.y}; ${spec.scaleLabel}: ${value(raw.v)}`;
        return `${item.dataset.label || spec.y.label}: ${value(raw.y)}`;
      },
    },
  };
}

/** Draws the data up to a place along the x axis, the axes as for all of them. */
function curtain(until: number): Plugin {
  return {
    id: 'curtain',
    beforeDatasetsDraw({ ctx, chartArea: area, scales }) {
      const right = Math.min(area.right, scales.x!.getPixelForValue(until)) + 1;
      ctx.save();
      ctx.beginPath();
      ctx.rect(0, 0, right, area.bottom + 60);
      ctx.clip();
    },
    afterDatasetsDraw({ ctx }) {
      ctx.restore();
    },
  };
}
